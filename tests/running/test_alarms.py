"""Alarms from end to end, with shortened seconds: what is told, by which way, and what is not."""

import asyncio

from bot.sandbox.story import Sandbox
from tests.running.conftest import Start
from tests.running.listening import Listening
from tests.support.locks import held_for_writing
from tests.support.waiting import until

GONE = "postgresql://nobody@127.0.0.1:9/none"
ALERTS = "C0GENERAL1"


def _texts(box: Sandbox) -> list[str]:
    return [str(call.arguments.get("text")) for call in box.journal.calls("chat.postMessage")]


async def _until_posted(box: Sandbox, words: str) -> None:
    await until(lambda: any(words in text for text in _texts(box)))


async def test_a_database_that_is_away_at_the_start_is_told_once_by_both_ways(
    start_bot: Start, box: Sandbox, pager: Listening
) -> None:
    await start_bot(GONE, alert_channel=ALERTS, alert_webhook_url=pager.url)
    (told,) = await pager.until(1)
    await _until_posted(box, "has not reached its database")
    assert told["dedup_key"] == "frontdesk/database"
    assert "has not reached its database" in told["text"]
    await asyncio.sleep(0.5)
    assert len(pager.heard) == 1
    assert len(_texts(box)) == 1


async def test_the_recovery_of_the_database_is_told_once(
    start_bot: Start, pager: Listening, tmp_path: object
) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    running = await start_bot(url, alert_webhook_url=pager.url)
    await running.wait_ready()
    async with held_for_writing(f"{tmp_path}/frontdesk.db"):
        await pager.until(1)
        assert "database" in running.parts()["database"]
    _, recovered = await pager.until(2)
    assert "recovered" in recovered["text"]
    assert recovered["dedup_key"] == "frontdesk/database"
    await running.wait_ready()


async def test_slack_being_away_is_told_by_the_webhook(
    start_bot: Start, box: Sandbox, pager: Listening, tmp_path: object
) -> None:
    running = await start_bot(
        f"sqlite:///{tmp_path}/frontdesk.db", alert_channel=ALERTS, alert_webhook_url=pager.url
    )
    await running.wait_ready()
    box.slack_down(True)
    (told,) = await pager.until(1)
    assert told["dedup_key"] == "frontdesk/slack"
    assert running.parts()["slack"] == "Slack does not answer"
    box.slack_down(False)
    _, recovered = await pager.until(2)
    assert "recovered" in recovered["text"]


async def test_a_short_absence_of_slack_is_not_told(
    start_bot: Start, box: Sandbox, pager: Listening, tmp_path: object
) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", alert_webhook_url=pager.url)
    await running.wait_ready()
    box.slack_down(True)
    await until(lambda: running.parts()["slack"] != "ok")
    box.slack_down(False)
    await running.wait_ready()
    await asyncio.sleep(1.0)
    assert pager.heard == []


async def test_a_refused_token_is_named_and_not_asked_again_at_once(
    start_bot: Start, box: Sandbox, tmp_path: object
) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", slack_bot_token="xoxb-wrong")
    await until(lambda: running.parts()["slack"] == "Slack refuses the bot's token")
    await asyncio.sleep(0.5)
    # One by the watch, and one by the look at the clock; ten times as many without the pause.
    assert len(box.journal.calls("auth.test")) <= 2


async def test_a_revoked_token_is_told_once_and_asked_for_once_a_minute(
    start_bot: Start, box: Sandbox, pager: Listening, tmp_path: object
) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", alert_webhook_url=pager.url)
    await running.wait_ready()
    box.faults.add(method="*", kind="error", error="token_revoked", times=None)
    await until(lambda: running.parts()["slack"] == "Slack refuses the bot's token", timeout=5)
    refused = _refused(box)
    for number in range(5):
        await box.person("ana").runs(f"/ask-team hello {number}")
    (told,) = await pager.until(1)
    assert "refuses the bot's token" in told["text"]
    await asyncio.sleep(1.0)
    assert len(pager.heard) == 1
    assert _refused(box) == refused


def _refused(box: Sandbox) -> int:
    """How many calls Slack has turned away."""
    return len([call for call in box.journal.calls() if call.fault])


async def test_a_channel_that_is_closed_to_the_bot_is_told_to_the_operators(
    start_bot: Start, box: Sandbox, pager: Listening, tmp_path: object
) -> None:
    running = await start_bot(
        f"sqlite:///{tmp_path}/frontdesk.db", alert_channel=ALERTS, alert_webhook_url=pager.url
    )
    await running.wait_ready()
    box.faults.add(method="chat.postMessage", kind="error", error="is_archived", times=1)
    await box.person("ana").runs("/ask-team hello")
    (told,) = await pager.until(1)
    assert "C0TRIAGE01" in told["text"]
    await _until_posted(box, "cannot write in")


async def test_what_was_given_up_is_told_to_the_operators(
    start_bot: Start, box: Sandbox, pager: Listening, tmp_path: object
) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", alert_webhook_url=pager.url)
    await running.wait_ready()
    box.faults.add(method="chat.postMessage", kind="error", error="restricted_action", times=1)
    await box.person("ana").runs("/ask-team hello")
    (told,) = await pager.until(1)
    assert "gave up on tiny.post" in told["text"]
    assert "The workspace's settings do not let the bot post there" in told["text"]
    assert "frontdesk outbox list" in told["text"]


async def test_a_pager_that_fails_once_is_told_again(start_bot: Start, pager: Listening) -> None:
    pager.status = 503
    await start_bot(GONE, alert_webhook_url=pager.url)
    await pager.until(1)
    pager.status = 200
    first, second = await pager.until(2)
    assert first == second
