"""Figures in words: a line for each, which says all that a chart beside it shows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.calendar import duration_words
from bot.core.categories import Category
from bot.core.figures import Counts, Figures, Kept
from bot.core.text import cut
from bot.features.reports.domain import Bar, by_hour, by_week, span
from bot.slack.mrkdwn import escape
from bot.teams.domain import Priority, RequestType, Source, Team

LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the lines are about. `within` are the promises of the one team; empty where there are several.

    `clock` says by which clock the hours are, `span` from which day to which is counted.
    """

    figures: Figures
    weeks: Sequence[Bar]
    hours: Sequence[Bar]
    within: Mapping[Priority, timedelta]
    clock: str
    span: str


def lines(told: Told) -> list[str]:
    """The figures, a line each, the most important first; lines of which nothing is known are left out."""
    found = told.figures
    return [
        f"• Came in: {found.filed}; resolved: {found.resolved}; declined: {found.declined}; "
        f"duplicates: {found.duplicates}",
        f"• Open now: {found.open}, of these not claimed: {found.unclaimed}",
        f"• Half of them claimed within: {_length(found.median_claim)}; resolved within: "
        f"{_length(found.median_resolve)}",
        *_most(found),
        *_promises(found, told.within),
        *_reopened(found),
        *([f"• Came in by week: {_bars(told.weeks)}"] if found.filed else []),
        *([f"• By the hour ({told.clock}): {_bars([bar for bar in told.hours if bar.count])}"]
          if told.hours else []),
        *_who_and_what(found),
        *_people(found),
    ]  # fmt: skip


def _most(found: Figures) -> list[str]:
    if found.claim_most is None or found.resolve_most is None:
        return []
    claimed, resolved = _length(found.claim_most), _length(found.resolve_most)
    return [f"• Nine of ten claimed within: {claimed}; resolved within: {resolved}"]


def _promises(found: Figures, within: Mapping[Priority, timedelta]) -> list[str]:
    total = Kept(
        kept=sum(one.kept for one in found.promises.values()),
        total=sum(one.total for one in found.promises.values()),
    )
    if not total.total:
        return []
    parts = [
        f"{priority.label} {found.promises[priority].kept} of {found.promises[priority].total}"
        + (f" (within {duration_words(within[priority])})" if priority in within else "")
        for priority in Priority
        if priority in found.promises
    ]
    said = (
        f"• Taken in the time promised: {total.kept} of {total.total} ({_percent(total.kept, total.total)})"
    )
    return [f"{said}: {', '.join(parts)}"]


def _reopened(found: Figures) -> list[str]:
    if not found.closed:
        return []
    share = _percent(found.reopened, found.closed)
    return [f"• Opened again after they were closed: {found.reopened} of {found.closed} ({share})"]


def _who_and_what(found: Figures) -> list[str]:
    made = [
        ("Asked by", [(_source(name), count) for name, count in found.by_source]),
        ("By type", [(_label(RequestType, name), count) for name, count in found.by_type]),
        ("By component", [(escape(cut(name, LONGEST_NAME)) or "none named", n) for name, n in found.by_component]),
        ("What they were", [(_label(Category, name) or "not said yet", n) for name, n in found.by_category]),
    ]  # fmt: skip
    silent = {"By component": "none named", "What they were": "not said yet"}
    return [
        f"• {heading}: {_counted(parts)}"
        for heading, parts in made
        # Where nobody ever names one there is nothing to tell.
        if any(name != silent.get(heading) for name, _ in parts)
    ]


def _source(name: str) -> str:
    # The word alone would leave open who that is.
    if name == Source.OTHER:
        return "Other (people whom no source of the team's settings names)"
    return _label(Source, name)


def _label(kind: type[Source] | type[RequestType] | type[Category], name: str) -> str:
    return kind(name).label if name in list(kind) else escape(name)


def _people(found: Figures) -> list[str]:
    made = (("Resolved by", found.by_assignee), ("Held now by", found.holding))
    return [f"• {heading}: {_counted(_persons(counts))}" for heading, counts in made if counts]


def _persons(counts: Counts) -> list[tuple[str, int]]:
    return [(f"<@{user_id}>", count) for user_id, count in counts]


def _counted(parts: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {count}" for name, count in parts)


def _bars(bars: Sequence[Bar]) -> str:
    return ", ".join(f"{bar.label} {bar.count}" for bar in bars)


def _percent(part: int, total: int) -> str:
    return f"{part * 100 // total} %"


def _length(length: timedelta | None) -> str:
    """In one unit: `under a minute`, `5 min`, `3 h`, `2 d`."""
    if length is None:
        return "no figure yet"
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min" if minutes else "under a minute"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"


def told_of(figures: Figures, teams: Sequence[Team], since: datetime, until: datetime) -> Told:
    """The figures of these teams (at least one) with what their clocks and their promises say of them."""
    zones = {team.id: team.zone for team in teams}
    several = len({team.timezone for team in teams}) > 1
    return Told(
        figures=figures,
        weeks=by_week(figures.arrivals, zones, until),
        hours=by_hour(figures.arrivals, zones),
        within=teams[0].claim_within if len(teams) == 1 else {},
        span=span(since, until, teams[0].zone),
        clock="each team's own clock" if several else f"{teams[0].timezone} time",
    )
