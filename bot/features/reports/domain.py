"""Which weeks a report is about, when it is due, by what week and hour work came in, which docs are worth writing. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import instant, local_date
from bot.core.figures import Arrivals, Avoidable
from bot.teams.domain import Team, at_work

WEEKS = 4
# Late by so much after a standstill it still helps; later, the next one comes soon enough.
GRACE = timedelta(days=2)
MOST_DOCS = 5
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A team's report of the weeks before the Monday `week`, due from `begins` on."""

    week: date
    begins: datetime


@dataclass(frozen=True, kw_only=True)
class Bar:
    """So many came in at the time that `label` names."""

    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Doc:
    """What a page could be about: a word that its requests share, where there are several, and one in full."""

    topic: str
    component: str
    numbers: tuple[int, ...]
    example: str


def due(team: Team, now: datetime) -> Due:
    """The report of the team's present week: due when it first works after Monday has begun, on its own clock."""
    today = local_date(now, team.zone)
    week = today - _DAY * today.weekday()
    return Due(week=week, begins=at_work(team, midnight(week, team.zone)))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When this day begins there, in UTC."""
    return instant(day, time(), zone)


def window(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The four whole weeks before this Monday: from when to before when, in UTC."""
    return midnight(week - WEEKS * _WEEK, zone), midnight(week, zone)


def lately(now: datetime, zone: ZoneInfo) -> datetime:
    """When the last four weeks began: they are 28 whole days there, and today is the last of them. In UTC."""
    return midnight(local_date(now, zone) - (WEEKS * 7 - 1) * _DAY, zone)


def month_before(week: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """The calendar month before, if this Monday is the first of its month; else None."""
    if week.day > 7:
        return None
    first = week.replace(day=1)
    return midnight((first - _DAY).replace(day=1), zone), midnight(first, zone)


def by_week(arrivals: Sequence[Arrivals], zones: Mapping[int, ZoneInfo], until: datetime) -> list[Bar]:
    """Four spans of seven days, the oldest first, on each team's own calendar.

    They end with the last day before `until`. What a clock further west puts on the day before counts to the oldest.
    """
    counts = Counter[int]()
    for one in arrivals:
        zone = zones[one.team_id]
        ago = (_last_day(until, zone) - local_date(one.at, zone)).days // 7
        counts[min(ago, WEEKS - 1)] += one.count
    zone = next(iter(zones.values()))
    last = _last_day(until, zone)
    bars: list[Bar] = []
    for ago in reversed(range(WEEKS)):
        end = last - ago * _WEEK
        bars.append(Bar(label=days(end - 6 * _DAY, end), count=counts[ago]))
    return bars


def span(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    """From which day to which, both included: `28 Oct–24 Nov`."""
    return days(local_date(since, zone), _last_day(until, zone))


def _last_day(until: datetime, zone: ZoneInfo) -> date:
    return local_date(until - timedelta(microseconds=1), zone)


def days(first: date, last: date) -> str:
    """Some days in a row: `3–9 Nov`, `30 Nov–6 Dec`; at most 20 characters."""
    end = f"{last.day} {last:%b}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%b}–{end}"


def by_hour(arrivals: Sequence[Arrivals], zones: Mapping[int, ZoneInfo]) -> list[Bar]:
    """By the hour of each team's clocks, from the first with any to the last; in pairs of hours where that is long.

    An hour that a clock change repeats counts twice, one that it skips never comes: as the clocks showed it.
    """
    counts = Counter[int]()
    for one in arrivals:
        counts[one.at.astimezone(zones[one.team_id]).hour] += one.count
    if not counts:
        return []
    first, last = min(counts), max(counts)
    # Slack, "Data visualization block": at most 20 points.
    step = 1 if last - first < 20 else 2
    first -= first % step
    return [
        Bar(label=_hour(hour, step), count=sum(counts[hour + more] for more in range(step)))
        for hour in range(first, last + 1, step)
    ]


def _hour(hour: int, step: int) -> str:
    return f"{hour:02}:00" if step == 1 else f"{hour:02}–{hour + step:02}"


_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 6
# Words that stand in any question and are no topic.
_EMPTY = frozenset(
    "about after again anyone been before cannot check could does doing done dont find from getting give have hello "
    "help here into just know like look make more must need needed needs only other please problem question request should "
    "some somebody somehow someone something still team thank thanks that their them then there they this those want "
    "wants were what when where which while will with without work working would your yours".split()
)


def docs(found: Sequence[Avoidable]) -> list[Doc]:
    """The pages that would have spared most: requests of one component that share a word, the most of them first.

    Of equal ones the newest comes first, as in `found`. Words of one beginning count as one word.
    """
    by_component: dict[str, list[Avoidable]] = {}
    for one in found:
        by_component.setdefault(one.component, []).append(one)
    made = [doc for component, ones in by_component.items() for doc in _docs_of(component, ones)]
    newest = {one.number: place for place, one in enumerate(found)}
    made.sort(key=lambda doc: (-len(doc.numbers), min(newest[number] for number in doc.numbers)))
    return made[:MOST_DOCS]


def _docs_of(component: str, found: Sequence[Avoidable]) -> list[Doc]:
    left: list[Avoidable] = list(found)
    made: list[Doc] = []
    while left:
        stems = Counter(stem for one in left for stem in sorted(_stems(one.words)))
        stem, shared = stems.most_common(1)[0] if stems else ("", 0)
        # Alone in its words, a request is a topic of its own.
        alike = [one for one in left if stem in _stems(one.words)] if shared > 1 else left[:1]
        made.append(_doc(component, alike, stem if shared > 1 else ""))
        left = [one for one in left if one not in alike]
    return made


def _doc(component: str, alike: Sequence[Avoidable], stem: str) -> Doc:
    said = Counter(word for one in alike for word in _words(one.words) if word.startswith(stem))
    return Doc(
        topic=said.most_common(1)[0][0] if stem and said else "",
        component=component,
        numbers=tuple(one.number for one in alike),
        example=alike[0].words,
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _words(text)}
