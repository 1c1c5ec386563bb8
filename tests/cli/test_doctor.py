"""The doctor: one line for each thing, with the mend where it fails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import migrate
from bot.bootstrap import build
from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.doctor import examine
from bot.doctor.finding import Finding, ill
from bot.doctor.slack_checks import wanted_scopes
from bot.jira.webhooks import signature_is_right
from bot.outbox.models import outbox
from bot.running import start
from bot.sandbox.jira import laboratory, seed
from bot.sandbox.jira.model import IssueType
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.teams import apply as teams
from bot.teams import store
from bot.teams.file import read_file
from bot.teams.people import Person
from tests.running.conftest import box, settings_for
from tests.support.clock import MovableClock

__all__ = ["box"]


async def migrated(tmp_path: Path, teams_file: Path) -> str:
    """A migrated database with the teams of a file."""
    found = f"sqlite:///{tmp_path}/frontdesk.db"
    database = Database(found)
    await migrate.upgrade(database)
    await database.write(teams.apply, read_file(teams_file), SystemClock().now())
    await database.close()
    return found


@pytest.fixture
async def url(tmp_path: Path, teams_file: Path) -> str:
    """A migrated database with one team."""
    return await migrated(tmp_path, teams_file)


def _by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


def _failing(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings if not finding.ok]


async def test_all_is_well_where_all_is_well(box: Sandbox, url: str) -> None:
    findings = await examine(settings_for(box, url), SystemClock())
    assert _failing(findings) == []
    names = ["settings", "database", "migrations", "dead letters", "token", "scopes", "clock",
             "signing secret", "team payments", "Jira"]  # fmt: skip
    assert [finding.name for finding in findings] == names


async def test_an_app_token_is_tried(box: Sandbox, url: str) -> None:
    good = await examine(settings_for(box, url, slack_app_token=box.app_token))
    bad = await examine(settings_for(box, url, slack_app_token="xapp-wrong"))
    assert _by_name(good)["app token"].ok
    assert _failing(bad) == ["app token"]


async def test_a_wrong_token_is_said_with_its_mend(box: Sandbox, url: str) -> None:
    findings = await examine(settings_for(box, url, slack_bot_token="xoxb-wrong"))
    assert "copy it again" in _by_name(findings)["token"].line


async def test_slack_being_away_is_not_taken_for_a_wrong_token(box: Sandbox, url: str) -> None:
    settings = settings_for(box, url, slack_api_url="http://127.0.0.1:9/api/")
    assert "does not answer" in _by_name(await examine(settings))["token"].words


async def test_a_clock_that_is_ten_minutes_wrong_is_told(box: Sandbox, url: str) -> None:
    clock = MovableClock(SystemClock().now())
    clock.advance(600)
    findings = await examine(settings_for(box, url), clock)
    assert _failing(findings) == ["clock"]
    assert "ahead of" in _by_name(findings)["clock"].words


async def test_a_channel_without_the_bot_is_told(box: Sandbox, url: str) -> None:
    box.remove_bot("triage-payments")
    findings = await examine(settings_for(box, url))
    assert _failing(findings) == ["team payments"]
    assert "/invite" in _by_name(findings)["team payments"].words


async def test_who_has_left_is_told_with_the_mend(box: Sandbox, url: str) -> None:
    database = Database(url)
    left = Person(id="U0BOB00001", name="bob", deleted=True)
    await database.write(store.keep_person, left, SystemClock().now())
    found = _by_name(await examine(settings_for(box, url), SystemClock()))["people of payments"]
    assert found.ok and "U0BOB00001 (bob) left Slack" in found.words
    await database.write(store.keep_person, replace(left, id="U0LEAD0001"), SystemClock().now())
    await database.close()
    found = _by_name(await examine(settings_for(box, url), SystemClock()))["people of payments"]
    assert not found.ok and "name another in its settings" in found.words


async def test_a_database_that_is_away_is_told_and_the_rest_is_looked_at(box: Sandbox) -> None:
    findings = await examine(settings_for(box, "postgresql://nobody@127.0.0.1:9/none"))
    assert "database" in _failing(findings)
    assert _by_name(findings)["token"].ok


async def test_an_old_database_is_told_to_migrate(box: Sandbox, tmp_path: Path) -> None:
    findings = await examine(settings_for(box, f"sqlite:///{tmp_path}/new.db"))
    assert "frontdesk migrate" in _by_name(findings)["migrations"].words


async def test_dead_letters_are_counted_with_their_reasons_and_what_to_type(box: Sandbox, url: str) -> None:
    database = Database(url)
    at = SystemClock().now()
    letter = {"kind": "request.card", "payload": {}, "run_at": at, "created_at": at, "closed_at": at}
    rows = [
        {**letter, "dedup": "a", "result": "dead", "error": "restricted_action"},
        {
            **letter,
            "dedup": "b",
            "result": "doubtful",
            "error": "perhaps sent, cannot be looked up: no answer",
        },
    ]
    await database.write(lambda connection: connection.execute(outbox.insert(), rows))
    await database.close()
    found = _by_name(await examine(settings_for(box, url)))["dead letters"]
    assert not found.ok
    assert "1 given up, 1 perhaps arrived" in found.words
    assert "The workspace's settings do not let the bot post there" in found.words
    assert "`frontdesk outbox list`" in found.words


async def test_without_settings_each_missing_one_has_its_line() -> None:
    findings = await examine(Settings(_env_file=None, database_url="sqlite:////no/such/place.db"))  # pyright: ignore[reportCallIssue]
    assert [finding.name for finding in findings].count("settings") == 2


@pytest.fixture
async def jira() -> AsyncIterator[JiraServer]:
    server = await JiraServer.start(JiraSite(edition="datacenter", clock=SystemClock().now))
    yield server
    await server.stop()


@pytest.fixture
async def jira_url(tmp_path: Path, teams_file: Path) -> str:
    """A migrated database with one team whose issues go to the project PAY, as bugs."""
    text = teams_file.read_text(encoding="utf-8") + "    jira: {project: PAY, issue_type: Bug}\n"
    teams_file.write_text(text, encoding="utf-8")
    return await migrated(tmp_path, teams_file)


def jira_settings(box: Sandbox, url: str, jira: JiraServer, **more: Any) -> Settings:
    login = {"jira_url": jira.url, "jira_token": jira.site.bot_account.secret}
    return settings_for(box, url, **{**login, **more})


@asynccontextmanager
async def bot_at(*, secret: str) -> AsyncIterator[str]:
    """What stands at the bot's address: answers as the bot does to a signature with this secret."""

    async def answer(request: web.Request) -> web.Response:
        raw = await request.read()
        right = signature_is_right(secret, request.headers["X-Hub-Signature"], raw)
        return web.Response(status=200 if right else 401)

    app = web.Application()
    app.router.add_post("/jira/webhook", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_jira_in_order_has_a_line_for_each_thing(
    box: Sandbox, jira_url: str, jira: JiraServer
) -> None:
    findings = await examine(jira_settings(box, jira_url, jira), SystemClock())
    assert _failing(findings) == []
    names = [finding.name for finding in findings if finding.name.startswith("Jira")]
    assert names == ["Jira", "Jira clock", "Jira project PAY", "Jira type Bug in PAY", "Jira webhook"]


async def test_a_jira_that_refuses_the_login_is_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    findings = await examine(jira_settings(box, url, jira, jira_token="wrong"))
    assert _failing(findings) == ["Jira"]
    assert "renew" in _by_name(findings)["Jira"].words


async def test_a_jira_without_a_login_is_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    findings = await examine(jira_settings(box, url, jira, jira_token=None))
    assert set(_failing(findings)) == {"settings", "Jira"}


async def test_a_clock_that_differs_from_jiras_is_told(box: Sandbox, jira_url: str, jira: JiraServer) -> None:
    clock = MovableClock(SystemClock().now())
    clock.advance(-90)
    findings = await examine(jira_settings(box, jira_url, jira), clock)
    assert "behind Jira" in _by_name(findings)["Jira clock"].words


async def test_missing_permissions_are_named(box: Sandbox, jira_url: str, jira: JiraServer) -> None:
    jira.site.forbid(jira.site.bot_account, "PAY", "ADD_COMMENTS", "LINK_ISSUES")
    findings = await examine(jira_settings(box, jira_url, jira))
    assert _failing(findings) == ["Jira project PAY"]
    assert _by_name(findings)["Jira project PAY"].words.endswith("there: Add Comments, Link Issues")


async def test_a_project_that_the_bot_does_not_see_is_told(
    box: Sandbox, jira_url: str, jira: JiraServer
) -> None:
    jira.site.remove_project("PAY")
    findings = await examine(jira_settings(box, jira_url, jira))
    assert "does not see it" in _by_name(findings)["Jira project PAY"].words


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ((seed.TASK,), "there are: Task"),
        (
            (laboratory.type_with(replace(laboratory.KINDS["unknown"], required=True), name="Bug"),),
            "Scorecard",
        ),
    ],
)
async def test_a_default_type_that_cannot_be_made_is_told(
    box: Sandbox, jira_url: str, jira: JiraServer, types: tuple[IssueType, ...], words: str
) -> None:
    jira.site.projects["PAY"] = replace(jira.site.projects["PAY"], types=types)
    findings = await examine(jira_settings(box, jira_url, jira))
    assert _failing(findings) == ["Jira type Bug in PAY"]
    assert words in _by_name(findings)["Jira type Bug in PAY"].words


