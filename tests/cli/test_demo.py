"""`demo` as a process: it opens, ends, stands beside another, and refuses in one line what it cannot do."""

import asyncio
import os
import pty
import re
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.cli.conftest import ROOT, begin, environment
from tests.cli.demos import HERE, Refused, Start, get, tables_of
from tests.support.waiting import until


# SIGINT, as Ctrl-C sends it, ends the one at a terminal.
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_it_tells_its_address_and_a_signal_ends_it_cleanly(start: Start, number: int) -> None:
    demo = await start()
    status, page = await get(demo.address)
    assert status == 200
    assert "<html" in page
    assert await demo.ended_by(number) == 0
    with pytest.raises(aiohttp.ClientConnectionError):
        await get(demo.address)


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
    assert (await get(f"{demo.address}/control/state"))[0] == 200
    assert not tmp_path.joinpath("real.db").exists()


async def test_a_second_demo_on_its_port_or_its_file_is_sent_away_and_changes_nothing(
    start: Start, refused: Refused, tmp_path: Path
) -> None:
    path = tmp_path / "mine.db"
    demo = await start(*HERE, "--database", str(path))
    on_port, on_file = await refused(
        ("demo", "--no-browser", "--port", demo.port),
        ("demo", *HERE, "--database", f"sqlite:///{path}"),
    )
    assert f"demo is at {demo.address}" in on_port
    assert "--port" in on_port
    assert "at work on" in on_file
    assert "teams" in tables_of(path)
    assert (await get(f"{demo.address}/control/state"))[0] == 200


CANNOT_BE = (
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
)


async def test_what_cannot_be_is_told_in_one_line(refused: Refused) -> None:
    lines = [
        ("demo", "--no-browser", *(() if "--port" in words else ("--port", "0")), *words)
        for words, _ in CANNOT_BE
    ]
    for (words, hint), told in zip(CANNOT_BE, await refused(*lines), strict=True):
        assert hint in told, words
        assert "secret" not in told


async def test_a_browser_that_is_not_there_is_told(refused: Refused) -> None:
    (told,) = await refused(("demo", "--port", "0"), BROWSER="no-such-browser")
    assert "no-such-browser" in told
    assert "--no-browser" in told


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


async def test_at_a_terminal_the_browser_opens_the_page(tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    process, terminal = await _at_terminal(tmp_path, BROWSER=str(browser))
    await until(opened.exists, timeout=30)
    status, _ = await get(opened.read_text().strip())
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
