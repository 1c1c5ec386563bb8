"""From counted days to indicators. Pure: no database, no clock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# So many days, today among them, are one look.
WINDOW = 28


class Component(StrEnum):
    """The parts whose success is counted."""

    INTAKE = "intake"
    DELIVERY = "delivery"
    STANDUP = "standup"
    JIRA = "jira"


# What counts for a part, and what of that is a success. Other results (`stale`, `repeated`) are neither.
# Of deliveries `refused` is no failure of ours: Jira did not like what somebody entered, and they were told.
SUCCESS = {
    Component.INTAKE: frozenset({"ok"}),
    Component.DELIVERY: frozenset({"done"}),
    Component.STANDUP: frozenset({"on_time"}),
    Component.JIRA: frozenset({"created"}),
}
FAILURE = {
    Component.INTAKE: frozenset({"unavailable", "too_slow"}),
    Component.DELIVERY: frozenset({"dead", "doubtful"}),
    Component.STANDUP: frozenset({"late", "missed", "not_asked"}),
    Component.JIRA: frozenset({"refused", "given_up", "doubtful"}),
}
# An entry with one of these results was worked on to its end; `stale` ones had become needless before.
PROCESSED = frozenset({"done", "refused", "dead", "doubtful"})
# Not an end of an entry: it was sent a second time although the first may have arrived.
REPEATED = "repeated"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """So many things of this kind ended like this on that day of UTC."""

    day: date
    component: str
    what: str
    result: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Rate:
    """`good` of `total`."""

    good: int
    total: int

    @property
    def ratio(self) -> float | None:
        """From 0 to 1; None where there was no work, of which nothing can be said."""
        return self.good / self.total if self.total else None


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """How well it worked from the day `since` (of UTC) on.

    `since` is the first day of which anything is known, None where nothing is. `results` are all counts of the
    window by component, kind and result.
    """

    since: date | None
    results: dict[tuple[str, str, str], int]

    def rate(self, component: Component) -> Rate:
        """The share of successes of this part."""
        good = self.count(component, SUCCESS[component])
        return Rate(good=good, total=good + self.count(component, FAILURE[component]))

    def count(self, component: Component, results: Iterable[str]) -> int:
        """How many things of this part ended like this."""
        wanted = frozenset(results)
        return sum(
            count for (of, _, result), count in self.results.items() if of == component and result in wanted
        )

    @property
    def processed(self) -> int:
        """Jobs that were worked on to their end, whatever that was."""
        return self.count(Component.DELIVERY, PROCESSED)

    @property
    def repeated(self) -> int:
        """Sends that were repeated although the first may have arrived."""
        return self.count(Component.DELIVERY, [REPEATED])


def first_day(today: date) -> date:
    """Where the window begins that ends with today."""
    return today - timedelta(days=WINDOW - 1)


def indicators(counted: Iterable[Counted]) -> Indicators:
    """What these days tell."""
    results: Counter[tuple[str, str, str]] = Counter()
    days: set[date] = set()
    for one in counted:
        results[one.component, one.what, one.result] += one.count
        days.add(one.day)
    return Indicators(since=min(days, default=None), results=dict(results))
