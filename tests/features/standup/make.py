"""Plans for tests of schedules."""

from datetime import time, timedelta
from typing import Any

from bot.teams.plans import StandupPlan


def plan(**more: Any) -> StandupPlan:
    """Morning, at half past nine on weekdays, with these differences."""
    values: dict[str, Any] = {
        "name": "Morning",
        "at": time(9, 30),
        "days": frozenset(range(5)),
        "timezone": "member",
        "open_for": timedelta(hours=2),
        "remind_before": timedelta(minutes=30),
        "channel": "C0STANDUP1",
        "questions": ("What did you finish?", "What is next?", "Anything in your way?"),
        "blocker_question": 3,
    }
    return StandupPlan(**(values | more))
