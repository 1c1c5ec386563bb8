"""What hours and promises would mean: by when a request of this moment is to be claimed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.features.setup.part import Outlook
from bot.slack import dates
from bot.slack.blocks import Block, context, section
from bot.teams.domain import Priority, Team, claim_due


def promised(_connection: Connection, look: Outlook) -> Sequence[Block]:
    """Each priority with its instant, in the reader's own time; what is another one than so far says so."""
    lines = [_line(priority, look) for priority in Priority]
    return [
        section("*Asked now, a request is to be claimed by*\n" + "\n".join(lines)),
        context(
            "Times are in your time zone. Urgent goes by the clock, the rest by the team's working hours."
        ),
    ]


def _line(priority: Priority, look: Outlook) -> str:
    due = _due(look.team, priority, look)
    before = _due(look.before, priority, look) if look.before else due
    was = f" (so far {dates.day_and_time(before, look.zone)})" if before != due else ""
    return f"{priority.label}: {dates.day_and_time(due, look.zone)}{was}"


def _due(team: Team, priority: Priority, look: Outlook) -> datetime:
    return claim_due(team, priority, look.now)
