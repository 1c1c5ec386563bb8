"""What priority rules looked at when the last requests of a team were filed."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.features.requests.domain import Move
from bot.features.requests.models import request_history, requests
from bot.features.requests.store.lines import BELIEVED
from bot.teams.domain import Priority, RequestType, Source
from bot.teams.what_if import Asked

LAST = 100


def asked_lately(
    connection: Connection, team_id: int, works_queue: Callable[[str], bool], most: int = LAST
) -> list[Asked]:
    """The team's newest requests as the rules saw them, the newest first, in one statement.

    `works_queue` answers for requests of older releases, which did not write down whom they believed.
    """
    first = and_(request_history.c.request_id == requests.c.id, request_history.c.move == Move.FILE.value)
    columns = (
        requests.c.number, requests.c.urgency, requests.c.type, requests.c.component, requests.c.source,
        requests.c.asking_as, requests.c.filed_by, request_history.c.facts,
    )  # fmt: skip
    query = select(*columns).select_from(requests.outerjoin(request_history, first))
    rows = connection.execute(
        query.where(requests.c.team_id == team_id).order_by(requests.c.number.desc()).limit(most)
    )
    return [_asked(row, works_queue) for row in rows]


def _asked(row: Any, works_queue: Callable[[str], bool]) -> Asked:
    return Asked(
        number=row.number,
        urgency=Priority(row.urgency),
        type=RequestType(row.type),
        component=row.component,
        source=Source(_believed(row, works_queue)),
    )


def _believed(row: Any, works_queue: Callable[[str], bool]) -> str:
    facts: Mapping[str, Any] = row.facts or {}
    written = facts.get(BELIEVED)
    if written is not None:
        return str(written)
    # Equal ones are the same whoever is believed.
    return str(row.asking_as if row.asking_as == row.source or works_queue(row.filed_by) else row.source)
