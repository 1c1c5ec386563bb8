"""The counterpart of a message in the other thread: posted once, then kept true. Rendered as things are now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.core.threads import RequestThread
from bot.feature import Deps
from bot.features.conversations import service, store
from bot.features.conversations.domain import KeptMessage
from bot.features.conversations.service import Requests
from bot.features.conversations.views import mirrored as views
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Later, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.names import SOMEBODY, address_of, called, names_in, without_channel_names

_PATIENT_ATTEMPTS = 2
# A counterpart that somebody removed needs no change any more.
_GONE = frozenset({"message_not_found"})


class Mirrors:
    """The deliveries that show one thread's words in the other."""

    def __init__(self, deps: Deps, requests: Requests) -> None:
        self._deps = deps
        self._requests = requests

    def mirror(self) -> Delivery:
        """Posts the counterpart; its ref also holds the version of the message that was rendered."""
        posted = post_delivery(
            self._deps.slack,
            self._counterpart,
            settle=_settle,
            give_up=lambda uow, entry, _: service.not_delivered(uow, entry.payload["message_id"]),
            rather="delivered",
        )

        async def prepare(entry: Entry) -> Send:
            # Read before rendering: a change in between is at worst shown twice, never missed.
            version = (await self._load(entry))[0].version
            send = await posted.prepare(entry)

            async def send_and_tell() -> Ref:
                return {**await send(), "version": version}

            return send_and_tell

        return replace(posted, prepare=prepare)

    def refresh(self) -> Delivery:
        """Makes a posted counterpart show the message as it is now."""
        return call_delivery(self._deps.slack, self._update, rather="delivered", done_when=_GONE)

    def undelivered(self) -> Delivery:
        """Tells whoever spoke, in their own thread, that nobody on the other side will read it."""
        return post_delivery(self._deps.slack, self._not_delivered, rather="delivered")

    async def _counterpart(self, entry: Entry) -> Post:
        message, thread = await self._load(entry)
        # After a doubt it may stand there already: what is no longer to be read must be found and covered.
        may_stand = entry.sent_at is not None
        if message.mirror_ts is not None or (not message.is_shown and not may_stand):
            raise Stale("nothing to show")
        if thread.other is None:
            raise Refused("no thread on the other side")
        shown = await self._rendered(message, thread, entry)
        return Post(message=shown, channel=thread.other.channel, thread_ts=thread.other.thread_ts)

    async def _update(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        message, thread = await self._load(entry)
        if message.mirror_ts is None:
            raise Stale("nothing posted yet")
        shown = await self._rendered(message, thread, entry)
        return "chat.update", {
            "channel": message.mirror_channel,
            "ts": message.mirror_ts,
            "text": shown.text,
            "blocks": list(shown.blocks),
        }

    async def _not_delivered(self, entry: Entry) -> Post:
        message, thread = await self._load(entry)
        if message.side == "asker":
            words = views.team_not_reached()
        else:
            words = views.requester_not_reached(await called(self._deps.directory, thread.requester))
        return Post(message=words, channel=message.channel, thread_ts=message.thread_ts)

    async def _rendered(self, message: KeptMessage, thread: RequestThread, entry: Entry) -> Message:
        speaker = await called(self._deps.directory, message.author)
        if speaker == SOMEBODY and entry.attempts <= _PATIENT_ATTEMPTS:
            raise Later("the speaker's name is not known yet", after=2.0)
        if not message.is_shown:
            return views.tombstone(speaker)
        names = await names_in(self._deps.directory, self._deps.slack, message.text)
        bare = replace(message, text=without_channel_names(message.text))
        whole = await self._whole(bare, thread, names)
        return views.mirrored(bare, speaker, names, whole)

    async def _whole(
        self, message: KeptMessage, thread: RequestThread, names: Mapping[str, str]
    ) -> str | None:
        if not views.is_cut(message, names) or (message.side == "asker" and thread.private):
            return None
        return await address_of(self._deps.slack, message.channel, message.ts)

    async def _load(self, entry: Entry) -> tuple[KeptMessage, RequestThread]:
        found = await self._deps.transactions.read(
            _message_and_thread, entry.payload["message_id"], self._requests
        )
        if found is None:
            raise Stale("the message or its request is gone")
        return found


def _message_and_thread(
    connection: Connection, message_id: int, requests: Requests
) -> tuple[KeptMessage, RequestThread] | None:
    message = store.by_id(connection, message_id)
    thread = requests.find_thread(connection, message.channel, message.thread_ts) if message else None
    return (message, thread) if message and thread else None


def _settle(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    service.mirrored(uow, entry.payload["message_id"], ref["channel"], ref["ts"], ref.get("version"))
