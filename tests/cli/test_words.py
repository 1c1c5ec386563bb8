"""Help, version, completion, and one line for each mistake."""

import pytest

from bot import __version__
from tests.cli.conftest import Frontdesk

COMMANDS = ["run", "demo", "migrate", "apply", "doctor", "status", "export"]


async def test_help_names_every_command(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("--help")
    assert ended.code == 0
    assert all(command in ended.out for command in COMMANDS)


@pytest.mark.parametrize(
    "words", [[command] for command in COMMANDS] + [["export", "requests"], ["export", "standups"]]
)
async def test_every_command_has_help(frontdesk: Frontdesk, words: list[str]) -> None:
    ended = await frontdesk(*words, "--help")
    assert ended.code == 0
    assert "Usage:" in ended.out


async def test_without_a_command_the_help_is_shown(frontdesk: Frontdesk) -> None:
    assert "Usage:" in (await frontdesk()).out


async def test_the_version_is_told(frontdesk: Frontdesk) -> None:
    assert (await frontdesk("--version")).out == f"frontdesk {__version__}\n"


async def test_shells_get_their_completion(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("--show-completion", "bash")
    assert ended.code == 0
    assert "complete" in ended.out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["dance"], "dance"),
        (["run", "--fast"], "--fast"),
        (["apply"], "FILE"),
        (["export", "requests", "--team", "payments", "--format", "xml"], "csv or json"),
        (["status", "--format", "xml"], "text or json"),
        (["export", "requests", "--team", "payments", "--since", "yesterday"], "like 2026-11-30"),
    ],
)
async def test_bad_usage_is_one_line_and_ends_with_2(
    frontdesk: Frontdesk, words: list[str], hint: str
) -> None:
    ended = await frontdesk(*words)
    assert ended.code == 2
    assert hint.lower() in ended.err.lower()
    assert ended.err.count("\n") == 1
    assert ended.out == ""


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"PORT": "99999"}, "PORT"),
        ({"DATABASE_URL": "mysql://x/y"}, "sqlite:///path or postgresql://"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
    ],
)
async def test_a_bad_setting_is_named_and_ends_with_2(
    frontdesk: Frontdesk, settings: dict[str, str], hint: str
) -> None:
    ended = await frontdesk("migrate", **settings)
    assert ended.code == 2
    assert hint in ended.err
    assert "Traceback" not in ended.err


async def test_run_names_every_missing_setting_at_once(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("run")
    assert ended.code == 2
    assert "SLACK_BOT_TOKEN" in ended.err
    assert "SLACK_APP_TOKEN" in ended.err
