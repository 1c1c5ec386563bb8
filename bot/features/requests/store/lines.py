"""Who did what, when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select

from bot.features.requests.domain import Move, Request, State
from bot.features.requests.models import request_history, requests
from bot.features.requests.values import HistoryLine
from bot.teams.domain import Source

# As whom the priority rules took the asker; beside the door in the facts of a request's first line.
BELIEVED = "believed"


def add_filed(connection: Connection, filed: Sequence[tuple[Request, Source]]) -> None:
    """The first line of the history of each of these new requests, with the source that the rules believed."""
    rows = [
        {
            "request_id": request.id,
            "at": request.created_at,
            "actor": request.filed_by,
            "move": Move.FILE.value,
            "state": request.state.value,
            "facts": {"door": request.origin.door.value, BELIEVED: believed.value},
        }
        for request, believed in filed
    ]
    if rows:
        connection.execute(insert(request_history), rows)


def add_history(
    connection: Connection,
    request: Request,
    move: Move,
    actor: str | None,
    at: datetime,
    facts: Mapping[str, Any],
) -> int:
    """One line of who did what, and its id."""
    line = insert(request_history).values(
        request_id=request.id,
        at=at,
        actor=actor,
        move=move.value,
        state=request.state.value,
        facts=dict(facts),
    )
    return connection.execute(line.returning(request_history.c.id)).scalar_one()


def history(connection: Connection, request_id: int, limit: int = 50) -> list[HistoryLine]:
    """The newest lines, oldest of them first."""
    query = (
        select(request_history)
        .where(request_history.c.request_id == request_id)
        .order_by(request_history.c.id.desc())
        .limit(limit)
    )
    return [_line(row) for row in reversed(connection.execute(query).mappings().all())]


def history_line(connection: Connection, line_id: int) -> HistoryLine | None:
    """One line by its id."""
    row = (
        connection.execute(select(request_history).where(request_history.c.id == line_id)).mappings().first()
    )
    return _line(row) if row else None


def last_move(connection: Connection, request_id: int, moves: Sequence[Move]) -> HistoryLine | None:
    """The newest line among these moves."""
    query = (
        select(request_history)
        .where(
            request_history.c.request_id == request_id,
            request_history.c.move.in_([move.value for move in moves]),
        )
        .order_by(request_history.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return _line(row) if row else None


def _line(m: RowMapping) -> HistoryLine:
    return HistoryLine(
        id=m["id"],
        at=m["at"],
        actor=m["actor"],
        move=Move(m["move"]),
        state=State(m["state"]),
        facts=m["facts"],
    )


def number_of_line(connection: Connection, line_id: int, request_id: int) -> int | None:
    """The number of another request whose history this line is in; None when it is this request's own."""
    query = (
        select(requests.c.number)
        .join(request_history, request_history.c.request_id == requests.c.id)
        .where(request_history.c.id == line_id, requests.c.id != request_id)
    )
    return connection.scalar(query)
