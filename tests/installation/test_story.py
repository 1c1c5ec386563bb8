"""From a bot without a token to one that works, and back: by a page, by two bots, by Slack's own word."""

import json
from datetime import datetime, timedelta

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, select

from bot.installation.models import installations
from bot.running import Running
from bot.sandbox.screen import Answer
from bot.sandbox.story import Sandbox
from tests.installation.browser import Browser, new_key, oauth_settings, waiting_bot
from tests.running.listening import listening
from tests.support.loglines import log_lines
from tests.support.waiting import until

pytestmark = pytest.mark.by_turns


async def opened(bot: Running) -> None:
    await until(lambda: bot.parts()["migrations"] == "ok")


def removed(connection: Connection) -> list[tuple[str | None, datetime | None]]:
    columns = (installations.c.sealed_token, installations.c.uninstalled_at)
    return [(row[0], row[1]) for row in connection.execute(select(*columns))]


def stored(connection: Connection) -> list[str | None]:
    return list(connection.scalars(select(installations.c.sealed_token)))


async def test_until_it_is_installed_it_says_where_and_calls_nobody(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        words = "not installed: open https://frontdesk.example.com/slack/install"
        await until(lambda: bot.parts()["slack"] == words)
        async with http.get(f"{bot.address}/readyz") as answer:
            assert answer.status == 503 and words in await answer.text()
        async with http.get(f"{bot.address}/healthz") as answer:
            assert answer.status == 200
        box.deliver_by_http(f"{bot.address}/slack/events")
        told = await box.person("ana").runs("/ask-team hello")
        assert isinstance(told, Answer) and "not set up in this workspace" in told.text
        assert box.journal.calls() == []


async def test_while_no_key_opens_the_token_nothing_is_taken_and_slack_sends_events_again(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    settings = oauth_settings(box, database_url)
    async with waiting_bot(settings) as bot:
        await opened(bot)
        await Browser(http, bot).install()
    async with waiting_bot(settings.model_copy(update={"encryption_keys": SecretStr(new_key())})) as bot:
        await until(lambda: "no key of ENCRYPTION_KEYS" in bot.parts()["slack"])
        box.deliver_by_http(f"{bot.address}/slack/events")
        told = await box.person("ana").runs("/ask-team hello")
        assert isinstance(told, Answer) and "Not recorded:" in told.text and "hello" in told.text
        event = {
            "type": "event_callback", "team_id": box.team_id, "event_id": "Ev1",
            "event": {"type": "message", "channel": "C0GENERAL1", "user": "U0ANA00001", "ts": "1.2", "text": "hi"},
        }  # fmt: skip
        body = json.dumps(event).encode()
        answer = await box.send_raw(body, box.signed_headers(body, "application/json"))
        assert answer.status == 503
        event |= {"event_id": "Ev2", "event": {"type": "app_uninstalled"}}
        body = json.dumps(event).encode()
        assert (await box.send_raw(body, box.signed_headers(body, "application/json"))).status == 200
        await until(lambda: "not installed" in bot.parts()["slack"])


async def test_after_the_pages_it_works_and_says_in_which_workspace(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        page = await Browser(http, bot).install()
        assert (page.status, "installed in Sandbox" in page.text) == (200, True)
        await bot.wait_ready()
        box.deliver_by_http(f"{bot.address}/slack/events")
        await box.person("ana").runs("/ask-team hello")
        await box.person("alice").waits_for("hello", in_="#triage-payments", timeout=15)


async def test_an_installation_is_taken_up_by_the_other_bot_and_by_the_next_start(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    settings = oauth_settings(box, database_url)
    if database_url.startswith("sqlite"):
        async with waiting_bot(settings) as bot:
            await opened(bot)
            await Browser(http, bot).install()
        async with waiting_bot(settings) as bot:
            await bot.wait_ready()
        return
    async with waiting_bot(settings) as one, waiting_bot(settings) as other:
        await opened(one)
        await opened(other)
        first = Browser(http, one)
        back = await first.allow()
        # Whoever spreads the calls may send the browser to another bot than it began with.
        second = Browser(http, other)
        second.cookie = first.cookie
        assert (await second.get(back)).status == 200
        await one.wait_ready(15)
        await other.wait_ready(15)


async def test_installing_again_replaces_the_token_everywhere(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        browser = Browser(http, bot)
        await browser.install()
        before = await bot.product.database.read(stored)
        assert (await browser.install()).status == 200
        assert bot.product.deps.slack.token == box.workspace.installing.newest
        after = await bot.product.database.read(stored)
        assert len(after) == 1 and after != before
        await bot.wait_ready()


async def test_when_slack_tells_that_the_app_is_gone_the_token_is_erased_at_once(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        await Browser(http, bot).install()
        await bot.wait_ready()
        box.deliver_by_http(f"{bot.address}/slack/events")
        box.uninstall()
        await box.events_delivered()
        assert await bot.product.database.read(stored) == [None]
        assert bot.product.deps.slack.token == ""
        assert "not installed" in bot.parts()["slack"]
        assert (await Browser(http, bot).install()).status == 200
        await bot.wait_ready()


async def test_the_day_on_which_the_data_goes_is_told_and_installing_again_keeps_it(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with listening() as pager:
        settings = oauth_settings(box, database_url, alert_webhook_url=pager.url, erase_after_days=7)
        async with waiting_bot(settings) as bot:
            await opened(bot)
            await Browser(http, bot).install()
            await bot.wait_ready()
            box.deliver_by_http(f"{bot.address}/slack/events")
            revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [box.bot_user_id]}}
            body = {
                "type": "event_callback",
                "team_id": box.team_id,
                "api_app_id": "A0SANDBOX1",
                "event_id": "Ev1",
            }
            box.workspace.courier.tell({**body, "event": revoked})
            await box.events_delivered()
            # A token alone may be taken back to be renewed: no day is set.
            assert await bot.product.database.read(removed) == [(None, None)]
            assert (await Browser(http, bot).install()).status == 200
            await bot.wait_ready()
            box.uninstall()
            await box.events_delivered()
            ((token, at),) = await bot.product.database.read(removed)
            assert token is None and at is not None
            (told,) = await pager.until(1)
            assert f"{at + timedelta(days=7):%d %B %Y}" in told["text"] and "installed again" in told["text"]
            assert (await Browser(http, bot).install()).status == 200
            ((token, at),) = await bot.product.database.read(removed)
            assert token is not None and at is None


async def test_old_news_of_an_end_leaves_a_newer_installation_alone(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        await Browser(http, bot).install()
        await bot.wait_ready()
        box.deliver_by_http(f"{bot.address}/slack/events")
        for event in (
            {"type": "app_uninstalled"},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [box.bot_user_id]}},
        ):
            at = box.workspace.world.seconds() - 3600
            body = {"type": "event_callback", "team_id": box.team_id, "api_app_id": "A0SANDBOX1", "event_id": "Ev1",
                    "event_time": at, "event": event}  # fmt: skip
            box.workspace.courier.tell(body)
        people: dict[str, object] = {"type": "tokens_revoked", "tokens": {"oauth": ["U0ANA00001"], "bot": []}}
        box.workspace.courier.tell(
            {"type": "event_callback", "team_id": box.team_id, "event_id": "Ev2", "event": people}
        )
        await box.events_delivered()
        assert None not in await bot.product.database.read(stored)
        assert bot.ready


async def test_a_new_key_seals_what_an_old_one_had_sealed(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    old, new = new_key(), new_key()
    async with waiting_bot(oauth_settings(box, database_url, encryption_keys=old)) as bot:
        await opened(bot)
        await Browser(http, bot).install()
        first = await bot.product.database.read(stored)
    async with waiting_bot(oauth_settings(box, database_url, encryption_keys=f"{new},{old}")) as bot:
        await bot.wait_ready()
        assert await bot.product.database.read(stored) != first
    async with waiting_bot(oauth_settings(box, database_url, encryption_keys=new)) as bot:
        await bot.wait_ready()


async def test_without_the_key_it_says_so_in_words_and_alarms_once(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    async with waiting_bot(oauth_settings(box, database_url)) as bot:
        await opened(bot)
        await Browser(http, bot).install()
    async with listening() as pager:
        settings = oauth_settings(box, database_url, alert_webhook_url=pager.url)
        with log_lines() as log:
            async with waiting_bot(settings) as bot:
                await until(lambda: "no key of ENCRYPTION_KEYS" in bot.parts()["slack"])
                (told,) = await pager.until(1)
        assert "put the key that was there before behind the new one" in told["text"]
        assert len(log.events("installation.no_key_fits")) == 1


async def test_with_a_bot_token_there_are_no_pages_and_nothing_is_stored(
    box: Sandbox, http: aiohttp.ClientSession, database_url: str
) -> None:
    settings = oauth_settings(box, database_url, slack_bot_token=box.bot_token)
    async with waiting_bot(settings) as bot:
        await bot.wait_ready()
        for path in ("/slack/install", "/slack/oauth_redirect"):
            assert (await Browser(http, bot).get(path)).status == 404
        assert await bot.product.database.read(stored) == []
