"""Questions to the bot: in a mention, in a direct message; what may be read, and what is filed all the same."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.story import Seen
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, PLATFORM, Office, Transport, open_office
from tests.e2e.screen import form_of, said

pytestmark = pytest.mark.by_turns

MORNING = {
    "name": "Morning", "at": "15:00", "days": "mon-fri", "open_for": "2h", "channel": "C0STANDUP1",
    "questions": ["Done?", "Next?"],
}  # fmt: skip


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, specs: Path
) -> AsyncIterator[Office]:
    """Payments, with a rotation and a check-in, and Platform, with neither."""
    team = PAYMENTS | {"standups": [MORNING]}
    opening = open_office(
        database_url, tmp_path, transport=transport, with_jira=False, teams=(team, PLATFORM)
    )
    async with opening as opened:
        yield opened
    assert_calls_agree(opened)


async def told(office: Office, who: str, text: str, words: str) -> Seen:
    """The bot's answer in the thread of a direct message."""
    message = await office.person(who).tells_bot(text)
    return await office.person(who).waits_for(words, thread=message)


async def test_who_is_on_duty_is_told_to_all_in_the_thread_and_calls_nobody(office: Office) -> None:
    message = await office.person("ana").says("@frontdesk who's on duty?", in_="#general")
    answer = await office.person("bob").waits_for("is on duty until", thread=message)
    assert "alice is on duty" in answer.text.replace("*", "") and "<@" not in str(answer.blocks)
    assert "/rotation payments" in str(answer.blocks)
    assert answer.buttons == ["Send it to a team"]
    assert await office.count() == 0


async def test_days_and_teams_are_understood_and_a_slip_is_told(office: Office) -> None:
    for text, words in {
        "who is on duty in payments next week?": "@bob",
        "who is on duty tomorrow": "on duty then",
        "hi, who is on call in paymnets please": "I take it that you mean Payments",
        "who is on duty for logistics": "I know no team of that name. There are payments (Payments), platform",
        "who is on duty in platform": "Platform has no rotation",
    }.items():
        answer = await told(office, "ana", text, words.partition(".")[0])
        assert words in answer.text.replace("`", "").replace("*", ""), answer.text


async def test_what_was_answered_can_be_filed_all_the_same(office: Office) -> None:
    answer = await told(office, "ana", "who is on duty", "is on duty until")
    form = form_of(await answer.click("Send it to a team"))
    assert form.value("Summary") == "who is on duty"


async def test_where_a_request_is_is_told_to_those_who_may_read_it(office: Office) -> None:
    await office.person("ana").runs("/ask-team payments Refund stuck", in_="dm")
    await office.settled()
    assert "Refund stuck" in (await told(office, "ana", "where is 1", "#1")).text
    assert (
        "does not exist, or you cannot see it"
        in (await told(office, "erin", "where is #1?", "does not exist")).text
    )
    question = await office.person("alice").says("@frontdesk where is #1", in_="#general")
    answer = await office.person("alice").waits_for("Refund stuck", in_="#general")
    assert answer.only_for == "alice"
    assert not any("Refund stuck" in one.text for one in await office.person("erin").sees(in_="#general"))
    assert question.ts != answer.ts


async def test_what_is_open_and_what_is_mine(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("alice"))
    await office.settled()
    assert "Refund stuck" in (await told(office, "alice", "what's open?", "open requests")).text
    mine = await told(office, "alice", "what is mine", "Yours")
    assert "Refund stuck" in mine.text and "Home" in mine.text
    assert "You hold no open request" in (await told(office, "ana", "my requests", "You hold no")).text


async def test_the_next_check_in_is_told_even_while_one_is_open(office: Office) -> None:
    answer = await told(office, "alice", "When is my next check-in?", "Your next check-ins")
    assert "Morning: Tue 24 Nov, 15:00" in answer.text.replace("*", "")
    assert "No check-in asks you" in (await told(office, "ana", "next standup", "No check-in asks")).text
    office.clock.advance(timedelta(hours=3, minutes=1))
    jobs = [job for feature in office.product.features for job in feature.jobs if job.name == "standup.look"]
    await jobs[0].run(office.clock.now())
    await office.settled()
    await told(office, "alice", "who is on duty?", "is on duty until")
    status = said(await office.person("alice").runs("/standup status", in_="#triage-payments"))
    assert "0 of" in status, status


async def test_a_question_that_comes_twice_is_answered_once_and_one_in_a_talk_not_at_all(
    office: Office,
) -> None:
    office.box.deliver_twice()
    message = await office.person("ana").tells_bot("who is on duty")
    await office.person("ana").waits_for("is on duty until", thread=message)
    await office.settled()
    answers = [one for one in await office.person("ana").sees(thread=message) if "on duty until" in one.text]
    assert len(answers) == 1
    card = await office.asks("Refund stuck")
    await office.person("alice").says("@frontdesk who is on duty?", thread=card)
    await office.settled()
    talk = await office.person("alice").sees(thread=card)
    assert not any("on duty until" in one.text for one in talk)


async def test_in_a_shared_channel_only_the_asker_reads_it(office: Office) -> None:
    await office.person("alice").says("@frontdesk who is on duty", in_="#partner-acme")
    answer = await office.person("alice").waits_for("is on duty until", in_="#partner-acme")
    assert answer.only_for == "alice"


async def test_a_refused_question_names_no_line_that_would_be_refused_as_well(office: Office) -> None:
    unread = await told(office, "ana", "who is on duty on 2026-02-30?", "I cannot read")
    assert "You can also type" not in str(unread.blocks)
    missing = await told(office, "ana", "where is #12?", "does not exist")
    assert "You can also type" not in str(missing.blocks)
