"""The rotation in the teams file: what is read, how mistakes are told, what the database keeps."""

from datetime import date, time
from typing import Any

import pytest

from bot.core.errors import ConfigError
from bot.teams.file import read_text
from bot.teams.plans import Every, RotationPlan
from bot.teams.settings import team_of
from tests.teams.make import changed, payments

EXAMPLE = '{every: week, on: monday, at: "10:00"}'


def with_handoff(handoff: str, more: str = "") -> str:
    text = changed(EXAMPLE, handoff)
    return text.replace("      starts: 2026-11-02\n", f"      starts: 2026-11-02\n{more}", 1)


def stored(text: str) -> dict[str, Any]:
    return dict(read_text(text, "teams.yml").settings[0]["rotation"])


def read(text: str) -> RotationPlan:
    rotation = read_text(text, "teams.yml").teams[0].rotation
    assert rotation is not None
    return rotation


@pytest.mark.parametrize(
    ("handoff", "expected"),
    [
        ('{every: day, at: "10:00"}', (Every.DAY, None, 1)),
        ('{every: week, on: fri, at: "10:00"}', (Every.WEEK, 4, 1)),
        ('{every: 1 week, on: fri, at: "10:00"}', (Every.WEEK, 4, 1)),
        ('{every: 2 weeks, on: fri, at: "10:00"}', (Every.WEEK, 4, 2)),
        ('{every: 12 weeks, on: fri, at: "10:00"}', (Every.WEEK, 4, 12)),
        ('{every: Month, on: 31, at: "10:00"}', (Every.MONTH, 31, 1)),
    ],
)
def test_how_often_one_hands_over_is_read(handoff: str, expected: tuple[Every, int | None, int]) -> None:
    rotation = read(with_handoff(handoff))
    assert (rotation.every, rotation.on, rotation.weeks) == expected
    assert (rotation.at, rotation.slots, rotation.days) == (time(10), (), frozenset(range(7)))
    assert rotation.starts == date(2026, 11, 2)


def test_slots_days_and_a_zone_of_its_own_are_read() -> None:
    rotation = read(
        with_handoff(
            '{every: day, slots: ["8:00", "16:00"]}', "      days: mon-fri\n      timezone: Asia/Tokyo\n"
        )
    )
    assert (rotation.at, rotation.slots) == (time(8), (time(8), time(16)))
    assert (rotation.days, rotation.timezone) == (frozenset(range(5)), "Asia/Tokyo")
    assert payments().rotation.timezone == "Europe/Kyiv"


@pytest.mark.parametrize(
    ("handoff", "place", "words"),
    [
        ('{every: fortnight, on: monday, at: "10:00"}', "handoff.every", "2 weeks up to 12 weeks, month"),
        ('{every: 0 weeks, on: monday, at: "10:00"}', "handoff.every", "is not one of"),
        ('{on: monday, at: "10:00"}', "handoff.every", "is missing"),
        ('{every: month, on: monday, at: "10:00"}', "handoff.on", "write 1 to 31"),
        ('{every: month, on: 32, at: "10:00"}', "handoff.on", "write 1 to 31"),
        ('{every: month, at: "10:00"}', "handoff.on", "the day of the month"),
        ('{every: week, on: 1, at: "10:00"}', "handoff.on", "is not a weekday"),
        ("{every: week, on: monday}", "handoff.at", "is missing"),
        ("{every: week, on: monday, slots: ['08:00', '16:00']}", "handoff.slots", "goes with every: day"),
        ("{every: day, slots: ['08:00']}", "handoff.slots", "two times or more"),
        ("{every: day, slots: []}", "handoff.slots", "is empty"),
        ("{every: day, slots: ['16:00', '08:00']}", "handoff.slots", "the earliest first"),
        ("{every: day, slots: ['08:00', '8:00', '16:00']}", "handoff.slots[1]", "twice"),
        ("{every: day, slots: ['08:00', '25:00']}", "handoff.slots[1]", '"00:00" to "23:59"'),
        ("{every: day, slots: ['08:00', '16:00'], at: '08:00'}", "handoff.at", "keep one of the two"),
        (EXAMPLE + "\n      days: 0-9", "days", "mon-fri"),
        (EXAMPLE + "\n      timezone: Mars", "timezone", "Europe/Kyiv or UTC"),
        (EXAMPLE + "\n      pick: any", "pick", "not known"),
    ],
)
def test_each_mistake_is_told_with_its_place(handoff: str, place: str, words: str) -> None:
    text = with_handoff(handoff)
    line = text[: text.index(handoff) + len(handoff)].count("\n") + 1
    with pytest.raises(ConfigError) as refusal:
        read_text(text, "teams.yml")
    found = [told for told in refusal.value.lines if f"teams[0].rotation.{place}: " in told]
    assert len(found) == 1, refusal.value.lines
    assert found[0].startswith(f"teams.yml:{line}: ")
    assert words in found[0]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_start_that_no_clock_reaches_is_refused(day: str) -> None:
    with pytest.raises(ConfigError, match=r"rotation\.starts: .*too far away"):
        read_text(changed("starts: 2026-11-02", f"starts: {day}"), "teams.yml")


@pytest.mark.parametrize(("every", "kept"), [("week", "week"), ("1 week", "week"), ("2 weeks", "2 weeks")])
def test_a_plan_without_new_keys_is_kept_as_the_release_before_keeps_it(every: str, kept: str) -> None:
    assert stored(with_handoff(f'{{every: {every}, on: monday, at: "10:00"}}')) == {
        "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
        "starts": "2026-11-02",
        "user_group": "S0ONDUTY01",
        "every": kept,
        "on": 0,
        "at": "10:00",
    }


@pytest.mark.parametrize(
    "handoff",
    [
        '{every: 3 weeks, on: friday, at: "10:00"}',
        '{every: month, on: 15, at: "10:00"}',
        "{every: day, slots: ['08:00', '16:00']}",
    ],
)
def test_a_plan_with_new_keys_can_still_be_read_by_the_release_before(handoff: str) -> None:
    kept = stored(with_handoff(handoff, "      days: mon-fri\n      timezone: Asia/Tokyo\n"))
    assert kept["every"] in ("day", "week", "2 weeks")
    assert kept["on"] in (None, *range(7))
    assert (kept["on"] is None) == (kept["every"] == "day")
    time.fromisoformat(kept["at"])


def test_what_was_kept_by_the_release_before_is_read() -> None:
    settings = dict(read_text(with_handoff(EXAMPLE), "teams.yml").settings[0])
    settings["rotation"] = {
        "members": ["U0ALICE001"], "starts": "2026-11-02", "user_group": None, "every": "2 weeks", "on": 2, "at": "09:30",
    }  # fmt: skip
    assert team_of(settings).rotation == RotationPlan(
        members=("U0ALICE001",),
        every=Every.WEEK,
        on=2,
        at=time(9, 30),
        starts=date(2026, 11, 2),
        user_group=None,
        timezone="Europe/Kyiv",
        weeks=2,
    )
