"""Intake that needs Slack first: emoji on messages, offers, whispers, and word of unreachable people."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.errors import UserError
from bot.core.wire import objects
from bot.feature import Deps
from bot.features.requests import marks, store
from bot.features.requests.deliveries.offering import Offering, is_private
from bot.features.requests.desk import Desk
from bot.features.requests.domain import Door, Move, NewRequest, Origin
from bot.features.requests.marks import Mark
from bot.features.requests.views import ask_form, messages, words
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Parked, Refused, Stale
from bot.slack.blocks import Message
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.domain import Team

_MINE = "That is a message of mine, so nothing was filed. Use the emoji on what somebody wrote, or type `/ask-team`."
_NOT_THERE = frozenset({"user_not_in_channel", "user_not_found", "channel_not_found", "is_archived"})


class IntakeDeliveries:
    """Outgoing work on the way to a request."""

    def __init__(self, deps: Deps, desk: Desk) -> None:
        self._deps = deps
        self._desk = desk

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "request.pick_up": Delivery(prepare=self._pick_up, rather="delivered"),
            "request.groups": Delivery(prepare=self._groups, rather="delivered"),
            "request.mark": Delivery(prepare=self._mark, rather="delivered"),
            "request.offer": post_delivery(slack, Offering(self._deps, self._desk).post, rather="delivered"),
            "request.whisper": call_delivery(slack, self._whisper, rather="once", done_when=_NOT_THERE),
            "request.unreachable": post_delivery(slack, self._unreachable, rather="once"),
        }

    async def _groups(self, _entry: Entry) -> Send:
        async def look() -> Ref:
            await self._deps.directory.refresh_groups(self._deps.clock.now())
            return {}

        return look

    async def _mark(self, entry: Entry) -> Send:
        mark = Mark(**{**entry.payload, "move": Move(entry.payload["move"])})

        async def look() -> Ref:
            await marks.apply(self._desk, mark)
            return {}

        return look

    async def _pick_up(self, entry: Entry) -> Send:
        channel, ts, user_id = (entry.payload[name] for name in ("channel", "ts", "user"))
        found = await self._deps.transactions.read(
            store.of_message, await self._desk.workspace(), channel, ts
        )
        if found:
            return self._say(channel, user_id, f"That message is *{found.label}* already.")
        message = await self._message(channel, ts)
        if self._is_ours(message):
            return self._say(channel, user_id, _MINE)
        private = await is_private(self._deps, channel)
        teams = await self._desk.teams()
        meant = [team for team in teams.active if team.id in entry.payload["teams"]]
        if len(meant) != 1 or (private and not entry.payload["agreed"]):
            return self._ask_first(entry, meant, private)

        async def file() -> Ref:
            await self._file(entry, meant[0], message, private)
            return {}

        return file

    def _is_ours(self, message: Mapping[str, Any]) -> bool:
        who = self._deps.slack.identity
        return who is not None and who.user_id == message.get("user")

    async def _message(self, channel: str, ts: str) -> Mapping[str, Any]:
        """The message itself, at the top of the channel or in a thread. Raises Stale when it is gone."""
        window = {"channel": channel, "latest": ts, "oldest": ts, "inclusive": True, "limit": 5}
        for method, more in (("conversations.history", {}), ("conversations.replies", {"ts": ts})):
            try:
                answer = await self._deps.slack.call(method, **window, **more)
            except Refused as error:
                if error.reason == "thread_not_found":
                    continue
                raise
            except Parked:
                raise Stale("the channel is closed to us") from None
            for message in objects(answer, "messages"):
                if message.get("ts") == ts:
                    return message
        raise Stale("the message is gone")

    def _ask_first(self, entry: Entry, choices: Sequence[Team], private: bool) -> Send:
        channel, ts = entry.payload["channel"], entry.payload["ts"]
        if not choices:
            gone = "That team takes no new requests any more, so nothing was filed."
            return self._say(channel, entry.payload["user"], gone)
        readers = ask_form.readers_of(choices[0] if len(choices) == 1 else None)
        asked = messages.share_first(channel, ts, choices, private=private, readers=readers)
        return self._say(channel, entry.payload["user"], asked)

    def _say(self, channel: str, user_id: str, words_: str | Message) -> Send:
        message = words_ if isinstance(words_, Message) else Message(text=words_)

        async def say() -> Ref:
            arguments: dict[str, Any] = {"channel": channel, "user": user_id, "text": message.text}
            if message.blocks:
                arguments["blocks"] = list(message.blocks)
            try:
                await self._deps.slack.call("chat.postEphemeral", **arguments)
            except (Refused, Parked) as error:
                if error.reason not in _NOT_THERE:
                    raise
            return {}

        return say

    async def _file(self, entry: Entry, team: Team, message: Mapping[str, Any], private: bool) -> None:
        user_id, channel = entry.payload["user"], entry.payload["channel"]
        author = message.get("user")
        by_person = isinstance(author, str) and not message.get("bot_id")
        new = NewRequest(
            team_id=team.id,
            summary=words.text_of_message(message) or "A message without text",
            requester=str(author) if by_person else user_id,
            filed_by=user_id,
            origin=Origin(
                door=Door.EMOJI,
                channel=channel,
                ts=message["ts"],
                thread_ts=message.get("thread_ts"),
                private=private,
            ),
        )
        try:
            await self._desk.file(new, team, await self._desk.workspace(), place=channel, key=None)
        except UserError as error:
            said = self._say(channel, user_id, error.text)
            await said()

    async def _whisper(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        payload = entry.payload
        if (self._deps.clock.now() - entry.created_at).total_seconds() > 600:
            raise Stale("too late to whisper")
        return "chat.postEphemeral", {
            "channel": payload["channel"],
            "user": payload["user"],
            "text": payload["text"],
        }

    async def _unreachable(self, entry: Entry) -> Post:
        card = await self._deps.transactions.read(store.thread_of, entry.payload["request_id"], "card")
        if card is None:
            raise Stale("there is no card to write below")
        text = "The requester cannot be reached in Slack by me. Please tell them another way."
        return Post(message=messages.history_line(text), channel=card.channel, thread_ts=card.thread_ts)
