"""What goes wrong around answers: plans that change, several at once, words that are no answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.features.standup.models import standup_checkins
from bot.sandbox.story import Answer, Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    QUESTIONS,
    eventually,
    fills_in,
    later,
    newest_form,
    open_standups,
    prompts,
    replan,
    rows_in,
    summaries,
    thread_of,
)

NOON = MORNING | {"name": "Noon", "at": "10:00", "questions": ["How is it going?", "What helps?"],
                  "blocker_question": None}  # fmt: skip
HIDDEN = MORNING | {"anonymous": True}
MEETING = {"name": "Daily call", "kind": "meeting", "at": "14:00", "channel": "C0STANDUP1"}


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, a moment before the first opens, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def _answers(office: Office, name: str) -> list[list[str]]:
    user_id = office.person(name).id
    query = standup_checkins.select().where(standup_checkins.c.user_id == user_id)
    rows = await office.product.database.read(lambda c: c.execute(query.order_by("opens_at")).all())
    return [list(row.answers) for row in rows]


async def _said(office: Office, name: str, words: str) -> list[str]:
    """What stands below this person's message to the bot."""
    (own,) = [one for one in await office.person(name).sees() if one.text == words]
    return [one.text for one in await office.person(name).sees(thread=own) if one.ts != own.ts]


# Plans that change


async def test_a_form_whose_questions_have_changed_meanwhile_takes_nothing(office: Office) -> None:
    form = await office.person("alice").runs("/standup", in_=CHANNEL)
    assert isinstance(form, Form)
    await replan(office, MORNING | {"questions": ["How are you?", *QUESTIONS[:2]]})
    form.fill(QUESTIONS[0], "Refunds")
    again = await form.submit()
    assert again is not None and "The questions have changed" in str(again.errors)
    assert await _answers(office, "alice") == []


async def test_who_answers_early_is_asked_what_the_others_of_that_day_were(office: Office) -> None:
    form = await office.person("alice").runs("/standup", in_=CHANNEL)
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Refunds")
    assert await form.submit() is None
    await replan(office, MORNING | {"questions": ["How are you?", "Why?"], "blocker_question": None})
    other = await office.person("bob").runs("/standup", in_=CHANNEL)
    assert isinstance(other, Form) and "How are you?" not in other.labels
    other.fill(QUESTIONS[1], "Payouts")
    assert await other.submit() is None
    assert await _answers(office, "bob") == [["", "Payouts", ""]]


