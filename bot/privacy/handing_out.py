"""Everything that is kept of one person, as plain values. What others wrote in the same rows stays with them."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, RowMapping

from bot.db.base import metadata
from bot.privacy import rows
from bot.privacy.erasing import find_traces
from bot.privacy.holding import Holding
from bot.privacy.register import REGISTER

# Whoever knows it may read a calendar, or act as the bot.
NEVER = frozenset({"secret", "sealed_token"})


def handed_out(connection: Connection, user_id: str) -> Mapping[str, list[Mapping[str, Any]]]:
    """By table the rows that name the person or hold their words; tables without any are left out."""
    found = find_traces(connection, user_id)
    told: dict[str, list[Mapping[str, Any]]] = {}
    for name, holding in REGISTER.items():
        own = set(found.words.get(name, ()))
        chosen = list(dict.fromkeys((*found.named[name], *own)))
        table = metadata.tables[name]
        columns = [column.name for column in table.primary_key.columns]
        lines = [row for part in rows.parts(chosen) for row in rows.rows(connection, table, part)]
        shown = [
            _shown(row, holding, user_id, found.names, whole=tuple(row[one] for one in columns) in own)
            for row in lines
        ]
        if shown:
            told[name] = shown
    return told


def _shown(
    row: RowMapping, holding: Holding, user_id: str, names: frozenset[str], *, whole: bool
) -> Mapping[str, Any]:
    is_theirs = any(row[name] == user_id for name in holding.with_person.split())
    return {
        name: _told(name, value, holding, user_id)
        for name, value in row.items()
        if name not in NEVER and _belongs(name, value, holding, user_id, names, whole=whole or is_theirs)
    }


def _told(name: str, value: Any, holding: Holding, user_id: str) -> Any:
    if name in holding.of_many.split():
        return _part_with(value, user_id)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _part_with(value: Any, user_id: str) -> Any:
    """Of lists and objects only what holds the id, down to the single value; a key that is the id keeps all below it."""
    if isinstance(value, dict):
        entries = cast(dict[str, Any], value).items()
        return {
            key: one if rows.stands_in(key, user_id) else _part_with(one, user_id)
            for key, one in entries
            if rows.stands_in({key: one}, user_id)
        }
    if isinstance(value, list):
        return [_part_with(one, user_id) for one in cast(list[Any], value) if rows.stands_in(one, user_id)]
    return value


def _belongs(
    name: str, value: Any, holding: Holding, user_id: str, names: frozenset[str], *, whole: bool
) -> bool:
    if name in holding.words or name in holding.among.split():
        return whole or user_id in str(value)
    if name in holding.names.split():
        return value in names
    return name not in holding.person.split() or value == user_id
