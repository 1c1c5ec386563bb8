"""Who may ask the face, and what it says to those who ask for what is not there."""

import json

import pytest

from tests.sandbox.face.conftest import Desk

PAGES = [
    "/",
    "/nowhere",
    "/as/nobody",
    "/as/ana/c/nowhere",
    "/as/ana/c/C0ASKPAY01?thread=1.2&at=x",
]


@pytest.mark.parametrize("path", PAGES)
async def test_every_address_has_an_answer_in_words(desk: Desk, path: str) -> None:
    async with desk.session.get(desk.server.address + path) as answer:
        text = await answer.text()
        assert answer.status in (200, 404)
        assert "Traceback" not in text and "<h1>" in text


async def test_a_fault_of_ours_is_said_in_words_and_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    del desk.box.workspace.world.people[desk.box.person("bob").id]
    desk.box.workspace.world.channel("ask-payments").messages["x"] = None  # type: ignore[assignment]
    async with desk.session.get(f"{desk.server.address}/as/ana/c/C0ASKPAY01") as answer:
        assert answer.status == 500
        assert "Something broke in the demo" in await answer.text()
    assert "Traceback" in caplog.text


async def test_what_a_script_asks_for_is_answered_as_json(desk: Desk) -> None:
    headers = {"Accept": "application/json"}
    address = f"{desk.server.address}/as/ana/c/nowhere/older?before=1"
    async with desk.session.get(address, headers=headers) as answer:
        assert "does not see this conversation" in json.loads(await answer.text())["say"]


async def test_nothing_may_be_loaded_from_elsewhere_or_frame_the_demo(desk: Desk) -> None:
    async with desk.session.get(desk.server.address) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy


async def test_too_much_at_once_is_said_in_words(desk: Desk) -> None:
    told = await desk.post("/as/ana/c/C0ASKPAY01/say", {"text": "x" * (21 * 1024 * 1024)})
    assert "too large" in told["say"]
