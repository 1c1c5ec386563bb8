"""The import contracts of pyproject.toml hold, and each of them notices a violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

# Where a line is planted, the line, and the words of the contract that has to break.
VIOLATIONS = [
    ("bot/core/ids.py", "import bot.db.engine", "Rooms"),
    ("bot/slack/blocks.py", "import bot.jira.gateway", "Rooms"),
    ("bot/teams/store.py", "import bot.features.requests.domain", "Rooms"),
    ("bot/outbox/store.py", "import bot.sandbox.story", "Rooms"),
    ("bot/indicators/store.py", "import bot.slack.blocks", "Rooms"),
    ("bot/indicators/domain.py", "import sqlalchemy", "Rules are pure"),
    ("bot/features/requests/desk.py", "import bot.joints", "Rooms"),
    ("bot/features/tickets/store.py", "import bot.features.requests.domain", "Slices know nothing"),
    ("bot/features/requests/models.py", "import bot.features.requests.service.queue", "Inside a slice"),
    ("bot/features/requests/domain.py", "import bot.features.requests.models", "Inside a slice"),
    ("bot/features/requests/service/queue.py", "import bot.slack.gateway", "never speak to Slack"),
    ("bot/features/requests/domain.py", "import sqlalchemy", "Rules are pure"),
    ("bot/sandbox/story.py", "import bot.core.text", "The sandbox stands alone"),
    ("bot/sandbox/story.py", "import slack_sdk", "The sandbox stands alone"),
]


def test_the_contracts_hold() -> None:
    answer = _lint(ROOT)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / file
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    answer = _lint(tmp_path)
    broken = [row for row in answer.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), answer.stdout


def _lint(directory: Path) -> subprocess.CompletedProcess[str]:
    command = (
        "import sys; from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    )
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
