"""Setting up teams in Slack. See README.md."""

from bot.features.setup.part import Entered, Outlook, Part, SaidTeam

__all__ = ["Entered", "Outlook", "Part", "SaidTeam"]
