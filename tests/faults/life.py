"""The bot as a process of its own, to be killed and started again on the same database, beside a workspace that stays."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, func, select, update

from bot.core.clock import SystemClock
from bot.db.engine import Database
from bot.features.requests.models import requests
from bot.features.tickets.models import tickets
from bot.outbox.models import outbox
from bot.sandbox.jira import JiraServer, JiraSite
from bot.sandbox.jira.model import Edition
from bot.sandbox.story import Sandbox
from bot.teams import apply, file
from tests.e2e.office import PAYMENTS
from tests.support.proxy import Proxy, proxy_to

ROOT = Path(__file__).resolve().parents[2]
# Seconds; a process begins within two, but not on a machine that does other things too.
PATIENCE = 60.0
WEBHOOK_SECRET = "a secret between the two"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Life:
    """One process, from its start to its end. `lines` are its log, one object each."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.words: list[str] = []
        self.address = ""
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def begin(
        cls, environment: Mapping[str, str], directory: Path, *, words: Sequence[str] = ("bot", "run")
    ) -> "Life":
        """`frontdesk run` with these settings and no others, or another module that runs the product."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, cwd=directory, env=dict(environment), stdout=DEVNULL, stderr=PIPE
        )
        return cls(process)

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            text = line.decode()
            if text.startswith("{"):
                self.lines.append(json.loads(text))
            else:
                self.words.append(text)
            self._news.set()
        self._news.set()

    async def ready(self) -> None:
        """Returns when it says that it can work."""
        await self.says("frontdesk.ready")

    async def says(self, event: str, *, patience: float = PATIENCE) -> dict[str, Any]:
        """The first such line of its log, once it is there."""
        async with asyncio.timeout(patience):
            while not (said := [line for line in self.lines if line["event"] == event]):
                assert self.process.returncode is None, self.words
                self._news.clear()
                await self._news.wait()
        self.address = said[0].get("address", self.address)
        return said[0]

    async def kill(self) -> None:
        """Ends it without a word of warning."""
        await self.end(signal.SIGKILL)

    async def end(self, number: signal.Signals) -> int:
        """Sends the signal and returns the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """The exit status, once it has ended by itself."""
        async with asyncio.timeout(PATIENCE):
            await self.process.wait()
            await self._reading
        assert self.process.returncode is not None
        return self.process.returncode


