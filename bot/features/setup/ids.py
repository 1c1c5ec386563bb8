"""Names of the buttons and forms, and what their values hold. Buttons live for ever: values begin with a version."""

import json
from dataclasses import asdict, dataclass

from bot.core.errors import UserError

OPEN = "setup.open"
NEW = "setup.new"
TEAMS = "setup.teams"
EDIT = "setup.edit"
APPLY = "setup.apply"
PREVIEW = "setup.preview"
BACK = "setup.back"
REMOVE = "setup.remove"
RELEASE = "setup.release"
ZONE = "setup.zone"
FIELD = "setup.field"

SCREEN_FORM = "setup.screen"
PART_FORM = "setup.part"
NEW_FORM = "setup.new_team"

VERSION = "1"
OLD = "This button is from another time. `/triage settings` opens the settings anew."


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody is in the settings: the team, the part and its item, and the version that they look at."""

    team: int
    part: str = ""
    item: str = ""
    seen: str = ""

    def packed(self) -> str:
        """For a form's own memory."""
        return json.dumps({"v": VERSION, **asdict(self)})


def place_of(memory: str) -> Place:
    """What `packed` made. Raises UserError for anything else."""
    try:
        found = json.loads(memory)
        if found.pop("v") != VERSION:
            raise UserError(OLD)
        return Place(**found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(OLD) from error


def value(*words: object) -> str:
    """What a button carries: a version, then these."""
    return "|".join([VERSION, *(str(word) for word in words)])


def words_of(value: str, count: int) -> list[str]:
    """The words of a button's value. Raises UserError where they are not so many."""
    version, *found = value.split("|", count)
    if version != VERSION or len(found) != count:
        raise UserError(OLD)
    return found


def team_of_value(value: str) -> int:
    """The team that a button is about. Raises UserError."""
    (word,) = words_of(value, 1)
    if not word.isascii() or not word.isdecimal():
        raise UserError(OLD)
    return int(word)
