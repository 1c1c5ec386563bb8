"""The slice at work between a sandboxed workspace and a simulated Jira, with its relay running."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from sqlalchemy import select

from bot.core.threads import IssueThreads, ThreadRef
from bot.db.engine import Database
from bot.feature import Deps, Feature
from bot.features import in_step
from bot.jira.gateway import JiraGateway
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira import JiraServer, JiraSite, hands, seed
from bot.sandbox.jira.model import Issue
from bot.sandbox.story import Person, Sandbox, Seen
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gate import Gate
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.file import read_file
from bot.web import Health, build_web, runner_of
from tests.features.in_step.make import Known, threads
from tests.support import jira_specs
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT, until
from tests.teams.make import EXAMPLE

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
SECRET = "webhook-secret"


@dataclass(kw_only=True)
class Desk:
    """Slack, Jira and the slice between them. `clock` is everybody's; `address` is where the bot listens."""

    box: Sandbox
    site: JiraSite
    jira: JiraServer
    deps: Deps
    clock: MovableClock
    known: Known
    feature: Feature
    wake: asyncio.Event
    address: str

    def person(self, name: str) -> Person:
        return self.box.person(name)

    async def issue(self, *, is_linked: bool = False, **more: Any) -> tuple[Issue, Seen, Seen]:
        """PAY-1 of Ana's request, followed: the issue, the card, and the message below which Ana is talked to."""
        asker = await self.person("ana").says("Refund stuck", in_="#ask-payments")
        await self.deps.slack.call("chat.postMessage", channel="C0TRIAGE01", text="The card")
        card = await self.person("alice").waits_for("The card", in_="#triage-payments")
        fields = {"issuetype": {"name": "Task"}, "summary": "Refund stuck"}
        found = hands.creates(self.site, seed.BOT, self.site.projects["PAY"], fields)
        both = (("card", ref_of(card)), ("asker", ref_of(asker)))
        ticket = threads(**{"issue_id": found.issue_id, "key": found.key, "threads": both} | more)
        self.known.add(ticket)
        await self.follow(ticket, is_linked=is_linked)
        return found, card, asker

    async def follow(self, ticket: IssueThreads, *, is_linked: bool = False) -> None:
        """The thread has its issue from now on, and what there was before has been looked at."""

        def follow(uow: UnitOfWork) -> None:
            in_step.follow(uow, ticket.issue_id or "", ticket.key or "", is_linked=is_linked)

        await self.deps.transactions.run(follow)
        await self.quiet()
        self.clock.advance(60)

    def listen(self, secret: str = SECRET) -> None:
        """Jira tells the bot what happens, from now on."""
        self.site.webhooks.add(f"{self.address}/jira/webhook", secret=secret)

    async def told(self) -> None:
        """Returns when Jira has told everything and the bot has done what follows."""
        await self.site.webhooks.idle()
        await self.quiet()

    async def quiet(self) -> None:
        """Returns when nothing that is due is left to deliver."""
        await until(self._nothing_waits)

    async def _nothing_waits(self) -> bool:
        due = outbox.c.closed_at.is_(None) & (outbox.c.run_at <= self.clock.now())
        query = select(outbox.c.kind).where(due)
        return await self.deps.transactions.read(lambda c: c.scalars(query).first()) is None

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due by then is done."""
        self.clock.advance(seconds)
        self.wake.set()
        await self.quiet()

    async def polls(self) -> None:
        """The clock's jobs look around, and what follows is done."""
        for job in self.feature.jobs:
            await job.run(self.clock.now())
        await self.quiet()

    async def run(self, use_case: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        return await self.deps.transactions.run(use_case, *arguments, **more)

    async def said_in(self, root: Seen, *, to: str = "alice") -> list[str]:
        """What the bot wrote below this message, as this person reads it."""
        seen = await self.person(to).sees(thread=root)
        return [one.text for one in seen if one.message.bot_id and one.ts != root.ts]


def ref_of(seen: Seen) -> ThreadRef:
    """The thread that begins with this message."""
    return ThreadRef(channel=seen.channel, thread_ts=seen.ts)


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The deliveries run on one database here; the use cases have both in their own tests."""
    path = tmp_path / "frontdesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def secret() -> str | None:
    """What JIRA_WEBHOOK_SECRET is."""
    return SECRET


@pytest.fixture
async def desk(sqlite_url: str, edition: Any, secret: str | None) -> AsyncIterator[Desk]:
    """The example's team with a Jira of each edition; `desk.listen()` lets Jira tell what happens."""
    clock, wake, stop = MovableClock(), asyncio.Event(), asyncio.Event()
    database = Database(sqlite_url, longest_wait=PATIENT)
    site = JiraSite(edition=edition, clock=clock.now)
    jira = await JiraServer.start(site)
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    async with Sandbox.start(
        manifest=manifest, clock=SandboxClock(clock.now), settle=2.0, patience=PATIENT
    ) as box:
        deps = await _deps(box, database, clock, wake, _gateway(jira), secret)
        known = Known()
        feature = in_step.build(deps, neighbours=known.neighbours(), tickets=known.for_words())
        relay = Relay(deps.transactions, clock, wake)
        relay.serve(feature.deliveries)
        door = await _open_door(box, deps, feature)
        going = asyncio.create_task(relay.run(stop))
        yield Desk(
            box=box, site=site, jira=jira, deps=deps, clock=clock, known=known, feature=feature, wake=wake,
            address=f"http://127.0.0.1:{door.addresses[0][1]}",
        )  # fmt: skip
        stop.set()
        wake.set()
        await asyncio.wait_for(going, 20)
        await door.cleanup()
        await deps.directory.close()
        await deps.slack.close()
        assert deps.jira is not None
        await deps.jira.close()
    await jira.stop()
    await database.close()
    assert [(record.kind, record.verdict) for record in box.journal.violations()] == []
    assert [problem for record in site.journal for problem in _wrong(record)] == []


def _wrong(record: Any) -> list[str]:
    if not jira_specs.specs_path().exists() or not 200 <= record.status < 300:
        return []
    return jira_specs.check_call(record)


async def _deps(
    box: Sandbox,
    database: Database,
    clock: MovableClock,
    wake: asyncio.Event,
    jira: JiraGateway,
    secret: str | None,
) -> Deps:
    slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    await slack.who_am_i()
    await jira.own_account()
    await database.write(apply, read_file(EXAMPLE), clock.now())
    settings = Settings(_env_file=None, jira_webhook_secret=secret)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return Deps(
        settings=settings,
        clock=clock,
        transactions=Transactions(database, clock.now, wake.set),
        slack=slack,
        jira=jira,
        directory=Directory(database, slack, clock),
        answers_within=PATIENT,
    )


def _gateway(jira: JiraServer) -> JiraGateway:
    account = jira.site.bot_account
    if jira.site.edition == "cloud":
        return JiraGateway(jira.url, email=account.email, api_token=account.secret)
    return JiraGateway(jira.url, token=account.secret)


async def _open_door(box: Sandbox, deps: Deps, feature: Feature) -> web.AppRunner:
    tables: dict[str, Any] = {
        name: dict(getattr(feature, name))
        for name in ("commands", "shortcuts", "actions", "submissions", "options")
    }
    events = {kind: [listener] for kind, listener in feature.events.items()}
    answers = Answers(deps.slack, box.slack_api_url)
    app = SlackApp(deps.slack, answers, deps.clock, events=events, answers_within=PATIENT, **tables)
    health = Health(standing_still=list, parts=dict)
    gate = Gate(box.signing_secret, deps.clock, app.dispatch)
    runner = runner_of(build_web(gate, health, feature.webhooks), last_calls=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    box.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    return runner
