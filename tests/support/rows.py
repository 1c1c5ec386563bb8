"""A row in every table, whatever its columns: for migrations, which must not care what the rows mean."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.types import TypeDecorator

from bot.db.base import UTCDateTime, metadata

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
COUNT = 2


def fill(connection: Connection, tables: MetaData = metadata) -> None:
    """Two rows in every table."""
    for table in tables.sorted_tables:
        for n in range(1, COUNT + 1):
            row = {column.name: _value(column, n) for column in table.columns if not _left_out(column)}
            connection.execute(insert(table).values(**row))


def rows_in(connection: Connection, tables: MetaData = metadata) -> list[int]:
    """How many rows each table has."""
    return [_count(connection, table) for table in tables.sorted_tables]


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _left_out(column: Column[Any]) -> bool:
    return column.primary_key and column.autoincrement is True


def _value(column: Column[Any], n: int) -> Any:
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return AT
    if isinstance(kind, TypeDecorator):
        raise TypeError(f"no row can be made for {column}")
    if isinstance(kind, Date):
        return AT.date()
    if isinstance(kind, JSON):
        return {"n": n}
    if isinstance(kind, Boolean):
        return n % 2 == 0
    if isinstance(kind, Integer):
        return n
    return str(n)[: kind.length] if isinstance(kind, String) else str(n)
