"""What is answered to what makes no sense, cannot be read, or is not there: always words, never a trace."""

import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.face.stage import Alarm, Stage
from tests.sandbox.face.conftest import Desk

HALF = "\ud83d"
ASK = "/as/ana/c/C0ASKPAY01"
JSON = {"Content-Type": "application/json"}


async def asked(desk: Desk, method: str, path: str, **more: Any) -> tuple[int, str]:
    async with desk.session.request(method, desk.server.address + path, **more) as answer:
        return answer.status, await answer.text()


async def test_a_fault_in_our_own_lookups_is_logged_as_ours(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    del desk.box.workspace.world.people[desk.box.workspace.world.bot_user_id]
    status, page = await asked(desk, "GET", "/as/ana/c/C0ASKPAY01")
    assert status == 500
    assert "Something broke in the demo" in page
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/as/ana/write", {"to": "nobody"}, "Nobody here is called nobody."),
        (f"{ASK}/shortcut", {"name": "fly"}, "There is no global shortcut called fly."),
    ],
)
async def test_who_and_what_is_not_there_is_said_to_people(
    desk: Desk, path: str, fields: dict[str, str], words: str
) -> None:
    assert (await desk.post(path, fields))["say"] == words


async def test_half_a_character_breaks_no_page(desk: Desk) -> None:
    body = json.dumps({"person": "ana", "in": "#ask-payments", "text": f"Half {HALF} of it"})
    assert (await asked(desk, "POST", "/control/say", data=body, headers=JSON))[0] == 200
    called = json.dumps({"channel": "C0ASKPAY01", "text": f"Bot {HALF}"})
    assert (await asked(desk, "POST", "/control/post", data=called, headers=JSON))[0] == 200
    assert (await asked(desk, "POST", "/alarm", data=json.dumps({"text": f"Oh {HALF}"}), headers=JSON))[
        0
    ] == 200
    for path in (ASK, "/controls", "/inspector", "/control/state", f"{ASK}/older?before=9"):
        assert (await asked(desk, "GET", path))[0] == 200, path
    for number in range(len(desk.box.journal)):
        status, _ = await asked(desk, "GET", f"/inspector/call/s-{number}?piece")
        assert status == 200
    async with desk.session.get(f"{desk.server.address}/as/ana/live?channel=C0ASKPAY01") as stream:
        await stream.content.readline()
        assert await stream.content.readuntil(b"\n\n")


async def test_the_control_api_answers_every_mistake_with_its_status_and_words(desk: Desk) -> None:
    del desk.box.workspace.world.channels["C0ASKPAY01"].members[:]
    desk.face.stage.alarms.append(Alarm(at=desk.face.stage.now, text=None))  # type: ignore[arg-type]
    desk.face.stage.backstage = None  # type: ignore[assignment]
    for method, path, more, status in (
        ("GET", "/control/clock", {}, 405),
        ("GET", "/control/nothing", {}, 404),
        ("POST", "/control/clock", {"data": "x" * (21 * 1024 * 1024)}, 413),
        ("GET", "/control/state", {}, 500),
        ("POST", "/control/clock", {"headers": {"Origin": "http://["}}, 403),
    ):
        found, text = await asked(desk, method, path, **more)
        assert found == status, text
        assert json.loads(text)["error"]


@pytest.mark.parametrize(("path", "status"), [("/static/", 403), (f"{ASK}/say", 405)])
async def test_pages_that_cannot_be_had_say_so(desk: Desk, path: str, status: int) -> None:
    found, page = await asked(desk, "GET", path)
    assert found == status
    assert "<h1>" in page


def part(name: str, value: bytes, *more: str) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{"".join(more)}\r\n\r\n'
    return head.encode() + value + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"text=x", "multipart/form-data", "arrived broken"),
        (b"no parts", "multipart/form-data; boundary=b", "arrived broken"),
        (b"text=%ff\xff", "application/x-www-form-urlencoded", "UTF-8"),
        (b"text=x", "application/x-www-form-urlencoded; charset=klingon", "character set"),
        (part("text", b"\xff\xfe"), "multipart/form-data; boundary=b", "UTF-8"),
        (part("text", b"x", '; filename="a.txt"'), "multipart/form-data; boundary=b", "A file was sent"),
        (
            part("text", b"x", "\r\nContent-Type: application/octet-stream"),
            "multipart/form-data; boundary=b",
            "A file was sent",
        ),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused_in_words(
    desk: Desk, body: bytes, kind: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = len(desk.box.workspace.world.channel("ask-payments").messages)
    _, text = await asked(desk, "POST", f"{ASK}/say", data=body, headers={"Content-Type": kind})
    assert words in json.loads(text)["say"]
    assert len(desk.box.workspace.world.channel("ask-payments").messages) == before
    assert "Traceback" not in caplog.text


async def test_a_file_in_a_forms_text_field_is_refused(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "/form"})
    view = desk.box.workspace.views.top(desk.box.person("ana").id)
    assert view is not None
    fields = aiohttp.FormData()
    fields.add_field("summary/summary", b"x", filename="a.txt")
    told = await desk.post(f"/as/ana/v/{view.id}/submit", fields)
    assert "A file was sent" in told["say"]


async def test_a_since_of_thousands_of_digits_is_taken_for_now(desk: Desk) -> None:
    address = f"{desk.server.address}/as/ana/live?channel=C0ASKPAY01&since={'9' * 5000}"
    async with desk.session.get(address) as stream:
        assert stream.status == 200
        assert await stream.content.readline() == b": here\n"


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ("ana/live?channel=C0GONE0001", "/as/ana"),
        ("ana/live?channel=C0SECRET01", "/as/ana"),
        ("nobody/live", "/"),
    ],
)
async def test_a_window_on_what_is_not_there_is_sent_where_something_is(
    desk: Desk, query: str, to: str
) -> None:
    status, text = await asked(desk, "GET", f"/as/{query}")
    assert status == 200
    assert [(one["do"], one["id"]) for one in json.loads(text.removeprefix("data: "))] == [("go", to)]


async def test_without_a_bot_one_can_look_and_begin_again_only(desk: Desk) -> None:
    stage: Stage = desk.face.stage
    stage.ended = "The bot has ended."
    assert (await desk.post(f"{ASK}/say", {"text": "x"}))["say"] == "The bot has ended."
    assert (await desk.post("/controls/switch", {"key": "twice", "on": "true"}))[
        "say"
    ] == "The bot has ended."
    status, text = await asked(desk, "POST", "/control/clock", data='{"to": "hour"}')
    assert (status, json.loads(text)) == (503, {"error": "The bot has ended."})
    assert (await asked(desk, "GET", ASK))[0] == 200
    assert "Tick the box" in (await desk.post("/controls/reset", {}))["say"]


async def test_what_was_said_about_forms_that_are_gone_is_forgotten(desk: Desk) -> None:
    person = desk.box.person("ana").id
    for _ in range(2):
        await desk.post(f"{ASK}/say", {"text": "/form"})
        view = desk.box.workspace.views.top(person)
        assert view is not None
        await desk.post(f"/as/ana/v/{view.id}/submit", {"summary/summary": ""})
        assert list(desk.face.stage.complaints) == [view.id]
