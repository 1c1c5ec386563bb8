"""What was counted of requests in a time: values that slices hand to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Counts = tuple[tuple[str, int], ...]

# No zone's clock is off UTC by anything but whole quarters of an hour, so one of these never lies in two local hours.
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """`kept` of `total` promises."""

    kept: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """So many requests came to a team in the quarter of an hour that begins `at` (UTC)."""

    team_id: int
    at: datetime
    count: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came in within some time and what became of it, and what is open now.

    Counts are pairs of name and number, the highest first; names are those of the database, empty where none was
    given. `closed` counts those that were ever closed, `reopened` those of them that somebody opened again. `claim`
    and `resolve` say how long it took half of them, `claim_most` and `resolve_most` nine of ten. `promises` are by
    priority; those that still run are in none. `resolved_by` and `holding` are by person: what came in within that
    time and is resolved, and all that they hold now.
    """

    filed: int
    resolved: int
    declined: int
    duplicates: int
    open: int
    unclaimed: int
    median_claim: timedelta | None = None
    median_resolve: timedelta | None = None
    claim_most: timedelta | None = None
    resolve_most: timedelta | None = None
    closed: int = 0
    reopened: int = 0
    promises: Mapping[str, Kept] = field(default_factory=dict[str, Kept])
    by_source: Counts = ()
    by_type: Counts = ()
    by_component: Counts = ()
    by_category: Counts = ()
    by_assignee: Counts = ()
    holding: Counts = ()
    arrivals: tuple[Arrivals, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Avoidable:
    """A closed request that a page or a tool would have answered; `words` are those of its summary."""

    number: int
    component: str
    words: str
