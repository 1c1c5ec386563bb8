"""What the teams file says of the rotation: who takes turns, and when one hands over."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.teams import checks
from bot.teams.plans import Every
from bot.teams.reader import Table
from bot.teams.settings import stored_handoff

Settings = dict[str, Any]

KEYS = ("members", "handoff", "starts", "user_group", "days", "timezone", "topic")
MAX_SLOTS = 12
# Within these years every clock of the world can be reckoned with; what lies outside is a slip.
_YEARS = range(1980, 2200)


def rotation(team: Table) -> Settings | None:
    """Who takes turns, and when one hands over.

    What the release before this one does not know is written only where the file says it.
    """
    table = team.table("rotation", KEYS)
    if table is None:
        return None
    members = table.values("members", checks.user_id, required="who takes turns, in their order")
    starts = table.value("starts", _start, None, required="the day of the first turn, such as 2026-11-02")
    wanted = 'when one hands over, such as {every: week, on: monday, at: "10:00"}'
    handoff = table.table("handoff", ("every", "on", "at", "slots"), required=wanted)
    more = {
        "days": table.value("days", checks.weekdays, None),
        "timezone": table.value("timezone", checks.zone, None),
        "topic": table.value("topic", checks.yes_or_no, None),
    }
    return {
        "members": members,
        "starts": starts,
        "user_group": table.value("user_group", checks.group_id, None),
        **{key: value for key, value in more.items() if value is not None},
        **(_handoff(handoff) if handoff else {}),
    }


def _start(text: str) -> str:
    day = checks.day(text)
    if date.fromisoformat(day).year not in _YEARS:
        raise ValueError(f"{checks.show(text)} is too far away: write a day such as 2026-11-02")
    return day


def _handoff(table: Table) -> Settings:
    every, weeks = table.value(
        "every", checks.handoff, (None, 1), required="day, week, 2 weeks up to 12 weeks, or month"
    )
    return {**stored_handoff(every, weeks, _on(table, every)), **_times(table, every)}


def _on(table: Table, every: str | None) -> int | None:
    if every == Every.MONTH:
        return table.value("on", checks.month_day, None, required="the day of the month, such as 1")
    needed = "the weekday, such as monday" if every == Every.WEEK else None
    if every == Every.DAY and table.has("on"):
        table.problems.add(
            table.at("on"), "goes with week, 2 weeks and month: take it out, turns change each day"
        )
    # Where `every` is wrong nobody can tell which of both `on` should be.
    return None if every is None else table.value("on", checks.weekday, None, required=needed)


def _times(table: Table, every: str | None) -> Settings:
    if not table.has("slots"):
        return {"at": table.value("at", checks.time, None, required='the time, such as "10:00"')}
    slots = table.values("slots", checks.time, required='times such as ["08:00", "16:00"]', most=MAX_SLOTS)
    words = _wrong_slots(slots, every) if slots else None
    if words is not None:
        table.problems.add(table.at("slots"), words)
    if table.has("at"):
        table.problems.add(table.at("at"), "stands beside slots: keep one of the two")
    # The release before this one knows the first of them.
    return {"at": slots[0] if slots else None, "slots": slots}


def _wrong_slots(slots: Sequence[str], every: str | None) -> str | None:
    if every not in (Every.DAY, None):
        return "goes with every: day: write at for the time of the handoff"
    if len(slots) < 2:
        return 'needs two times or more, such as ["08:00", "16:00"]: write at for one'
    if list(slots) != sorted(slots):
        return "are not in the order of the day: write the earliest first"
    return None
