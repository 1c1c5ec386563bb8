"""What the requester gets: the receipt, and each change of state."""

from bot.core.calendar import find_zone
from bot.core.threads import ThreadRef
from bot.feature import Deps
from bot.features.requests import store
from bot.features.requests.deliveries.state import (
    IssueOf,
    Shown,
    Split,
    read,
    readable,
    team_of,
    without_secrets,
)
from bot.features.requests.domain import Door, Request, State
from bot.features.requests.likeness import VERY_ALIKE
from bot.features.requests.rights import Acting
from bot.features.requests.service import joining
from bot.features.requests.store.similar import look_alikes
from bot.features.requests.views import messages, similar, words
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.posting import Post, post_delivery
from bot.teams.domain import Team


class AskerDeliveries:
    """Outgoing work for the thread in which the requester is talked to."""

    def __init__(self, deps: Deps, issue_of: IssueOf, split: Split) -> None:
        self._deps = deps
        self._issue_of = issue_of
        self._split = split

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "request.receipt": post_delivery(
                slack,
                self._receipt,
                settle=self._receipt_posted,
                give_up=self._unreachable,
                rather="delivered",
            ),
            "request.notice": post_delivery(
                slack, self._notice, settle=_told, give_up=self._not_told, rather="delivered"
            ),
        }

    async def _shown(self, entry: Entry) -> Shown:
        return await self._deps.transactions.read(read, entry.payload["request_id"], self._issue_of)

    async def _receipt(self, entry: Entry) -> Post:
        await self._split.begin(entry.payload["request_id"])
        shown = await self._shown(entry)
        request = shown.request
        team = await team_of(self._deps, request)
        due = await self._due(request, team)
        summary = await readable(self._deps, request.summary)
        message = messages.receipt(request, summary, team, due, await self._perhaps(request))
        return self._post(shown, message)

    async def _perhaps(self, request: Request) -> str:
        """What was filed in one line had no form that could show it: one open request that asks for much the same."""
        if request.origin.door is not Door.COMMAND:
            return ""
        person = await self._deps.directory.person(request.requester)
        outside = person.is_guest or person.is_external(request.workspace_id)
        asker = Acting(workspace_id=request.workspace_id, user_id=person.id, outside=outside)
        found = await self._deps.transactions.read(
            look_alikes, asker, request.summary, request.team_id, least=VERY_ALIKE, but=request.id
        )
        if not found.open:
            return ""
        return similar.perhaps(found.open[0], await readable(self._deps, found.open[0].summary))

    async def _due(self, request: Request, team: Team) -> str:
        """By when somebody takes it, on the requester's own clock; empty where nothing can be promised."""
        due = await self._deps.transactions.read(self._split.due, request, team)
        now = self._deps.clock.now()
        if due is None or due <= now:
            return ""
        person = await self._deps.directory.person(request.requester)
        return words.by(due, now, find_zone(person.tz) or team.zone)

    def _receipt_posted(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        request = store.by_id(uow.connection, entry.payload["request_id"])
        if request.origin.answer_ts is not None:
            # It is talked over in the thread that it came from, if that is not another request's.
            return
        place = ThreadRef(channel=ref["channel"], thread_ts=ref["ts"])
        if entry.sent_at is not None:
            # Found after a doubt: the requester may have answered below it before we knew the thread.
            uow.enqueue(
                "conversation.catch_up",
                {"channel": place.channel, "thread_ts": place.thread_ts},
                lane=f"asker:{request.id}",
            )
        if store.thread_of(uow.connection, entry.payload["request_id"], "asker") is None:
            store.add_thread(uow.connection, entry.payload["request_id"], "asker", place)

    async def _notice(self, entry: Entry) -> Post:
        shown = await self._shown(entry)
        line = await self._deps.transactions.read(store.history_line, entry.payload["line_id"])
        if line is None:
            raise Stale("no such line")
        team, due = await team_of(self._deps, shown.request), ""
        of_original = await self._deps.transactions.read(
            store.number_of_line, entry.payload["line_id"], shown.request.id
        )
        if of_original is not None:
            line = await without_secrets(self._deps, shown.request.workspace_id, of_original, line)
        elif line.state is State.NEW and shown.request.state is State.NEW:
            due = await self._due(shown.request, team)
        text = words.notice_words(shown.request, line, of_original, team.zone, due)
        return self._post(shown, messages.notice(text, words.reason_of(line), shown.request, line.state))

    def _post(self, shown: Shown, message: Message) -> Post:
        origin = shown.request.origin
        if shown.asker:
            return Post(message=message, channel=shown.asker.channel, thread_ts=shown.asker.thread_ts)
        if origin.channel and origin.answer_ts:
            # Another request has this thread; the words still belong below the message.
            return Post(message=message, channel=origin.channel, thread_ts=origin.answer_ts)
        return Post(message=message, to_user=shown.request.requester)

    def _not_told(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        self._unreachable(uow, entry, refused)
        joining.pass_on(uow, entry.payload["request_id"], entry.payload["line_id"])

    def _unreachable(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        request_id = entry.payload["request_id"]
        uow.enqueue(
            "request.unreachable", {"request_id": request_id},
            once=f"req:{request_id}:unreachable", lane=f"card:{request_id}",
        )  # fmt: skip


def _told(uow: UnitOfWork, entry: Entry, _ref: Ref) -> None:
    joining.pass_on(uow, entry.payload["request_id"], entry.payload["line_id"])
