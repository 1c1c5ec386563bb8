"""Queries over ladders, turns and digests. Each takes a connection; none commits."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select, update

from bot.features.escalation.domain.ladder import Ladder, Phase
from bot.features.escalation.models import (
    escalation_digests,
    escalation_teams,
    escalation_turns,
    escalations,
)
from bot.outbox.unit_of_work import upsert
from bot.teams.domain import Priority

AT_ONCE = 200


def add(connection: Connection, ladder: Ladder) -> bool:
    """Keeps the request's first ladder. False: it has one already, which stays."""
    insert = upsert(connection, escalations).values(**_row(ladder)).on_conflict_do_nothing()
    return connection.execute(insert.returning(escalations.c.request_id)).first() is not None


def find(connection: Connection, request_id: int) -> Ladder | None:
    """The request's ladder, for reading."""
    return _one(connection, request_id, lock=False)


def lock(connection: Connection, request_id: int) -> Ladder | None:
    """The request's ladder, ours alone until the transaction ends. Its request is locked first, by whoever locks both."""
    return _one(connection, request_id, lock=True)


def of_requests(connection: Connection, request_ids: Collection[int]) -> dict[int, Ladder]:
    """The ladders of these requests; who has none is missing."""
    query = select(escalations).where(escalations.c.request_id.in_(request_ids))
    return {row["request_id"]: _ladder(row) for row in connection.execute(query).mappings()}


def save(connection: Connection, ladder: Ladder) -> None:
    """Writes the ladder as it is now."""
    values = _row(ladder)
    connection.execute(
        update(escalations).where(escalations.c.request_id == values.pop("request_id")).values(**values)
    )


def forget(connection: Connection, request_id: int) -> None:
    """The request is gone."""
    connection.execute(delete(escalations).where(escalations.c.request_id == request_id))


def due(connection: Connection, now: datetime) -> list[Ladder]:
    """The ladders to be looked at by now, those that wait longest first; not all at once."""
    query = select(escalations).where(escalations.c.due_at <= now).order_by(escalations.c.due_at)
    return [_ladder(row) for row in connection.execute(query.limit(AT_ONCE)).mappings()]


def next_due(connection: Connection) -> datetime | None:
    """When a ladder is looked at next; None where none waits."""
    query = select(escalations.c.due_at).where(escalations.c.due_at.is_not(None))
    return connection.scalar(query.order_by(escalations.c.due_at).limit(1))


def look_again_at(connection: Connection, ladder: Ladder, at: datetime | None) -> None:
    """Another time to look at it, unless it has changed since it was read."""
    same = (
        (escalations.c.request_id == ladder.request_id)
        & (escalations.c.due_at == ladder.due_at)
        & (escalations.c.phase == ladder.phase.value)
        & (escalations.c.since == ladder.since)
        & (escalations.c.run == ladder.run)
        & (escalations.c.step == ladder.step)
    )
    connection.execute(update(escalations).where(same).values(due_at=at))


def look_again(connection: Connection, team_id: int, now: datetime) -> None:
    """The team has changed: whatever waits for something is looked at anew."""
    waits = (escalations.c.team_id == team_id) & (escalations.c.phase != Phase.RESTING.value)
    ids = escalations.c.request_id
    # Locked in the order of `climbing.reckon`, or two of us could wait for each other.
    locked = select(ids).where(waits).order_by(ids).with_for_update().cte("locked")
    connection.execute(update(escalations).where(ids.in_(select(locked.c.request_id))).values(due_at=now))


def take_turn(connection: Connection, team_id: int) -> int:
    """The number of the team's next turn; until the transaction ends nobody else gets one of this team."""
    taken = upsert(connection, escalation_teams).values(team_id=team_id, turns=1)
    taken = taken.on_conflict_do_update(
        index_elements=["team_id"], set_={"turns": escalation_teams.c.turns + 1}
    ).returning(escalation_teams.c.turns)
    return connection.execute(taken).scalar_one()


def had_turn(connection: Connection, team_id: int, user_id: str, turn: int) -> None:
    """This turn was this person's."""
    had = upsert(connection, escalation_turns).values(team_id=team_id, user_id=user_id, turn=turn)
    connection.execute(had.on_conflict_do_update(index_elements=["team_id", "user_id"], set_={"turn": turn}))


def turns_of(connection: Connection, team_id: int) -> dict[str, int]:
    """The last turn of each person of the team who had one."""
    query = select(escalation_turns.c.user_id, escalation_turns.c.turn).where(
        escalation_turns.c.team_id == team_id
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def first_digest(connection: Connection, team_id: int, day: date, now: datetime) -> bool:
    """Whether this day's digest is ours to send: of several who ask, one is told so."""
    insert = upsert(connection, escalation_digests).values(team_id=team_id, day=day, at=now)
    done = insert.on_conflict_do_nothing().returning(escalation_digests.c.team_id)
    return connection.execute(done).first() is not None


def _one(connection: Connection, request_id: int, *, lock: bool) -> Ladder | None:
    query = select(escalations).where(escalations.c.request_id == request_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else _ladder(row)


def _row(ladder: Ladder) -> dict[str, Any]:
    return {
        "request_id": ladder.request_id,
        "team_id": ladder.team_id,
        "phase": ladder.phase.value,
        "priority": ladder.priority.value,
        "run": ladder.run,
        "step": ladder.step,
        "began_at": ladder.began_at,
        "since": ladder.since,
        "posted_at": ladder.posted_at,
        "due_at": ladder.due_at,
        "holder": ladder.holder,
        "asked": ladder.asked,
        "seen_by": ladder.seen_by,
        "seen_step": ladder.seen_step,
        "passed": list(ladder.passed),
        "note": None if ladder.note is None else dict(ladder.note),
    }


def _ladder(m: RowMapping) -> Ladder:
    row: dict[str, Any] = dict(m)
    row["phase"], row["priority"] = Phase(row["phase"]), Priority(row["priority"])
    row["passed"] = tuple(row["passed"])
    return Ladder(**row)
