"""`demo` as a process of its own, and what it leaves behind."""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import aiohttp

HERE = ("--port", "0", "--no-browser")


class DemoProcess:
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


Start = Callable[..., Awaitable[DemoProcess]]


Refused = Callable[..., Awaitable[list[str]]]


async def get(address: str) -> tuple[int, str]:
    """Status and text of a page."""
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


def someones_file(path: Path) -> bytes:
    """A table of poems in this file; returns its bytes."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE poems (text VARCHAR)")
        connection.execute("INSERT INTO poems VALUES ('mine')")
        connection.commit()
    return path.read_bytes()


def tables_of(path: Path) -> set[str]:
    """The names of its tables."""
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
