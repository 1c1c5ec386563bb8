"""A row of each person in every table, with a word of theirs in every place that the register knows. No test is here."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, Table, cast, insert, select
from sqlalchemy import Text as AsText

from bot.db.base import UTCDateTime, metadata
from bot.privacy.holding import can_hold_text
from bot.privacy.register import REGISTER

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ANA, BOB = "U0ANA00001", "U0BOB00001"
# An id that begins like another.
LONGER = f"{ANA}X"
NAMES = {ANA: "Ana Moreau", BOB: "Bob Marsh", LONGER: "Anaïs"}
CANARY = {ANA: "canary-of-ana", BOB: "canary-of-bob", LONGER: "canary-of-longer"}


def fill(connection: Connection, *people: str) -> None:
    """A row of every table for each of these people; the rows of one belong together."""
    for number, user_id in enumerate(people, start=1):
        for table in metadata.sorted_tables:
            values = {column.name: _value(table, column, user_id, number) for column in table.columns}
            connection.execute(insert(table).values(**values))


def _value(table: Table, column: Column[Any], user_id: str, number: int) -> Any:
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return AT
    if isinstance(kind, Date):
        return AT.date()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return number
    return _text(table, column, user_id, number)


def _text(table: Table, column: Column[Any], user_id: str, number: int) -> Any:
    holding, name = REGISTER[table.name], column.name
    is_json = isinstance(column.type, JSON)
    if name in (*holding.person.split(), *holding.with_person.split()):
        return user_id
    if name in holding.names.split():
        return NAMES[user_id]
    if name in holding.words:
        words = f"{CANARY[user_id]} of {table.name}.{name}"
        return {"reason": words} if is_json else words
    if name == "profile":
        return {"id": user_id, "name": NAMES[user_id], "real_name": NAMES[user_id]}
    if name in holding.among.split():
        return {"who": [user_id], "n": number} if is_json else f"effect:{user_id}:{number}"
    if name == "result" and table.name == "outbox":
        return "done"
    # What leads to another row by its key is the same number there.
    return {"n": number} if is_json else str(number)


def everything(connection: Connection) -> dict[str, list[str]]:
    """Every row as text, by table and column: whatever stands anywhere."""
    found: dict[str, list[str]] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            if can_hold_text(column):
                cells = connection.execute(select(cast(column, AsText))).scalars()
                found[f"{table.name}.{column.name}"] = [
                    json.dumps(cell, ensure_ascii=False) for cell in cells if cell
                ]
    return found


def places_of(connection: Connection, *words: str) -> list[str]:
    """The columns where one of these words stands."""
    return [
        place
        for place, cells in everything(connection).items()
        if any(word in cell for cell in cells for word in words)
    ]
