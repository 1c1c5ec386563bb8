"""`demo` as a process: it opens, ends, stands beside another, and refuses in one line what it cannot do."""

import asyncio
import os
import pty
import re
import signal
import socket
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp
import pytest

from tests.cli.conftest import ROOT, Frontdesk, begin, environment
from tests.support.postgres import PostgresServer
from tests.support.waiting import until

HERE = ("--port", "0", "--no-browser")


class _Demo:
    """A demo in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.address = ""

    async def opened(self) -> str:
        """Its address, once it has told it."""
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), 30)).decode()
        found = re.fullmatch(r"Frontdesk demo: (http://127\.0\.0\.1:\d+)\n", line)
        assert found, (line, await self._errors())
        self.address = found[1]
        return self.address

    @property
    def port(self) -> str:
        return self.address.rpartition(":")[2]

    async def _errors(self) -> str:
        assert self.process.stderr is not None
        return (await asyncio.wait_for(self.process.stderr.read(), 10)).decode()

    async def ended_by(self, number: int) -> int:
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.communicate(), 30)
        return self.process.returncode or 0


Start = Callable[..., Awaitable[_Demo]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts demos that are ended after the test; returns once the address is told."""
    async with AsyncExitStack() as stack:

        async def start_one(*words: str, **settings: str) -> _Demo:
            demo = _Demo(await begin(tmp_path, "demo", *(words or HERE), **settings))
            stack.push_async_callback(_end, demo)
            await demo.opened()
            return demo

        yield start_one


async def _end(demo: _Demo) -> None:
    if demo.process.returncode is None:
        await demo.ended_by(signal.SIGTERM)


async def _get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


def _someones_file(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE poems (text VARCHAR)")
        connection.execute("INSERT INTO poems VALUES ('mine')")
        connection.commit()
    return path.read_bytes()


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


async def test_it_tells_its_address_and_a_page_is_there(start: Start) -> None:
    demo = await start()
    status, page = await _get(demo.address)
    assert status == 200
    assert "<html" in page


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_signal_ends_the_demo_cleanly(start: Start, number: int) -> None:
    demo = await start()
    assert await demo.ended_by(number) == 0
    with pytest.raises(aiohttp.ClientConnectionError):
        await _get(demo.address)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no file tells which signals a process catches")
async def test_a_second_signal_ends_it_at_once_also_while_it_begins(tmp_path: Path) -> None:
    process = await begin(tmp_path, "demo", *HERE)
    try:
        folders = _folders(process.pid)
        await until(lambda: bool(folders()), timeout=20)
        process.send_signal(signal.SIGINT)
        await until(lambda: not _catches(process.pid, signal.SIGINT), timeout=20)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 20) == -signal.SIGINT
    finally:
        if process.returncode is None:
            process.kill()
    assert process.stderr is not None
    assert b"Traceback" not in await process.stderr.read()
    assert folders()


async def test_the_folder_of_a_demo_that_was_killed_goes_at_the_next_start(start: Start) -> None:
    killed = await start()
    folders = _folders(killed.process.pid)
    killed.process.kill()
    await killed.process.wait()
    assert folders()
    living = await start()
    assert not folders()
    third = await start()
    assert _folders(living.process.pid)()
    assert await third.ended_by(signal.SIGTERM) == 0
    assert not _folders(third.process.pid)()


def _folders(pid: int) -> Callable[[], list[Path]]:
    return lambda: list(Path(tempfile.gettempdir()).glob(f"frontdesk-demo-{pid}-*"))


