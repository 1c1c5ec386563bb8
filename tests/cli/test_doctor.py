"""The doctor: one line for each thing, with the mend where it fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import migrate
from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.doctor import examine
from bot.doctor.finding import Finding, ill
from bot.doctor.slack_checks import wanted_scopes
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.teams import apply as teams
from bot.teams.file import read_file
from tests.running.conftest import box, settings_for
from tests.support.clock import MovableClock

__all__ = ["box"]


@pytest.fixture
async def url(tmp_path: Path, teams_file: Path) -> str:
    """A migrated database with one team."""
    found = f"sqlite:///{tmp_path}/frontdesk.db"
    database = Database(found)
    await migrate.upgrade(database)
    await database.write(teams.apply, read_file(teams_file), SystemClock().now())
    await database.close()
    return found


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


async def test_a_database_that_is_away_is_told_and_the_rest_is_looked_at(box: Sandbox) -> None:
    findings = await examine(settings_for(box, "postgresql://nobody@127.0.0.1:9/none"))
    assert "database" in _failing(findings)
    assert _by_name(findings)["token"].ok


async def test_an_old_database_is_told_to_migrate(box: Sandbox, tmp_path: Path) -> None:
    findings = await examine(settings_for(box, f"sqlite:///{tmp_path}/new.db"))
    assert "frontdesk migrate" in _by_name(findings)["migrations"].words


async def test_without_settings_each_missing_one_has_its_line() -> None:
    findings = await examine(Settings(_env_file=None, database_url="sqlite:////no/such/place.db"))  # pyright: ignore[reportCallIssue]
    assert [finding.name for finding in findings].count("settings") == 2


@pytest.fixture
async def jira() -> AsyncIterator[JiraServer]:
    server = await JiraServer.start(JiraSite(edition="datacenter", clock=SystemClock().now))
    yield server
    await server.stop()


async def test_a_jira_that_refuses_the_login_is_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    findings = await examine(settings_for(box, url, jira_url=jira.url, jira_token="wrong"))
    assert _failing(findings) == ["Jira"]


async def test_a_jira_without_a_login_is_told(box: Sandbox, url: str, jira: JiraServer) -> None:
    findings = await examine(settings_for(box, url, jira_url=jira.url))
    assert set(_failing(findings)) == {"settings", "Jira"}


def test_a_finding_is_one_line() -> None:
    assert ill("dead letters", "two:\n one\n two").line == "fail dead letters: two: one two"


def test_the_manifest_names_the_scopes() -> None:
    assert "chat:write" in wanted_scopes()
