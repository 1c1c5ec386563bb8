"""Texts that are older than their team keeps them are erased, a few rows in each transaction; counts stay.

A request's words go so long after it was closed, with all that was said about it; those of a check-in so long after
it closed. What is still said about a closed request goes by its own age. Each walk remembers how far it has come, so
that a night's work is that night's, however long the history is. Two bots at once do the same twice, which is once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update

from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.conversations.models import conversation_messages
from bot.features.in_step.models import jira_comments, jira_issues, slack_words
from bot.features.requests.models import intake_offers, requests
from bot.features.rotation.models import rotation_notes
from bot.features.standup.models import standup_rounds
from bot.features.tickets.models import ticket_files, tickets
from bot.outbox.unit_of_work import upsert
from bot.privacy import rows
from bot.privacy.erasing import below
from bot.privacy.models import retention_marks
from bot.privacy.register import REGISTER
from bot.privacy.rows import Key
from bot.teams.domain import Team
from bot.teams.models import absences
from bot.teams.store import all_teams, groups_of_people

# Closed requests in one transaction, each with all that was said about it.
AT_ONCE = 20
# Rows of one kind that a walk looks at in one transaction.
ROWS_AT_ONCE = 200
# Transactions of one look that erase anything, so that other jobs have their turn: a backlog of years goes in days.
MOST_STEPS = 10
# Of these each team has its turn before any has a second one; a look gives every team at least one.
EVERY = timedelta(minutes=10)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far a walk has come."""

    until: datetime = BEGINNING
    last: int = 0


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one transaction looked at. `mark` None: there was nothing old enough."""

    mark: Mark | None
    erased: int = 0


Walk = Callable[[Connection, Team, datetime, Mark], Step]


async def erase_old(database: Database, now: datetime) -> int:
    """One look: returns in how many rows words were erased. Raises DatabaseUnavailable."""
    teams = await database.read(all_teams)
    erased = await database.write(_offers, teams, now)
    waiting = [(team, cutoff, list(WALKS)) for team, cutoff in _keeping(teams, now)]
    for team, cutoff, _ in waiting:
        erased += await database.write(_absences, team, cutoff)
    steps = 0
    while waiting and steps < MOST_STEPS:
        for team, cutoff, left in waiting:
            erased += await _turn(database, team, cutoff, left)
        waiting = [one for one in waiting if one[2]]
        steps += len(waiting)
    return erased


async def _turn(database: Database, team: Team, cutoff: datetime, left: list[str]) -> int:
    """A team's next step: in how many rows it erased words. Walks that have nothing to do any more leave `left`."""
    while left:
        step = await database.write(_step, team, left[0], cutoff)
        if step.mark is not None:
            return step.erased
        left.pop(0)
    return 0


def _keeping(teams: Sequence[Team], now: datetime) -> list[tuple[Team, datetime]]:
    return [(team, now - team.retention) for team in teams if team.retention is not None]


def _step(connection: Connection, team: Team, what: str, cutoff: datetime) -> Step:
    mark = _mark(connection, team.id, what)
    step = WALKS[what](connection, team, cutoff, mark)
    if step.mark is not None:
        values = {"until": step.mark.until, "last": step.mark.last}
        put = upsert(connection, retention_marks).values(team_id=team.id, what=what, **values)
        connection.execute(put.on_conflict_do_update(index_elements=["team_id", "what"], set_=values))
    return step


def _mark(connection: Connection, team_id: int, what: str) -> Mark:
    marks = retention_marks
    query = select(marks.c.until, marks.c.last).where(marks.c.team_id == team_id, marks.c.what == what)
    row = connection.execute(query).one_or_none()
    return Mark(until=row.until, last=row.last) if row else Mark()


def _requests(connection: Connection, team: Team, cutoff: datetime, mark: Mark) -> Step:
    closed, after = requests.c.closed_at, mark.until
    query = (
        select(requests.c.id, closed)
        .where(
            requests.c.team_id == team.id,
            closed >= after,
            or_(closed > after, requests.c.id > mark.last),
            closed <= cutoff,
        )
        .order_by(closed, requests.c.id)
        .limit(AT_ONCE)
    )
    found = connection.execute(query).all()
    if not found:
        return Step(mark=None)
    erased = blank_with_all_below(connection, requests.name, [(row.id,) for row in found])
    return Step(mark=Mark(until=found[-1].closed_at, last=found[-1].id), erased=erased)


def blank_with_all_below(connection: Connection, top: str, chosen: list[Key]) -> int:
    """Takes the words out of these rows and of all that belong to them; returns how many rows had any."""
    reached = {top: chosen}
    for name, holding in REGISTER.items():
        if holding.within and reached.get(holding.within[1]):
            reached[name] = below(connection, name, reached[holding.within[1]])
    return sum(_blank(connection, name, keys) for name, keys in reached.items())


