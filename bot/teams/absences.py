"""Who is away from when until when. One register for everything that goes by it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.teams.models import absences
from bot.teams.presence import Absence

LONGEST = timedelta(days=400)
LONGEST_REASON = 200


def add(
    connection: Connection,
    *,
    user_id: str,
    first_day: date,
    last_day: date,
    reason: str,
    set_by: str,
    now: datetime,
) -> Absence:
    """Keeps the absence; the same days again change nothing but the reason. Raises UserError beside `until`."""
    if last_day < first_day:
        raise UserError(
            f"The last day, {last_day}, is before the first, {first_day}. Choose a later one.", field="until"
        )
    if last_day - first_day > LONGEST:
        raise UserError(
            "That is more than a year. Choose a last day within 400 days of the first.", field="until"
        )
    same = (
        (absences.c.user_id == user_id)
        & (absences.c.first_day == first_day)
        & (absences.c.last_day == last_day)
    )
    connection.execute(delete(absences).where(same))
    reason = cut(" ".join(clean(reason).split()), LONGEST_REASON)
    values = {
        "user_id": user_id,
        "first_day": first_day,
        "last_day": last_day,
        "reason": reason,
        "set_by": set_by,
        "created_at": now,
    }
    row = connection.execute(insert(absences).values(**values).returning(absences)).one()
    return _absence(row)


def of_people(
    connection: Connection, user_ids: Collection[str], first_day: date, last_day: date
) -> list[Absence]:
    """Their absences that touch these days, earliest first."""
    query = select(absences).where(
        absences.c.user_id.in_(user_ids),
        absences.c.last_day >= first_day,
        absences.c.first_day <= last_day,
    )
    return [_absence(row) for row in connection.execute(query.order_by(absences.c.first_day, absences.c.id))]


def by_id(connection: Connection, absence_id: int) -> Absence | None:
    """The absence, as long as it stands."""
    row = connection.execute(select(absences).where(absences.c.id == absence_id)).first()
    return None if row is None else _absence(row)


def resume(connection: Connection, user_id: str, day: date) -> list[Absence]:
    """They are back on this day: what covers it ends the day before. Returns those absences as they were."""
    running = of_people(connection, [user_id], day, day)
    for absence in running:
        this = absences.c.id == absence.id
        if absence.first_day < day:
            connection.execute(update(absences).where(this).values(last_day=day - timedelta(days=1)))
        else:
            connection.execute(delete(absences).where(this))
    return running


def drop(connection: Connection, user_id: str, since: date) -> list[Absence]:
    """What begins on this day or later is dropped. Returns those absences."""
    coming = [one for one in of_people(connection, [user_id], since, date.max) if one.first_day >= since]
    connection.execute(delete(absences).where(absences.c.id.in_([one.id for one in coming])))
    return coming


def _absence(row: Row[Any]) -> Absence:
    return Absence(
        id=row.id,
        user_id=row.user_id,
        first_day=row.first_day,
        last_day=row.last_day,
        reason=row.reason,
        set_by=row.set_by,
    )
