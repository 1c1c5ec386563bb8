"""Answers are made when they are sent, by the commands themselves: rights and words are theirs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.core.errors import UserError
from bot.feature import Deps
from bot.features.questions import views
from bot.features.questions.domain import About
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.blocks import Block, Message
from bot.slack.calls import Command
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.slack.replies import Answer, Reply
from bot.teams.names import people_in

# Blocks that offer to file the message of this channel and time.
Below = Callable[[str, str], Awaitable[Sequence[Block]]]
# A whisper appears only to whoever is there: after so long they have looked elsewhere.
WHISPERED_FOR = timedelta(minutes=10)
_NOT_THERE = frozenset({"user_not_in_channel", "user_not_found", "channel_not_found", "is_archived"})


class Answering:
    """One per process. `commands` are the listeners of slash commands, by name."""

    def __init__(
        self, deps: Deps, commands: Mapping[str, Callable[[Command], Awaitable[Reply]]], below: Below
    ) -> None:
        self._deps = deps
        self._commands = commands
        self._below = below

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "question.answer": post_delivery(slack, self._post, rather="delivered"),
            "question.whisper": call_delivery(slack, self._whisper, rather="once", done_when=_NOT_THERE),
        }

    async def _post(self, entry: Entry) -> Post:
        channel = entry.payload["channel"]
        is_direct = channel.startswith("D")
        message = await self._message(entry, buttons=is_direct)
        if not is_direct:
            # A question about somebody must not call them.
            message = views.unmentioned(message, await people_in(self._deps.directory, message.text))
        return Post(message=message, channel=channel, thread_ts=entry.payload["thread"])

    async def _whisper(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        if self._deps.clock.now() - entry.created_at > WHISPERED_FOR:
            raise Stale("too late to whisper")
        message = await self._message(entry, buttons=True)
        arguments: dict[str, Any] = {
            "channel": entry.payload["channel"],
            "user": entry.payload["user"],
            "text": message.text,
            "blocks": list(message.blocks or ()),
        }
        if entry.payload["thread"]:
            arguments["thread_ts"] = entry.payload["thread"]
        return "chat.postEphemeral", arguments

    async def _message(self, entry: Entry, *, buttons: bool) -> Message:
        payload = entry.payload
        teams, about = await self._deps.directory.teams(), About(payload["about"])
        if payload["lines"]:
            typed = {line: await self._typed(entry, line) for line in payload["lines"]}
            said = [message for message, _ in typed.values()]
            # Whoever types a line that was refused reads the same again.
            lines = [line for line, (_, is_refused) in typed.items() if not is_refused]
            near = teams.by_word(payload["near"]) if payload["near"] else None
            message = views.answer(about, lines, said, near=near, buttons=buttons)
        else:
            message = views.nothing(about, teams.active)
        return views.with_below(message, await self._below(payload["channel"], payload["ts"]))

    async def _typed(self, entry: Entry, line: str) -> tuple[Message, bool]:
        """What this person would read if they typed the line there, and whether it is a refusal. Raises DatabaseUnavailable."""
        name, _, text = line.partition(" ")
        workspace_id = (await self._deps.slack.who_am_i()).workspace_id
        call = Command(
            workspace_id=workspace_id,
            user_id=entry.payload["user"],
            now=self._deps.clock.now(),
            name=name,
            text=text,
            channel_id=entry.payload["channel"],
            trigger_id="",
        )
        try:
            reply = await self._commands[name](call)
        except UserError as error:
            return Message(text=error.text), True
        assert isinstance(reply, Answer), line
        return reply.message, False
