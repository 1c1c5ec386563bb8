"""Socket Mode: connected for ever, and nothing acknowledged that is not stored."""

import asyncio
from pathlib import Path

import pytest

from bot.running import Running
from bot.sandbox.story import Answer, Sandbox
from tests.running.conftest import Start
from tests.support.waiting import until

GONE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
async def running(start_bot: Start, box: Sandbox, tmp_path: Path) -> Running:
    box.deliver_by_socket()
    found = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", slack_app_token=box.app_token)
    await found.wait_ready()
    return found


async def test_a_command_over_the_socket_is_answered_in_the_acknowledgement(
    running: Running, box: Sandbox
) -> None:
    answer = await box.person("ana").runs("/ask-team Refund stuck")
    assert isinstance(answer, Answer)
    assert answer.text == "Stored: Refund stuck"


async def test_an_event_over_the_socket_is_stored_and_takes_effect_once(
    running: Running, box: Sandbox
) -> None:
    box.deliver_twice(True)
    await box.person("ana").tells_bot("Refund stuck")
    await box.person("bob").waits_for("Refund stuck", in_="#triage-payments")
    await asyncio.sleep(0.3)
    assert len(box.journal.calls("chat.postMessage")) == 1


async def test_an_event_that_cannot_be_stored_is_not_acknowledged(start_bot: Start, box: Sandbox) -> None:
    box.deliver_by_socket()
    await start_bot(GONE, slack_app_token=box.app_token)
    await box.socket_connected()
    await box.person("ana").tells_bot("Refund stuck")
    await asyncio.sleep(0.5)
    assert all(call.status != 200 for call in box.journal.told("event:message"))


async def test_over_http_nobody_is_believed_while_a_socket_is_used(running: Running, box: Sandbox) -> None:
    box.deliver_by_http(f"{running.address}/slack/events")
    answer = await box.person("ana").runs("/ask-team Refund stuck")
    assert isinstance(answer, Answer)
    assert answer.failed


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_when_slack_asks_for_a_new_connection_the_next_command_is_answered(
    running: Running, box: Sandbox, reason: str
) -> None:
    hub = box.workspace.hub
    hub.warning = 0.5
    for _ in range(3):
        before = list(hub.sockets)
        await box.disconnect_sockets(reason)
        await until(lambda old=before: bool(hub.sockets) and not any(one in old for one in hub.sockets))
        # The hub knows of the new one a moment before the bot does.
        await until(lambda: running.parts()["socket"] == "ok")
        answer = await box.person("ana").runs("/ask-team Refund stuck")
        assert isinstance(answer, Answer)
        assert answer.text == "Stored: Refund stuck"


async def test_a_connection_that_breaks_is_opened_again(running: Running, box: Sandbox) -> None:
    await box.disconnect_sockets("cut")
    await box.socket_connected()
    await running.wait_ready()
    answer = await box.person("ana").runs("/ask-team Refund stuck")
    assert isinstance(answer, Answer)
    assert answer.text == "Stored: Refund stuck"


async def test_readyz_names_the_socket_while_slack_opens_none(
    start_bot: Start, box: Sandbox, tmp_path: Path
) -> None:
    box.faults.add(method="apps.connections.open", kind="error", error="not_allowed_token_type", times=1)
    running = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db", slack_app_token=box.app_token)
    await until(lambda: "SLACK_APP_TOKEN" in running.parts()["socket"])
    await running.wait_ready()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "status", "status": 503}, "(HTTP 503)"),
        ({"kind": "error", "error": "invalid_auth"}, "SLACK_APP_TOKEN"),
    ],
)
async def test_why_no_connection_is_had_is_said(
    running: Running, box: Sandbox, fault: dict[str, object], words: str
) -> None:
    box.faults.add(method="apps.connections.open", **fault)  # type: ignore[arg-type]
    await box.disconnect_sockets("cut")
    await until(lambda: words in running.parts()["socket"])
