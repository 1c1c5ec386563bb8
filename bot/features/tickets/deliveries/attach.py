"""Files of the threads become attachments, each once, and what cannot be attached is told to the thread once."""

import asyncio

from bot.core.files import FileRef
from bot.feature import Deps
from bot.features.tickets import files
from bot.features.tickets.deliveries.draft import most_bytes
from bot.features.tickets.deliveries.material import gather
from bot.features.tickets.deliveries.posts import read
from bot.features.tickets.domain import Ticket
from bot.features.tickets.files import FileState, TicketFile
from bot.features.tickets.service import Requests
from bot.features.tickets.views.description import transcript
from bot.features.tickets.views.left_out import left_out
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Revived, Send
from bot.outbox.outcomes import Later, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack import files as slack_files
from bot.slack.posting import Post, post_delivery

# Within half a lease, waiting for others included, or the relay does not dare to send.
FETCHING = 9.0
# Files are in memory on their way.
AT_ONCE = 2
TIMEOUT = 25.0
LOOK_AFTER = (2.0, 8.0)
NOT_IN_TIME = "it could not be brought there in time"


class Attaching:
    """The deliveries `ticket.attach` and `ticket.left_out`."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests
        self._fetching = asyncio.Semaphore(AT_ONCE)

    def all(self) -> dict[str, Delivery]:
        return {
            "ticket.attach": Delivery(
                prepare=self._prepare,
                look_up=self._look_up,
                settle=self._settle,
                give_up=self._give_up,
                revive=self._revive,
                rather="once",
                look_after=LOOK_AFTER,
                timeout=TIMEOUT,
            ),
            "ticket.left_out": post_delivery(self._deps.slack, self._note, rather="delivered"),
        }

    async def _prepare(self, entry: Entry) -> Send:
        ticket, file = await self._waiting(entry)
        limit = await most_bytes(self._jira)
        try:
            content = await self._content(ticket, file, limit)
        except Refused as refused:
            # Nothing is wrong with the bot: this file just cannot be had.
            return _nothing_sent({"reason": refused.words})
        except Later:
            if entry.payload.get("aside"):
                raise
            # Comments on the issue do not wait for a file that Slack does not give just now.
            return _nothing_sent({"aside": True})

        async def send() -> Ref:
            kind = file.ref.mimetype or "application/octet-stream"
            key = ticket.key or ""
            return {"attachment_id": await self._jira.issues.attach(key, file.name, content, kind)}

        return send

    async def _waiting(self, entry: Entry) -> tuple[Ticket, TicketFile]:
        ticket, _ = await read(self._deps, self._requests, entry)
        file = await self._deps.transactions.read(files.by_id, entry.payload["file"])
        if file is None or file.state is not FileState.WAITING or not ticket.is_done:
            raise Stale("it does not wait")
        return ticket, file

    async def _content(self, ticket: Ticket, file: TicketFile, limit: int) -> bytes:
        if limit <= 0:
            raise Refused("attachments are off", words=files.OFF)
        try:
            async with asyncio.timeout(FETCHING), self._fetching:
                return await (self._whole(ticket, limit) if file.is_whole else self._fetched(file, limit))
        except TimeoutError as error:
            raise Later("a file that takes too long to come", after=30.0) from error

    async def _fetched(self, file: TicketFile, limit: int) -> bytes:
        ref = await self._fetchable(file.ref)
        if ref.size > limit:
            raise Refused("a file that is too large", words=slack_files.too_large(ref.size))
        return await slack_files.download(self._deps.slack, ref, limit, FETCHING)

    async def _fetchable(self, ref: FileRef) -> FileRef:
        # Of a file that was shared from another company's workspace a message tells nothing but the id.
        found = ref if ref.url else await slack_files.look_at(self._deps.slack, ref.id)
        if found.is_elsewhere:
            raise Refused("a file kept elsewhere", words=files.ELSEWHERE)
        return found

    async def _whole(self, ticket: Ticket, limit: int) -> bytes:
        material = await gather(self._deps, self._requests, ticket, ticket.told_until)
        if material.parts.closed:
            raise Refused("a thread that is closed", words="the thread cannot be read any more")
        return transcript(material.parts).encode("utf-8", "replace")[:limit]

    async def _look_up(self, entry: Entry) -> Ref | None:
        ticket, file = await self._waiting(entry)
        us = await self._jira.own_account()
        for one in await self._jira.issues.attachments(ticket.key or ""):
            is_same = one.name == file.name and (file.is_whole or one.size == file.ref.size)
            if is_same and one.account == us:
                return {"attachment_id": one.id}
        return None

    def _settle(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        ticket_id, file = entry.payload["ticket_id"], entry.payload["file"]
        if "aside" in ref:
            files.put_aside(uow, ticket_id, file)
        elif "reason" in ref:
            files.refused(uow, ticket_id, file, ref["reason"])
        else:
            files.attached(uow, ticket_id, file, ref["attachment_id"])

    def _give_up(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        words = refused.words if refused.words != refused.reason else NOT_IN_TIME
        files.refused(uow, entry.payload["ticket_id"], entry.payload["file"], words)

    def _revive(self, uow: UnitOfWork, entry: Entry) -> Revived:
        return "again" if files.wait_again(uow, entry.payload["file"]) else "overtaken"

    async def _note(self, entry: Entry) -> Post:
        ticket, facts = await read(self._deps, self._requests, entry)
        known = await self._deps.transactions.read(files.of_ticket, ticket.id)
        told = [(one.ref.name, one.reason or "") for one in known if one.id in entry.payload["files"]]
        if not told or not ticket.key:
            raise Stale("there is nothing to tell")
        message = left_out(ticket.key, ticket.url, told)
        thread = (facts.card or facts.asker) if facts else ticket.place.thread
        if thread is None or not (facts or ticket.place.reachable):
            return Post(message=message, to_user=ticket.asked_by)
        return Post(message=message, channel=thread.channel, thread_ts=thread.thread_ts)


def _nothing_sent(ref: Ref) -> Send:
    async def send() -> Ref:
        return ref

    return send
