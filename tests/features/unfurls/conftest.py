"""The slice at work between a sandboxed workspace and a simulated Jira, with its relay running."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from sqlalchemy import select

from bot.db.engine import Database
from bot.feature import Deps, Feature
from bot.features import unfurls
from bot.jira.gateway import JiraGateway
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira import JiraServer, JiraSite, hands
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.seed import NINA
from bot.sandbox.story import Sandbox, Seen
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gate import Gate
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.file import read_text
from tests.support import slack_specs
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT
from tests.teams.make import changed

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
JIRA = "jira: {project: PAY, issue_type: Task, labels: [from-slack]}"


@dataclass(kw_only=True)
class Desk:
    """Slack, Jira and the slice between them. `clock` is everybody's."""

    box: Sandbox
    site: JiraSite
    jira: JiraServer
    deps: Deps
    clock: MovableClock
    database: Database
    wake: asyncio.Event

    def issue(self, summary: str = "Refund stuck", *, project: str = "PAY") -> Issue:
        """An issue that Nina created in Jira."""
        kind = self.site.projects[project].types[0].type_id
        fields = {"summary": summary, "issuetype": {"id": kind}}
        return hands.creates(self.site, NINA, self.site.projects[project], fields)

    def url(self, issue: Issue | str) -> str:
        """The address that people paste."""
        return f"{self.jira.url}/browse/{issue if isinstance(issue, str) else issue.key}"

    async def pastes(
        self, text: str, *, in_: str = "#ask-payments", by: str = "ana", thread: Seen | None = None
    ) -> Seen:
        """Somebody posts this; returns the message when the bot has heard of it."""
        said = await self.box.person(by).says(text, in_=in_, thread=thread)
        await self.box.events_delivered()
        return said

    async def cards(self, said: Seen) -> dict[str, str]:
        """What stands below the message when nothing is left to deliver."""
        await self.quiet()
        return (await said.now()).unfurled

    async def quiet(self) -> None:
        """Returns when nothing is left to deliver."""
        async with asyncio.timeout(20):
            while await self.open_entries():
                await asyncio.sleep(0.02)

    async def tried(self) -> None:
        """Returns when an attempt has ended, well or not."""
        query = select(outbox.c.id).where(outbox.c.closed_at.is_not(None) | outbox.c.error.is_not(None))
        async with asyncio.timeout(20):
            while not await self.deps.transactions.read(lambda c: c.scalars(query).all()):
                await asyncio.sleep(0.02)

    async def open_entries(self) -> list[str]:
        query = select(outbox.c.kind).where(outbox.c.closed_at.is_(None))
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def results(self) -> list[tuple[str, str]]:
        """Kinds and ends of what was delivered."""
        query = select(outbox.c.kind, outbox.c.result).order_by(outbox.c.id)
        rows = await self.deps.transactions.read(lambda c: c.execute(query).all())
        return [(row[0], row[1]) for row in rows]

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due is looked at."""
        self.clock.advance(seconds)
        self.wake.set()

    async def teams(self, jira: str) -> None:
        """The example's team with these words about Jira."""
        await self.database.write(apply, read_text(changed(JIRA, jira), "teams.yml"), self.clock.now())
        await self.deps.directory.refresh_groups(self.clock.now())


@pytest.fixture(params=["cloud", "datacenter"])
def edition(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "frontdesk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The product's own, with the host of the simulated Jira among its domains."""
    made: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    made["features"]["unfurl_domains"].append("127.0.0.1")
    return made


@pytest.fixture
async def desk(sqlite_url: str, edition: Any, manifest: dict[str, Any]) -> AsyncIterator[Desk]:
    """The example's team, which wants cards, with a Jira of each edition."""
    clock, wake, stop = MovableClock(), asyncio.Event(), asyncio.Event()
    database = Database(sqlite_url, longest_wait=PATIENT)
    site = JiraSite(edition=edition, clock=clock.now)
    jira = await JiraServer.start(site)
    async with Sandbox.start(
        manifest=manifest, clock=SandboxClock(clock.now), settle=0.2, patience=PATIENT
    ) as box:
        deps = await _deps(box, database, clock, wake, _gateway(jira))
        feature = unfurls.build(deps)
        relay = Relay(deps.transactions, clock, wake)
        relay.serve(feature.deliveries)
        made = Desk(
            box=box, site=site, jira=jira, deps=deps, clock=clock, database=database, wake=wake
        )  # fmt: skip
        await made.teams(JIRA.replace("}", ", unfurl: true}"))
        door = await _open_door(box, deps, feature)
        going = asyncio.create_task(relay.run(stop))
        yield made
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
    assert slack_specs.check_journal(box.journal.records) == []


async def _deps(
    box: Sandbox, database: Database, clock: MovableClock, wake: asyncio.Event, jira: JiraGateway
) -> Deps:
    slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    await slack.who_am_i()
    return Deps(
        settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
        clock=clock,
        transactions=Transactions(database, clock.now, wake.set),
        slack=slack,
        jira=jira,
        directory=Directory(database, slack, clock),
    )


def _gateway(jira: JiraServer) -> JiraGateway:
    account = jira.site.bot_account
    if jira.site.edition == "cloud":
        return JiraGateway(jira.url, email=account.email, api_token=account.secret)
    return JiraGateway(jira.url, token=account.secret)


async def _open_door(box: Sandbox, deps: Deps, feature: Feature) -> web.AppRunner:
    app = SlackApp(
        deps.slack,
        Answers(deps.slack, box.slack_api_url),
        deps.clock,
        commands={},
        shortcuts={},
        actions={},
        submissions={},
        options={},
        events={name: [listener] for name, listener in feature.events.items()},
        answers_within=PATIENT,
    )
    site = web.Application()
    site.router.add_post("/slack/events", Gate(box.signing_secret, deps.clock, app.dispatch).__call__)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    box.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    return runner
