"""A stop loses nothing that was accepted, and can be announced before it happens."""

import asyncio
from pathlib import Path

import aiohttp

from bot.db.engine import Database
from bot.sandbox.story import Answer, Sandbox
from tests.outbox.conftest import rows_of
from tests.running.conftest import Start
from tests.support.waiting import PATIENT, until

ALERTS = "C0GENERAL1"


async def test_a_delivery_under_way_ends_before_the_stop(
    start_bot: Start, box: Sandbox, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    running = await start_bot(url)
    await running.wait_ready()
    box.faults.add(method="chat.postMessage", kind="hang", seconds=1.0, times=1)
    await box.person("ana").runs("/ask-team Refund stuck")
    await until(lambda: bool(box.journal.calls("chat.postMessage")))
    await running.close()
    database = Database(url)
    assert [row["result"] for row in await rows_of(database)] == ["done"]
    await database.close()


async def test_what_was_accepted_just_before_the_stop_is_done_after_the_next_start(
    start_bot: Start, box: Sandbox, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    running = await start_bot(url)
    await running.wait_ready()
    box.slack_down(True)
    answer = await box.person("ana").runs("/ask-team Refund stuck")
    assert isinstance(answer, Answer)
    assert answer.text == "Stored: Refund stuck"
    await running.close()
    box.slack_down(False)
    await start_bot(url)
    await box.person("bob").waits_for("Refund stuck", in_="#triage-payments", timeout=PATIENT)
    assert len([c for c in box.journal.calls("chat.postMessage") if c.status == 200]) == 1


async def test_a_bot_that_was_told_to_stop_is_not_ready_and_still_answers(
    start_bot: Start, box: Sandbox, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", drain_seconds=60)
    await running.wait_ready()
    hurry = asyncio.Event()
    draining = asyncio.create_task(running.drain(hurry))
    await until(lambda: not running.ready)
    async with http.get(f"{running.address}/readyz") as answer:
        assert (answer.status, (await answer.json())["failing"]) == (503, ["stop"])
    async with http.get(f"{running.address}/healthz") as answer:
        assert answer.status == 200
    answer = await box.person("ana").runs("/ask-team Refund stuck")
    assert isinstance(answer, Answer)
    assert answer.text == "Stored: Refund stuck"
    await box.person("bob").waits_for("Refund stuck", in_="#triage-payments")
    assert not draining.done()
    hurry.set()
    await asyncio.wait_for(draining, 20)


async def test_where_no_proxy_is_a_stop_waits_for_nobody(start_bot: Start, tmp_path: Path) -> None:
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db")
    draining = asyncio.create_task(running.drain(asyncio.Event()))
    await asyncio.sleep(0)
    assert draining.done()


async def test_after_a_clean_stop_slack_will_say_so_if_nobody_starts_it_again(
    start_bot: Start, box: Sandbox, tmp_path: Path
) -> None:
    def waiting() -> list[str]:
        return [one.text for one in box.workspace.scheduled.waiting.values()]

    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", alert_channel=ALERTS)
    await until(lambda: len(waiting()) == 1)
    assert "has not been working since" in waiting()[0]
    await running.close()
    (text,) = waiting()
    assert "was stopped at" in text
