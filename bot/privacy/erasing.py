"""One person taken out of every table: their words, their id, what they are called. What is counted stays.

Each step is one short transaction and may be done again: whoever was stopped half-way begins anew.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Text, and_, cast, select, update

from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.conversations.models import conversation_messages
from bot.features.requests.domain import Move
from bot.features.requests.models import request_history, requests
from bot.features.requests.store.similar import forget_words
from bot.features.rotation.models import rotation_changes, rotation_covers
from bot.features.tickets.models import tickets
from bot.outbox.models import outbox
from bot.privacy import rows
from bot.privacy.register import REGISTER
from bot.privacy.rows import Key
from bot.teams.store import find_person, teams_by_settings

# Bots run meanwhile and may write the person down once more.
MOST_ROUNDS = 3
# A nickname of one or two letters stands for too many.
SHORTEST_NAME = 3


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Where somebody is found: by table the rows with their words, and the rows that name them."""

    words: Mapping[str, list[Key]]
    named: Mapping[str, list[Key]]
    names: frozenset[str]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows of each table, in the order of the register."""
        found = {table: len({*self.words.get(table, ()), *self.named.get(table, ())}) for table in REGISTER}
        return {table: count for table, count in found.items() if count}


def names_of(connection: Connection, user_id: str) -> frozenset[str]:
    """What the person is called in Slack and, as far as it is the same, in Jira."""
    known = find_person(connection, user_id)
    if known is None:
        return frozenset()
    person = known[0]
    return frozenset(
        name for name in (person.name, person.real_name, person.email) if len(name) >= SHORTEST_NAME
    )


def find_traces(connection: Connection, user_id: str, names: frozenset[str] = frozenset()) -> Traces:
    """Everything that is to be changed. It reads every table whole: this is no way for a bot at work."""
    names = names or names_of(connection, user_id)
    named: dict[str, list[Key]] = {}
    for name, holding in REGISTER.items():
        table = metadata.tables[name]
        named[name] = rows.named(connection, table, holding, user_id, names)
    return Traces(words=words_of(connection, user_id, names), named=named, names=names)


def words_of(connection: Connection, user_id: str, names: frozenset[str]) -> Mapping[str, list[Key]]:
    """The rows with what the person wrote, and those that may repeat it."""
    found: dict[str, dict[Key, None]] = defaultdict(dict)
    for name, holding in REGISTER.items():
        table = metadata.tables[name]
        own = (
            rows.scan(connection, table, rows.wrote(table, holding, user_id, names)) if holding.words else []
        )
        found[name].update(dict.fromkeys(own))
        if name == tickets.name:
            # Its text holds what was said in the request's threads, by whomever.
            spoke = select(conversation_messages.c.request_id).where(
                conversation_messages.c.author == user_id
            )
            found[name].update(dict.fromkeys(rows.keys(connection, table, tickets.c.request_id.in_(spoke))))
        if holding.quotes and holding.within:
            found[name].update(dict.fromkeys(below(connection, name, list(found[holding.within[1]]))))
    return {name: list(chosen) for name, chosen in found.items()}


def below(connection: Connection, name: str, parents: list[Key]) -> list[Key]:
    """The rows of a table that belong to these rows of the table that it is within."""
    holding, table = REGISTER[name], metadata.tables[name]
    assert holding.within
    column, parent = holding.within
    found: list[Key] = []
    for part in rows.parts(parents):
        leading = [row[holding.key] for row in rows.rows(connection, metadata.tables[parent], part)]
        wanted = [one for one in leading if one is not None]
        found += rows.keys(connection, table, table.c[column].in_(wanted)) if wanted else []
    return found


async def erase(database: Database, user_id: str, now: datetime) -> Mapping[str, int]:
    """Takes the person out; returns how many rows of each table were changed. Raises DatabaseUnavailable."""
    names = await database.read(names_of, user_id)
    changed: dict[str, int] = defaultdict(int)
    for _ in range(MOST_ROUNDS):
        found = await database.read(find_traces, user_id, names)
        if changed and not any(found.named.values()):
            break
        await database.write(end_duties, user_id, now)
        await database.write(_forget_reasons, user_id)
        for table, count in found.counts.items():
            changed[table] += count
        await _take_out(database, user_id, found)
    await forget_what_was_sent(database)
    await database.write(forget_words)
    return changed


async def _take_out(database: Database, user_id: str, found: Traces) -> None:
    for name, chosen in found.words.items():
        for part in rows.parts(chosen):
            await database.write(rows.blank, metadata.tables[name], REGISTER[name], part)
    # The profile goes last, so that whoever is stopped half-way still knows what the person is called.
    for name in sorted(REGISTER, key=lambda name: name == "people"):
        for part in rows.parts(found.named[name]):
            await database.write(
                rows.forget, metadata.tables[name], REGISTER[name], part, user_id, found.names
            )


def end_duties(connection: Connection, user_id: str, now: datetime) -> None:
    """Hours that they were to have, and searches for somebody to take theirs, are over."""
    ahead = and_(rotation_changes.c.withdrawn_at.is_(None), rotation_changes.c.end_at > now)
    connection.execute(
        update(rotation_changes).where(rotation_changes.c.person == user_id, ahead).values(withdrawn_at=now)
    )
    searched = and_(rotation_covers.c.person == user_id, rotation_covers.c.closed_at.is_(None))
    connection.execute(update(rotation_covers).where(searched).values(closed_at=now, ask_at=None))


def _forget_reasons(connection: Connection, user_id: str) -> None:
    """Why a request was declined stands in the request, who wrote it in its history."""
    declined = select(request_history.c.request_id).where(
        request_history.c.actor == user_id, request_history.c.move == Move.DECLINE.value
    )
    mine = and_(requests.c.id.in_(declined), requests.c.reason.is_not(None))
    connection.execute(update(requests).where(mine).values(reason=None))


async def forget_what_was_sent(database: Database) -> None:
    """Of what is closed only the name, the result and where it stands are still asked for."""
    closed = outbox.c.result.in_(("done", "stale", "dropped", "refused"))
    full = and_(closed, cast(outbox.c.payload, Text) != "{}")
    for part in rows.parts(await database.read(rows.scan, outbox, full)):
        await database.write(_empty, part)


def _empty(connection: Connection, part: list[Key]) -> None:
    chosen = outbox.c.id.in_([key[0] for key in part])
    connection.execute(update(outbox).where(chosen).values(payload={}, error=None))


def named_in_teams(connection: Connection, user_id: str) -> list[str]:
    """The places of the active teams' settings that name the person, such as `payments: members`."""
    return [
        f"{key}: {path}"
        for key, settings in teams_by_settings(connection)
        for path in _paths(settings, user_id, "")
    ]


def _paths(value: object, user_id: str, at: str) -> list[str]:
    if isinstance(value, dict):
        entries: list[tuple[str, object]] = [(str(key), one) for key, one in value.items()]  # pyright: ignore
        own = [f"{at}.{key}".strip(".") for key, _ in entries if key == user_id]
        return own + [path for key, one in entries for path in _paths(one, user_id, f"{at}.{key}".strip("."))]
    if isinstance(value, list):
        inside: list[object] = value  # pyright: ignore
        return list(dict.fromkeys(path for one in inside for path in _paths(one, user_id, at)))
    return [at] if value == user_id else []
