"""A stop loses nothing that was accepted."""

from pathlib import Path

from bot.db.engine import Database
from bot.sandbox.story import Answer, Sandbox
from tests.outbox.conftest import rows_of
from tests.running.conftest import Start
from tests.support.waiting import PATIENT, until


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
