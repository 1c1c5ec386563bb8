"""What somebody did with requests lately."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.features.requests.domain import Move
from bot.features.requests.models import request_history, requests

MOST = 20
_VERBS = {Move.CLAIM.value: "Took on", Move.RESOLVE.value: "Resolved"}


@dataclass(frozen=True, kw_only=True)
class WorkDone:
    """Somebody took a request on, or resolved it: the later of the two."""

    number: int
    summary: str
    verb: str


def work_since(connection: Connection, user_id: str, since: datetime) -> list[WorkDone]:
    """The requests that this person claimed or resolved since then, in the order of what they did."""
    query = (
        select(requests.c.number, requests.c.summary, request_history.c.move)
        .join(requests, requests.c.id == request_history.c.request_id)
        .where(
            request_history.c.actor == user_id,
            request_history.c.at >= since,
            request_history.c.move.in_(_VERBS),
        )
        .order_by(request_history.c.at.desc(), request_history.c.id.desc())
        .limit(MOST)
    )
    found: dict[int, WorkDone] = {}
    for number, summary, move in connection.execute(query):
        found.setdefault(number, WorkDone(number=number, summary=summary, verb=_VERBS[move]))
    return list(reversed(found.values()))
