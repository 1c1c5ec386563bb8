"""The first steps in the side bar: when each counts as done, and what stands there."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.face.desk import tasks
from bot.sandbox.face.desk.lines import face_of
from bot.sandbox.face.desk.sight import Sight
from bot.sandbox.seeds import Seed, plant
from tests.sandbox.face.conftest import Desk

ASK = "/as/ana/c/C0ASKPAY01"


def steps(page: str) -> str:
    found = re.search(r'<details class="tasks".*?</ol>.*?</details>', page, re.DOTALL)
    assert found
    return found[0]


def state(desk: Desk, title: str) -> tasks.TaskState:
    return next(one for one in tasks.states(desk.face.stage) if one.task.title == title)


async def test_only_the_next_step_is_told_at_length(desk: Desk) -> None:
    shown = steps(await desk.page(ASK))
    assert "Type /ask-team payments" in shown
    assert shown.count("<a ") == 1
    assert "Claim it" in shown
    assert "Press Claim" not in shown


async def test_when_all_is_done_the_side_bar_says_so(desk: Desk) -> None:
    me = desk.box.person("ana").account
    done = [replace(one, done=True) for one in tasks.states(desk.face.stage)]
    sight = Sight(face=desk.face, me=me)
    side = desk.face.piece(
        "_side.html",
        places=sight.places(),
        tasks=done,
        me=me,
        open_id="",
        author=face_of(me),
        now=desk.face.stage.now,
    )
    assert "All done" in steps(side)
    assert "<a " not in steps(side)


async def test_the_talk_of_the_days_before_is_not_talking_it_over(desk: Desk) -> None:
    plant(desk.box, Seed(name="story"))
    await desk.box.person("ana").tells_bot("Thank you", thread=await desk.box.person("ana").tells_bot("Hi"))
    assert not state(desk, "Talk it over").done


async def test_it_is_talked_over_once_both_have_answered_the_bot(desk: Desk) -> None:
    ana, alice = desk.box.person("ana"), desk.box.person("alice")
    await ana.runs("/ask Refund stuck", in_="#ask-payments")
    card = await alice.waits_for("Refund stuck", in_="#triage-payments")
    await alice.says("Which order?", thread=card)
    assert not state(desk, "Talk it over").done
    told = desk.box.workspace.world.direct(ana.id, desk.box.bot_user_id)
    receipt = await post_as_bot(desk, told.id, "We have it")
    await ana.says("Order 123", thread=receipt)
    assert state(desk, "Talk it over").done


async def say_as_bot(desk: Desk, channel: str, text: str, **more: str) -> str:
    """The bot posts this; returns where, as Slack counts."""
    headers = {"Authorization": f"Bearer {desk.box.bot_token}"}
    body = {"channel": channel, "text": text, **more}
    async with desk.session.post(
        f"{desk.box.slack_api_url}chat.postMessage", json=body, headers=headers
    ) as answer:
        said = await answer.json()
    assert said["ok"]
    return str(said["ts"])


async def post_as_bot(desk: Desk, channel: str, text: str):
    await say_as_bot(desk, channel, text)
    return await desk.box.person("ana").waits_for(text, in_="dm")


async def test_breaking_something_leads_to_the_controls(desk: Desk) -> None:
    found = state(desk, "Break something")
    assert (found.address, found.way) == ("/controls", "Open Controls")


async def test_hearing_back_from_jira_leads_to_jira(desk: Desk) -> None:
    found = state(desk, "Hear back from Jira")
    assert (found.address, found.way, found.done) == ("/jira", "Open Jira", False)


async def test_jira_is_heard_once_its_words_stand_below_a_card_under_their_writers_name(desk: Desk) -> None:
    alice = desk.box.person("alice")
    await alice.says("Nina Novak in Jira: not from the bot", in_="#triage-payments")
    card = await say_as_bot(desk, "C0TRIAGE01", "#1 Refund stuck")
    await say_as_bot(desk, "C0TRIAGE01", "Ana in Slack: It was Monday", thread_ts=card)
    assert not state(desk, "Hear back from Jira").done
    await say_as_bot(desk, "C0TRIAGE01", "Nina Novak in Jira: The bank has it", thread_ts=card)
    assert state(desk, "Hear back from Jira").done


@pytest.mark.parametrize(
    ("response", "done"),
    [
        ({}, True),
        ("", True),
        ({"response_action": "clear"}, True),
        ({"response_action": "errors", "errors": {"q0": "Answer at least one question."}}, False),
        ({"response_action": "update", "view": {}}, False),
    ],
)
async def test_a_check_in_counts_once_its_form_does_not_come_back(
    desk: Desk, response: Any, done: bool
) -> None:
    sent = {"view": {"callback_id": "standup.answers"}}
    record = desk.box.journal.begin("to_bot", "view_submission", sent)
    desk.box.journal.end(record, 200, response)
    assert state(desk, "Check in").done is done


@pytest.mark.parametrize(("title", "words"), [("Claim it", "claimed it."), ("Finish it", "resolved it.")])
async def test_a_button_counts_once_what_it_asks_for_has_happened(desk: Desk, title: str, words: str) -> None:
    card = await say_as_bot(desk, "C0TRIAGE01", "#1 Refund stuck")
    await desk.box.person("bob").says(f"I {words}", in_="#triage-payments")
    assert not state(desk, title).done
    await say_as_bot(desk, "C0TRIAGE01", f"<@U0ALICE001> {words}", thread_ts=card)
    assert state(desk, title).done


async def test_the_summary_counts_once_it_stands_in_the_channel_of_check_ins(desk: Desk) -> None:
    await desk.box.person("bob").says("1 of 3 answered.", in_="#standup-payments")
    assert not state(desk, "Read the summary").done
    await say_as_bot(desk, "C0STANDUP1", "*Morning*\n*1 of 3* answered.")
    assert state(desk, "Read the summary").done


PACK = "*You are on duty for Payments* until Monday. Nothing is open."


async def hands_to_lead(desk: Desk, text: str) -> None:
    """The bot says this to whoever leads Payments."""
    talk = desk.box.workspace.world.direct(desk.box.person("lead").id, desk.box.bot_user_id)
    await say_as_bot(desk, talk.id, text)


@pytest.mark.parametrize(
    "given",
    [
        "<@U0LEAD0001> is on duty from today until Monday, in place of <@U0BOB00001> (changed by <@U0ALICE001>).",
        "<@U0LEAD0001> takes over from today until Monday, in place of <@U0BOB00001>.",
        "<@U0LEAD0001> covers from today until Monday, in place of <@U0BOB00001>. Thank you!",
    ],
)
async def test_the_duty_is_handed_over_once_who_was_given_it_has_accepted(desk: Desk, given: str) -> None:
    await say_as_bot(desk, "C0TRIAGE01", given)
    await hands_to_lead(desk, PACK)
    assert not state(desk, "Hand the duty over").done
    await hands_to_lead(desk, f"{PACK}\nAccepted. Thank you.")
    assert state(desk, "Hand the duty over").done


@pytest.mark.parametrize("text", ["On duty now: <@U0LEAD0001>.", "<@U0BOB00001> is on duty from today."])
async def test_what_the_plan_or_another_handed_over_does_not_count(desk: Desk, text: str) -> None:
    await say_as_bot(desk, "C0TRIAGE01", text)
    await hands_to_lead(desk, f"{PACK}\nAccepted. Thank you.")
    assert not state(desk, "Hand the duty over").done


async def test_what_was_accepted_before_the_change_does_not_count(desk: Desk) -> None:
    await hands_to_lead(desk, f"{PACK}\nAccepted. Thank you.")
    await say_as_bot(desk, "C0TRIAGE01", "<@U0LEAD0001> is on duty from today until Monday.")
    assert not state(desk, "Hand the duty over").done


async def test_asking_the_bot_counts_once_it_has_answered_and_home_was_looked_at(desk: Desk) -> None:
    ana = desk.box.person("ana")
    asked = await ana.tells_bot("Alice is on duty until Monday, is she?")
    talk = desk.box.workspace.world.direct(ana.id, desk.box.bot_user_id)
    headers = {"Authorization": f"Bearer {desk.box.bot_token}"}
    home = {"user_id": ana.id, "view": {"type": "home", "blocks": [{"type": "divider"}]}}
    async with desk.session.post(
        f"{desk.box.slack_api_url}views.publish", json=home, headers=headers
    ) as published:
        assert (await published.json())["ok"]
    assert not state(desk, "Ask the bot").done
    await say_as_bot(desk, talk.id, "<@U0ALICE001> is on duty until Monday", thread_ts=asked.ts)
    assert state(desk, "Ask the bot").done


async def test_a_team_is_set_up_once_its_channel_has_heard_of_it_from_the_bot(desk: Desk) -> None:
    await desk.box.person("olga").says("I set up the team *Legal*.", in_="#general")
    assert not state(desk, "Set up a team").done
    await say_as_bot(desk, "C0GENERAL1", "<@U0OLGA0001> set up the team *Legal*.")
    assert state(desk, "Set up a team").done