class Place:
    """A workspace, a database, and the lives of a bot there. `proxy` stands between the workspace and the bot.

    `jira` is the Jira of the place, if it has one.
    """

    def __init__(
        self, box: Sandbox, database_url: str, directory: Path, proxy: Proxy, jira: JiraServer | None = None
    ) -> None:
        self.box = box
        self.jira = jira
        self.database_url = database_url
        self.database = Database(database_url)
        self.directory = directory
        self.proxy = proxy
        self.life: Life | None = None
        # Settings of the next lives beside those that lead to the sandbox.
        self.more: dict[str, str] = {}
        self.by_socket = False

    def environment(self) -> dict[str, str]:
        """Settings that lead to the sandbox."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        login = (
            ("SLACK_APP_TOKEN", self.box.app_token)
            if self.by_socket
            else ("SLACK_SIGNING_SECRET", self.box.signing_secret)
        )
        return kept | {
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.box.bot_token,
            login[0]: login[1],
            "SLACK_API_URL": self.box.slack_api_url,
            "DATABASE_URL": self.database_url,
            "PORT": "0",
            "LOG_FORMAT": "json",
            **(_jira_settings(self.jira) if self.jira else {}),
            **self.more,
        }

    async def begin(self) -> Life:
        """A new life, once it is ready; the workspace calls it from now on."""
        self.life = await Life.begin(self.environment(), self.directory)
        await self.life.ready()
        await self.lead_to(self.life)
        return self.life

    async def lead_to(self, life: Life) -> None:
        """The workspace calls this life, by HTTP through the proxy or by its socket."""
        self.proxy.target = int(life.address.rsplit(":", 1)[1])
        self.proxy.let_go()
        if self.by_socket:
            self.box.deliver_by_socket()
            await self.box.socket_connected(PATIENCE)
        else:
            self.box.deliver_by_http(f"http://127.0.0.1:{self.proxy.port}/slack/events")

    async def apply(self) -> None:
        """Makes the database hold the Payments team."""
        path = self.directory / "teams.yml"
        path.write_text(yaml.safe_dump({"teams": [PAYMENTS]}))
        await self.database.write(apply.apply, file.read_file(path), datetime(2026, 11, 1, tzinfo=UTC))

    async def kill(self) -> None:
        """kill -9, and nothing goes wrong any more afterwards."""
        assert self.life is not None
        await self.life.kill()
        self.box.faults.clear()
        if self.jira is not None:
            self.jira.site.faults.clear()

    async def filed(self) -> int:
        """How many requests there are."""
        return await self.database.read(_count_requests)

    async def wished(self) -> int:
        """How many issues were wished for."""
        return await self.database.read(_count_tickets)

    async def hurry(self) -> int:
        """Pauses are over at once: a minute need not pass. Returns how much waits to be sent."""
        return await self.database.write(_hurry)

    async def quiet(self, *, patience: float = PATIENCE) -> None:
        """Returns when nothing is left to be sent; nothing that waits for its time is waited for."""
        async with asyncio.timeout(patience):
            while await self.hurry():
                await asyncio.sleep(0.1)

    def posts(self) -> Counter[str]:
        """How often each wish of the outbox stands in the workspace."""
        found: Counter[str] = Counter()
        for channel in self.box.workspace.world.channels.values():
            for message in channel.messages.values():
                payload = (message.metadata or {}).get("event_payload")
                if isinstance(payload, dict):
                    found[str(payload["id"])] += 1
        return found


def _count_tickets(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(tickets)) or 0


def _jira_settings(jira: JiraServer) -> dict[str, str]:
    account = jira.site.bot_account
    if jira.site.edition == "datacenter":
        login = {"JIRA_TOKEN": account.secret}
    else:
        login = {"JIRA_EMAIL": account.email, "JIRA_API_TOKEN": account.secret}
    return {"JIRA_URL": jira.url, "JIRA_WEBHOOK_SECRET": WEBHOOK_SECRET, **login}


def _count_requests(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(requests)) or 0


def _hurry(connection: Connection) -> int:
    # What a living bot holds (it has just taken it) is left alone: only leases of the dead run out.
    waiting = outbox.c.closed_at.is_(None)
    connection.execute(update(outbox).where(waiting, outbox.c.lease_until.is_(None)).values(run_at=LONG_AGO))
    return connection.scalar(select(func.count()).select_from(outbox).where(waiting)) or 0


async def leases_run_out(place: Place) -> None:
    """While no bot lives: the leases that a dead one left behind are over."""
    await place.database.write(_forget_leases)


def _forget_leases(connection: Connection) -> None:
    connection.execute(update(outbox).where(outbox.c.closed_at.is_(None)).values(lease_until=None))


async def until(condition: Callable[[], Awaitable[bool]], *, patience: float = PATIENCE) -> None:
    """Returns when it holds. Raises TimeoutError after so many seconds."""
    async with asyncio.timeout(patience):
        while not await condition():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def open_place(
    database_url: str,
    directory: Path,
    *,
    edition: Edition | None = None,
    by_socket: bool = False,
    bots_way: str | None = None,
    begins: bool = True,
) -> AsyncIterator[Place]:
    """A workspace with a bot that is ready and knows the Payments team; with a Jira where an edition is named.

    `bots_way` is the bot's DATABASE_URL where it is not the one that the test looks by. `begins` False: no bot yet.
    """
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with (
        Sandbox.start(manifest=manifest, retry_delays=(0.3, 1.5, 2.5, 5.0)) as box,
        proxy_to(0) as proxy,
        _jira_of(edition) as jira,
    ):
        place = Place(box, database_url, directory, proxy, jira)
        place.by_socket = by_socket
        if bots_way is not None:
            place.more["DATABASE_URL"] = bots_way
        try:
            if begins:
                await place.begin()
            await place.apply()
            yield place
        finally:
            if place.life is not None:
                await place.life.kill()
            await place.database.close()


@asynccontextmanager
async def _jira_of(edition: Edition | None) -> AsyncIterator[JiraServer | None]:
    if edition is None:
        yield None
        return
    jira = await JiraServer.start(JiraSite(edition=edition, clock=SystemClock().now))
    try:
        yield jira
    finally:
        await jira.stop()
