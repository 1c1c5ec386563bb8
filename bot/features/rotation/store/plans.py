"""A plan as plain values, as an era keeps it. What a later release adds has its default here."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bot.teams.plans import EVERY_DAY, Every, RotationPlan


def values_of(plan: RotationPlan) -> dict[str, Any]:
    """The plan for the database."""
    return {
        "members": list(plan.members),
        "every": plan.every.value,
        "on": plan.on,
        "at": plan.at.isoformat(),
        "starts": plan.starts.isoformat(),
        "user_group": plan.user_group,
        "timezone": plan.timezone,
        "weeks": plan.weeks,
        "slots": [slot.isoformat() for slot in plan.slots],
        "days": sorted(plan.days),
        "topic": plan.topic,
    }


def plan_of(values: Mapping[str, Any]) -> RotationPlan:
    """The plan that these values describe."""
    return RotationPlan(
        members=tuple(values["members"]),
        every=Every(values["every"]),
        on=values["on"],
        at=time.fromisoformat(values["at"]),
        starts=date.fromisoformat(values["starts"]),
        user_group=values["user_group"],
        timezone=values["timezone"],
        weeks=values.get("weeks", 1),
        slots=tuple(time.fromisoformat(slot) for slot in values.get("slots", ())),
        days=frozenset(values.get("days", EVERY_DAY)),
        topic=values.get("topic", True),
    )
