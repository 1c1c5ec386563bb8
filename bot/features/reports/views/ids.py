"""Names that travel in messages. They stay readable for ever: an old button can be clicked in a year."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.errors import UserError

CSV = "report.csv"
STOP = "report.stop"
START = "report.start"

_OLD = "This button is from another time. Type `/triage stats` for a new report."
_CSV = re.compile(r"v1:([0-9]{1,18}(?:,[0-9]{1,18})*):([0-9]{1,11}):([0-9]{1,11})")
_TEAM = re.compile(r"v1:([0-9]{1,18})")


def csv_value(team_ids: Sequence[int], since: datetime, until: datetime) -> str:
    """Of which teams and which time: rows from `since` to before `until`, to the second."""
    teams = ",".join(map(str, team_ids))
    # The button is pressed later: what came in the very second of the report belongs to it.
    return f"v1:{teams}:{int(since.timestamp())}:{-int(-until.timestamp() // 1)}"


def csv_of(value: str) -> tuple[list[int], datetime, datetime]:
    """What a button asks for. Raises UserError for a value of no version that we know."""
    found = _CSV.fullmatch(value)
    if found is None:
        raise UserError(_OLD)
    since, until = (datetime.fromtimestamp(int(found[place]), UTC) for place in (2, 3))
    return [int(part) for part in found[1].split(",")], since, until


def team_value(team_id: int) -> str:
    """Which team's weekly report."""
    return f"v1:{team_id}"


def team_of(value: str) -> int:
    """The team that a button's value names. Raises UserError."""
    found = _TEAM.fullmatch(value)
    if found is None:
        raise UserError(_OLD)
    return int(found[1])