async def test_the_same_as_yesterday_goes_with_its_questions(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await fills_in(office, "bob", "Reports", "", "")
    await later(office, "11:30")
    await (await summaries(office))[0].click("Solved")
    await replan(office, MORNING | {"questions": [QUESTIONS[1], "Mood?", QUESTIONS[2]]})
    await later(office, "09:30", days=1)
    await (await prompts(office, "alice"))[-1].click("Same as yesterday")
    refused = await (await prompts(office, "bob"))[-1].click("Same as yesterday")
    assert isinstance(refused, Answer) and "the questions are new" in refused.text
    await office.settled()
    # What was solved does not come up again.
    assert (await _answers(office, "alice"))[1] == ["Payouts", "", ""]
    assert (await _answers(office, "bob"))[1] == []


async def test_the_same_as_yesterday_does_not_overwrite_what_was_answered(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "09:30", days=1)
    prompt = (await prompts(office, "alice"))[-1]
    # As a press on a screen that still shows the buttons.
    form = await office.person("alice").runs("/standup", in_=CHANNEL)
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Something else")
    assert await form.submit() is None
    answer = await prompt.click("Same as yesterday")
    assert isinstance(answer, Answer) and "answered this check-in already" in answer.text
    assert (await _answers(office, "alice"))[1][0] == "Something else"


# Several at once, and what comes late


@pytest.mark.parametrize("standups", [[MORNING, NOON]])
async def test_of_two_open_check_ins_a_reply_goes_to_the_one_of_its_thread(office: Office) -> None:
    await later(office, "09:30")
    alice = office.person("alice")
    await alice.tells_bot("Refunds")
    await office.settled()
    await later(office, "10:00")
    (said,) = [one for one in await alice.sees() if one.text == "Refunds"]
    await alice.says("Payouts", thread=said)
    await office.settled()
    assert await _answers(office, "alice") == [["Refunds", "Payouts", ""], []]
    await alice.tells_bot("none")
    await office.settled()
    # The bot has asked for Morning last.
    assert await _answers(office, "alice") == [["Refunds", "Payouts", "none"], []]
    await alice.tells_bot("Well")
    await office.settled()
    assert await _answers(office, "alice") == [["Refunds", "Payouts", "none"], ["Well", ""]]
    assert "Noted for Noon" in (await _said(office, "alice", "Well"))[0].replace("*", "")


async def test_half_an_answer_that_comes_late_counts_after_a_while(office: Office) -> None:
    await later(office, "09:30")
    await later(office, "11:30")
    (prompt,) = await prompts(office, "bob", "Morning ·")
    await office.person("bob").says("Reports", thread=prompt)
    await later(office, "11:31")
    assert "No answer: alice, bob and carol" in (await summaries(office))[0].text
    await later(office, "11:42")
    (summary,) = await summaries(office)
    assert "Answered: bob (late)" in summary.text
    (thread,) = await thread_of(office, summary)
    assert "Reports" in thread


async def test_whoever_left_it_out_and_begins_to_answer_after_all_is_heard(office: Office) -> None:
    await later(office, "09:30")
    (prompt,) = await prompts(office, "bob")
    form = await prompt.click("Skip today")
    assert isinstance(form, Form) and await form.submit() is None
    await office.person("bob").says("Reports", thread=prompt)
    await office.settled()
    await later(office, "11:30")
    assert "Answered: bob" in (await summaries(office))[0].text


@pytest.mark.parametrize("standups", [[MORNING | {"timezone": "member"}]])
async def test_who_comes_back_after_a_round_without_anybody_has_their_summary(office: Office) -> None:
    await later(office, "09:30")
    for name in ("alice", "bob", "carol"):
        await office.person(name).runs("/standup away until 2026-12-02", in_=CHANNEL)
    await later(office, "11:30")
    assert await summaries(office) == []
    # Bob's half past nine is half past four in the afternoon in Kyiv.
    await office.person("bob").runs("/standup resume", in_=CHANNEL)
    await later(office, "16:31")
    await fills_in(office, "bob", "Reports", "", "")
    assert "Answered: bob" in (await eventually(office, "1 of")).text


# What is written to the bot


async def test_a_message_that_was_changed_or_deleted_changes_its_answer(office: Office) -> None:
    await later(office, "09:30")
    alice, bob = office.person("alice"), office.person("bob")
    first = await alice.tells_bot("Refnuds")
    await office.settled()
    await alice.says("Payouts", thread=first)
    await office.settled()
    await alice.edits(first, "Refunds @bob")
    whole = await bob.tells_bot("1. Reports\n2. More\n3. no")
    await office.settled()
    assert await _answers(office, "alice") == [["Refunds @bob", "Payouts", ""]]
    await bob.edits(whole, "1. Reports\n2. Fewer\n3. no")
    await office.settled()
    assert await _answers(office, "bob") == [["Reports", "Fewer", "no"]]
    await bob.edits(whole, "All in one line")
    await office.settled()
    assert await _answers(office, "bob") == [["Reports", "Fewer", "no"]]
    assert "could not tell what that changes" in (await _said(office, "bob", "All in one line"))[-1]
    await alice.deletes(first)
    await bob.edits(whole, "1. Reports\n2. Fewer\n3. no")
    await office.settled()
    await bob.deletes(whole)
    await office.settled()
    assert await _answers(office, "alice") == [["", "Payouts", ""]]
    assert await _answers(office, "bob") == [[]]
    assert await rows_in(office, "answered") == 0


async def test_people_mentioned_in_an_answer_are_named_and_not_called(office: Office) -> None:
    await later(office, "09:30")
    await office.person("alice").tells_bot("1. Helped @bob\n2. @channel *all*\n3. -")
    await office.settled()
    await later(office, "11:30")
    (summary,) = await summaries(office)
    seen = await office.person("alice").sees(thread=summary)
    assert await _answers(office, "alice") == [["Helped @bob", "@channel all", "-"]]
    assert "<!" not in str(seen[-1].message.blocks) + seen[-1].message.text


async def test_a_file_alone_is_no_answer_and_is_not_met_with_silence(office: Office) -> None:
    await later(office, "09:30")
    alice = office.person("alice")
    alone = await alice.tells_bot("", files=[("plan.txt", b"x")])
    with_words = await alice.tells_bot("See the plan", files=[("plan.txt", b"x")])
    await office.settled()
    told = [one.text for one in await alice.sees(thread=alone)]
    assert "A check-in takes words" in told[-1]
    told = [one.text for one in await alice.sees(thread=with_words)]
    assert "Files stay between us" in told[-1] and "What is next?" in told[-1]
    assert await _answers(office, "alice") == [["See the plan", "", ""]]


async def test_the_first_word_that_was_no_answer_is_taken_back_at_once(office: Office) -> None:
    await later(office, "09:30")
    await office.person("bob").tells_bot("My refund is stuck")
    await office.settled()
    (own,) = [one for one in await office.person("bob").sees() if one.text == "My refund is stuck"]
    reply = (await office.person("bob").sees(thread=own))[-1]
    assert isinstance(await reply.click("That was no answer"), Answer)
    assert await _answers(office, "bob") == [[]]


# The summary


async def test_a_solved_blocker_does_not_come_up_again_when_another_answer_is_changed(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "09:32")
    await (await prompts(office, "lead", "is held up"))[0].click("Solved")
    await later(office, "09:40")
    await fills_in(office, "alice", "Refunds!", button="Change answers")
    await later(office, "09:45")
    assert len(await prompts(office, "lead", "is held up")) == 1
    await later(office, "11:30")
    assert "The bank is down · solved" in (await summaries(office))[0].text


async def test_a_summary_shows_what_was_in_the_way_then_and_the_newest_what_is_now(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    await later(office, "09:30", days=1)
    await fills_in(office, "bob", "Reports", "", "No keys")
    await later(office, "11:30", days=1)
    monday, tuesday = await summaries(office)
    assert "The bank is down" in tuesday.text and "No keys" in tuesday.text
    await monday.click("Solved")
    await office.settled()
    monday, tuesday = await summaries(office)
    assert "The bank is down" in monday.text and "No keys" not in monday.text
    assert "The bank is down (for 1 day) · solved" in tuesday.text and "No keys" in tuesday.text


async def test_the_thread_goes_by_name_and_long_answers_can_be_changed(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "carol", "Limits", "", "")
    await fills_in(office, "alice", "Refunds", "", "")
    long = "<word> " * 1400
    await office.person("bob").tells_bot(f"1. {long}\n2. Next\n3. no")
    await office.settled()
    await later(office, "11:30")
    (summary,) = await summaries(office)
    names = ("alice", "bob", "carol")
    firsts = [next(name for name in names if name in one) for one in await thread_of(office, summary)]
    assert firsts == ["alice", "bob", "bob", "carol"]
    form = await newest_form(office, "bob", "Change answers")
    form.fill(QUESTIONS[1], "Rest")
    assert await form.submit() is None
    await office.settled()
    assert "Rest" in " ".join(await thread_of(office, summary))
    changed = [one for one in office.box.journal.calls("chat.update") if "Rest" in str(one.arguments)]
    assert changed and all(len(one.arguments["text"]) <= 4000 for one in changed)


async def test_more_blockers_than_the_summary_holds_stand_in_its_thread(office: Office) -> None:
    await later(office, "09:30")
    for name in ("alice", "bob"):
        await fills_in(office, name, "", "", "\n".join(f"- {name} waits for {n}" for n in range(10)))
    await later(office, "11:30")
    (summary,) = await summaries(office)
    assert summary.buttons.count("Solved") == 12
    first = next(one for one in await office.person("alice").sees(thread=summary) if one.ts != summary.ts)
    assert first.buttons.count("Solved") == 8 and "bob waits for 9" in first.text
    await first.click("Solved")
    await office.settled()
    assert "solved" in (await thread_of(office, summary))[0]


@pytest.mark.parametrize("standups", [[MORNING | {"timezone": "member"}]])
async def test_who_is_asked_later_is_told_of_as_asked_then_and_who_left_not_at_all(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "", "")
    await later(office, "11:30")
    summary = await eventually(office, "1 of ")
    assert "Later today: bob" in summary.text
    await later(office, "16:30")
    (summary,) = await summaries(office)
    assert "Still open until 18:30: bob" in summary.text
    await later(office, "09:30", days=1)
    await later(office, "11:30", days=1)
    assert "Later today: bob" in (await summaries(office))[-1].text
    office.box.deactivate("bob")
    await office.settled()
    await fills_in(office, "alice", "Payouts", "", "")
    assert "bob" not in (await summaries(office))[-1].text


async def test_whoever_takes_an_answer_back_is_reminded_like_the_others(office: Office) -> None:
    await later(office, "09:30")
    await office.person("bob").tells_bot("1. Where\n2. is\n3. my refund")
    await office.settled()
    (own,) = [one for one in await office.person("bob").sees() if one.text.endswith("my refund")]
    await (await office.person("bob").sees(thread=own))[-1].click("That was no answer")
    await fills_in(office, "alice", "Refunds", "-", "")
    await later(office, "11:00")
    silent = "no word from you yet"
    assert [len(await prompts(office, one, silent)) for one in ("alice", "bob")] == [0, 1]
    await later(office, "09:30", days=1)
    form = await newest_form(office, "alice", "Fill in")
    # A plan that says nothing is none.
    assert "Your last plan" not in form.text and not form.value(QUESTIONS[0])


# What nobody knows to have arrived


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
async def test_a_prompt_in_doubt_that_was_answered_meanwhile_says_so_if_it_stands_there(
    office: Office, kind: Any
) -> None:
    alice = office.person("alice")
    fault = office.box.faults.add(method="chat.postMessage", kind=kind, channel=alice.id, times=1)
    await later(office, "09:30")
    assert fault.hits == 1
    form = await alice.runs("/standup", in_=CHANNEL)
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Refunds")
    assert await form.submit() is None
    office.clock.advance(30)
    await office.settled()
    stands = kind == "drop_after"
    assert len(await prompts(office, "alice", "Recorded, thank you")) == stands
    assert await prompts(office, "alice") == []
