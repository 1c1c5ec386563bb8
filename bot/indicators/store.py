"""Statements over the counted days."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.indicators.domain import Counted
from bot.indicators.models import service_days
from bot.outbox.unit_of_work import upsert

# Longer than a year, so that a month can be held against the same one of last year.
KEPT = timedelta(days=400)
_KEY = ("day", "component", "what", "result")


def add(connection: Connection, one: Counted) -> None:
    """So many more. For what leaves no row: whoever calls sees to it that it is added once."""
    insert = upsert(connection, service_days).values(_row(one))
    more = service_days.c.count + insert.excluded.count
    connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_={"count": more}))


def raise_to(connection: Connection, counted: Iterable[Counted]) -> None:
    """At least so many: repeatable, and by several at once.

    Ends do not unhappen. Whoever has seen fewer looked earlier, or after old rows were forgotten.
    """
    # All in one order, or two of us could wait for each other.
    rows = sorted((_row(one) for one in counted), key=lambda row: [str(row[name]) for name in _KEY])
    if not rows:
        return
    insert = upsert(connection, service_days)
    higher = insert.excluded.count > service_days.c.count
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=_KEY, set_={"count": insert.excluded.count}, where=higher
        ),
        rows,
    )


def _row(one: Counted) -> Mapping[str, object]:
    return {**{name: getattr(one, name) for name in _KEY}, "count": one.count}


def since(connection: Connection, day: date) -> list[Counted]:
    """What was counted on this day of UTC and later, oldest first."""
    rows = connection.execute(select(service_days).where(service_days.c.day >= day).order_by(*_ORDER))
    return [Counted(**row) for row in rows.mappings()]


def of_day(connection: Connection, day: date) -> list[Counted]:
    """What was counted on this day of UTC."""
    rows = connection.execute(select(service_days).where(service_days.c.day == day))
    return [Counted(**row) for row in rows.mappings()]


_ORDER = [service_days.c[name] for name in _KEY]


def purge(connection: Connection, now: datetime) -> None:
    """Forgets days that are more than 400 days ago."""
    connection.execute(delete(service_days).where(service_days.c.day < (now - KEPT).date()))
