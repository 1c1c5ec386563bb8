"""Use cases of reports: a week's is sent once, a lead stops or starts it, somebody wants the rows as a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.figures import Avoidable, Figures
from bot.features.reports import domain, store
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What another slice knows of requests.

    `figures` counts what came in to these teams from the second instant on and before the third, as of the first;
    `avoidable` are the closed ones of a time that a page would have spared; `rows` at most so many of a time as plain
    values, by the team's key; `columns` their names.
    """

    figures: Callable[[Connection, Sequence[int], datetime, datetime, datetime], Figures]
    avoidable: Callable[[Connection, int, datetime, datetime], Sequence[Avoidable]]
    rows: Callable[[Connection, str, datetime, datetime, int], Sequence[Mapping[str, Any]]]
    columns: Sequence[str]


def has_news(connection: Connection, to: Neighbours, team: Team, week: date, now: datetime) -> bool:
    """Whether anything came in within the weeks before this Monday. Read apart: counting holds up nobody who writes."""
    return bool(to.figures(connection, [team.id], now, *domain.window(week, team.zone)).filed)


def send(uow: UnitOfWork, team: Team, week: date) -> None:
    """Asks for the report of the weeks before this Monday, once. A lead who stopped it gets none."""
    if not store.first_of_week(uow.connection, team.id, week, uow.now):
        return
    if store.is_stopped(uow.connection, team.id, team.lead):
        return
    uow.enqueue(
        "report.weekly",
        {"team_id": team.id, "week": week.isoformat(), "user_id": team.lead},
        once=name_of(team.id, week),
    )


def skip(uow: UnitOfWork, team: Team, week: date) -> None:
    """The week is settled without a report: it is too late for it, or there was nothing to say."""
    store.first_of_week(uow.connection, team.id, week, uow.now)


def name_of(team_id: int, week: date) -> str:
    """The name for ever of a team's report."""
    return f"report:{team_id}:{week}"


def want_csv(
    uow: UnitOfWork, user_id: str, team_ids: Sequence[int], since: datetime, until: datetime, key: str
) -> None:
    """Asks for the rows as a file, once for each click, which `key` names."""
    payload = {
        "user_id": user_id,
        "team_ids": list(team_ids),
        "since": since.isoformat(),
        "until": until.isoformat(),
    }
    uow.enqueue("report.csv", payload, once=f"report:csv:{key}")


def stop(uow: UnitOfWork, team_id: int, user_id: str) -> None:
    """No weekly report for this lead."""
    store.stop(uow.connection, team_id, user_id, uow.now)


def start(uow: UnitOfWork, team_id: int, user_id: str) -> None:
    """The weekly report for this lead again."""
    store.start(uow.connection, team_id, user_id)
