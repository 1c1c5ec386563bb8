"""Rows of any table, found and changed by the register alone. Nothing here knows what a table is for."""

import json
import re
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.core.leavers import GONE, SOMEONE
from bot.privacy.holding import Holding, blanked

# Rows in one transaction: the bots go on in between.
AT_ONCE = 200
# Rows that one statement may look through (a statement on Postgres has 5 seconds: see `bot.db.engine`).
STRETCH = 20_000

Key = tuple[Any, ...]


def holds(table: Table, holding: Holding, user_id: str, names: Collection[str] = ()) -> ColumnElement[bool]:
    """Whether the person's id stands somewhere in a row, or one of these names where Jira's names are kept."""
    exact = [table.c[name] == user_id for name in (*holding.person.split(), *holding.with_person.split())]
    inside = [
        cast(table.c[name], Text).contains(user_id, autoescape=True)
        for name in (*holding.among.split(), *holding.words)
    ]
    called = [table.c[name].in_(names) for name in holding.names.split()] if names else []
    return or_(false(), *exact, *inside, *called)


def wrote(table: Table, holding: Holding, user_id: str, names: Collection[str] = ()) -> ColumnElement[bool]:
    """Whether the words of a row may be the person's."""
    if not holding.words:
        return false()
    by = [*holding.by.split(), *holding.with_person.split()]
    called = [table.c[name].in_(names) for name in holding.names.split()] if names else []
    return or_(false(), *(table.c[name] == user_id for name in by), *called)


def keys(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[Key]:
    """The primary keys of these rows, in their order."""
    columns = list(table.primary_key.columns)
    return [tuple(row) for row in connection.execute(select(*columns).where(condition).order_by(*columns))]


def scan(connection: Connection, table: Table, condition: ColumnElement[bool]) -> list[Key]:
    """The same for what no index finds: a stretch of a long table in each statement, for none may take long."""
    numbers = list(table.primary_key.columns)
    if len(numbers) != 1 or not isinstance(numbers[0].type, Integer):
        return keys(connection, table, condition)
    number, found = numbers[0], list[Key]()
    first, last = connection.execute(select(func.min(number), func.max(number))).one()
    for start in range(first, last + 1, STRETCH) if first is not None else ():
        found += keys(connection, table, and_(number >= start, number < start + STRETCH, condition))
    return found


def named(
    connection: Connection, table: Table, holding: Holding, user_id: str, names: Collection[str]
) -> list[Key]:
    """The rows in which the person's id stands, not one that only begins alike, or one of their names."""
    found: list[Key] = []
    alone = {*holding.person.split(), *holding.with_person.split(), *holding.among.split(), *holding.words}
    for part in parts(scan(connection, table, holds(table, holding, user_id, names))):
        for row in rows(connection, table, part):
            called = any(row[name] in names for name in holding.names.split())
            if called or any(stands_in(row[name], user_id) for name in alone):
                found.append(tuple(row[column.name] for column in table.primary_key.columns))
    return found


def stands_in(value: Any, user_id: str) -> bool:
    """Whether the id stands anywhere in it, not one that only begins alike."""
    return value is not None and re.search(_whole(user_id), json.dumps(value)) is not None


def _whole(user_id: str) -> str:
    return rf"(?<![A-Za-z0-9]){re.escape(user_id)}(?![A-Za-z0-9])"


def parts(found: Iterable[Key]) -> Iterable[list[Key]]:
    """A few keys at a time."""
    chosen = list(found)
    return (chosen[start : start + AT_ONCE] for start in range(0, len(chosen), AT_ONCE))


def rows(
    connection: Connection, table: Table, chosen: Collection[Key], *, lock: bool = False
) -> Sequence[RowMapping]:
    """These rows as they are now; those that are gone are left out."""
    query = select(table).where(one_of(table, chosen)).order_by(*table.primary_key.columns)
    return connection.execute(query.with_for_update() if lock else query).mappings().all()


def one_of(table: Table, chosen: Collection[Key]) -> ColumnElement[bool]:
    """Whether a row has one of these primary keys."""
    columns = list(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in chosen])
    return tuple_(*columns).in_(list(chosen))


def _this(table: Table, row: RowMapping) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key.columns))


def blank(connection: Connection, table: Table, holding: Holding, chosen: Collection[Key]) -> int:
    """Takes people's words out of these rows; returns how many had any."""
    changed = 0
    for row in rows(connection, table, chosen, lock=True):
        wanted = {name: blanked(instead, row[name]) for name, instead in holding.words.items()}
        new = {name: value for name, value in wanted.items() if value != row[name]}
        if new:
            connection.execute(update(table).where(_this(table, row)).values(**new))
            changed += 1
    return changed


def forget(
    connection: Connection,
    table: Table,
    holding: Holding,
    chosen: Collection[Key],
    user_id: str,
    names: Collection[str],
) -> None:
    """Takes the person out of these rows; a row that is about them alone goes whole."""
    for row in rows(connection, table, chosen, lock=True):
        if any(row[name] == user_id for name in holding.with_person.split()):
            connection.execute(delete(table).where(_this(table, row)))
            continue
        new = _without_person(connection, table, holding, row, user_id, names)
        if new:
            connection.execute(update(table).where(_this(table, row)).values(**new))


def _without_person(
    connection: Connection,
    table: Table,
    holding: Holding,
    row: RowMapping,
    user_id: str,
    names: Collection[str],
) -> Mapping[str, Any]:
    new: dict[str, Any] = {}
    for name in holding.person.split():
        if row[name] == user_id:
            new[name] = _free_name(connection, table, row, name)
    for name in holding.names.split():
        if row[name] in names:
            new[name] = SOMEONE
    once = _unique_columns(table)
    for name in (*holding.among.split(), *holding.words):
        # Names of effects must stay different from each other.
        instead = f"{GONE}-{secrets.token_hex(4)}" if name in once else GONE
        without = _replaced(row[name], user_id, instead, as_json=isinstance(table.c[name].type, JSON))
        if without != row[name]:
            new[name] = without
    return new


def _unique_columns(table: Table) -> set[str]:
    alone = {column.name for column in table.columns if column.unique}
    lists = [
        constraint.columns for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
    ]
    lists += [table.primary_key.columns, *(index.columns for index in table.indexes if index.unique)]
    return alone.union(*({column.name for column in columns} for columns in lists))


def _free_name(connection: Connection, table: Table, row: RowMapping, name: str) -> str:
    """`left`, or the first `left-2`, `left-3` … that a unique key leaves free in this row's place."""
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint) or name not in constraint.columns:
            continue
        same = [column == row[column.name] for column in constraint.columns if column.name != name]
        there = table.c[name].startswith(GONE)
        count = connection.scalar(select(func.count()).select_from(table).where(there, *same)) or 0
        return f"{GONE}-{count + 1}" if count else GONE
    return GONE


def _replaced(value: Any, user_id: str, instead: str, *, as_json: bool) -> Any:
    if value is None:
        return None
    pattern = _whole(user_id)
    if as_json:
        return json.loads(re.sub(pattern, instead, json.dumps(value)))
    text = re.sub(rf"<@{re.escape(user_id)}(?:\|[^>]*)?>", SOMEONE, value)
    return re.sub(pattern, instead, text)
