"""Inputs 63 to 65, 67 and 70: an installation by OAuth under attack, over the wire."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import Connection, select, update

from bot.db.base import metadata
from bot.installation.models import install_states, installations
from bot.running import Running
from bot.sandbox.slack.world import OTHER_TEAM_ID
from bot.sandbox.story import Sandbox
from tests.installation.browser import PUBLIC, Browser, Page, oauth_settings, query_of, waiting_bot
from tests.installation.conftest import box, http
from tests.support.loglines import log_lines
from tests.support.waiting import until

__all__ = ["box", "http"]

pytestmark = pytest.mark.by_turns

EXCHANGE = "oauth.v2.access"


@pytest.fixture
async def bot(box: Sandbox, database_url: str) -> AsyncIterator[Running]:
    """One that waits to be installed."""
    async with waiting_bot(oauth_settings(box, database_url)) as found:
        await until(lambda: found.parts()["migrations"] == "ok")
        yield found


@pytest.fixture
def browser(http: aiohttp.ClientSession, bot: Running) -> Browser:
    return Browser(http, bot)


async def is_refused(bot: Running, page: Page) -> bool:
    """Whether this was no installation, on a page that runs nothing."""
    return (
        page.status == 400
        and "Nothing was installed" in page.text
        and page.headers["Content-Security-Policy"] == "default-src 'none'"
        and bot.product.deps.slack.token == ""
        and await bot.product.database.read(rows) == []
    )


def rows(connection: Connection) -> list[str]:
    return list(connection.scalars(select(installations.c.workspace_id)))


def _without_state(query: dict[str, str]) -> dict[str, str]:
    return {"code": query["code"]}


def _unknown_state(query: dict[str, str]) -> dict[str, str]:
    return {**query, "state": "x" * 43}


def _without_code(query: dict[str, str]) -> dict[str, str]:
    return {"state": query["state"]}


def _hashed_state(query: dict[str, str]) -> dict[str, str]:
    return {**query, "state": ""}


@pytest.mark.parametrize("spoil", [_without_state, _unknown_state, _without_code, _hashed_state])
async def test_a_state_that_is_not_this_browsers_own_and_new_is_refused_unexchanged(
    box: Sandbox, bot: Running, browser: Browser, spoil: Any
) -> None:
    back = await browser.allow()
    path = back.partition("?")[0]
    page = await browser.get(f"{path}?{urlencode(spoil(query_of(back)))}")
    assert await is_refused(bot, page)
    assert box.journal.calls(EXCHANGE) == []


@pytest.mark.parametrize("cookie", ["", "frontdesk_install=stolen", "other=1"])
async def test_a_state_without_the_cookie_of_its_browser_is_refused_and_not_spent(
    box: Sandbox, bot: Running, browser: Browser, cookie: str
) -> None:
    back = await browser.allow()
    kept, browser.cookie = browser.cookie, cookie
    assert await is_refused(bot, await browser.get(back))
    assert box.journal.calls(EXCHANGE) == []
    browser.cookie = kept
    assert (await browser.get(back)).status == 200


async def test_a_state_that_was_used_is_refused(box: Sandbox, browser: Browser) -> None:
    back = await browser.allow()
    kept = browser.cookie
    assert (await browser.get(back)).status == 200
    browser.cookie = kept
    assert (await browser.get(back)).status == 400
    assert len(box.journal.calls(EXCHANGE)) == 1


async def test_a_state_of_eleven_minutes_ago_is_refused(box: Sandbox, bot: Running, browser: Browser) -> None:
    back = await browser.allow()

    def age(connection: Connection) -> None:
        (ends,) = connection.scalars(select(install_states.c.expires_at))
        left = (ends - bot.product.deps.clock.now()).total_seconds()
        assert 590 < left <= 600
        connection.execute(update(install_states).values(expires_at=bot.product.deps.clock.now()))

    await bot.product.database.write(age)
    assert await is_refused(bot, await browser.get(back))
    assert box.journal.calls(EXCHANGE) == []


async def test_of_two_uses_of_one_state_at_once_one_succeeds(box: Sandbox, browser: Browser) -> None:
    back = await browser.allow()
    pages = await asyncio.gather(*(browser.get(back) for _ in range(8)))
    assert sorted(page.status for page in pages) == [200] + [400] * 7
    assert len(box.journal.calls(EXCHANGE)) == 1


async def test_the_states_are_stored_as_hashes_and_end(bot: Running, browser: Browser) -> None:
    state = query_of(await browser.allow())["state"]

    def kept(connection: Connection) -> list[Any]:
        return [value for row in connection.execute(select(install_states)) for value in row]

    assert state not in map(str, await bot.product.database.read(kept))
    assert browser.cookie.partition("=")[2] not in map(str, await bot.product.database.read(kept))


async def test_no_header_and_no_word_of_the_caller_changes_where_slack_sends_back(
    box: Sandbox, browser: Browser
) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http",
            "Forwarded": "host=evil.example"}  # fmt: skip
    page = await browser.get("/slack/install?redirect_uri=https://evil.example/&state=mine", **evil)
    query = query_of(page.headers["Location"])
    assert query["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
    assert query["state"] != "mine"
    assert page.headers["Location"].startswith(box.slack_api_url.removesuffix("/api/"))
    assert "evil" not in page.headers["Location"]
    assert "HttpOnly; Max-Age=600; Path=/slack; SameSite=Lax; Secure" in page.headers["Set-Cookie"]
    back = await browser.allow(**evil)
    done = await browser.get(f"{back}&redirect_uri=https://evil.example/", **evil)
    assert done.status == 200
    (exchange,) = box.journal.calls(EXCHANGE)
    assert exchange.arguments["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"


async def test_what_slack_says_went_wrong_is_shown_as_words(
    box: Sandbox, bot: Running, browser: Browser
) -> None:
    page = await browser.get(f"/slack/oauth_redirect?{urlencode({'error': '<script>alert(1)</script>'})}")
    assert await is_refused(bot, page)
    assert "<script" not in page.text and "&lt;script&gt;" in page.text
    box.workspace.installing.denies = "access_denied"
    assert "access_denied" in (await browser.install()).text


async def test_the_name_of_a_workspace_is_shown_as_words(box: Sandbox, browser: Browser) -> None:
    box.workspace.world.team_name = "<img src=x onerror=alert(1)>"
    page = await browser.install()
    assert (page.status, "<img" in page.text) == (200, False)
    assert page.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize("kind", ["error", "html", "drop_after"])
async def test_a_code_that_slack_does_not_take_installs_nothing_and_names_no_secret(
    box: Sandbox, bot: Running, browser: Browser, kind: Any
) -> None:
    box.faults.add(method=EXCHANGE, kind=kind, error="invalid_code")
    with log_lines() as log:
        page = await browser.install()
    assert (page.status, "Nothing was installed" in page.text) == (502, True)
    assert await bot.product.database.read(rows) == []
    assert len(box.journal.calls(EXCHANGE)) == 1
    for secret in (box.workspace.installing.client_secret, "xoxb-"):
        assert secret not in log.text and secret not in page.text


async def test_another_workspace_is_refused_in_words_and_its_token_revoked(
    box: Sandbox, bot: Running, browser: Browser
) -> None:
    await browser.install()
    ours = bot.product.deps.slack.token
    box.workspace.installing.workspace_id = OTHER_TEAM_ID
    page = await browser.install()
    assert (page.status, "serves another workspace" in page.text) == (403, True)
    assert len(box.journal.calls("auth.revoke")) == 1
    assert box.workspace.installing.newest not in box.workspace.installing.tokens
    assert bot.product.deps.slack.token == ours
    assert await bot.product.database.read(rows) == [box.team_id]
    await bot.wait_ready()


async def test_only_the_workspace_that_the_operator_names_may_install(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    settings = oauth_settings(box, database_url, slack_workspace_id=box.team_id)
    async with waiting_bot(settings) as bot:
        await until(lambda: bot.parts()["migrations"] == "ok")
        browser = Browser(http, bot)
        begun = await browser.get("/slack/install")
        assert query_of(begun.headers["Location"])["team"] == box.team_id
        box.workspace.installing.workspace_id = OTHER_TEAM_ID
        assert (await browser.install()).status == 403
        assert await bot.product.database.read(rows) == []
        box.workspace.installing.workspace_id = box.team_id
        assert (await browser.install()).status == 200
    renamed = settings.model_copy(update={"slack_workspace_id": OTHER_TEAM_ID})
    async with waiting_bot(renamed) as bot:
        await until(lambda: "not installed" in bot.parts()["slack"])
        box.workspace.installing.workspace_id = OTHER_TEAM_ID
        assert (await Browser(http, bot).install()).status == 200
        assert await bot.product.database.read(rows) == [OTHER_TEAM_ID]


async def test_of_two_workspaces_at_once_one_is_served_and_the_other_revoked(
    box: Sandbox, http: aiohttp.ClientSession, bot: Running
) -> None:
    browsers = [Browser(http, bot) for _ in range(2)]
    ways = [await browsers[0].allow()]
    box.workspace.installing.workspace_id = OTHER_TEAM_ID
    ways.append(await browsers[1].allow())
    pages = await asyncio.gather(*(one.get(way) for one, way in zip(browsers, ways, strict=True)))
    assert sorted(page.status for page in pages) == [200, 403]
    assert len(await bot.product.database.read(rows)) == 1
    assert len(box.journal.calls("auth.revoke")) == 1


async def test_a_token_moved_to_another_workspaces_row_is_not_used_and_told(
    box: Sandbox, bot: Running, browser: Browser
) -> None:
    await browser.install()
    await bot.wait_ready()

    def move(connection: Connection) -> None:
        sealed = connection.scalar(select(installations.c.sealed_token))
        assert sealed
        connection.execute(update(installations).values(workspace_id=OTHER_TEAM_ID))

    await bot.product.database.write(move)
    await until(lambda: "no key of ENCRYPTION_KEYS" in bot.parts()["slack"])
    assert bot.product.deps.slack.token == ""


async def test_before_slack_has_told_who_the_bot_is_other_workspaces_are_strangers_already(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    settings = oauth_settings(box, database_url)
    async with waiting_bot(settings) as bot:
        await until(lambda: bot.parts()["migrations"] == "ok")
        await Browser(http, bot).install()
    box.slack_down()
    async with waiting_bot(settings) as bot:
        await until(lambda: bot.product.deps.slack.token != "")
        assert bot.product.deps.slack.identity is None
        box.deliver_by_http(f"{bot.address}/slack/events")
        fields = {"command": "/ask-team", "text": "hello", "user_id": "U0ANA00001", "channel_id": "C0GENERAL1",
                  "trigger_id": "1.2.x"}  # fmt: skip
        answers: list[str] = []
        for workspace in (OTHER_TEAM_ID, box.team_id):
            body = urlencode({**fields, "team_id": workspace}).encode()
            headers = box.signed_headers(body, "application/x-www-form-urlencoded")
            answers.append((await box.send_raw(body, headers)).text)
    assert "not set up in this workspace" in answers[0]
    assert "Stored: hello" in answers[1]


async def test_the_database_holds_no_token_that_can_be_read(
    box: Sandbox, bot: Running, browser: Browser
) -> None:
    await browser.install()
    await bot.wait_ready()
    found = await bot.product.database.read(_everything)
    assert box.workspace.installing.newest[5:] not in found
    assert "xoxb-" not in found
    assert "v1:" in found
    url = bot.product.database.url
    if bot.product.database.is_sqlite:
        # Not only in the rows: nowhere in the file, nor in what is written before it.
        files = [Path(f"{url.database}{end}") for end in ("", "-wal")]
        raw = b"".join(path.read_bytes() for path in files if path.is_file())
        assert raw and b"xoxb-" not in raw


def _everything(connection: Connection) -> str:
    return "\n".join(
        str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
    )


async def test_more_installations_than_anybody_begins_are_turned_away(bot: Running, browser: Browser) -> None:
    def fill(connection: Connection) -> None:
        now = bot.product.deps.clock.now()
        many = [
            {"state_hash": f"s{n}", "browser_hash": "b", "expires_at": now.replace(year=now.year + 1)}
            for n in range(1000)
        ]
        connection.execute(install_states.insert(), many)

    await bot.product.database.write(fill)
    assert (await browser.get("/slack/install")).status == 429