def _catches(pid: int, number: int) -> bool:
    """Whether the process has something of its own to do at this signal."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    caught = int(re.findall(r"SigCgt:\s*([0-9a-f]+)", status)[0], 16)
    return bool(caught >> (number - 1) & 1)


async def test_settings_and_proxies_of_a_real_bot_do_not_reach_it(start: Start, tmp_path: Path) -> None:
    tmp_path.joinpath(".env").write_text("SLACK_BOT_TOKEN=xoxb-real\nPORT=99999\n", encoding="utf-8")
    demo = await start(
        SLACK_API_URL="http://127.0.0.1:9/api/",
        DATABASE_URL=f"sqlite:///{tmp_path}/real.db",
        LOG_LEVEL="LOUD",
        HTTPS_PROXY="http://127.0.0.1:9",
        HTTP_PROXY="http://127.0.0.1:9",
    )
    assert (await _get(f"{demo.address}/control/state"))[0] == 200
    assert not tmp_path.joinpath("real.db").exists()


async def test_a_second_demo_on_its_port_is_sent_to_the_first(start: Start, frontdesk: Frontdesk) -> None:
    demo = await start()
    ended = await frontdesk("demo", "--no-browser", "--port", demo.port)
    assert ended.code == 2
    assert "demo is at" in ended.err
    assert demo.address in ended.err
    assert "--port" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_port_of_another_program_is_told(frontdesk: Frontdesk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = await frontdesk("demo", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert "in use by another program" in ended.err
    assert "--port" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_file_may_have_any_name(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "50% of what? #1 ü.db"
    await start(*HERE, "--database", str(path))
    assert "teams" in _tables(path)


async def test_a_second_demo_on_its_file_changes_nothing(
    start: Start, frontdesk: Frontdesk, tmp_path: Path
) -> None:
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    ended = await frontdesk("demo", *HERE, "--database", f"sqlite:///{path}")
    assert ended.code == 2
    assert "at work on" in ended.err
    assert ended.err.count("\n") == 1
    assert "teams" in _tables(path)
    assert (await _get(f"{demo.address}/control/state"))[0] == 200


@pytest.mark.postgres
async def test_a_second_demo_on_its_postgres_database_changes_nothing(
    start: Start, frontdesk: Frontdesk, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=False)
    demo = await start(*HERE, "--database", postgres.url_of(name))
    ended = await frontdesk("demo", *HERE, "--database", postgres.url_of(name))
    assert ended.code == 2
    assert "a demo is at work" in ended.err
    assert (await _get(f"{demo.address}/control/state"))[0] == 200
    assert await demo.ended_by(signal.SIGTERM) == 0
    postgres.drop(name)


async def test_somebody_elses_file_is_left_byte_for_byte(frontdesk: Frontdesk, tmp_path: Path) -> None:
    path = tmp_path / "poems.db"
    before = _someones_file(path)
    ended = await frontdesk("demo", *HERE, "--database", str(path))
    assert ended.code == 2
    assert "is not a demo's, it holds poems" in ended.err
    assert ended.err.count("\n") == 1
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


async def test_a_file_that_is_no_database_is_left_alone(frontdesk: Frontdesk, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Olga,\n" * 300, encoding="utf-8")
    before = path.read_bytes()
    ended = await frontdesk("demo", *HERE, "--database", str(path))
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert path.read_bytes() == before


async def test_a_real_bots_file_is_left_alone(frontdesk: Frontdesk, tmp_path: Path) -> None:
    assert (await frontdesk("migrate")).code == 0
    before = _tables(tmp_path / "frontdesk.db")
    ended = await frontdesk("demo", *HERE, "--database", str(tmp_path / "frontdesk.db"))
    assert ended.code == 2
    assert "is not a demo's" in ended.err
    assert _tables(tmp_path / "frontdesk.db") == before


async def test_tables_that_joined_a_demos_own_are_not_thrown_away(start: Start, frontdesk: Frontdesk,
                                                                  tmp_path: Path) -> None:  # fmt: skip
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    await demo.ended_by(signal.SIGTERM)
    _someones_file(path)
    ended = await frontdesk("demo", *HERE, "--database", str(path))
    assert ended.code == 2
    assert "it holds poems" in ended.err
    assert "poems" in _tables(path)


async def test_a_real_bot_at_home_in_a_demos_file_keeps_its_requests(
    start: Start, frontdesk: Frontdesk, tmp_path: Path
) -> None:
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    await demo.ended_by(signal.SIGTERM)
    teams = tmp_path / "teams.yml"
    teams.write_text(
        "teams: [{key: orders, name: Orders, lead: U0LEAD0001, members: [U0BOB00001], timezone: Europe/Kyiv,"
        " triage_channel: C0TRIAGE09}]",
        encoding="utf-8",
    )
    assert (await frontdesk("apply", str(teams), DATABASE_URL=f"sqlite:///{path}")).code == 0
    ended = await frontdesk("demo", *HERE, "--database", str(path))
    assert ended.code == 2
    assert "the team orders" in ended.err
    assert "teams" in _tables(path)


# Named like the demo's own, and yet others.
LIKE_OURS = (
    "teams: [{key: payments, name: Orders, lead: U0LEAD0001, members: [U0BOB00001], timezone: Europe/Kyiv,"
    " triage_channel: C0TRIAGE09}]"
)


async def test_a_real_bot_with_teams_named_like_the_demos_keeps_its_requests(
    start: Start, frontdesk: Frontdesk, tmp_path: Path
) -> None:
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    await demo.ended_by(signal.SIGTERM)
    await _is_kept(frontdesk, tmp_path, database=str(path), url=f"sqlite:///{path}")
    assert "teams" in _tables(path)


@pytest.mark.postgres
async def test_a_real_bot_with_teams_named_like_the_demos_keeps_its_requests_on_postgres(
    start: Start, frontdesk: Frontdesk, tmp_path: Path, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=False)
    url = postgres.url_of(name)
    demo = await start(*HERE, "--database", url)
    await demo.ended_by(signal.SIGTERM)
    again = await start(*HERE, "--database", url)
    await again.ended_by(signal.SIGTERM)
    await _is_kept(frontdesk, tmp_path, database=url, url=url)
    postgres.drop(name)


async def _is_kept(frontdesk: Frontdesk, folder: Path, *, database: str, url: str) -> None:
    teams = folder / "teams.yml"
    teams.write_text(LIKE_OURS, encoding="utf-8")
    assert (await frontdesk("apply", str(teams), DATABASE_URL=url)).code == 0
    ended = await frontdesk("demo", *HERE, "--database", database)
    assert ended.code == 2
    assert "the team payments" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_demos_own_file_is_emptied_at_the_next_start(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    await demo.ended_by(signal.SIGTERM)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO inbox (key, at) VALUES ('old', '2026-01-01 00:00:00')")
        connection.commit()
    await start(*HERE, "--database", str(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE key = 'old'").fetchone() == (0,)


@pytest.mark.postgres
async def test_somebody_elses_postgres_database_is_left_alone(
    frontdesk: Frontdesk, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=True)
    ended = await frontdesk("demo", *HERE, "--database", postgres.url_of(name))
    assert ended.code == 2
    assert "is not a demo's" in ended.err
    assert ended.err.count("\n") == 1
    postgres.give_back(name)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--seed", "sunny"), "story, busy, empty"),
        (("--seed", "-3"), "whole number"),
        (("--jira", "server"), "cloud or datacenter"),
        (("--port", "70000"), "65535"),
        (("--port", "-1"), "65535"),
        (("--port", "many"), "--port"),
        (("--database", ""), "--database is empty"),
        (("--database", "mysql://host/name"), "postgresql://"),
        (("--database", "no/such/folder/demo.db"), "no folder"),
        (("--database", "."), "is a folder"),
        (("--database", "sqlite:///:memory:"), "names no file"),
        (("--database", "/proc/demo.db"), "cannot write"),
        (("--database", "postgresql://user:secret@127.0.0.1:9/demo"), "cannot be used"),
        (("--database", "postgresql://127.0.0.1:9/demo?colour=red"), "cannot be used"),
    ],
)
async def test_what_cannot_be_is_told_in_one_line(
    frontdesk: Frontdesk, words: tuple[str, ...], hint: str
) -> None:
    ended = await frontdesk("demo", "--no-browser", *(() if "--port" in words else ("--port", "0")), *words)
    assert ended.code == 2
    assert hint in ended.err
    assert "secret" not in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


async def _at_terminal(folder: Path, **settings: str) -> tuple[asyncio.subprocess.Process, int]:
    """A demo whose standard output is a terminal, and that terminal's other end."""
    ours, theirs = pty.openpty()
    names = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    kept = {name: value for name, value in environment().items() if name not in names}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--port", "0",
        cwd=folder, env={**kept, **settings}, stdout=theirs, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.close(theirs)
    return process, ours


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a system tells its browser otherwise")
async def test_at_a_terminal_without_a_browser_there_are_words(tmp_path: Path) -> None:
    process, terminal = await _at_terminal(tmp_path)
    _, errors = await asyncio.wait_for(process.communicate(), 30)
    os.close(terminal)
    assert process.returncode == 2
    assert "--no-browser" in errors.decode()


async def test_a_browser_that_is_not_there_is_told(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("demo", "--port", "0", BROWSER="no-such-browser")
    assert ended.code == 2
    assert "no-such-browser" in ended.err
    assert "--no-browser" in ended.err


async def test_at_a_terminal_the_browser_opens_the_page(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    process, terminal = await _at_terminal(tmp_path, BROWSER=str(browser))
    await until(opened.exists, timeout=30)
    status, _ = await _get(opened.read_text().strip())
    process.send_signal(signal.SIGINT)
    await asyncio.wait_for(process.communicate(), 30)
    os.close(terminal)
    assert status == 200
    assert process.returncode == 0


async def test_the_running_bot_never_loads_the_demo() -> None:
    looked = "import sys, bot.cli, bot.bootstrap, bot.running; print([n for n in ('bot.sandbox', 'jinja2', 'emoji', 'markdown_it') if n in sys.modules])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", looked, cwd=ROOT, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert out.decode().strip() == "[]"
