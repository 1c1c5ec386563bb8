"""Hours to come for which nobody is left: which of them the lead has not been told of yet. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.features.rotation.domain import Gap
from bot.features.rotation.standing import Standing

# So far ahead the lead hears that nobody is left.
AHEAD = timedelta(days=14)
# Long enough back that a gap keeps its beginning while it runs.
_BACK = timedelta(days=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Known:
    """Hours of a team that its lead knows of."""

    team_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What is new, what is known but reaches further by now, and what is no more."""

    news: tuple[Gap, ...]
    longer: tuple[Gap, ...]
    over: tuple[Known, ...]

    @property
    def is_news(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.news or self.longer or self.over)


def gaps_ahead(standing: Standing, now: datetime) -> tuple[Gap, ...]:
    """The gaps of the next two weeks; a running one with a beginning that stays the same for a day."""
    since = (now - _BACK).replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(gap for gap in standing.gaps(since, now + AHEAD) if gap.end > now)


def compare(found: Sequence[Gap], known: Sequence[Known]) -> Ahead:
    """The window moves on, and so do the ends of a long gap: what touches what was told is the same one."""
    news: list[Gap] = []
    longer: list[Gap] = []
    for gap in found:
        touching = [one for one in known if one.start < gap.end and gap.start <= one.end]
        if not touching:
            news.append(gap)
        elif gap.end >= max(one.end for one in touching) + _DAY:
            longer.append(gap)
    over = [one for one in known if not any(one.start < gap.end and gap.start <= one.end for gap in found)]
    return Ahead(news=tuple(news), longer=tuple(longer), over=tuple(over))
