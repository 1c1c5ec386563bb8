"""What is due by the clock: reminders, windows that are over, rounds to be closed, and how far was looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, delete, func, literal, select, union_all

from bot.features.standup.domain.checkins import State
from bot.features.standup.models import standup_checkins, standup_looks, standup_rounds
from bot.outbox.unit_of_work import upsert

MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class DueRound:
    """An open round whose time is over, or in which somebody had their say since it was looked at (`has_changed`)."""

    id: int
    team_id: int
    series: str
    has_changed: bool


def looked_until(connection: Connection, team_id: int, series: str) -> datetime | None:
    """Up to when openings were looked for; None where this check-in was never met."""
    return connection.scalar(
        select(standup_looks.c.looked_until).where(
            standup_looks.c.team_id == team_id, standup_looks.c.series == series
        )
    )


def looked(connection: Connection, team_id: int, series: str, until: datetime) -> None:
    """Openings up to this instant have been dealt with."""
    insert = upsert(connection, standup_looks).values(team_id=team_id, series=series, looked_until=until)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["team_id", "series"], set_={"looked_until": insert.excluded.looked_until}
        )
    )


def known_series(connection: Connection) -> list[tuple[int, str]]:
    """The team and the series of each check-in that is looked at, or was until it was taken out of the file."""
    found = connection.execute(select(standup_looks.c.team_id, standup_looks.c.series))
    return [(row.team_id, row.series) for row in found]


def forget(connection: Connection, team_id: int, series: str) -> None:
    """This check-in is met for the first time when it comes back: until then nothing of it was missed."""
    this = (standup_looks.c.team_id == team_id) & (standup_looks.c.series == series)
    connection.execute(delete(standup_looks).where(this))


def to_remind(connection: Connection, now: datetime) -> list[int]:
    """Check-ins whose reminder is due."""
    return _due(connection, standup_checkins.c.remind_at, now)


def to_settle(connection: Connection, now: datetime) -> list[int]:
    """Check-ins whose window is over and that nobody has looked at since."""
    return _due(connection, standup_checkins.c.settle_at, now)


def _due(connection: Connection, moment: Column[Any], now: datetime) -> list[int]:
    query = select(standup_checkins.c.id).where(moment.is_not(None), moment <= now)
    return list(connection.scalars(query.order_by(moment, standup_checkins.c.id).limit(MOST_AT_ONCE)))


@dataclass(frozen=True, kw_only=True)
class Due:
    """What there is to do now: reminders, ends of windows, and rounds that may be closed."""

    remind: bool
    settle: bool
    rounds: list[DueRound]


def at(connection: Connection, now: datetime) -> Due:
    """What is due by now.

    One statement, at the beginning of four indexes: what is due later costs nothing, however much it is.
    """
    found = connection.execute(
        union_all(
            _any(_REMIND, standup_checkins.c.remind_at, now),
            _any(_SETTLE, standup_checkins.c.settle_at, now),
            _rounds(_OVER, standup_rounds.c.closed_at.is_(None) & (standup_rounds.c.closes_at <= now)),
            # Only an open round has one.
            _rounds(_CHANGED, standup_rounds.c.changed_at.is_not(None)),
        )
    ).all()
    changed = {row.id for row in found if row.what == _CHANGED}
    rounds = {row.id: row for row in found if row.what in (_OVER, _CHANGED)}
    return Due(
        remind=any(row.what == _REMIND for row in found),
        settle=any(row.what == _SETTLE for row in found),
        rounds=[
            DueRound(id=row.id, team_id=row.team_id, series=row.series, has_changed=row.id in changed)
            for row in rounds.values()
        ],
    )


_REMIND, _SETTLE, _OVER, _CHANGED = range(4)


def _any(what: int, moment: Column[Any], now: datetime) -> Select[int, Any, Any, Any]:
    first = select(standup_checkins.c.id).where(moment <= now).limit(1).subquery()
    nobody = literal(None, standup_rounds.c.team_id.type).label("team_id")
    nothing = literal(None, standup_rounds.c.series.type).label("series")
    return select(literal(what).label("what"), first.c.id, nobody, nothing)


def _rounds(what: int, condition: ColumnElement[bool]) -> Select[int, Any, Any, Any]:
    table = standup_rounds
    columns = (table.c.id, table.c.team_id, table.c.series)
    return select(literal(what).label("what"), *columns).where(condition)


def next_moments(connection: Connection, now: datetime) -> Mapping[str, datetime]:
    """When the next reminder, the next end of a window and the next closing of a round are, where any is in sight."""
    queries = {
        # Whoever has answered keeps the moment, in case they take their answer back.
        "remind": select(func.min(standup_checkins.c.remind_at)).where(
            standup_checkins.c.remind_at > now, standup_checkins.c.state == State.ASKED.value
        ),
        "settle": select(func.min(standup_checkins.c.settle_at)).where(standup_checkins.c.settle_at > now),
        "close": select(func.min(standup_rounds.c.closes_at)).where(
            standup_rounds.c.closed_at.is_(None), standup_rounds.c.closes_at > now
        ),
    }
    found = {name: connection.scalar(query) for name, query in queries.items()}
    return {name: at for name, at in found.items() if at is not None}
