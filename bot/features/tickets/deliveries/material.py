"""What an issue's text is made of, gathered from Slack and from the other slices at the moment of writing."""

import asyncio
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from bot.core.files import FileRef
from bot.core.threads import RequestFacts, ThreadRef
from bot.feature import Deps
from bot.features.tickets.deliveries.reading import hear_all, who_we_are
from bot.features.tickets.domain import Side, Ticket
from bot.features.tickets.names import names_of
from bot.features.tickets.service import Requests
from bot.features.tickets.views.description import Parts
from bot.features.tickets.views.transcript import Heard, Said, together
from bot.slack.links import permalink
from bot.teams.domain import Team
from bot.teams.names import names_in


@dataclass(frozen=True, kw_only=True)
class Material:
    """The parts of the text, and whose they are. What was said later than `told_until` (a `ts`) is not in them."""

    parts: Parts
    facts: RequestFacts | None
    team: Team | None
    told_until: str | None

    @property
    def files(self) -> list[FileRef]:
        """The files of the messages, in their order."""
        return [file for said in self.parts.said for file in said.files]


async def gather(deps: Deps, requests: Requests, ticket: Ticket, until: str | None = None) -> Material:
    """All that may leave Slack. With `until` it is what was said by then, as it reads now.

    Raises SlackAway while Slack does not answer.
    """
    facts = None
    if ticket.request_id is not None:
        facts = await deps.transactions.read(requests.facts, ticket.request_id)
    teams = await deps.directory.teams()
    team = teams.get(ticket.team_id) if ticket.team_id is not None else None
    heard, newest = await hear_all(deps.slack, _threads(ticket, facts))
    told_until = until or newest
    closed = not heard or any(one.closed for one in heard)
    said = together(heard, facts, told_until)
    if closed and not said and ticket.place.text:
        said = together([_alone(ticket, facts)], facts)
        told_until = ticket.place.message_ts
    parts = await _parts(deps, ticket, facts, team, heard, said)
    return Material(parts=parts, facts=facts, team=team, told_until=told_until)


async def _parts(
    deps: Deps,
    ticket: Ticket,
    facts: RequestFacts | None,
    team: Team | None,
    heard: list[Heard],
    said: tuple[Said, ...],
) -> Parts:
    people = [ticket.asked_by, *((facts.requester, facts.filed_by, facts.assignee) if facts else ())]
    people += [ticket.place.author, *(one.author for one in said)]
    texts = [one.text for one in said]
    places, names = await asyncio.gather(
        names_in(deps.directory, deps.slack, "\n".join(texts)),
        names_of(deps.directory, (one for one in people if one), texts),
    )
    return Parts(
        typed=ticket.description,
        facts=facts,
        asked_by=ticket.asked_by,
        links=await _links(deps, ticket, facts),
        said=said,
        unread=sum(one.unread for one in heard),
        closed=not heard or any(one.closed for one in heard),
        zone=team.zone if team else ZoneInfo(UTC.tzname(None)),
        names=places | names,
        reporter=facts.requester if facts else ticket.place.author,
        assignee=(facts.assignee or "") if facts else "",
    )


async def _links(deps: Deps, ticket: Ticket, facts: RequestFacts | None) -> list[tuple[str, str]]:
    us = await who_we_are(deps.slack)
    if facts is None:
        places = [("The thread in Slack", ticket.place.thread)]
    else:
        # Nobody outside of a private place learns where it is.
        asker = None if facts.private else facts.asker
        places = [("The request's card in Slack", facts.card), ("The request's thread in Slack", asker)]
    links = [(label, permalink(us, ref.channel, ref.thread_ts)) for label, ref in places if ref]
    return [(label, url) for label, url in links if url]


def _threads(ticket: Ticket, facts: RequestFacts | None) -> list[tuple[Side, ThreadRef]]:
    if facts is None:
        return [(Side.THREAD, ticket.place.thread)] if ticket.place.reachable else []
    both = [(Side.ASKER, facts.asker), (Side.CARD, facts.card)]
    return [(side, thread) for side, thread in both if thread is not None]


def _alone(ticket: Ticket, facts: RequestFacts | None) -> Heard:
    """The message that was chosen, as it was read then: what may not leave its thread does not leave it so either."""
    place = ticket.place
    side = next((side for side, thread in _threads(ticket, facts) if thread == place.thread), Side.THREAD)
    said = Said(
        channel=place.thread.channel, ts=place.message_ts, author=place.author, signature="", text=place.text
    )
    return Heard(side=side, said=(said,))
