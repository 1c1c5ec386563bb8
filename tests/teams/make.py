"""Teams for tests: the example file's team, and files with one thing changed."""

from pathlib import Path

from bot.teams.domain import Team
from bot.teams.file import TeamsFile, read_file, read_text

EXAMPLE = Path(__file__).resolve().parents[2] / "teams.example.yml"

ORDERS = """\
  - key: orders
    name: Orders
    lead: U0LEAD0002
    user_group: S0ORDERS01
    timezone: America/New_York
    triage_channel: C0TRIAGE02
"""


def example() -> str:
    """The text of the example file: one team, payments."""
    return EXAMPLE.read_text("utf-8")


def payments() -> Team:
    """The team of the example file."""
    return read_file(EXAMPLE).teams[0]


def changed(old: str, new: str) -> str:
    """The example's text with one piece replaced, which must be there."""
    text = example()
    assert old in text, old
    return text.replace(old, new, 1)


def two_teams() -> TeamsFile:
    """The example's team, then orders, which has a user group for its members."""
    return read_text(example() + ORDERS, "teams.yml")
