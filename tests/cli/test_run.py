"""`run` as a process: ready, stopped by signals, alone on its file, alive beside the other commands."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Sandbox
from tests.cli.conftest import Frontdesk, begin
from tests.running.conftest import box

__all__ = ["box"]


class _Bot:
    """A bot in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def line(self, words: str) -> str:
        """The next log line with these words."""
        assert self.process.stderr is not None
        async with asyncio.timeout(30):
            while text := (await self.process.stderr.readline()).decode():
                self.lines.append(text)
                if words in text:
                    return text
        raise AssertionError("".join(self.lines))

    async def stopped_by(self, number: int) -> int:
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.communicate(), 20)
        return self.process.returncode or 0


@pytest.fixture
def settings(box: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": box.bot_token,
        "SLACK_SIGNING_SECRET": box.signing_secret,
        "SLACK_API_URL": box.slack_api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/frontdesk.db",
        "PORT": "0",
    }


@pytest.fixture
async def bot(settings: dict[str, str], tmp_path: Path) -> AsyncIterator[_Bot]:
    found = _Bot(await begin(tmp_path, "run", **settings))
    yield found
    if found.process.returncode is None:
        found.process.kill()
        await found.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly(bot: _Bot, number: int) -> None:
    await bot.line("frontdesk.ready")
    assert await bot.stopped_by(number) == 0


async def test_a_second_signal_ends_the_draining(settings: dict[str, str], tmp_path: Path) -> None:
    bot = _Bot(await begin(tmp_path, "run", **settings, DRAIN_SECONDS="60"))
    await bot.line("frontdesk.ready")
    bot.process.send_signal(signal.SIGTERM)
    await bot.line("frontdesk.draining")
    assert await bot.stopped_by(signal.SIGTERM) == 0


async def test_it_tells_the_address_that_it_really_listens_on(bot: _Bot) -> None:
    assert re.search(r"http://127\.0\.0\.1:[1-9]\d+", await bot.line("frontdesk.ready"))


async def test_a_second_run_on_its_file_ends_with_2_and_says_why(bot: _Bot, frontdesk: Frontdesk,
                                                                 settings: dict[str, str]) -> None:  # fmt: skip
    await bot.line("frontdesk.ready")
    ended = await frontdesk("run", **settings)
    assert ended.code == 2
    assert "runs already" in ended.err


async def test_the_other_commands_work_beside_it(bot: _Bot, frontdesk: Frontdesk, teams_file: Path) -> None:
    await bot.line("frontdesk.ready")
    assert (await frontdesk("migrate")).code == 0
    assert "added team payments" in (await frontdesk("apply", str(teams_file))).out


async def test_every_log_line_is_json_when_asked_for(settings: dict[str, str], tmp_path: Path) -> None:
    bot = _Bot(await begin(tmp_path, "run", **settings, LOG_FORMAT="json"))
    await bot.line("frontdesk.ready")
    bot.process.send_signal(signal.SIGTERM)
    _, rest = await asyncio.wait_for(bot.process.communicate(), 20)
    lines = "".join([*bot.lines, rest.decode()]).splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)
