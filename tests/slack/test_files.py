"""Files are fetched from the workspace's own host alone, whole, and never as a sign-in page."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from aiohttp import web

from bot.core.files import FileRef
from bot.core.wire import objects
from bot.outbox.outcomes import Later, Refused
from bot.sandbox.slack.files import File
from bot.sandbox.story import Sandbox
from bot.slack.files import GONE, NOT_ALLOWED, NOT_GIVEN, NOT_SLACKS, download, look_at, read_file
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from tests.slack.conftest import ROOT

MOST = 1000
SECONDS = 5.0


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    scopes: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    scopes += [] if "files:read" in scopes else ["files:read"]
    async with Sandbox.start(manifest=manifest) as opened:
        yield opened


@pytest.fixture
async def gateway(box: Sandbox) -> AsyncIterator[SlackGateway]:
    opened = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    yield opened
    await opened.close()


@pytest.fixture
async def elsewhere() -> AsyncIterator[tuple[str, list[str]]]:
    """A host that is not Slack's: its address, and the tokens that came to it."""
    tokens: list[str] = []

    async def take(request: web.Request) -> web.Response:
        tokens.append(request.headers.get("Authorization", ""))
        return web.Response(body=b"stolen")

    app = web.Application()
    app.router.add_get("/{rest:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", tokens
    await runner.cleanup()


async def shared(
    box: Sandbox, name: str = "log.txt", content: bytes = b"boom", in_: str = "#ask-payments"
) -> tuple[FileRef, File]:
    """A file that Ana shared: as the message tells of it, and as the workspace has it."""
    said = await box.person("ana").says("see", in_=in_, files=[(name, content)])
    (shape,) = said.message.files
    found = read_file(shape)
    assert found is not None
    return found, box.workspace.files.stored[found.id]


async def test_a_file_comes_as_it_was_shared(box: Sandbox, gateway: SlackGateway) -> None:
    file, _ = await shared(box, "a log #1.txt", b"\x00boom")
    assert (file.name, file.size, file.mimetype) == ("a log #1.txt", 5, "text/plain")
    assert await download(gateway, file, MOST, SECONDS) == b"\x00boom"


async def test_a_page_that_somebody_shared_comes_as_it_was_shared(
    box: Sandbox, gateway: SlackGateway
) -> None:
    file, _ = await shared(box, "report.html", b"<html>ours</html>")
    assert await download(gateway, file, MOST, SECONDS) == b"<html>ours</html>"


@pytest.mark.parametrize("name", ["log.txt", "report.html"])
async def test_the_sign_in_page_is_not_taken_for_the_file(
    box: Sandbox, gateway: SlackGateway, name: str
) -> None:
    file, _ = await shared(box, name)
    box.remove_bot("#ask-payments")
    with pytest.raises(Refused) as told:
        await download(gateway, file, MOST, SECONDS)
    assert told.value.words == NOT_GIVEN


async def test_without_the_permission_it_is_named_and_nothing_is_fetched(
    box: Sandbox, gateway: SlackGateway
) -> None:
    file, _ = await shared(box)
    gateway.scopes.learn({"x-oauth-scopes": "chat:write"})
    with pytest.raises(Refused) as told:
        await download(gateway, file, MOST, SECONDS)
    with pytest.raises(Refused) as looked:
        await look_at(gateway, file.id)
    assert (told.value.words, looked.value.words) == (NOT_ALLOWED, NOT_ALLOWED)
    assert box.journal.calls("files.info") == []


async def test_a_file_that_is_longer_than_allowed_is_not_read_to_its_end(
    box: Sandbox, gateway: SlackGateway
) -> None:
    file, _ = await shared(box, content=b"x" * 45_000)
    with pytest.raises(Refused) as told:
        await download(gateway, file, 44_999, SECONDS)
    assert told.value.words == "too large, 45 KB"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/f",
        "https://evilslack.com/f",
        "https://slack.com.example/f",
        "http://files.slack.com/f",
        "https://files.slack.com:8443/f",
        "https://files.slack.com@files.example/f",
        "https://somebody@files.slack.com/f",
        "http://127.0.0.1:1/f",
        "ftp://files.slack.com/f",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
async def test_the_token_goes_to_no_other_host(gateway: SlackGateway, url: str) -> None:
    file = FileRef(id="F1", name="f", size=1, mimetype="", url=url)
    with pytest.raises(Refused) as told:
        await download(gateway, file, MOST, SECONDS)
    assert told.value.words == NOT_SLACKS


async def test_a_redirect_to_another_host_is_not_followed(
    box: Sandbox, gateway: SlackGateway, elsewhere: tuple[str, list[str]]
) -> None:
    address, tokens = elsewhere
    file, kept = await shared(box)
    kept.moved_to = f"{address}/f"
    with pytest.raises(Refused) as told:
        await download(gateway, file, MOST, SECONDS)
    assert told.value.words == NOT_SLACKS
    assert tokens == []


async def test_a_redirect_within_slack_is_followed(box: Sandbox, gateway: SlackGateway) -> None:
    first, kept = await shared(box)
    second, _ = await shared(box, content=b"moved here")
    kept.moved_to = second.url
    assert await download(gateway, first, MOST, SECONDS) == b"moved here"


async def test_redirects_in_a_ring_end(box: Sandbox, gateway: SlackGateway) -> None:
    file, kept = await shared(box)
    kept.moved_to = file.url
    with pytest.raises(Refused):
        await download(gateway, file, MOST, SECONDS)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_host_that_is_busy_is_asked_later(box: Sandbox, gateway: SlackGateway, status: int) -> None:
    file, _ = await shared(box)
    box.faults.add(method="file.download", kind="status", times=1, status=status)
    with pytest.raises(Later):
        await download(gateway, file, MOST, SECONDS)
    assert await download(gateway, file, MOST, SECONDS) == b"boom"


async def test_a_file_that_is_gone_is_said_to_be_gone(box: Sandbox, gateway: SlackGateway) -> None:
    file, _ = await shared(box)
    box.faults.add(method="file.download", kind="status", times=1, status=404)
    with pytest.raises(Refused) as told:
        await download(gateway, file, MOST, SECONDS)
    assert told.value.words == GONE


async def test_a_host_that_does_not_answer_is_asked_later(gateway: SlackGateway) -> None:
    lost = SlackGateway("xoxb-0", "http://127.0.0.1:1/api/", pace=Pace(generous=True))
    file = FileRef(id="F1", name="f", size=1, mimetype="", url="http://127.0.0.1:1/f")
    with pytest.raises(Later):
        await download(lost, file, MOST, SECONDS)
    await lost.close()


async def test_slack_can_be_asked_about_a_file(box: Sandbox, gateway: SlackGateway) -> None:
    file, _ = await shared(box)
    assert await look_at(gateway, file.id) == file
    box.workspace.files.erase(file.id)
    with pytest.raises(Refused) as told:
        await look_at(gateway, file.id)
    assert told.value.words == GONE


async def test_a_deleted_file_leaves_nothing_to_read_in_its_message(
    box: Sandbox, gateway: SlackGateway
) -> None:
    said = await box.person("ana").says("see", in_="#ask-payments", files=[("log.txt", b"boom")])
    box.workspace.files.erase(str(said.message.files[0]["id"]))
    answer = await gateway.call("conversations.replies", channel=said.channel, ts=said.ts)
    files = objects(objects(answer, "messages")[0], "files")
    assert [read_file(one) for one in files] == [None]


async def test_a_file_kept_elsewhere_has_a_page_and_no_bytes(box: Sandbox) -> None:
    file, kept = await shared(box)
    kept.external = "https://drive.example/doc"
    told = read_file(box.workspace.files.shape(kept))
    assert told == replace(file, url="")
    assert told.is_elsewhere
