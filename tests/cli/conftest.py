"""The command line as a process of its own, as people start it."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.cli.demos import HERE, DemoProcess, Refused, Start
from tests.cli.forked import Nursery

ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = (
    "PUBLIC_URL",
    "ENCRYPTION_KEYS",
    "ERASE_AFTER_DAYS",
    "SLACK_",
    "JIRA_",
    "ALERT_",
    "DATABASE_URL",
    "HOST",
    "PORT",
    "LOG_",
    "INTAKE_LIMIT",
)


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


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery"), environment()) as running:
        yield running


@pytest.fixture
def frontdesk(tmp_path: Path, nursery: Nursery) -> Frontdesk:
    """Runs a command to its end; its database is a file in the test's folder unless DATABASE_URL is given."""

    async def run(*words: str, **settings: str) -> Ended:
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/frontdesk.db", **settings}
        with TemporaryDirectory(prefix="frontdesk-said-") as said:
            out, err = Path(said, "out"), Path(said, "err")
            running = asyncio.to_thread(nursery.run, words, tmp_path, environment(**settings), out, err)
            code = await asyncio.wait_for(running, 50)
            return Ended(code=code, out=out.read_text(), err=err.read_text())

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


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts demos that are ended after the test; returns once the address is told."""
    async with AsyncExitStack() as stack:

        async def start_one(*words: str, **settings: str) -> DemoProcess:
            demo = DemoProcess(await begin(tmp_path, "demo", *(words or HERE), **settings))
            stack.push_async_callback(_end, demo)
            await demo.opened()
            return demo

        yield start_one


# Each start of Python takes longer than all that is refused here.
ONE_AFTER_THE_OTHER = """
import contextlib, io, json, sys
from bot import cli
told = []
for words in json.loads(sys.argv[1]):
    sys.argv = ["frontdesk", *words]
    out, err, code = io.StringIO(), io.StringIO(), None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as end:
            code = end.code
    told.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """Runs commands that are refused, all in one process; returns the one line that each tells."""

    async def run(*lines: tuple[str, ...], **settings: str) -> list[str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(lines),
            cwd=tmp_path, env=environment(**settings), stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(process.communicate(), 50)
        told: list[tuple[int, str, str]] = json.loads(out)
        for words, (code, said, complaint) in zip(lines, told, strict=True):
            assert (code, said, complaint.count("\n")) == (2, "", 1), (words, said, complaint)
        return [complaint for _, _, complaint in told]

    return run


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a demo that has ended."""
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "mine.db"
    words = [sys.executable, "-m", "bot", "demo", *HERE, "--database", str(path)]
    with subprocess.Popen(words, cwd=folder, env=environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    return path


@pytest.fixture
def own_file(left_behind: Path, tmp_path: Path) -> Path:
    """Such a file, for a test to change."""
    return Path(shutil.copy(left_behind, tmp_path))


async def _end(demo: DemoProcess) -> None:
    if demo.process.returncode is None:
        await demo.ended_by(signal.SIGTERM)
