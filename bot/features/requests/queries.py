"""Lists and figures over requests: pages by key, so that the thousandth page costs what the first does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, tuple_

from bot.core.errors import UserError
from bot.features.requests import store
from bot.features.requests.domain import Request, State
from bot.features.requests.models import requests
from bot.features.requests.rights import Acting
from bot.features.requests.values import Figures, Page

PAGE = 20
WEEKS = timedelta(weeks=4)
_PACKED = re.compile(
    r"v1:(?P<kind>open|mine|all):(?P<teams>(?:[0-9]{1,18}(?:,[0-9]{1,18})*)?):"
    r"(?P<after>(?P<number>[0-9]{1,9})|[0-9],[0-9]{1,16},[0-9]{1,18})"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLD = "This list is from another time. Type `/triage` for a new one."


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What a list holds. `kind` is `open`, `mine` or `all`; `after` the last entry of the page before."""

    kind: str
    team_ids: tuple[int, ...]
    after: tuple[str, ...] = ()

    def pack(self, last: Request) -> str:
        """What the button to the next page carries (at most 2,000 characters)."""
        ids = ",".join(str(team_id) for team_id in self.team_ids)
        if self.kind == "all":
            key = str(last.number)
        else:
            micros = (last.created_at - _EPOCH) // timedelta(microseconds=1)
            key = f"{last.priority.rank},{micros},{last.id}"
        return f"v1:{self.kind}:{ids}:{key}"


def unpack(text: str) -> Listing:
    """The list that a button asks to continue. Raises UserError."""
    found = _PACKED.fullmatch(text)
    if found is None or (found["kind"] == "all") is not (found["number"] is not None):
        raise UserError(_OLD)
    team_ids = tuple(int(part) for part in found["teams"].split(",") if part)
    return Listing(kind=found["kind"], team_ids=team_ids, after=tuple(found["after"].split(",")))


def page(connection: Connection, acting: Acting, listing: Listing) -> Page:
    """One page of a list, with what this person may read."""
    condition = _condition(acting, listing)
    query = select(requests).where(condition)
    query = _newest_first(query, listing) if listing.kind == "all" else _by_urgency(query, listing)
    rows = connection.execute(query.limit(PAGE + 1)).mappings().all()
    found = tuple(store.from_row(row) for row in rows[:PAGE])
    total = None if listing.kind == "all" else store.count_open(connection, condition)
    return Page(requests=found, next=listing.pack(found[-1]) if len(rows) > PAGE else None, total=total)


def _condition(acting: Acting, listing: Listing) -> ColumnElement[bool]:
    visible = store.visible_to(acting)
    if listing.kind == "mine":
        return visible & (requests.c.assignee == acting.user_id) & requests.c.closed_at.is_(None)
    in_teams = visible & requests.c.team_id.in_(listing.team_ids)
    return in_teams if listing.kind == "all" else in_teams & requests.c.closed_at.is_(None)


def _by_urgency(query: Any, listing: Listing) -> Any:
    key = tuple_(requests.c.priority_rank, requests.c.created_at, requests.c.id)
    if listing.after:
        rank, micros, last_id = listing.after
        created = _EPOCH + timedelta(microseconds=int(micros))
        query = query.where(key > (int(rank), created, int(last_id)))
    return query.order_by(requests.c.priority_rank, requests.c.created_at, requests.c.id)


def _newest_first(query: Any, listing: Listing) -> Any:
    if listing.after:
        query = query.where(requests.c.number < int(listing.after[0]))
    return query.order_by(requests.c.number.desc())


def figures(connection: Connection, acting: Acting, team_ids: Sequence[int], now: datetime) -> Figures:
    """The figures of these teams over what this person may read."""
    ours = store.visible_to(acting) & requests.c.team_id.in_(team_ids)
    recent = ours & (requests.c.created_at > now - WEEKS)
    open_, unclaimed = connection.execute(
        select(func.count(), func.count().filter(requests.c.assignee.is_(None))).where(
            ours, requests.c.closed_at.is_(None)
        )
    ).one()
    rows = connection.execute(
        select(
            requests.c.state, requests.c.source, requests.c.assignee,
            requests.c.created_at, requests.c.claimed_at, requests.c.closed_at,
        ).where(recent)
    ).all()  # fmt: skip
    states = [row.state for row in rows]
    resolved = [row for row in rows if row.state == State.RESOLVED.value]
    return Figures(
        filed=len(rows),
        resolved=len(resolved),
        declined=states.count(State.DECLINED.value),
        duplicates=states.count(State.DUPLICATE.value),
        open=open_,
        unclaimed=unclaimed,
        median_claim=_median([row.claimed_at - row.created_at for row in rows if row.claimed_at]),
        median_resolve=_median([row.closed_at - row.created_at for row in resolved if row.closed_at]),
        by_source=_counted([row.source for row in rows]),
        by_assignee=_counted([row.assignee for row in resolved if row.assignee]),
    )


def _median(lengths: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(length.total_seconds() for length in lengths)) if lengths else None


def _counted(values: list[str]) -> tuple[tuple[str, int], ...]:
    counts = {value: values.count(value) for value in set(values)}
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:20])
