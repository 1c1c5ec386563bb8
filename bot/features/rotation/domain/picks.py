"""Who else could have some hours, and whom to take of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from bot.features.rotation.domain.handoffs import zone_of
from bot.features.rotation.domain.pieces import Away, day_at, is_there
from bot.features.rotation.domain.turns import turn_at
from bot.features.rotation.domain.values import Rotation

_NEVER = datetime.min.replace(tzinfo=UTC)


class Pick(StrEnum):
    """How somebody is found: who comes next, who was on duty longest ago, who has fewest open requests."""

    NEXT = "next"
    RESTED = "rested"
    FREE = "free"


def there(rotation: Rotation, absences: Away, at: datetime) -> tuple[str, ...]:
    """Who takes turns and could be on duty at this instant, in the order in which they would stand in."""
    part = next(part for part in turn_at(rotation.eras, at).parts if part.start <= at < part.end)
    if part.plan is None:
        return ()
    day = day_at(at, zone_of(part.plan))
    return tuple(person for person in part.order if is_there(person, rotation, absences, at, day))


def pick(
    how: Pick,
    people: Sequence[str],
    *,
    last: Mapping[str, datetime],
    open: Mapping[str, int],
) -> str | None:
    """One of these people; of equals the first. `last`: until when each was on duty last; `open`: their requests."""
    match how:
        case Pick.NEXT:
            return next(iter(people), None)
        case Pick.RESTED:
            return min(people, key=lambda person: last.get(person, _NEVER), default=None)
        case Pick.FREE:
            return min(people, key=lambda person: open.get(person, 0), default=None)
