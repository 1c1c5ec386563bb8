"""A stop loses nothing that was accepted."""

from pathlib import Path

from bot.db.engine import Database
from bot.sandbox.story import Answer, Sandbox
from tests.outbox.conftest import rows_of
from tests.running.conftest import Start
from tests.support.waiting import until

ALERTS = "C0GENERAL1"


async def test_a_delivery_under_way_ends_before_the_stop(
    start_bot: Start, box: Sandbox, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    running = await start_bot(url)
    await running.wait_ready()
    box.faults.add(method="chat.postMessage", kind="hang", seconds=1.0, times=1)
    await box.person("ana").runs("/ask-team Refund stuck")
    await until(lambda: bool(box.journal.calls("chat.postMessage")), timeout=5)
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
    await box.person("bob").waits_for("Refund stuck", in_="#triage-payments", timeout=15)
    assert len([c for c in box.journal.calls("chat.postMessage") if c.status == 200]) == 1


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
