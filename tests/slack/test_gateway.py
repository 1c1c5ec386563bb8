"""Calls to Slack that go well and badly, against the sandbox: which outcome each one is."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import pytest

from bot.core.clock import stopwatch
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused
from bot.sandbox.story import Sandbox
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace

POST = {"channel": "C0GENERAL1", "text": "Hello"}


async def fails(gateway: SlackGateway, method: str = "chat.postMessage", **arguments: Any) -> Outcome:
    """The outcome that this call raises."""
    with pytest.raises(Outcome) as caught:
        await gateway.call(method, **(arguments or POST))
    return caught.value


async def test_a_good_call_returns_slacks_answer(gateway: SlackGateway) -> None:
    answer: Mapping[str, Any] = await gateway.call("chat.postMessage", **POST)
    assert answer["message"]["text"] == "Hello"


async def test_it_learns_who_it_is_and_asks_once(gateway: SlackGateway, box: Sandbox) -> None:
    for _ in range(2):
        who = await gateway.who_am_i()
    assert (who.workspace_id, who.user_id, who.app_id) == (box.team_id, box.bot_user_id, "A0SANDBOX1")
    assert len(box.journal.calls("auth.test")) == 1


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "html", "no_ok"])
async def test_an_unclear_answer_is_a_doubt_and_the_call_is_not_repeated(
    gateway: SlackGateway, box: Sandbox, kind: Any
) -> None:
    if kind == "no_ok":
        box.faults.add(method="chat.postMessage", kind="status", status=200, error="internal_error")
    else:
        box.faults.add(method="chat.postMessage", kind=kind)
    assert isinstance(await fails(gateway), Doubt)
    assert len(box.journal.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failure_of_slacks_servers_is_a_doubt(
    gateway: SlackGateway, box: Sandbox, status: int
) -> None:
    box.faults.add(method="chat.postMessage", kind="status_after", status=status)
    assert isinstance(await fails(gateway), Doubt)
    assert len(box.journal.calls("chat.postMessage")) == 1


async def test_a_refusal_for_now_closes_the_door_for_as_long_as_slack_says(
    gateway: SlackGateway, box: Sandbox
) -> None:
    box.faults.add(method="chat.postMessage", kind="rate_limited", retry_after=60, times=1)
    first = await fails(gateway)
    assert isinstance(first, Later)
    assert (first.after, first.counted) == (60, False)
    again = await fails(gateway)
    assert isinstance(again, Later)
    assert 50 < again.after <= 60
    assert len(box.journal.calls("chat.postMessage")) == 1


async def test_a_long_queue_is_given_back_instead_of_waited_for(box: Sandbox) -> None:
    pace = Pace()
    gateway = SlackGateway(box.bot_token, box.slack_api_url, pace=pace)
    for _ in range(20):
        pace.reserve("chat.postMessage", "C0GENERAL1", stopwatch())
    outcome = await fails(gateway)
    await gateway.close()
    assert isinstance(outcome, Later)
    assert not outcome.counted
    assert box.journal.calls("chat.postMessage") == []


async def test_what_waits_its_turn_in_a_process_that_stood_still_does_not_leave_late(box: Sandbox) -> None:
    pace = Pace()
    gateway = SlackGateway(box.bot_token, box.slack_api_url, pace=pace, overslept=0.3)
    for _ in range(4):
        pace.reserve("chat.postMessage", "C0GENERAL1", stopwatch())
    # Its turn comes after a second, and it is as if the process had been stopped until long after that.
    asyncio.get_running_loop().call_later(0.1, time.sleep, 2.0)
    outcome = await fails(gateway)
    await gateway.close()
    assert isinstance(outcome, Later)
    assert not outcome.counted
    assert box.journal.calls("chat.postMessage") == []


async def test_no_connection_is_surely_not_done() -> None:
    gateway = SlackGateway("xoxb-nobody", "http://127.0.0.1:9/api/", pace=Pace(generous=True))
    outcome = await fails(gateway)
    await gateway.close()
    assert isinstance(outcome, Later)
    assert outcome.counted


async def test_a_closed_channel_is_named_in_the_outcome(gateway: SlackGateway, box: Sandbox) -> None:
    box.remove_bot("general")
    outcome = await fails(gateway)
    assert isinstance(outcome, Parked)
    assert outcome.reason == "closed:C0GENERAL1"


async def test_what_slack_will_never_take_is_refused_with_words(gateway: SlackGateway) -> None:
    outcome = await fails(gateway, "users.info", user="U0NOBODY")
    assert isinstance(outcome, Refused)
    assert outcome.words == "Slack does not know that person."


async def test_a_revoked_token_is_kept_waiting_for(gateway: SlackGateway, box: Sandbox) -> None:
    box.uninstall()
    outcome = await fails(gateway)
    assert isinstance(outcome, Later)
    assert outcome.after == 60
