"""Setting up teams in Slack. See README.md."""

from bot.features.setup.coming import Ahead, ComingCheckin, ComingShift
from bot.features.setup.part import Entered, Outlook, Part, SaidTeam
from bot.features.setup.plans import parts as plan_parts

__all__ = [
    "Ahead",
    "ComingCheckin",
    "ComingShift",
    "Entered",
    "Outlook",
    "Part",
    "SaidTeam",
    "plan_parts",
]
