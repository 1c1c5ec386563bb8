"""Queries on blockers."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from bot.features.standup.domain.checkins import Blocker
from bot.features.standup.models import standup_blockers, standup_checkins, standup_rounds

MOST = 200
WITHDRAWN = "withdrawn"

# Whether somebody is named goes by the round in which it came up, whatever the plan says by now.
_WITH_ROUND = (
    select(standup_blockers, standup_rounds.c.asked)
    .join(standup_checkins, standup_checkins.c.id == standup_blockers.c.checkin_id)
    .join(standup_rounds, standup_rounds.c.id == standup_checkins.c.round_id)
)


def add(
    connection: Connection,
    *,
    checkin_id: int,
    team_id: int,
    series: str,
    user_id: str,
    text: str,
    day: date,
    now: datetime,
) -> int:
    """The id of a new one."""
    values = {
        "checkin_id": checkin_id,
        "team_id": team_id,
        "series": series,
        "user_id": user_id,
        "text": text,
        "day": day,
        "raised_at": now,
    }
    return connection.execute(
        insert(standup_blockers).values(**values).returning(standup_blockers.c.id)
    ).scalar_one()


def by_id(connection: Connection, blocker_id: int, *, lock: bool = False) -> Blocker | None:
    """The blocker; with `lock`, nobody else changes it until we commit."""
    query = _WITH_ROUND.where(standup_blockers.c.id == blocker_id)
    row = connection.execute(query.with_for_update(of=standup_blockers) if lock else query).first()
    return None if row is None else _blocker(row)


def open_of_person(connection: Connection, team_id: int, user_id: str) -> list[Blocker]:
    """What is in this person's way in the team's check-ins, oldest first."""
    mine = (standup_blockers.c.team_id == team_id) & (standup_blockers.c.user_id == user_id)
    return _found(connection, mine & standup_blockers.c.closed_at.is_(None))


def open_of_team(connection: Connection, team_id: int) -> list[Blocker]:
    """What is in anybody's way, oldest first."""
    return _found(
        connection, (standup_blockers.c.team_id == team_id) & standup_blockers.c.closed_at.is_(None)
    )


def of_request(connection: Connection, request_id: int) -> list[Blocker]:
    """Those that became this request."""
    return _found(connection, standup_blockers.c.request_id == request_id)


def raised_in(connection: Connection, checkin_id: int) -> list[Blocker]:
    """What came up in this check-in and was not taken back in it, open or not."""
    kept = or_(standup_blockers.c.how.is_(None), standup_blockers.c.how != WITHDRAWN)
    return _found(connection, (standup_blockers.c.checkin_id == checkin_id) & kept)


def of_summary(
    connection: Connection, team_id: int, series: str, round_ids: Collection[int]
) -> list[Blocker]:
    """What came up in these rounds of a series, and what came up earlier in it and was in the way at their end.

    So an old summary that is written anew does not speak of later days.
    """
    these = standup_rounds.c.id.in_(round_ids)
    here = select(standup_checkins.c.id).where(standup_checkins.c.round_id.in_(round_ids))
    last_day = select(func.max(standup_rounds.c.day)).where(these).scalar_subquery()
    ended_at = select(func.max(standup_rounds.c.closed_at)).where(these).scalar_subquery()
    raised = standup_blockers.c.checkin_id.in_(here)
    lasted = or_(standup_blockers.c.closed_at.is_(None), standup_blockers.c.closed_at > ended_at)
    earlier = (standup_blockers.c.day <= last_day) & lasted
    kept = or_(standup_blockers.c.how.is_(None), standup_blockers.c.how != WITHDRAWN)
    of_series = (standup_blockers.c.team_id == team_id) & (standup_blockers.c.series == series)
    return _found(connection, of_series & kept & or_(raised, earlier))


def close(connection: Connection, blocker_id: int, *, how: str, by: str | None, now: datetime) -> bool:
    """Closes it; whether it was open until now."""
    done = connection.execute(
        update(standup_blockers)
        .where(standup_blockers.c.id == blocker_id, standup_blockers.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, how=how)
        .returning(standup_blockers.c.id)
    )
    return done.first() is not None


def reopen(connection: Connection, blocker_id: int) -> None:
    """It is in the way again."""
    this = standup_blockers.c.id == blocker_id
    connection.execute(update(standup_blockers).where(this).values(closed_at=None, closed_by=None, how=None))


def became(connection: Connection, blocker_id: int, request_id: int, number: int) -> None:
    """It is this request from now on."""
    this = standup_blockers.c.id == blocker_id
    connection.execute(update(standup_blockers).where(this).values(request_id=request_id, number=number))


def _found(connection: Connection, which: ColumnElement[bool]) -> list[Blocker]:
    query = _WITH_ROUND.where(which)
    ordered = query.order_by(standup_blockers.c.raised_at, standup_blockers.c.id).limit(MOST)
    return [_blocker(row) for row in connection.execute(ordered)]


def _blocker(row: Row[Any]) -> Blocker:
    kept = {column.name: getattr(row, column.name) for column in standup_blockers.columns}
    return Blocker(**kept, is_anonymous=bool(row.asked.get("anonymous")))
