"""When the clocks of the world are put forward or back, found without the code under test."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import find_zone, zone_names

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def named_zone(name: str) -> ZoneInfo:
    """The zone of this name, which must be there."""
    found = find_zone(name)
    assert found is not None
    return found


def clock_changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """The instants at which the zone's clocks are put forward or back, found by halving days."""
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    before = at.astimezone(zone).utcoffset()
    while at < end:
        after = (at + DAY).astimezone(zone).utcoffset()
        if after != before:
            low, high = at, at + DAY
            while high - low > MINUTE:
                middle = low + (high - low) / 2
                if middle.astimezone(zone).utcoffset() == before:
                    low = middle
                else:
                    high = middle
            yield high
        at, before = at + DAY, after


def families() -> list[str]:
    """One name of each set of zones whose clocks agree through these years."""
    found: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for name in zone_names():
        zone = named_zone(name)
        marks = [
            datetime(year, month, day, tzinfo=UTC).astimezone(zone).utcoffset()
            for year in range(2015, 2030)
            for month in range(1, 13)
            for day in (1, 10, 20)
        ]
        found[tuple(marks)].append(name)
    return sorted(min(names) for names in found.values())
