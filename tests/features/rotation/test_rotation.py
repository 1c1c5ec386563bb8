"""What the other slices get from the rotation."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.features import rotation
from tests.teams.make import payments

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_person_on_duty_and_the_next_one_are_told() -> None:
    current = rotation.on_duty_of(payments(), NOW)
    following = rotation.next_of(payments(), NOW)
    assert current is not None
    assert following is not None
    assert (current.person, following.person) == ("U0ALICE001", "U0BOB00001")
    assert current.end == following.start == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_a_team_without_rotation_has_nobody_on_duty() -> None:
    team = replace(payments(), rotation=None)
    assert rotation.on_duty_of(team, NOW) is None
    assert rotation.next_of(team, NOW) is None
