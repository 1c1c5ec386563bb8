"""What the other slices get from the rotation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.features import rotation
from bot.features.rotation.domain import Absence, Override
from bot.features.rotation.standing import planned
from tests.teams.make import payments

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_person_on_duty_and_the_next_one_are_told() -> None:
    board = rotation.Board()
    current = board.on_duty_of(payments(), NOW)
    following = board.next_of(payments(), NOW)
    assert current is not None
    assert following is not None
    assert (current.person, following.person) == ("U0ALICE001", "U0BOB00001")
    assert current.end == following.start == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_a_team_without_rotation_has_nobody_on_duty() -> None:
    team = replace(payments(), rotation=None)
    assert rotation.Board().on_duty_of(team, NOW) is None
    assert rotation.Board().next_of(team, NOW) is None


def test_the_board_shows_what_was_changed_at_once() -> None:
    board, team = rotation.Board(), payments()
    standing = planned(team)
    assert standing is not None
    assert board.on_duty_of(team, NOW) == standing.on_duty(NOW)
    hours = {"start": NOW, "end": NOW + timedelta(hours=2)}
    override = Override(id=1, person="U0CAROL001", made_at=NOW, made_by="U0LEAD0001", **hours)
    board.put(standing.with_changes([override]))
    assert [shift and shift.person for shift in (
        board.on_duty_of(team, NOW), board.on_duty_of(team, NOW + timedelta(hours=2)),
    )] == ["U0CAROL001", "U0ALICE001"]  # fmt: skip
    # Who is known to be away elsewhere is passed over, but not whoever took it over.
    missing = frozenset({"U0CAROL001", "U0ALICE001"})
    assert [shift and shift.person for shift in (
        board.on_duty_of(team, NOW, missing), board.on_duty_of(team, NOW + timedelta(hours=2), missing),
    )] == ["U0CAROL001", "U0BOB00001"]  # fmt: skip
    away = Absence(person="U0CAROL001", **hours)
    shift = replace(standing.with_changes([override]), absences=(away,)).on_duty(NOW)
    assert shift is not None and shift.person == "U0CAROL001"


def test_a_look_that_began_before_a_change_does_not_hide_it() -> None:
    board, team = rotation.Board(), payments()
    before = planned(team)
    assert before is not None
    mark = board.mark()
    override = Override(
        id=1, person="U0CAROL001", start=NOW, end=NOW + timedelta(hours=2), made_at=NOW, made_by="U0LEAD0001"
    )
    board.put(before.with_changes([override]))
    board.show({team.id: before}, mark)
    now = board.on_duty_of(team, NOW)
    assert now is not None and now.person == "U0CAROL001"
    board.show({team.id: before}, board.mark())
    now = board.on_duty_of(team, NOW)
    assert now is not None and now.person == "U0ALICE001"
