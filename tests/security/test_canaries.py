"""A whole story in a process that logs as much as it can; then log and figures are searched for what must not be there."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from sqlalchemy import make_url

from bot import migrate
from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.doctor import examine
from bot.sandbox.forms import Form
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Sandbox, Seen
from bot.settings import Settings
from bot.teams import apply, file
from tests.cli.conftest import begin
from tests.e2e.office import PAYMENTS, ROOT
from tests.e2e.screen import said
from tests.support.postgres import PostgresServer
from tests.support.waiting import PATIENT, until

WORD = "canary-word-4711"
FORGED = f'{WORD}\n{{"level": "critical", "event": "forged"}}'
PASSWORD = "canary-password-4711"
WEBHOOK = "canary-webhook-4711"


@dataclass
class _Bot:
    """The product in a process of its own; `lines` is its log so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list[str])

    async def listen(self) -> None:
        assert self.process.stderr is not None
        while text := (await self.process.stderr.readline()).decode():
            self.lines.append(text)

    async def says(self, event: str) -> dict[str, Any]:
        """The first line of this event."""
        async with asyncio.timeout(30):
            while True:
                for line in self.lines:
                    if f'"{event}"' in line:
                        return json.loads(line)
                assert self.process.returncode is None, "".join(self.lines)
                await asyncio.sleep(0.05)


@asynccontextmanager
async def _running(folder: Path, **settings: str) -> AsyncIterator[_Bot]:
    settings = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "PORT": "0", **settings}
    bot = _Bot(await begin(folder, "run", **settings))
    listening = asyncio.create_task(bot.listen())
    try:
        yield bot
    finally:
        if bot.process.returncode is None:
            bot.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(listening, 30)
        await asyncio.wait_for(bot.process.wait(), 30)


async def _set_up(folder: Path, database_url: str) -> None:
    """Tables and the team, as `frontdesk migrate` and `apply` bring them."""
    path = folder / "teams.yml"
    path.write_text(yaml.safe_dump({"teams": [PAYMENTS]}), encoding="utf-8")
    database = Database(database_url)
    await migrate.upgrade(database)
    await database.write(apply.apply, file.read_file(path), SystemClock().now())
    await database.close()


async def _figures(address: str) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{address}/metrics") as answer:
        return await answer.text()


async def _story(box: Sandbox) -> None:
    """Asks, talks, makes an issue, is refused, loses an answer: with a canary in every text."""
    ana, alice = box.person("ana"), box.person("alice")
    assert "#1" in said(await ana.runs(f"/ask-team payments {FORGED}"))
    receipt = await ana.waits_for("#1 is with", in_="dm", timeout=PATIENT)
    card = await alice.waits_for("State", in_="#triage-payments", timeout=PATIENT)
    await card.click("Claim", by=box.person("erin"))
    await card.click("Claim", by=alice)
    await ana.says(f"more of {WORD}", thread=receipt)
    await alice.waits_for("more of", thread=card, timeout=PATIENT)
    await _make_issue(box, card)
    dropped = box.faults.add(method="chat.postMessage", kind="drop_after", times=1)
    refused = box.faults.add(method="chat.postMessage", kind="error", error="restricted_action", times=1)
    await ana.says(f"lost {WORD}", thread=receipt)
    await ana.says(f"gone {WORD}", thread=receipt)
    # Whatever they hit, the last word is said when nothing goes wrong any more.
    await until(lambda: bool(dropped.hits and refused.hits), timeout=3 * PATIENT)
    await ana.says(f"last {WORD}", thread=receipt)
    await alice.waits_for("last", thread=card, timeout=3 * PATIENT)
    await box.send_raw(f"command=/ask-team&text={WORD}".encode(), {"X-Slack-Signature": "v0=0"})


async def _make_issue(box: Sandbox, card: Seen) -> None:
    form = await (await card.now()).click("Create Jira issue", by=box.person("alice"))
    assert isinstance(form, Form)
    assert await form.submit() is None
    await box.person("alice").waits_for("PAY-1", thread=card, timeout=PATIENT)


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """A database with a password in its address; the tests' server believes everybody, so any will do."""
    name = postgres.create(with_tables=False)
    yield make_url(postgres.url_of(name)).set(password=PASSWORD).render_as_string(hide_password=False)
    postgres.drop(name)


@pytest.mark.postgres
@pytest.mark.timeout(240)
async def test_no_token_no_word_and_no_password_is_in_log_or_figures_after_a_whole_story(
    database_url: str, tmp_path: Path
) -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    site = JiraSite(edition="cloud", clock=SystemClock().now)
    jira = await JiraServer.start(site)
    async with Sandbox.start(manifest=manifest, retry_delays=(0.1, 0.5), patience=PATIENT) as box:
        settings = {
            "DATABASE_URL": database_url, "SLACK_BOT_TOKEN": box.bot_token,
            "SLACK_SIGNING_SECRET": box.signing_secret, "SLACK_API_URL": box.slack_api_url,
            "JIRA_URL": jira.url, "JIRA_EMAIL": site.bot_account.email, "JIRA_API_TOKEN": site.bot_account.secret,
            "JIRA_WEBHOOK_SECRET": WEBHOOK, "ALERT_CHANNEL": "C0GENERAL1",
        }  # fmt: skip
        await _set_up(tmp_path, settings["DATABASE_URL"])
        async with _running(tmp_path, **settings) as bot:
            address = (await bot.says("frontdesk.ready"))["address"]
            box.deliver_by_http(f"{address}/slack/events")
            await _story(box)
            figures = await _figures(address)
        log = "".join(bot.lines)
        secrets = [
            box.bot_token,
            box.app_token,
            box.signing_secret,
            site.bot_account.secret,
            WEBHOOK,
            PASSWORD,
            WORD,
        ]
    await jira.stop()
    assert "relay.dead_letter" in log and "slack.refused" in log, log
    assert [one for one in secrets if one in log] == []
    assert [one for one in secrets if one in figures] == []
    assert re.findall(r'"[UCD]0[A-Z0-9]{4,}"', figures) == []
    # Whatever people write, a line of the log is one object, and none that they made.
    assert "forged" not in {json.loads(line)["event"] for line in bot.lines}


async def test_the_password_of_a_database_that_is_away_is_not_told(tmp_path: Path) -> None:
    settings = {
        "DATABASE_URL": f"postgresql://frontdesk:{PASSWORD}@127.0.0.1:9/frontdesk",
        "SLACK_BOT_TOKEN": "xoxb-canary-4711",
        "SLACK_SIGNING_SECRET": "canary-signing-4711",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
    }
    async with _running(tmp_path, **settings) as bot:
        address = (await bot.says("frontdesk.listening"))["address"]
        await bot.says("database.waiting")
        async with aiohttp.ClientSession() as http, http.get(f"{address}/readyz") as answer:
            told = await answer.text() + await _figures(address)
    asked = {name.lower(): value for name, value in settings.items()}
    findings = await examine(Settings(_env_file=None, **asked))  # pyright: ignore[reportCallIssue, reportArgumentType]
    told += "".join([*bot.lines, *(finding.line for finding in findings)])
    assert "4711" not in told
