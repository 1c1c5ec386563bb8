"""The card, its updates, and what the bot adds to its thread."""

from typing import Any

from bot.core.errors import UserError
from bot.core.threads import ThreadRef
from bot.feature import Deps
from bot.features.requests import domain, store
from bot.features.requests.deliveries.state import IssueOf, Shown, Split, read, readable, team_of
from bot.features.requests.domain import Request, State
from bot.features.requests.events import CardPosted, RequestShown
from bot.features.requests.service.queue import tell_details
from bot.features.requests.store import home
from bot.features.requests.views import card as card_view
from bot.features.requests.views import messages, words
from bot.features.requests.views.card import CardFacts
from bot.outbox import letters
from bot.outbox.delivery import Delivery, Entry, Ref, Revived
from bot.outbox.outcomes import Outcome, Stale
from bot.outbox.store import ref_of
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.links import permalink
from bot.slack.posting import Post, call_delivery, post_delivery


class CardDeliveries:
    """Outgoing work for the triage channel."""

    def __init__(self, deps: Deps, issue_of: IssueOf, split: Split) -> None:
        self._deps = deps
        self._issue_of = issue_of
        self._split = split

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "request.card": post_delivery(
                slack, self._card, settle=self._posted, held=_held, revive=revive_card, rather="delivered"
            ),
            "request.refresh": call_delivery(
                slack, self._refresh, settle=_shown, held=_held, rather="delivered"
            ),
            "request.line": post_delivery(slack, self._line, rather="once"),
            "request.ping": post_delivery(slack, self._ping, rather="once"),
            "request.details": post_delivery(slack, self._details, rather="delivered"),
            "request.details_now": call_delivery(slack, self._details_now, rather="delivered"),
        }

    async def _shown(self, entry: Entry) -> Shown:
        return await self._deps.transactions.read(read, entry.payload["request_id"], self._issue_of)

    async def _card(self, entry: Entry) -> Post:
        await self._split.begin(entry.payload["request_id"])
        shown = await self._shown(entry)
        team = await team_of(self._deps, shown.request)
        return Post(message=await self._render(shown), channel=team.triage_channel)

    async def _render(self, shown: Shown) -> Message:
        request = shown.request
        origin, issue = request.origin, shown.issue
        link = None
        if origin.channel and origin.ts and not origin.private:
            link = permalink(self._deps.slack.identity, origin.channel, origin.ts, origin.thread_ts)
        facts = CardFacts(
            team=await team_of(self._deps, request),
            now=self._deps.clock.now(),
            summary=await readable(self._deps, request.summary),
            details=await readable(self._deps, request.details),
            source_link=link,
            issue_key=issue.key if issue else None,
            issue_url=issue.url if issue else None,
            issue_status=issue.status if issue else None,
            original=shown.original.number if shown.original else None,
            others=shown.others,
            split_note=await self._deps.transactions.read(self._split.note, request),
        )
        return card_view.card(request, facts)

    def _posted(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        request = store.lock(uow.connection, entry.payload["request_id"])
        place = ThreadRef(channel=ref["channel"], thread_ts=ref["ts"])
        store.add_thread(uow.connection, request.id, "card", place)
        lane = f"card:{request.id}"
        if request.updated_at > request.created_at:
            # It may have changed between the rendering and now.
            uow.enqueue("request.refresh", {"request_id": request.id}, merge=lane)
        tell_details(uow, request)
        uow.emit(CardPosted(request=request))
        _tell(uow, request)
        if entry.sent_at is not None:
            # Found after a doubt: people may have written below it before we knew the thread.
            uow.enqueue(
                "conversation.catch_up", {"channel": place.channel, "thread_ts": place.thread_ts}, lane=lane
            )

    async def _refresh(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        shown = await self._shown(entry)
        if shown.card is None:
            raise Stale("the card shows it when it is posted")
        message = await self._render(shown)
        return "chat.update", {
            "channel": shown.card.channel,
            "ts": shown.card.thread_ts,
            "text": message.text,
            "blocks": list(message.blocks),
        }

    async def _line(self, entry: Entry) -> Post:
        shown = await self._shown(entry)
        line = await self._deps.transactions.read(store.history_line, entry.payload["line_id"])
        if line is None:
            raise Stale("no such line")
        team = await team_of(self._deps, shown.request)
        text = words.history_words(line, team.zone)
        return self._below(shown, messages.history_line(f"{text}.", words.reason_of(line)))

    async def _ping(self, entry: Entry) -> Post:
        shown = await self._shown(entry)
        if shown.request.state is not State.NEW:
            raise Stale("somebody has it already")
        return self._below(shown, messages.ping(shown.request, entry.payload["person"]))

    async def _details(self, entry: Entry) -> Post:
        shown = await self._shown(entry)
        parts, number = domain.parts(shown.request.details), int(entry.payload["part"])
        if number >= len(parts):
            raise Stale("the text is gone")
        return self._below(shown, messages.more_details(parts[number], number + 1, len(parts)))

    def _below(self, shown: Shown, message: Message) -> Post:
        if shown.card is None:
            raise Stale("there is no card to write below")
        return Post(message=message, channel=shown.card.channel, thread_ts=shown.card.thread_ts)

    async def _details_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        shown = await self._shown(entry)
        parts, number = domain.parts(shown.request.details), int(entry.payload["part"])
        posted = await self._deps.transactions.read(ref_of, f"req:{shown.request.id}:details:{number}")
        if posted is None:
            raise Stale("it shows the text when it is posted")
        message = messages.history_line("This part of the text is gone.")
        if number < len(parts):
            message = messages.more_details(parts[number], number + 1, len(parts))
        where = {"channel": posted["channel"], "ts": posted["ts"]}
        return "chat.update", {**where, "text": message.text, "blocks": list(message.blocks)}


def _shown(uow: UnitOfWork, entry: Entry, _ref: Ref) -> None:
    _tell_of(uow, entry)


def _held(uow: UnitOfWork, entry: Entry, _why: Outcome) -> None:
    # The channel may be closed to us for days: whoever asked or has it need not wait for the card.
    _tell_of(uow, entry)


def _tell_of(uow: UnitOfWork, entry: Entry) -> None:
    try:
        _tell(uow, store.by_id(uow.connection, entry.payload["request_id"]))
    except UserError:
        # Gone by now: nobody has anything to see, and the entry has to end all the same.
        return


def _tell(uow: UnitOfWork, request: Request) -> None:
    people = {request.requester, request.assignee or request.requester}
    concerned = home.concerned(uow.connection, request.id)
    uow.emit(RequestShown(request=request, people=frozenset(people | concerned)))


def revive_card(uow: UnitOfWork, entry: Entry) -> Revived:
    """A card that was given up is tried again where none stands and none is on its way."""
    request_id = entry.payload["request_id"]
    stands = store.thread_of(uow.connection, request_id, "card") is not None
    # A change of the request has asked for its card anew.
    comes = letters.waits(uow.connection, entry.kind, f"card:{request_id}", entry.id)
    return "overtaken" if stands or comes else "again"
