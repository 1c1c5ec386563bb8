"""The command line as a process of its own, as people start it."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = ("SLACK_", "JIRA_", "ALERT_", "DATABASE_URL", "HOST", "PORT", "LOG_", "INTAKE_LIMIT")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


Frontdesk = Callable[..., Awaitable[Ended]]


def environment(**settings: str) -> Mapping[str, str]:
    """This process's environment without any setting of Frontdesk but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


async def begin(folder: Path, *words: str, **settings: str) -> asyncio.subprocess.Process:
    """Starts a command in a folder without `.env`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *words,
        cwd=folder,
        env=environment(**settings),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
def frontdesk(tmp_path: Path) -> Frontdesk:
    """Runs a command to its end; its database is a file in the test's folder unless DATABASE_URL is given."""

    async def run(*words: str, **settings: str) -> Ended:
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/frontdesk.db", **settings}
        process = await begin(tmp_path, *words, **settings)
        out, err = await asyncio.wait_for(process.communicate(), 50)
        return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())

    return run


@pytest.fixture
def teams_file(tmp_path: Path) -> Path:
    """A file with one team."""
    path = tmp_path / "teams.yml"
    path.write_text(
        "teams:\n"
        "  - key: payments\n"
        "    name: Payments\n"
        "    lead: U0LEAD0001\n"
        "    members: [U0ALICE001, U0BOB00001]\n"
        "    timezone: Europe/Kyiv\n"
        "    triage_channel: C0TRIAGE01\n",
        encoding="utf-8",
    )
    return path
