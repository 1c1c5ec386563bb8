"""Messages to the bot that answer a check-in."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.core.text import plain
from bot.core.wire import inner
from bot.feature import Deps
from bot.features.standup.service import answering
from bot.features.standup.service.answering import Said
from bot.slack.calls import Event
from bot.slack.mrkdwn import read
from bot.slack.replies import Nothing, Reply
from bot.teams.names import people_in
from bot.teams.roster import Teams

_WRITTEN = (None, "file_share", "me_message", "thread_broadcast")
_NO_ANSWERS = frozenset({"help", "hi", "hello", "?"})


IsQuestion = Callable[[str, Teams], bool]


class Direct:
    """Hears what is written to the bot."""

    def __init__(self, deps: Deps, is_question: IsQuestion) -> None:
        self._deps = deps
        self._is_question = is_question

    async def message(self, call: Event) -> Reply:
        """Takes the message as an answer where it is one, and its changes; others hear it too."""
        if call.subtype in ("message_changed", "message_deleted"):
            return await self._changed(call)
        if not _is_ours(call):
            return Nothing()
        names = await people_in(self._deps.directory, str(call.body.get("text") or ""))
        said = _said(call, names)
        if said is not None and not await self._is_for_others(said):
            await self._deps.transactions.run(answering.say, said)
        return Nothing()

    async def _is_for_others(self, said: Said) -> bool:
        if said.text.casefold() in _NO_ANSWERS:
            return True
        # Outside a thread a question to the bot is one, whatever else is open.
        return said.thread_ts is None and self._is_question(said.text, await self._deps.directory.teams())

    async def _changed(self, call: Event) -> Reply:
        now, before = inner(call.body, "message"), inner(call.body, "previous_message")
        channel, ts = call.body.get("channel"), before.get("ts") or now.get("ts")
        author = before.get("user") or now.get("user")
        if call.body.get("channel_type") != "im" or before.get("bot_id"):
            return Nothing()
        if not (isinstance(channel, str) and isinstance(ts, str) and isinstance(author, str)):
            return Nothing()
        gone = call.subtype == "message_deleted" or now.get("subtype") == "tombstone"
        raw, old = "" if gone else str(now.get("text") or ""), str(before.get("text") or "")
        names = await people_in(self._deps.directory, f"{raw}\n{old}")
        thread_ts = before.get("thread_ts")
        said = Said(
            user_id=author,
            channel=channel,
            ts=ts,
            thread_ts=thread_ts if isinstance(thread_ts, str) and thread_ts != ts else None,
            text=_words(raw, names),
        )
        await self._deps.transactions.run(answering.amend, said, _words(old, names), call.event_id)
        return Nothing()


def _words(text: str, names: Mapping[str, str]) -> str:
    return plain(read(text, names)).strip()


def _is_ours(call: Event) -> bool:
    written = call.subtype in _WRITTEN and bool(call.user_id)
    return written and call.body.get("channel_type") == "im" and not call.body.get("bot_id")


def _said(call: Event, names: Mapping[str, str]) -> Said | None:
    body = call.body
    channel, ts, thread_ts = body.get("channel"), body.get("ts"), body.get("thread_ts")
    if not isinstance(channel, str) or not isinstance(ts, str) or not call.user_id:
        return None
    return Said(
        user_id=call.user_id,
        channel=channel,
        ts=ts,
        thread_ts=thread_ts if isinstance(thread_ts, str) and thread_ts != ts else None,
        text=_words(str(body.get("text") or ""), names),
        with_files=bool(body.get("files")),
    )


def takes(
    connection: Connection,
    user_id: str,
    channel: str,
    ts: str,
    thread_ts: str | None,
    text: str,
    now: datetime,
) -> bool:
    """Whether this message to the bot is, or was, somebody's answer to a check-in."""
    if text.strip().casefold() in _NO_ANSWERS:
        return False
    return answering.is_answer(
        connection, user_id=user_id, channel=channel, ts=ts, thread_ts=thread_ts, now=now
    )
