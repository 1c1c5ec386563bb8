"""Who visits the Home tab, how long a visit lasts, and what its page buttons say. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.core.errors import UserError

# What changes within this long is one new view: one click often changes several things.
BURST = timedelta(seconds=1.5)
# So long a team's figures may be behind on the tabs of its members, who are many.
BEHIND = timedelta(seconds=20)
# Whoever has not looked for so long gets a new view when they open the tab again.
LATELY = timedelta(weeks=3)
# Whoever comes back after this finds every section on its first page.
VISIT = timedelta(hours=1)
LONGEST_PLACE = 100

Role = Literal["admin", "lead", "member", "guest"]
_VALUE = re.compile(r"v1:(?P<section>[a-z]{1,20}):(?P<place>[a-z0-9.]*)")
_OLD = "This button is from another time. Open the Home tab again: it shows how things are now."


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One person's tab. `places` are the pages turned to, by section; a section that is missing is on its first."""

    is_new: bool = False
    places: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A page that somebody turns to. What a place means is its section's affair."""

    section: str
    place: str

    @property
    def value(self) -> str:
        """What the button carries."""
        return f"v1:{self.section}:{self.place}"


def parse_turn(value: str) -> Turn:
    """What a page button asks for. Raises UserError for a value of no version that we know."""
    found = _VALUE.fullmatch(value)
    if found is None or len(found["place"]) > LONGEST_PLACE:
        raise UserError(_OLD)
    return Turn(section=found["section"], place=found["place"])


def is_new_visit(last: datetime, now: datetime) -> bool:
    """Whether somebody who was here at `last` has been away since."""
    return now - last > VISIT
