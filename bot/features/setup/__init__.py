"""A team is set up and changed in Slack."""

from bot.features.setup.coming import Ahead, ComingCheckin, ComingShift

__all__ = ["Ahead", "ComingCheckin", "ComingShift"]
