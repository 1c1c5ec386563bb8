"""What the Home tab says of who is on duty."""

from dataclasses import replace
from datetime import datetime

from bot.features.rotation.standing import Standing, planned
from bot.features.rotation.views import home
from bot.sandbox.slack.blocks import check_blocks
from tests.features.rotation.conftest import ALICE, BOB, TUESDAY
from tests.teams.make import payments


def standing() -> Standing:
    found = planned(replace(payments(), id=1, name="Pay & Co"))
    assert found is not None
    return found


def shown(user_id: str, now: datetime = TUESDAY, **more: int) -> str:
    blocks = home.section([standing()], user_id, now, **more)
    assert check_blocks(blocks, "home") == []
    return str(blocks)


def test_a_teammate_reads_who_has_it_until_when_and_who_follows_and_may_take_it() -> None:
    said = shown(BOB)
    assert f"*Pay &amp; Co*: <@{ALICE}> is on duty until" in said
    assert f"Then <@{BOB}>." in said and "Take it now" in said


def test_whoever_has_it_reads_that_it_is_them_and_may_look_for_cover() -> None:
    said = shown(ALICE)
    assert "*you are on duty* until" in said
    assert "Find cover" in said and "Take it now" not in said


def test_before_the_first_turn_nobody_is_on_duty() -> None:
    assert "nobody is on duty just now" in shown(BOB, standing().rotation.eras[0].begins.replace(year=2025))


def test_teams_that_found_no_room_are_counted() -> None:
    assert "2 more of your teams" in shown(BOB, left_out=2)
    assert home.section([], BOB, TUESDAY) == []
