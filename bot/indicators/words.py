"""Indicators in words, for screens and terminals. Pure; no markup of any kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.indicators.domain import WINDOW, Component, Indicators, Rate, first_day

HEADING = f"How well Frontdesk itself worked, the last {WINDOW} days"
NO_WORK = "no work yet"

_LABELS = {
    Component.INTAKE: "Slack's calls answered in time",
    Component.DELIVERY: "Messages and changes delivered",
    Component.STANDUP: "Check-ins asked within a minute",
    Component.JIRA: "Jira issues created",
}
_FAILED: Mapping[Component, Mapping[str, Sequence[str]]] = {
    Component.INTAKE: {"could not be done": ["unavailable"], "answered too late": ["too_slow"]},
    Component.DELIVERY: {"given up": ["dead"], "left in doubt": ["doubtful"]},
    Component.STANDUP: {"late": ["late"], "not asked at all": ["missed", "not_asked"]},
    Component.JIRA: {"refused by Jira": ["refused"], "given up": ["given_up", "doubtful"]},
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One indicator: what it is, its value, and where the value comes from (may be empty)."""

    label: str
    value: str
    detail: str

    @property
    def sentence(self) -> str:
        return f"{self.label}: {self.value}" + (f" ({self.detail})" if self.detail else "")


def percent(rate: Rate) -> str:
    """With at most two places, rounded down: 100 % only where nothing failed."""
    if not rate.total:
        return NO_WORK
    hundredths = rate.good * 10_000 // rate.total
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + " %"


def heading(found: Indicators, today: date) -> str:
    """What the lines are about; with the first day, where the window is longer than what is known."""
    if found.since is None or found.since <= first_day(today):
        return HEADING
    return f"{HEADING} (counted since {found.since.day} {found.since:%B})"


def lines(found: Indicators) -> list[Line]:
    """Availability, jobs processed, the success of each part, and what may have appeared twice."""
    first, *others = (_line(found, component) for component in Component)
    jobs = Line(label="Jobs processed", value=f"{found.processed:,}", detail="")
    twice = Line(label="Sent again after a doubt", value=f"{found.repeated:,}", detail="")
    return [first, jobs, *others, twice]


def _line(found: Indicators, component: Component) -> Line:
    rate = found.rate(component)
    failed = ((found.count(component, results), words) for words, results in _FAILED[component].items())
    shown = [f"{count:,} {words}" for count, words in failed if count]
    detail = "; ".join([f"{rate.good:,} of {rate.total:,}", *([", ".join(shown)] if shown else [])])
    return Line(label=_LABELS[component], value=percent(rate), detail=detail if rate.total else "")
