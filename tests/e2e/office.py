"""The whole product at work against the sandbox, over the wire, as stories use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import func, select

from bot import bootstrap, running
from bot.bootstrap import Product
from bot.features.requests.models import requests
from bot.outbox.models import outbox
from bot.running import Running
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.story import Answer, Person, Sandbox, Seen
from bot.settings import Settings
from bot.slack.pace import Pace
from bot.slack.refusals import ANSWERS_WITHIN
from bot.teams import apply, file
from tests.support.waiting import PATIENT, until

ROOT = Path(__file__).resolve().parents[2]
Transport = Literal["http", "socket"]
Edition = Literal["cloud", "datacenter"]

PAYMENTS: dict[str, Any] = {
    "key": "payments",
    "name": "Payments",
    "lead": "U0LEAD0001",
    "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
    "timezone": "Europe/Kyiv",
    "working_hours": {"days": "mon-fri", "from": "09:00", "to": "18:00"},
    "triage_channel": "C0TRIAGE01",
    "intake_channels": ["C0ASKPAY01"],
    "ticket_emoji": "ticket",
    "components": ["Billing", "Checkout"],
    "sources": {
        "management": {"users": ["U0BOSS0001"]},
        "partner": {"channels": ["C0PARTNER1"], "user_groups": ["S0PARTNERS"]},
        "support": {"user_groups": ["S0SUPPORT1"]},
    },
    "priority_rules": [
        {"when": {"type": "bug", "component": "Billing"}, "priority": "urgent"},
        {"when": {"source": "management"}, "priority": "high"},
    ],
    "split_of_work": "pull",
    "claim_within": {"urgent": "15m", "high": "1h", "normal": "4h", "low": "2d"},
    "rotation": {
        "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
        "handoff": {"every": "week", "on": "monday", "at": "10:00"},
        "starts": "2026-11-02",
    },
    "jira": {"project": "PAY", "issue_type": "Task", "labels": ["from-slack"]},
}
PLATFORM: dict[str, Any] = {
    "key": "platform",
    "name": "Platform",
    "lead": "U0OLGA0001",
    "members": ["U0FRANK001"],
    "timezone": "America/New_York",
    "working_hours": {"days": "mon-fri", "from": "09:00", "to": "17:00"},
    "triage_channel": "C0PLATFOR1",
}


# A Tuesday noon in Kyiv, in the week that Alice is on duty.
BEGINS = datetime(2026, 11, 24, 10, tzinfo=UTC)


@dataclass
class Office:
    """One workspace, one Jira, one bot. People by name; `restart` gives the bot a new life on the same data."""

    box: Sandbox
    site: JiraSite
    jira: JiraServer
    clock: SandboxClock
    settings: Settings
    transport: Transport
    product: Product
    running: Running
    directory: Path
    patience: float | None

    def person(self, name: str) -> Person:
        return self.box.person(name)

    async def card(self, label: str, *, by: str = "alice") -> Seen:
        """The card of this request in the triage channel."""
        for _ in range(2):
            found = await self.person(by).waits_for(label, in_="#triage-payments", timeout=PATIENT)
            if not found.thread_ts or found.thread_ts == found.ts:
                return found
        raise AssertionError(f"no card for {label}")

    async def asks(self, text: str, *, by: str = "ana", in_: str = "#general") -> Seen:
        """Somebody asks Payments in one line; returns the card when all is posted."""
        answer = await self.person(by).runs(f"/ask-team payments {text}", in_=in_)
        assert isinstance(answer, Answer) and answer.text.startswith("#"), answer
        await self.settled()
        return await self.card(answer.text.split()[0])

    async def settled(self) -> None:
        """Returns once every event is acknowledged and nothing waits to be sent."""
        await self.box.events_delivered()
        await until(self._nothing_waits)

    async def _nothing_waits(self) -> bool:
        due = outbox.c.closed_at.is_(None) & (outbox.c.run_at <= self.clock.now())
        query = select(func.count()).select_from(outbox).where(due)
        return await self.product.database.read(lambda connection: connection.scalar(query)) == 0

    async def count(self) -> int:
        """How many requests there are, when everything has settled."""
        await self.settled()
        query = select(func.count()).select_from(requests)
        return await self.product.database.read(lambda connection: connection.scalar(query) or 0)

    async def apply(self, *teams: dict[str, Any]) -> None:
        """Makes the database match these teams, as `frontdesk apply` does."""
        path = self.directory / "teams.yml"
        path.write_text(yaml.safe_dump({"teams": list(teams)}, allow_unicode=True))
        parsed = file.read_file(path)
        await self.product.database.write(apply.apply, parsed, self.clock.now())
        await self.product.deps.directory.refresh_groups(self.clock.now())

    async def stop(self) -> None:
        await self.running.close()

    async def restart(self) -> None:
        """A new bot on the same database."""
        await self.stop()
        await self.begin_again()

    async def another(self) -> Running:
        """One more bot on the same database; whoever asks for it closes it."""
        _, run = await _begin(self.settings, self.clock, self.patience)
        await run.wait_ready(15)
        return run

    async def begin_again(self) -> None:
        """A new bot after a stop."""
        self.product, self.running = await _begin(self.settings, self.clock, self.patience)
        await _deliver(self.box, self.running, self.transport)


async def _begin(settings: Settings, clock: SandboxClock, patience: float | None) -> tuple[Product, Running]:
    within = ANSWERS_WITHIN if patience is None else patience
    product = bootstrap.build(settings, clock=clock, pace=Pace(generous=True), answers_within=within)
    return product, await running.start(product)


async def _deliver(box: Sandbox, run: Running, transport: Transport) -> None:
    await run.wait_ready(15)
    if transport == "http":
        box.deliver_by_http(f"{run.address}/slack/events")
    else:
        box.deliver_by_socket()
        await box.socket_connected(10)


def settings_for(
    box: Sandbox, database_url: str, transport: Transport, jira: JiraServer | None, **more: Any
) -> Settings:
    """Settings that lead to the sandbox."""
    values: dict[str, Any] = {
        "slack_bot_token": box.bot_token,
        "slack_api_url": box.slack_api_url,
        "database_url": database_url,
        "port": 0,
        "log_level": "WARNING",
    }
    if transport == "http":
        values["slack_signing_secret"] = box.signing_secret
    else:
        values["slack_app_token"] = box.app_token
    if jira is not None:
        account = jira.site.bot_account
        values["jira_url"] = jira.url
        login = (
            {"jira_email": account.email, "jira_api_token": account.secret}
            if jira.site.edition == "cloud"
            else {"jira_token": account.secret}
        )
        values |= login
    return Settings(_env_file=None, **(values | more))  # pyright: ignore[reportCallIssue]


@asynccontextmanager
async def open_office(
    database_url: str,
    directory: Path,
    *,
    transport: Transport = "http",
    edition: Edition = "cloud",
    with_jira: bool = True,
    teams: tuple[dict[str, Any], ...] = (PAYMENTS,),
    patience: float | None = PATIENT,
    without: tuple[str, ...] = (),
    **more: Any,
) -> AsyncIterator[Office]:
    """An office with these teams, open until the block ends. `patience` is everybody's, None: as short as in life.

    `without`: permissions that the app was installed without.
    """
    clock = SandboxClock()
    clock.set(BEGINS)
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    scopes = manifest["oauth_config"]["scopes"]
    scopes["bot"] = [scope for scope in scopes["bot"] if scope not in without]
    site = JiraSite(edition=edition, clock=clock.now)
    jira = await JiraServer.start(site)
    starting = Sandbox.start(manifest=manifest, clock=clock, retry_delays=(0.05, 0.3, 1.0), patience=patience)
    async with starting as box:
        box.add_channel("triage-platform", members=("frank", "olga"), id="C0PLATFOR1")
        settings = settings_for(box, database_url, transport, jira if with_jira else None, **more)
        product, run = await _begin(settings, clock, patience)
        office = Office(
            box=box, site=site, jira=jira, clock=clock, settings=settings, transport=transport,
            product=product, running=run, directory=directory, patience=patience,
        )  # fmt: skip
        try:
            await _deliver(box, run, transport)
            await office.apply(*teams)
            yield office
        finally:
            await office.stop()
            await jira.stop()
