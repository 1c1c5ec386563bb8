"""Cases made anew from what two other rotations publish: GoAlert's tests and LinkedIn's oncall.

https://github.com/target/goalert/blob/master/schedule/rotation/rotation_test.go
https://github.com/linkedin/oncall/blob/master/src/oncall/scheduler/round-robin.py
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.rotation.domain import Rotation, Shift, first_era, next_eras, on_duty, preview, shifts
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import at, override, plan, rotation, told

CHICAGO = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def there(text: str) -> datetime:
    return datetime.strptime(text, "%b %d %Y %H:%M").replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("every", "weeks", "start", "end", "length"),
    [
        (Every.WEEK, 1, "Jun 10 2017 08:00", "Jun 17 2017 08:00", WEEK),
        (Every.WEEK, 2, "Jun 10 2017 08:00", "Jun 24 2017 08:00", 2 * WEEK),
        (Every.WEEK, 1, "Mar 10 2017 08:00", "Mar 17 2017 08:00", WEEK - HOUR),
        (Every.WEEK, 1, "Nov 04 2017 08:00", "Nov 11 2017 08:00", WEEK + HOUR),
        (Every.DAY, 1, "Jun 10 2017 08:00", "Jun 11 2017 08:00", 24 * HOUR),
        (Every.DAY, 1, "Mar 11 2017 08:00", "Mar 12 2017 08:00", 23 * HOUR),
        (Every.DAY, 1, "Nov 04 2017 08:00", "Nov 05 2017 08:00", 25 * HOUR),
    ],
)
def test_goalert_turns_end_by_the_clock_of_their_zone(
    every: Every, weeks: int, start: str, end: str, length: timedelta
) -> None:
    begins = there(start)
    day = begins.astimezone(CHICAGO).date()
    turns = plan(
        every=every,
        weeks=weeks,
        on=day.weekday(),
        at="08:00",
        starts=str(day),
        timezone="America/Chicago",
    )
    current = on_duty(rotation(turns), (), (), begins)
    assert current is not None
    assert (current.start, current.end, current.end - current.start) == (begins, there(end), length)


@pytest.mark.parametrize(
    ("slots", "start", "length"),
    [
        (("00:00", "03:00"), "Mar 12 2017 00:00", 2 * HOUR),
        (("00:00", "03:00"), "Nov 05 2017 00:00", 4 * HOUR),
        (("01:00", "02:00"), "Nov 05 2017 01:00", 2 * HOUR),
        (("06:00", "12:00"), "Jan 03 2017 06:00", 6 * HOUR),
    ],
)
def test_goalert_turns_of_hours_are_shorter_or_longer_where_the_clock_is_changed(
    slots: tuple[str, str], start: str, length: timedelta
) -> None:
    turns = plan(every=Every.DAY, slots=slots, starts="2017-01-01", timezone="America/Chicago")
    current = on_duty(rotation(turns), (), (), there(start))
    assert current is not None
    assert (current.start, current.end - current.start) == (there(start), length)


def test_goalert_any_instant_of_a_weekly_turn_finds_its_start_and_end() -> None:
    turns = plan(on=5, at="08:00", starts="2017-06-10", timezone="America/Chicago")
    current = on_duty(rotation(turns), (), (), there("Jun 16 2017 08:00"))
    assert current is not None
    assert (current.start, current.end) == (there("Jun 10 2017 08:00"), there("Jun 17 2017 08:00"))


def test_goalert_a_turn_s_place_stays_when_participants_are_added_or_taken_away() -> None:
    eras = (first_era(plan()),)
    now = at("2026-11-10T00:00")
    for members in ("ABCD", "ABC", "ZABC"):
        eras = next_eras(eras, plan(members=members), now)
        current = on_duty(Rotation(eras=eras), (), (), now)
        assert current is not None
        assert current.person == "B"
    assert weekly(shifts(Rotation(eras=eras), (), (), now, at("2026-11-30T10:00"))) == "BCZ"


def weekly(pieces: tuple[object, ...]) -> str:
    return "".join(piece.person for piece in pieces if isinstance(piece, Shift))


def test_oncall_round_robin_goes_through_the_roster_and_begins_again() -> None:
    assert weekly(preview(plan(members="ABCD"), at("2026-11-02T10:00"), 9)) == "ABCDABCDA"


def test_oncall_the_next_after_the_last_of_the_roster_is_the_first() -> None:
    eras = next_eras((first_era(plan()),), plan(members="AB"), at("2026-11-17T00:00"))
    found = shifts(Rotation(eras=eras), (), (), at("2026-11-17T00:00"), at("2026-12-07T10:00"))
    assert weekly(found) == "CAB"


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (plan(at="00:00"), ["A 11-02 00:00 - 11-09 00:00", "B 11-09 00:00 - 11-16 00:00"]),
        (
            plan(every=Every.DAY, slots=("07:00", "19:00")),
            ["A 11-02 07:00 - 11-02 19:00", "B 11-02 19:00 - 11-03 07:00"],
        ),
    ],
)
def test_oncall_shifts_of_seven_days_and_of_twelve_hours(turns: RotationPlan, expected: list[str]) -> None:
    assert told(preview(turns, at("2026-11-02T08:00"), 2)) == expected


def test_oncall_an_override_of_a_part_leaves_the_rest_with_its_owner() -> None:
    taken = [override("C", "2026-11-02T09:00", "2026-11-02T12:00")]
    half_days = rotation(plan(every=Every.DAY, slots=("07:00", "19:00")))
    assert told(shifts(half_days, taken, (), at("2026-11-02T07:00"), at("2026-11-03T07:00"))) == [
        "A 11-02 07:00 - 11-02 09:00",
        "C for A 11-02 09:00 - 11-02 12:00",
        "A 11-02 12:00 - 11-02 19:00",
        "B 11-02 19:00 - 11-03 07:00",
    ]
