"""An issue follows its request: the offer in the card's thread, and the move in Jira, once."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.core.threads import IssueThreads
from bot.feature import Deps
from bot.features.in_step import offers
from bot.features.in_step.offers import ApplyState
from bot.features.in_step.views import offer as views
from bot.features.in_step.words import Tickets
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueState, Transition
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.posting import Post, post_delivery
from bot.teams.names import whole_name

DONE = "done"
# The move, and the looks before and after it.
TIMEOUT = 20.0
# An offer that Jira's silence held up so long is about a day that is over.
TOO_LATE = timedelta(hours=24)
_DONE_WELL = ("done", "fixed", "resolved", "completed")


def build(deps: Deps, jira: JiraGateway, tickets: Tickets, apply_state: ApplyState) -> Mapping[str, Delivery]:
    """The deliveries by their kind. `apply_state` writes down how an issue is, and who brought it there."""
    moving = _Moving(deps, jira, tickets, apply_state)
    return {
        offers.OFFER: post_delivery(deps.slack, moving.offer, rather="once"),
        offers.TRANSITION: moving.transition(),
        offers.NOT_MOVED: post_delivery(deps.slack, moving.not_moved, rather="delivered"),
    }


def asks() -> Mapping[str, Delivery]:
    """What stands in the card's lane before the question. It waits for nobody, also where Jira is off."""
    return {offers.ASK: Delivery(prepare=_nothing_to_send, settle=_ask, rather="delivered")}


async def _nothing_to_send(_: Entry) -> Send:
    async def send() -> Ref:
        return {}

    return send


def _ask(uow: UnitOfWork, entry: Entry, _: Ref) -> None:
    offers.ask(uow, entry.payload["ticket_id"], entry.payload["way"])


class _Moving:
    def __init__(self, deps: Deps, jira: JiraGateway, tickets: Tickets, apply_state: ApplyState) -> None:
        self._deps = deps
        self._jira = jira
        self._tickets = tickets
        self._apply_state = apply_state

    async def offer(self, entry: Entry) -> Post:
        """The question in the card's thread; Stale when the issue is there already."""
        if self._deps.clock.now() - entry.created_at > TOO_LATE:
            raise Stale("too late to ask")
        ticket, issue = await self._issue(entry)
        card = dict(ticket.threads).get("card")
        if card is None:
            raise Stale("there is no card")
        wants_done = entry.payload["way"] == "done"
        if ticket.is_open is wants_done:
            raise Stale("the request went the other way since")
        state = await self._jira.issues.state(issue)
        if state is None or (state.category == DONE) is wants_done:
            raise Stale("the issue is there already, or gone")
        ways = [
            way for way in await self._jira.issues.transitions(issue) if (way.category == DONE) is wants_done
        ]
        message = views.offer(ticket, state, ways, done=wants_done)
        return Post(message=message, channel=card.channel, thread_ts=card.thread_ts)

    def transition(self) -> Delivery:
        """Moves the issue unless it is there. Each attempt looks first, so it may be repeated."""
        return Delivery(
            prepare=self._move,
            settle=self._settle,
            give_up=self._give_up,
            rather="delivered",
            timeout=TIMEOUT,
        )

    async def _move(self, entry: Entry) -> Send:
        _, issue = await self._issue(entry)
        state = await self._jira.issues.state(issue)
        if state is None:
            raise Refused("no such issue", words="Jira does not know it any more.")
        is_there = state.status_id == entry.payload["to_id"]
        way = None if is_there else await self._way(issue, entry)
        # There already before we did anything: that was somebody in Jira.
        by_others = is_there and entry.attempts == 1
        who = state.moved_by if by_others else await whole_name(self._deps.directory, entry.payload["by"])

        async def send() -> Ref:
            if way is None:
                return {"state": _to_json(state), "who": who}
            await self._jira.issues.move(issue, way.id, _fields(way))
            now = await self._jira.issues.state(issue)
            return {"state": _to_json(now) if now else None, "who": who}

        return send

    async def _way(self, issue: str, entry: Entry) -> Transition:
        ways = [
            way for way in await self._jira.issues.transitions(issue) if way.to_id == entry.payload["to_id"]
        ]
        if not ways:
            to_name = entry.payload["to_name"] or "there"
            raise Refused("no such transition", words=f"It can no longer go to {to_name} from where it is.")
        same = [way for way in ways if way.id == entry.payload["transition_id"]]
        way = (same or ways)[0]
        if way.needs:
            needs = ", ".join(way.needs)
            raise Refused("more fields needed", words=f"Jira wants to know more for that: {needs}.")
        return way

    def _settle(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        if ref["state"] is not None:
            self._apply_state(uow, _from_json(ref["state"]), ref["who"])

    def _give_up(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        why = refused.words
        if why == refused.reason:
            why = "Jira did not say whether it did."
        offers.not_moved(uow, entry.payload["ticket_id"], entry.payload["by"], entry.dedup, why)

    async def not_moved(self, entry: Entry) -> Post:
        """To whoever asked for it, why the issue was not moved."""
        ticket, issue = await self._issue(entry)
        message = views.not_moved(ticket.key or issue, ticket.url or "", entry.payload["why"])
        return Post(message=message, to_user=entry.payload["by"])

    async def _issue(self, entry: Entry) -> tuple[IssueThreads, str]:
        ticket = await self._deps.transactions.read(self._tickets.of_ticket, entry.payload["ticket_id"])
        if ticket is None or ticket.key is None:
            raise Stale("there is no issue")
        # The id stays when the issue moves to another project and gets another key.
        return ticket, ticket.issue_id or ticket.key


def _fields(way: Transition) -> dict[str, Any]:
    """A way that leads to the end and asks how it ended gets the best answer that Jira offers."""
    if way.category != DONE or not way.resolutions:
        return {}
    good = [one for one in way.resolutions if one[1].casefold() in _DONE_WELL]
    return {"resolution": {"id": (good or way.resolutions)[0][0]}}


def _to_json(state: IssueState) -> dict[str, Any]:
    return {**asdict(state), "updated": state.updated.isoformat()}


def _from_json(stored: Mapping[str, Any]) -> IssueState:
    values = dict(stored)
    values["updated"] = datetime.fromisoformat(values["updated"])
    return IssueState(**values)