def _blank(connection: Connection, name: str, chosen: Sequence[Key]) -> int:
    return sum(
        rows.blank(connection, metadata.tables[name], REGISTER[name], part) for part in rows.parts(chosen)
    )


def _rounds(connection: Connection, team: Team, cutoff: datetime, mark: Mark) -> Step:
    query = select(standup_rounds.c.id, standup_rounds.c.closes_at.label("at")).where(
        standup_rounds.c.team_id == team.id
    )
    found = _next(connection, query, standup_rounds.c.id, cutoff, mark)
    if not found:
        return Step(mark=None)
    erased = blank_with_all_below(connection, standup_rounds.name, [(one,) for one in found])
    return Step(mark=Mark(last=found[-1]), erased=erased)


def _by_age(table: Any, at: Any, ours: Callable[[Team, datetime], ColumnElement[bool]]) -> Walk:
    """A walk over the rows of a table in the order of their ids, which is that of their ages."""

    def walk(connection: Connection, team: Team, cutoff: datetime, mark: Mark) -> Step:
        found = _next(connection, select(table.c.id, at.label("at")), table.c.id, cutoff, mark)
        if not found:
            return Step(mark=None)
        chosen = rows.keys(connection, table, and_(table.c.id.in_(found), ours(team, cutoff)))
        erased = blank_with_all_below(connection, table.name, chosen)
        return Step(mark=Mark(last=found[-1]), erased=erased)

    return walk


def _next(connection: Connection, query: Any, id_: Any, cutoff: datetime, mark: Mark) -> list[int]:
    found: list[int] = []
    for row in connection.execute(query.where(id_ > mark.last).order_by(id_).limit(ROWS_AT_ONCE)):
        if row.at > cutoff:
            break
        found.append(row.id)
    return found


def _closed(team: Team, cutoff: datetime) -> Select[Any]:
    return select(requests.c.id).where(requests.c.team_id == team.id, requests.c.closed_at <= cutoff)


def _of_closed_ticket(column: Any) -> Callable[[Team, datetime], ColumnElement[bool]]:
    def ours(team: Team, cutoff: datetime) -> ColumnElement[bool]:
        return column.in_(select(tickets.c.id).where(_over(team, cutoff)))

    return ours


def _over(team: Team, cutoff: datetime) -> ColumnElement[bool]:
    # An issue of no request counts from its making: nobody here knows when it is done with.
    alone = and_(tickets.c.request_id.is_(None), tickets.c.team_id == team.id, tickets.c.created_at <= cutoff)
    return or_(tickets.c.request_id.in_(_closed(team, cutoff)), alone)


def _of_closed_issue(team: Team, cutoff: datetime) -> ColumnElement[bool]:
    over = select(tickets.c.issue_id).where(_over(team, cutoff), tickets.c.issue_id.is_not(None))
    return jira_comments.c.issue_row.in_(select(jira_issues.c.id).where(jira_issues.c.issue_id.in_(over)))


def _offers(connection: Connection, teams: Sequence[Team], now: datetime) -> int:
    """What was written to the bot and never filed belongs to no team: it goes when each of them would let it go."""
    kept = [team.retention for team in teams if team.active]
    longest = max((one for one in kept if one is not None), default=None)
    if longest is None or None in kept:
        return 0
    old = intake_offers.c.created_at <= now - longest
    return connection.execute(delete(intake_offers).where(old)).rowcount


def _absences(connection: Connection, team: Team, cutoff: datetime) -> int:
    groups = groups_of_people(connection)
    grouped = [user_id for user_id, own in groups.items() if team.user_group in own]
    # On the person's own calendar, which may be a day behind ours.
    last_day = (cutoff - timedelta(days=1)).date()
    people = absences.c.user_id.in_([*team.members, team.lead, *grouped])
    old = and_(people, absences.c.last_day < last_day, absences.c.reason != "")
    return connection.execute(update(absences).where(old).values(reason="")).rowcount


WALKS: dict[str, Walk] = {
    "requests": _requests,
    "rounds": _rounds,
    "notes": _by_age(
        rotation_notes, rotation_notes.c.at, lambda team, _cutoff: rotation_notes.c.team_id == team.id
    ),
    "tickets": _by_age(
        tickets,
        tickets.c.created_at,
        lambda team, cutoff: and_(tickets.c.request_id.is_(None), _over(team, cutoff)),
    ),
    # What was said later than its request was closed.
    "messages": _by_age(
        conversation_messages,
        conversation_messages.c.created_at,
        lambda team, cutoff: conversation_messages.c.request_id.in_(_closed(team, cutoff)),
    ),
    "words": _by_age(slack_words, slack_words.c.created_at, _of_closed_ticket(slack_words.c.ticket_id)),
    "files": _by_age(ticket_files, ticket_files.c.created_at, _of_closed_ticket(ticket_files.c.ticket_id)),
    "comments": _by_age(jira_comments, jira_comments.c.created_at, _of_closed_issue),
}
