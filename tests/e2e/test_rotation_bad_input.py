"""What `/rotation` answers to those who may not, mistype, or click what they were not given."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.features.rotation.store import changes
from bot.sandbox.story import Answer
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PLATFORM, Office, Transport
from tests.e2e.rotation_office import (
    CHANNEL,
    ON_DUTY,
    ROTATION,
    group,
    kyiv,
    later,
    looked,
    open_rotation,
    says,
    told,
)
from tests.e2e.screen import said

pytestmark = pytest.mark.by_turns


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, specs: Path, transport: Transport
) -> AsyncIterator[Office]:
    async with open_rotation(database_url, tmp_path, transport=transport) as opened:
        yield opened
        assert_calls_agree(opened)


LINES = {
    "override": "Whom?",
    "override bob": "Whom?",
    "override @bob and @carol": "One person at a time",
    "override @alice": "They are on duty then anyway",
    "override @ana": "is not in Payments",
    "override @Frontdesk": "is not in Payments",
    "override @bob 2026-11-23": "in the past",
    "override @bob 2026-11-25 until 2026-11-24": "ends before it begins",
    "override @bob until 2026-11-20": "over already",
    "override @bob 9999-12-31": "more than a year away",
    "override @bob until 9999-12-31": "more than a year away",
    "override @bob 0001-01-01": "in the past",
    "override @bob someday": "cannot read “someday”",
    "override @bob <!channel>": "cannot read",
    "swap": "Whom?",
    "swap @lead": "That is you",
    "swap @bob tomorrow": "needs no dates",
    "swap @carol": "You have no turn in Payments to trade",
    "skip @bob": "Until when?",
    "skip @bob until": "Until when?",
    "skip @bob until yesterday": "cannot read “yesterday”",
    "skip @lead until friday": "takes no turns here",
    "take it": "needs nothing more",
    "cover": "You have no shift in the next three months",
    "undo": "No change of yours stands",
    "undo 99": "There is no change 99",
    "undo 99999999999999999999": "Write the change's number",
    "undo cover": "not asked to cover",
    "preview": "Preview works with",
    "preview list": "Preview works with",
    "note": "Write the note behind the word",
    "calendar old": "shows the addresses",
    "overide @bob": "Did you mean `/rotation override`?",
    "@bob": "I do not know that word",
    "'; DROP TABLE teams;--": "I do not know that word",
}


async def test_what_cannot_be_done_is_answered_in_a_sentence_and_changes_nothing(office: Office) -> None:
    for line, words in LINES.items():
        answer = await office.person("lead").runs(f"/rotation {line}", in_=CHANNEL)
        assert isinstance(answer, Answer) and not answer.failed, line
        assert words.replace("`", "") in answer.text.replace("`", ""), f"{line}: {answer.text}"
    await office.settled()
    assert await told(office) == [] and group(office) == ["alice"]


async def test_the_words_are_explained_and_all_may_be_tried_without_effect(office: Office) -> None:
    for line, words in {
        "help": "/rotation preview override @alice tomorrow",
        "preview override @bob tomorrow": "Nothing was changed. Payments would be:",
        "preview skip @alice until friday": "@bob (@alice is not there)",
        "list": "The last 3 months",
    }.items():
        assert words in await says(office, "lead", line), line
    assert "@carol (for @alice)" in await says(office, "alice", "preview swap @carol")
    assert await told(office) == []


async def test_only_the_team_changes_it_and_guests_read_only_in_its_channels(office: Office) -> None:
    for line in (
        "override @ana",
        "take",
        "skip @bob until friday",
        "undo",
        "note x",
        "pack",
        "calendar",
        "cover",
    ):
        assert "Only members of Payments" in await says(office, "ana", f"payments {line}", in_="#general"), (
            line
        )
    assert "@alice is on duty" in await says(office, "ana", "payments", in_="#general")
    seen = await office.person("ana").runs("/rotation payments", in_="#general")
    assert isinstance(seen, Answer) and not seen.buttons
    office.box.add_channel("lobby", members=("gina", "olga"))
    assert "From here you cannot see" in await says(office, "gina", "payments", in_="#lobby")
    assert "@alice is on duty" in await says(office, "gina", "payments", in_="#ask-payments")
    assert "You are not in Payments" in await says(office, "olga", "payments take", in_="#lobby")
    assert "Done" in await says(office, "olga", "payments override @bob", in_="#lobby")
    assert group(office) == ["bob"]


@pytest.mark.parametrize(
    "value", ["", "v1", "v1:1", "v2:1:1", "v1:1:99", "v1:99:1", "v1:a:b", "v1:1:" + "9" * 30]
)
async def test_forged_and_stale_buttons_do_nothing(office: Office, value: str) -> None:
    await says(office, "bob", "cover")
    (question,) = [
        one for one in await office.person("carol").sees(in_=CHANNEL) if "I take it" in one.buttons
    ]
    for action_id in (
        "rotation.take",
        "rotation.cover",
        "rotation.cover.take",
        "rotation.undo",
        "rotation.accept",
    ):
        if (action_id, value) in (
            ("rotation.take", "v1:1"),
            ("rotation.cover", "v1:1"),
            ("rotation.accept", "v1:1"),
        ):
            continue
        action = {"action_id": action_id, "block_id": "x", "type": "button", "value": value}
        answer = said(await office.person("carol").act(question.message, action))
        assert "broke" not in answer and answer.endswith((".", "them.", "now.", "`")), answer
    await office.settled()
    assert group(office) == ["alice"]


async def test_others_click_in_vain(office: Office) -> None:
    answer = await office.person("bob").runs("/rotation", in_=CHANNEL)
    assert answer is not None
    for button in ("rotation.take", "rotation.cover"):
        action = {"action_id": button, "block_id": "x", "type": "button", "value": "v1:1"}
        for name in ("ana", "gina"):
            visible = await office.person(name).runs("/rotation payments", in_="#ask-payments")
            assert isinstance(visible, Answer)
            assert "Only members of Payments" in said(await office.person(name).act(visible.message, action))


def _many(connection: Connection, count: int) -> None:
    begins = kyiv("2026-12-01 14:00")
    for number in range(count):
        start = begins + timedelta(hours=number)
        hours = {"start": start, "end": start + timedelta(minutes=30), "made_by": "U0LEAD0001", "now": begins}
        changes.add_override(connection, 1, person=("U0BOB00001", "U0CAROL001")[number % 2], **hours)


async def test_there_is_room_for_two_hundred_changes_and_the_list_stays_short(office: Office) -> None:
    await office.product.database.write(_many, 199)
    assert "Done" in await says(office, "lead", "override @carol 2026-12-20")
    for line in ("override @bob 2026-12-20", "swap @bob", "skip @bob until friday"):
        assert "has 200 changes already" in await says(office, "alice", line)
    listed = await office.person("lead").runs("/rotation list", in_=CHANNEL)
    assert isinstance(listed, Answer) and not listed.failed
    assert listed.text.count(" has it from ") == 40 and "… and 160 more." in listed.text
    assert "The last 3 months" in listed.text and "0 requests handled" in listed.text


async def test_several_teams_are_told_apart_by_channel_word_and_membership(office: Office) -> None:
    turns = {
        "members": ["U0FRANK001", "U0OLGA0001"],
        "handoff": {"every": "day", "at": "10:00"},
        "starts": "2026-11-02",
    }
    await office.apply(ON_DUTY, PLATFORM | {"rotation": turns})
    await looked(office)
    assert "Payments:" in await says(office, "frank", "", in_="#ask-payments")
    assert "Platform:" in await says(office, "frank", "", in_="#triage-platform")
    assert "Platform:" in await says(office, "frank", "", in_="#general")
    assert "Payments:" in await says(office, "frank", "payments", in_="#triage-platform")
    assert "Which team? Begin with its name: payments and platform." in await says(
        office, "ana", "", in_="#general"
    )
    await office.apply(ON_DUTY, PLATFORM)
    await looked(office)
    assert "Platform has no rotation" in await says(office, "frank", "", in_="#triage-platform")
    assert "Platform has no rotation" in await says(office, "frank", "platform take", in_="#general")
    await office.apply(PLATFORM)
    await looked(office)
    assert "do not know that word" in await says(office, "alice", "payments", in_="#general")
    assert "No team has a rotation" in await says(office, "alice", "", in_="#general")


async def test_a_rotation_of_one_has_nobody_to_follow(office: Office) -> None:
    await office.apply(ON_DUTY | {"rotation": {**ROTATION, "members": ["U0ALICE001"]}})
    await looked(office)
    answer = await says(office, "bob", "")
    assert "@alice is on duty until" in answer and "Nobody follows" in answer
    assert "no turn in Payments" in await says(office, "bob", "swap @alice")
    office.box.deactivate("alice")
    await office.settled()
    await looked(office)
    await later(office, "2026-11-30 10:00")
    assert "nobody takes turns any more" in await says(office, "bob", "")
    await says(office, "bob", "override @bob until 2026-12-25")
    assert group(office) == ["bob"]


async def test_markup_in_notes_is_shown_as_it_was_written(office: Office) -> None:
    await says(office, "alice", "note <!channel> & <b> and @bob's")
    await later(office, "2026-11-30 10:00")
    sent = [call for call in office.box.journal.records if call.kind == "chat.postMessage"]
    assert sent and not [call for call in sent if "<!channel>" in str(call.arguments.get("text"))]
    assert "• alice: <!channel> & <b> and @bob's" in await says(office, "bob", "pack")
