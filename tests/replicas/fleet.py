"""Bots as processes of their own on one Postgres, beside a workspace that stays; over HTTP behind the proxy, or on sockets."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from sqlalchemy import Connection, func, select

from bot.db.engine import Database
from bot.features.requests.models import requests
from bot.outbox.models import outbox
from bot.sandbox.story import Sandbox
from bot.teams import apply, file
from tests.e2e.office import PAYMENTS
from tests.faults.life import ROOT, Life
from tests.support.haproxy import free_ports, haproxy_before
from tests.support.waiting import until

DRAIN = 3.0
LONGEST = 45.0
# As long as haproxy waits for a bot: what is tried here is who answers, not how fast a busy machine is.
PATIENCE = 15.0


class Fleet:
    """Two bots by name. Each listens on a port of its own that it keeps over its restarts."""

    def __init__(self, box: Sandbox, database_url: str, directory: Path, *, by_socket: bool) -> None:
        self.box = box
        self.database_url = database_url
        self.database = Database(database_url)
        self.directory = directory
        self.by_socket = by_socket
        self.proxy = ""
        self.ports: dict[str, int] = dict(zip("ab", free_ports(2), strict=True))
        self.lives: dict[str, Life] = {}
        self.before: list[Life] = []

    def environment(self, name: str) -> dict[str, str]:
        """Settings of this bot, and no others."""
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
        way = (
            {"SLACK_APP_TOKEN": self.box.app_token}
            if self.by_socket
            else {"SLACK_SIGNING_SECRET": self.box.signing_secret, "DRAIN_SECONDS": str(DRAIN)}
        )
        return kept | way | {
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": self.box.bot_token,
            "SLACK_API_URL": self.box.slack_api_url,
            "DATABASE_URL": self.database_url,
            "PORT": str(self.ports[name]),
            "INTAKE_LIMIT": "100000",
            "LOG_FORMAT": "json",
        }  # fmt: skip

    async def begin(self, *names: str) -> None:
        """Starts these bots at the same time; returns when they say that they can work."""
        for name in names:
            self.lives[name] = await Life.begin(
                self.environment(name), self.directory, words=["tests.replicas.patient_bot"]
            )
        for name in names:
            await self.lives[name].ready()
        await until(self._is_reached)

    async def _is_reached(self) -> bool:
        # haproxy looks once a second: until it has seen a bot it answers 503 by itself.
        if not self.proxy:
            return True
        async with aiohttp.ClientSession() as http, http.get(f"{self.proxy}/calendar/none.ics") as answer:
            return answer.status == 404

    async def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends the signal and returns the exit status."""
        life = self.lives.pop(name)
        self.before.append(life)
        return await life.end(number)

    async def renew(self, name: str) -> int:
        """A stop and a new start, as an upgrade does it; returns the exit status of the old one."""
        status = await self.end(name)
        await self.begin(name)
        return status

    def said(self, event: str) -> list[dict[str, Any]]:
        """Every line of this name that any of the bots has logged."""
        return [line for life in [*self.before, *self.lives.values()] for line in life.lines if line["event"] == event]  # fmt: skip

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What the bots that live now hold for faults of their own."""
        return [
            line
            for life in self.lives.values()
            for line in life.lines
            if line["level"] in ("error", "critical")
        ]

    async def apply(self) -> None:
        """Makes the database hold the Payments team."""
        path = self.directory / "teams.yml"
        path.write_text(yaml.safe_dump({"teams": [PAYMENTS]}))
        await self.database.write(apply.apply, file.read_file(path), datetime(2026, 11, 1, tzinfo=UTC))

    async def figures(self, name: str) -> str:
        """What this bot's `/metrics` says."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.lives[name].address}/metrics") as answer:
            return await answer.text()

    async def filed(self) -> int:
        """How many requests there are."""
        return await self.database.read(_count_requests)

    async def summaries(self) -> Counter[str]:
        """What was asked, and how often it is there."""
        return Counter(await self.database.read(_summaries))

    async def quiet(self) -> None:
        """Returns when nothing that is due is left to be sent."""

        async def nothing() -> bool:
            return await self.database.read(_count_open) == 0

        await until(nothing, timeout=LONGEST)

    def posts(self) -> Counter[str]:
        """How often each wish of the outbox stands in the workspace."""
        found: Counter[str] = Counter()
        for channel in self.box.workspace.world.channels.values():
            for message in channel.messages.values():
                payload = (message.metadata or {}).get("event_payload")
                if isinstance(payload, dict):
                    found[str(payload["id"])] += 1
        return found


def _count_requests(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(requests)) or 0


def _summaries(connection: Connection) -> list[str]:
    return list(connection.scalars(select(requests.c.summary)))


def _count_open(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.closed_at.is_(None))) or 0


@asynccontextmanager
async def open_fleet(database_url: str, directory: Path, *, by_socket: bool = False) -> AsyncIterator[Fleet]:
    """A workspace with no bot yet; whoever is begun is ended with the block, at once."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with Sandbox.start(
        manifest=manifest, settle=2.0, retry_delays=(0.3, 1.5, 2.5, 5.0), patience=PATIENCE
    ) as box:
        fleet = Fleet(box, database_url, directory, by_socket=by_socket)
        try:
            if by_socket:
                box.deliver_by_socket()
                yield fleet
            else:
                async with haproxy_before(fleet.ports["a"], fleet.ports["b"]) as address:
                    fleet.proxy = address
                    box.deliver_by_http(f"{address}/slack/events")
                    yield fleet
        finally:
            for life in fleet.lives.values():
                await life.kill()
            await fleet.database.close()