async def test_a_webhook_that_arrives_is_well(box: Sandbox, url: str, jira: JiraServer) -> None:
    async with bot_at(secret="s3cret") as address:
        settings = jira_settings(box, url, jira, jira_webhook_secret="s3cret", public_url=address)
        findings = _by_name(await examine(settings))
    assert findings["Jira webhook"].ok
    assert "administrator" in findings["Jira webhook in Jira"].words


async def test_the_bot_itself_takes_the_doctors_event(box: Sandbox, url: str, jira: JiraServer) -> None:
    settings = jira_settings(box, url, jira, jira_webhook_secret="s3cret")
    running = await start(build(settings), migrate=False)
    try:
        asked = jira_settings(box, url, jira, jira_webhook_secret="s3cret", public_url=running.address)
        assert _by_name(await examine(asked))["Jira webhook"].ok
    finally:
        await running.close()


async def test_another_secret_and_nobody_there_are_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    async with bot_at(secret="other") as address:
        settings = jira_settings(box, url, jira, jira_webhook_secret="s3cret", public_url=address)
        assert "another secret" in _by_name(await examine(settings))["Jira webhook"].words
    assert "nothing answers" in _by_name(await examine(settings))["Jira webhook"].words


async def test_an_address_that_leads_elsewhere_is_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    async with bot_at(secret="s3cret") as address:
        settings = jira_settings(box, url, jira, jira_webhook_secret="s3cret", public_url=f"{address}/wiki")
        assert "answers 404: check that PUBLIC_URL" in _by_name(await examine(settings))["Jira webhook"].words


async def test_a_webhook_that_jira_lacks_or_has_switched_off_is_told(
    box: Sandbox, url: str, jira: JiraServer
) -> None:
    jira.site.make_admin(jira.site.bot_account)
    settings = jira_settings(box, url, jira, jira_webhook_secret="s", public_url="http://127.0.0.1:9")
    seen: list[Finding] = [_by_name(await examine(settings))["Jira webhook in Jira"]]
    jira.site.webhooks.add("http://127.0.0.1:9/jira/webhook", secret="s")
    seen.append(_by_name(await examine(settings))["Jira webhook in Jira"])
    jira.site.webhooks.registered[0] = replace(jira.site.webhooks.registered[0], enabled=False)
    seen.append(_by_name(await examine(settings))["Jira webhook in Jira"])
    assert [one.ok for one in seen] == [False, True, False]
    assert ["there is none" in seen[0].words, "enable it" in seen[2].words] == [True, True]


def test_a_finding_is_one_line() -> None:
    assert ill("dead letters", "two:\n one\n two").line == "fail dead letters: two: one two"


def test_the_manifest_names_the_scopes() -> None:
    assert "chat:write" in wanted_scopes()
