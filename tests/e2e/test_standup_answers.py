"""A minute to answer: the form with what is known, messages to the bot, the same as last time, early, late."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.jira import hands
from bot.sandbox.story import Answer, Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Edition, Office
from tests.e2e.standup_office import (
    MORNING,
    QUESTIONS,
    eventually,
    fills_in,
    later,
    looked,
    open_standups,
    prompts,
    rows_in,
    summaries,
    thread_of,
)


@pytest.fixture
async def office(tmp_path: Path, specs: Path) -> AsyncIterator[Office]:
    """Payments with its Morning, a moment before it opens, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path) as opened:
        yield opened
        assert_calls_agree(opened)


async def _form(office: Office, name: str, button: str = "Fill in") -> Form:
    seen = [one for one in await office.person(name).sees() if button in one.buttons][-1]
    form = await seen.click(button)
    assert isinstance(form, Form)
    return form


async def test_the_form_begins_with_the_last_plan_and_what_was_done_since(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts\nThe bank's limits", "")
    card = await office.asks("Refund stuck")
    await card.click("Claim")
    await office.settled()
    await later(office, "09:30", days=1)
    form = await _form(office, "alice")
    assert "Your last plan (Mon 30 Nov):" in form.text
    assert form.value(QUESTIONS[0]) == "Payouts\nThe bank's limits\nTook on #1 Refund stuck"
    assert not form.value(QUESTIONS[1])
    form.fill(QUESTIONS[1], "Rest")
    assert await form.submit() is None
    await looked(office)
    again = await _form(office, "alice", "Change answers")
    assert again.value(QUESTIONS[1]) == "Rest"


@pytest.mark.parametrize("edition", ["cloud", "datacenter"])
async def test_what_was_moved_in_jira_stands_in_the_form(
    tmp_path: Path, specs: Path, edition: Edition
) -> None:
    path = f"sqlite:///{tmp_path}/frontdesk.db"
    async with open_standups(path, tmp_path, edition=edition) as office:
        fields = {"issuetype": {"name": "Task"}, "summary": "Refund stuck"}
        alice = next(one for one in office.site.accounts.values() if one.email == "alice@example.com")
        hands.creates(office.site, alice, office.site.projects["PAY"], fields)
        office.site.moves("PAY-1", "In Progress", by=alice)
        await later(office, "09:30")
        form = await _form(office, "alice")
        assert form.value(QUESTIONS[0]) == "PAY-1 Refund stuck: In Progress"
        other = await _form(office, "bob")
        assert not other.value(QUESTIONS[0])
        assert_calls_agree(office)


async def test_an_empty_form_is_told_so_beside_a_field(office: Office) -> None:
    await later(office, "09:30")
    form = await _form(office, "alice")
    again = await form.submit()
    assert again is not None and list(again.errors.values()) == [
        "Answer at least one question. To leave this one out, close the form and type /standup skip."
    ]
    assert await rows_in(office, "answered") == 0


async def test_the_same_as_last_time_takes_one_press(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds.", "Payouts.", "")
    await later(office, "09:30", days=1)
    prompt = (await prompts(office, "alice"))[-1]
    assert prompt.buttons == ["Fill in", "Same as yesterday", "Skip today"]
    answer = await prompt.click("Same as yesterday")
    assert isinstance(answer, Answer) and "the same as last time: Refunds; Payouts. Press" in answer.text
    await office.settled()
    assert await rows_in(office, "answered") == 2
    assert (await prompts(office, "alice", "Recorded, thank you"))[-1].buttons == ["Change answers"]


async def test_messages_answer_one_question_after_the_other(office: Office) -> None:
    await later(office, "09:30")
    (prompt,) = await prompts(office, "alice")
    await office.person("alice").tells_bot("Refunds & more")
    await office.settled()
    told = [one.text for one in await office.person("alice").sees(thread=prompt)]
    said = [one for one in await office.person("alice").sees() if "Refunds" in one.text]
    thread = await office.person("alice").sees(thread=said[0])
    assert "What is next?" in thread[-1].text, told
    # People go on where they were asked: below their own words, or below the prompt.
    await office.person("alice").says("Payouts", thread=said[0])
    await office.settled()
    await office.person("alice").says("-", thread=prompt)
    await office.settled()
    assert await rows_in(office, "answered") == 1
    assert [one.text for one in await office.person("alice").sees() if "file it" in one.text.casefold()] == []
    form = await _form(office, "alice", "Change answers")
    assert [form.value(one) or "" for one in QUESTIONS] == ["Refunds & more", "Payouts", "-"]


async def test_more_words_after_the_last_answer_change_nothing(office: Office) -> None:
    await later(office, "09:30")
    await office.person("bob").tells_bot("1. Refunds\n2. Payouts\n3. no")
    await office.settled()
    said = next(one for one in await office.person("bob").sees() if "Refunds" in one.text)
    await office.person("bob").says("And one more thing", thread=said)
    await office.settled()
    assert (
        "You have answered this check-in already" in (await office.person("bob").sees(thread=said))[-1].text
    )
    form = await _form(office, "bob", "Change answers")
    assert form.value(QUESTIONS[0]) == "Refunds"


async def test_one_message_with_numbers_answers_everything(office: Office) -> None:
    await later(office, "09:30")
    await office.person("bob").tells_bot("1. Refunds\n2. Payouts\nand limits\n3. no")
    await office.settled()
    assert await rows_in(office, "answered") == 1
    form = await _form(office, "bob", "Change answers")
    assert [form.value(one) for one in QUESTIONS] == ["Refunds", "Payouts\nand limits", "no"]


async def test_what_was_no_answer_is_taken_back(office: Office) -> None:
    await later(office, "09:30")
    await office.person("bob").tells_bot("1. Where\n2. is\n3. my refund")
    await office.settled()
    said = next(one for one in await office.person("bob").sees() if "my refund" in one.text)
    reply = (await office.person("bob").sees(thread=said))[-1]
    answer = await reply.click("That was no answer")
    assert isinstance(answer, Answer)
    await office.settled()
    assert await rows_in(office, "answered") == 0
    assert "Fill in" in (await prompts(office, "bob"))[-1].buttons


async def test_words_to_the_bot_when_nothing_asks_are_offered_to_be_filed(office: Office) -> None:
    await office.person("bob").tells_bot("My refund is stuck")
    await office.settled()
    assert await rows_in(office, "answered") == 0
    assert (await office.person("bob").sees())[-1].message.bot_id


async def test_whoever_answers_early_is_not_asked(office: Office) -> None:
    form = await office.person("alice").runs("/standup", in_="#standup-payments")
    assert isinstance(form, Form) and form.title == "Morning"
    assert "This one opens Mon 30 Nov at 09:30" in form.text
    form.fill(QUESTIONS[1], "Payouts")
    assert await form.submit() is None
    await later(office, "09:30")
    assert await prompts(office, "alice") == []
    assert len(await prompts(office, "bob")) == 1


async def test_when_all_have_answered_the_summary_comes_at_once(office: Office) -> None:
    await later(office, "09:30")
    for name in ("alice", "bob"):
        await fills_in(office, name, "Refunds", "Payouts", "")
    assert await summaries(office) == []
    await fills_in(office, "carol", "Refunds", "Payouts", "none")
    summary = await eventually(office, "3 of 3")
    assert "In the way" not in summary.fallback
    assert len(await thread_of(office, summary)) == 3


async def test_changed_answers_change_where_they_stand(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    await fills_in(office, "alice", "Refunds, all of them", button="Change answers")
    (summary,) = await summaries(office)
    (told,) = await thread_of(office, summary)
    assert "Refunds, all of them" in told


async def test_an_old_prompt_is_over_when_the_next_has_asked(office: Office) -> None:
    await later(office, "09:30")
    old = (await prompts(office, "alice"))[0]
    await later(office, "09:30", days=1)
    answer = await old.click("Fill in")
    assert isinstance(answer, Answer) and "This check-in is over" in answer.text


async def test_ten_thousand_characters_are_kept_whole(office: Office) -> None:
    await later(office, "09:30")
    long = "".join(f"word{number} " for number in range(1400))[:10_000].strip()
    await office.person("alice").tells_bot(f"1. {long}\n2. Payouts\n3. no")
    await office.settled()
    await later(office, "11:30")
    (summary,) = await summaries(office)
    told = "".join(await thread_of(office, summary))
    assert all(f"word{number}" in told for number in (0, 700, 1150))
    form = await _form(office, "alice", "Change answers")
    form.fill(QUESTIONS[1], "Payouts, and limits")
    assert await form.submit() is None
    await looked(office)
    (summary,) = await summaries(office)
    told = "".join(await thread_of(office, summary))
    assert "word1150" in told and "Payouts, and limits" in told


async def test_a_question_that_follows_is_asked_once_its_answer_makes_it_due(
    tmp_path: Path, specs: Path
) -> None:
    follow = MORNING | {"follow_ups": [{"after": 3, "ask": "Who can help?"}]}
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, follow) as office:
        await later(office, "09:30")
        form = await _form(office, "alice")
        form.fill(QUESTIONS[2], "The bank is down")
        more = await form.submit()
        assert isinstance(more, Form) and "Who can help?" in more.labels
        assert more.value(QUESTIONS[2]) == "The bank is down"
        more.fill("Who can help?", "Bob")
        assert await more.submit() is None
        quiet = await _form(office, "bob")
        quiet.fill(QUESTIONS[0], "Refunds")
        assert await quiet.submit() is None
        await looked(office)
        assert await rows_in(office, "answered") == 2
