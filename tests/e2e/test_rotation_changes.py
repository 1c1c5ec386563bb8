"""How who is on duty changes, told in the channel and to those concerned. Alice has it until Monday 30, 10:00, then Bob."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.teams import absences
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office, Transport
from tests.e2e.rotation_office import (
    CHANNEL,
    ON_DUTY,
    ROTATION,
    direct,
    group,
    kyiv,
    later,
    looked,
    open_rotation,
    says,
    told,
    topic,
)
from tests.e2e.screen import said
from tests.e2e.standup_office import MORNING

pytestmark = pytest.mark.by_turns
IDS = {"alice": "U0ALICE001", "bob": "U0BOB00001", "carol": "U0CAROL001"}


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, specs: Path, transport: Transport
) -> AsyncIterator[Office]:
    async with open_rotation(database_url, tmp_path, transport=transport) as opened:
        yield opened
        assert_calls_agree(opened)


async def heard(office: Office, *names: str) -> list[int]:
    """How many direct messages about a change each of them has."""
    return [
        len([one for one in await direct(office, name) if one.text.startswith("Payments: ")])
        for name in names
    ]


async def test_a_swap_trades_what_is_left_of_a_turn_for_the_next_one(office: Office) -> None:
    answer = await says(office, "alice", "swap @bob")
    assert "30 Nov, 10:00: @bob (for @alice)" in answer and "7 Dec, 10:00: @alice (for @bob)" in answer
    (news,) = await told(office)
    assert news.startswith(
        "@alice and @bob have traded turns: @bob from Tue 24 Nov, 12:00 until Mon 30 Nov, 10:00; "
    )
    assert "@alice from Mon 30 Nov, 10:00 until Mon 7 Dec, 10:00." in news
    assert await heard(office, "alice", "bob", "carol", "lead") == [0, 1, 0, 0]
    assert group(office) == ["bob"]
    assert "Taken back" in await says(office, "alice", "undo")
    assert (await told(office))[1].startswith(
        "@alice has taken back a change of the hours from Tue 24 Nov, 12:00 until Mon 7 Dec, 10:00. "
    )
    assert await heard(office, "alice", "bob", "carol", "lead") == [0, 2, 0, 0]
    assert group(office) == ["alice"]


async def test_until_a_day_includes_that_day(office: Office) -> None:
    await says(office, "lead", "skip @alice until 2026-11-26")
    news, handoff = await told(office)
    assert news == "@alice is left out until Fri 27 Nov, 00:00 (by @lead); their turns pass to the next."
    assert handoff == "On duty now: @bob until Fri 27 Nov, 00:00. Thank you, @alice. Then @alice."
    assert await heard(office, "alice", "bob", "carol", "lead") == [1, 1, 0, 0]
    await later(office, "2026-11-26 23:59")
    assert group(office) == ["bob"]
    await later(office, "2026-11-27 00:00")
    assert group(office) == ["alice"]
    assert (await told(office))[
        2
    ] == "On duty now: @alice until Mon 30 Nov, 10:00. Thank you, @bob. Then @bob."


async def test_who_steps_out_and_comes_back_is_told_of_in_words_that_fit(office: Office) -> None:
    await says(office, "bob", "skip @bob until 2026-12-01")
    assert await told(office) == ["@bob steps out until Wed 2 Dec, 00:00; their turns pass to the next."]
    await says(office, "bob", "undo")
    back = (await told(office))[1]
    assert back.startswith(
        "@bob has taken back that @bob is left out until Wed 2 Dec, 00:00. Now: @bob from Mon 30 Nov, 10:00 until"
    )
    assert await heard(office, "alice", "bob", "carol") == [0, 0, 2]


async def test_a_part_of_a_shift_is_given_away_and_comes_back_by_itself(office: Office) -> None:
    await says(office, "alice", "override @carol 14:00 until 16:00")
    assert (await told(office))[0] == (
        "@carol is on duty from Tue 24 Nov, 14:00 until Tue 24 Nov, 16:00, in place of @alice (changed by @alice)."
    )
    assert group(office) == ["alice"] and await heard(office, "alice", "carol") == [0, 1]
    await later(office, "2026-11-24 14:00")
    assert group(office) == ["carol"] and topic(office) == "On duty: @carol until Tue 24 Nov, 16:00"
    await later(office, "2026-11-24 16:00")
    assert group(office) == ["alice"]
    assert len([one for one in await told(office) if one.startswith("On duty now")]) == 2


async def test_somebody_is_found_where_nobody_is_named(office: Office) -> None:
    for text in ("Refund stuck", "Charged twice"):
        card = await office.asks(text)
        await card.click("Claim", by=office.person("bob"))
    assert "@bob (for @alice)" in await says(office, "alice", "override next 14:00 until 15:00")
    assert "@carol (for @alice)" in await says(office, "alice", "override free 15:00 until 16:00")
    assert "Nothing was changed" in await says(office, "alice", "preview override rested 17:00 until 18:00")
    for name in ("bob", "carol"):
        await says(office, "lead", f"skip @{name} until tomorrow")
    assert "Nobody else is there then" in await says(office, "alice", "override free 17:00 until 18:00")


async def test_a_change_that_has_begun_is_only_ended_by_taking_it_back(office: Office) -> None:
    await says(office, "lead", "override @bob")
    await later(office, "2026-11-25 12:00")
    await says(office, "lead", "undo")
    assert group(office) == ["alice"]
    listed = await says(office, "carol", "list")
    assert "3 months" not in await says(office, "ana", "payments list", in_="#general")
    assert "@bob: 2 shifts, 192 hours" in listed and "Changes that stand" not in listed


async def test_who_takes_it_by_the_button_has_it_now_and_undoes_it_by_the_button(office: Office) -> None:
    answer = await office.person("carol").runs("/rotation", in_=CHANNEL)
    assert answer is not None
    taken = await answer.click("Take it now")
    await office.settled()
    assert (await told(office))[0].startswith(
        "@carol takes over from Tue 24 Nov, 12:00 until Mon 30 Nov, 10:00"
    )
    assert group(office) == ["carol"] and await heard(office, "alice", "carol") == [1, 0]
    assert "You are on duty then anyway" in said(await answer.click("Take it now"))
    assert taken is not None and "Taken back" in said(await taken.click("Undo"))
    await office.settled()
    assert group(office) == ["alice"]
    assert "could be taken back" in said(await taken.click("Undo"))


async def test_the_first_to_take_a_cover_has_it_and_the_others_read_so(office: Office) -> None:
    answer = await office.person("alice").runs("/rotation", in_=CHANNEL)
    assert answer is not None and "I have asked" in said(await answer.click("Find cover"))
    question = await office.person("bob").waits_for("Who can cover for @alice", in_=CHANNEL)
    assert "These are your own hours" in said(await question.click("I take it", by=office.person("alice")))
    assert "Only members" in said(await question.click("I take it", by=office.person("ana")))
    assert "these hours are yours" in said(await question.click("I take it"))
    await office.settled()
    asked, news = await told(office)
    assert asked.startswith("@bob covers for @alice from") and news.startswith(
        "@bob covers from Tue 24 Nov, 12:00"
    )
    assert group(office) == ["bob"] and not (await question.now()).buttons
    assert await heard(office, "alice", "bob") == [1, 0]
    assert "Taken back" in await says(office, "bob", "undo")
    assert group(office) == ["alice"] and await heard(office, "alice", "bob") == [2, 0]


async def test_a_cover_that_nobody_takes_is_asked_for_again_and_told_to_who_looked(office: Office) -> None:
    await says(office, "bob", "cover")
    await later(office, "2026-11-29 10:00")
    asked = [one for one in await told(office) if "can cover for @bob" in one]
    assert [one.split()[0] for one in asked] == ["Who", "Still"]
    await says(office, "bob", "undo cover")
    assert "no cover is needed any more" in (await told(office))[-1]
    await says(office, "bob", "cover")
    await later(office, "2026-11-30 10:00")
    await later(office, "2026-11-30 10:31")
    assert [one for one in await direct(office, "bob") if "Nobody took your shift" in one.text]
    assert "nobody took it" in "\n".join(await told(office))


def _away(connection: Connection, person: str, first: str, last: str) -> None:
    days = [kyiv(f"{day} 12:00").date() for day in (first, last)]
    absences.add(connection, user_id=IDS[person], first_day=days[0], last_day=days[1], reason="", set_by=IDS[person],
                 now=kyiv("2026-11-24 12:00"))  # fmt: skip


async def test_an_absence_passes_the_turn_on_and_it_comes_back(office: Office) -> None:
    await office.apply(ON_DUTY | {"standups": [MORNING]})
    await office.person("alice").runs("/standup away until 2026-11-25", in_=CHANNEL)
    await looked(office)
    assert group(office) == ["bob"]
    await later(office, "2026-11-26 00:00")
    assert group(office) == ["alice"]
    assert [one.split(".")[0] for one in await told(office)] == [
        "On duty now: @bob until Thu 26 Nov, 00:00", "On duty now: @alice until Mon 30 Nov, 10:00",
    ]  # fmt: skip


async def test_when_nobody_is_left_the_lead_hears_ahead_and_anybody_may_take_it(office: Office) -> None:
    for name in IDS:
        await office.product.database.write(_away, name, "2026-11-26", "2026-11-26")
    for _ in range(2):
        await looked(office)
    (warning,) = [one.text for one in await direct(office, "lead") if "nobody is left" in one.text]
    assert "• from Thu 26 Nov, 00:00 until Fri 27 Nov, 00:00" in warning
    await later(office, "2026-11-26 08:00")
    assert (await told(office))[0].startswith("Nobody is on duty now: everyone in the rotation is away.")
    assert group(office) == ["alice"], "Slack takes no empty group"
    assert "nobody is on duty just now" in await says(office, "ana", "payments", in_="#general")
    await says(office, "lead", "take")
    assert group(office) == ["lead"]
    assert (await told(office))[1] == "@lead takes over from Thu 26 Nov, 08:00 until Fri 27 Nov, 00:00."


async def test_a_holiday_of_one_person_passes_the_day_on(office: Office) -> None:
    turns = {**ROTATION, "members": [IDS["bob"], IDS["alice"]]}
    team = {"holidays": "UA", "people": {IDS["bob"]: {"holidays": "US"}}, "rotation": turns}
    await office.apply(ON_DUTY | team)
    await looked(office)
    # The third Monday of January is a day off in Bob's country; his turn ends at ten.
    for when, who in (
        ("2027-01-17 23:00", "bob"),
        ("2027-01-18 00:30", "alice"),
        ("2027-01-18 10:00", "alice"),
    ):
        await later(office, when)
        assert group(office) == [who], when


async def test_the_plan_changes_in_mid_shift_and_whoever_has_it_keeps_it(office: Office) -> None:
    await office.apply(ON_DUTY | {"rotation": {**ROTATION, "members": [IDS["carol"], IDS["bob"]]}})
    await looked(office)
    assert group(office) == ["alice"] and await told(office) == []
    await later(office, "2026-11-30 10:00")
    assert group(office) == ["bob"]


async def test_who_is_deactivated_is_passed_over(office: Office) -> None:
    office.box.deactivate("alice")
    await office.settled()
    await looked(office)
    await looked(office)
    assert group(office) == ["bob"]
    assert "@bob is on duty" in await says(office, "carol", "")


async def test_a_handover_is_accepted_once_by_whoever_has_it(office: Office) -> None:
    await later(office, "2026-11-30 10:00")
    (pack,) = [one for one in await direct(office, "bob") if "You are on duty" in one.text]
    action = {"action_id": "rotation.accept", "block_id": "x", "type": "button", "value": "v1:2"}
    assert "somebody else's" in said(await office.person("carol").act(pack.message, action))
    for _ in range(2):
        await office.person("bob").act(pack.message, action)
    await office.settled()
    assert len([one for one in await direct(office, "alice") if "has accepted" in one.text]) == 1
    await later(office, "2026-12-07 10:00")
    (pack,) = [one for one in await direct(office, "carol") if "You are on duty" in one.text]
    await later(office, "2027-11-23 10:00")
    assert "duty has passed on since" in said(await pack.click("Accept"))
    await later(office, "2027-11-30 10:00")
    last = await office.person("carol").runs("/rotation pack", in_=CHANNEL)
    assert last is not None and said(await last.click("Accept")) == "Accepted. Thank you."


async def test_a_kill_between_the_change_and_the_telling_loses_nothing(office: Office) -> None:
    office.box.slack_down()
    await office.person("lead").runs("/rotation override @bob", in_=CHANNEL)
    await office.stop()
    office.box.slack_down(False)
    await office.restart()
    for _ in range(6):
        # What Slack may have got before is looked for first, then sent.
        office.clock.advance(40)
        await office.settled()
    assert len([one for one in await told(office) if "@bob is on duty" in one]) == 1
    assert await heard(office, "alice", "bob") == [1, 1] and group(office) == ["bob"]
