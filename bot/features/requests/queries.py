"""Lists of requests: pages by key, so that the thousandth page costs what the first does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, tuple_

from bot.core.errors import UserError
from bot.features.requests import store
from bot.features.requests.domain import Request
from bot.features.requests.models import requests
from bot.features.requests.rights import Acting
from bot.features.requests.values import Page

PAGE = 20
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
