"""The slice at work between a sandboxed workspace and a simulated Jira, with its relay running."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from sqlalchemy import Connection, func, select

from bot.core.threads import ThreadRef
from bot.db.engine import Database
from bot.feature import Deps, Feature
from bot.features import tickets
from bot.jira.gateway import JiraGateway
from bot.outbox import letters
from bot.outbox.letters import Counts
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions
from bot.sandbox.clock import SandboxClock
from bot.sandbox.forms import Form
from bot.sandbox.jira import JiraServer, JiraSite
from bot.sandbox.story import Answer, Person, Sandbox, Seen
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gate import Gate
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.file import read_file
from tests.features.tickets.make import Known, facts
from tests.support import jira_specs
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT
from tests.teams.make import EXAMPLE

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
LOOK_AFTER = (30.0, 120.0)


@dataclass(kw_only=True)
class Desk:
    """Slack, Jira and the slice between them. `clock` is everybody's."""

    box: Sandbox
    site: JiraSite
    jira: JiraServer
    deps: Deps
    clock: MovableClock
    known: Known
    feature: Feature
    wake: asyncio.Event

    def person(self, name: str) -> Person:
        return self.box.person(name)

    async def card(self, number: int = 12) -> Seen:
        """The card of the request, with its button."""
        button = {"type": "button", "text": {"type": "plain_text", "text": "Create Jira issue"},
                  "action_id": "request.jira", "value": f"v1:{number}"}  # fmt: skip
        await self.deps.slack.call(
            "chat.postMessage", channel="C0TRIAGE01", text="The card",
            blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "The card"}},
                    {"type": "actions", "elements": [button]}],
        )  # fmt: skip
        return await self.person("alice").waits_for("The card", in_="#triage-payments")

    async def request(self, *, asker: Seen | None = None, **more: Any) -> tuple[Seen, Seen]:
        """Ana's request: its card and the thread in which she is talked to."""
        card = await self.card()
        asker = asker or await self.person("ana").says("Refund stuck", in_="#ask-payments")
        self.known.request = facts(card=ref_of(card), asker=ref_of(asker), **more)
        return card, asker

    async def jira_form(self, message: Seen, *, by: str = "alice") -> Form:
        """The form that *Create Jira issue* in the message's menu opens."""
        opened = await self.person(by).message_shortcut("Create Jira issue", message)
        assert isinstance(opened, Form), opened
        return opened

    async def refusal(self, message: Seen, *, by: str) -> str:
        """The words that somebody gets instead of the form."""
        answer = await self.person(by).message_shortcut("Create Jira issue", message)
        assert isinstance(answer, Answer), answer
        assert answer.visible_to == "you"
        return answer.text

    async def quiet(self) -> None:
        """Returns when nothing is left to deliver."""
        async with asyncio.timeout(20):
            while await self.open_entries():
                await asyncio.sleep(0.02)

    async def settled(self, kind: str = "ticket.create") -> None:
        """Returns when an attempt of this kind has ended, well or not."""
        async with asyncio.timeout(20):
            while not await self.deps.transactions.read(_tried, kind):
                await asyncio.sleep(0.02)

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due is looked at."""
        self.clock.advance(seconds)
        self.wake.set()

    async def open_entries(self) -> list[str]:
        query = select(outbox.c.kind).where(outbox.c.closed_at.is_(None))
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def results(self) -> list[tuple[str, str]]:
        """Kinds and ends of what was delivered."""
        query = select(outbox.c.kind, outbox.c.result).order_by(outbox.c.id)
        return [
            (row[0], row[1]) for row in await self.deps.transactions.read(lambda c: c.execute(query).all())
        ]

    async def retries(self, kind: str) -> Counts:
        """The operators have every dead letter of this kind tried again."""
        run, read = self.deps.transactions.run, self.deps.transactions.read
        ids = await read(letters.given_up, kind, 0, 100)
        return await run(letters.retry, ids, self.feature.deliveries)

    async def bot_says_in(self, root: Seen, *, to: str = "alice") -> list[str]:
        """What the bot wrote below this message."""
        seen = await self.person(to).sees(thread=root)
        return [one.text for one in seen if one.message.bot_id and one.ts != root.ts]


def ref_of(seen: Seen) -> ThreadRef:
    """The thread that begins with this message."""
    return ThreadRef(channel=seen.channel, thread_ts=seen.ts)


def _tried(connection: Connection, kind: str) -> bool:
    done = (outbox.c.closed_at.is_not(None)) | (outbox.c.error.is_not(None))
    query = select(func.count()).select_from(outbox).where(outbox.c.kind == kind, done)
    return connection.execute(query).scalar_one() > 0


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
async def desk(sqlite_url: str, edition: Any) -> AsyncIterator[Desk]:
    """The example's team with a Jira of each edition."""
    async for made in _desk(sqlite_url, edition, with_jira=True):
        yield made


@pytest.fixture
async def desk_without_jira(sqlite_url: str) -> AsyncIterator[Desk]:
    """The same where JIRA_URL is not set."""
    async for made in _desk(sqlite_url, "cloud", with_jira=False):
        yield made


async def _desk(database_url: str, edition: Any, *, with_jira: bool) -> AsyncIterator[Desk]:
    clock, wake, stop = MovableClock(), asyncio.Event(), asyncio.Event()
    database = Database(database_url, longest_wait=PATIENT)
    site = JiraSite(edition=edition, clock=clock.now)
    jira = await JiraServer.start(site)
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    async with Sandbox.start(
        manifest=manifest, clock=SandboxClock(clock.now), settle=2.0, patience=PATIENT
    ) as box:
        deps = await _deps(box, database, clock, wake, _gateway(jira) if with_jira else None)
        known = Known()
        feature = tickets.build(
            deps, find_thread=known.find, facts=known.facts, card_changed=known.renew, look_after=LOOK_AFTER
        )
        relay = Relay(deps.transactions, clock, wake)
        relay.serve(feature.deliveries)
        door = await _open_door(box, deps, feature)
        going = asyncio.create_task(relay.run(stop))
        yield Desk(
            box=box, site=site, jira=jira, deps=deps, clock=clock, known=known, feature=feature, wake=wake
        )
        stop.set()
        wake.set()
        await asyncio.wait_for(going, 20)
        await door.cleanup()
        await deps.directory.close()
        await deps.slack.close()
        if deps.jira:
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
    box: Sandbox, database: Database, clock: MovableClock, wake: asyncio.Event, jira: JiraGateway | None
) -> Deps:
    slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    await slack.who_am_i()
    await database.write(apply, read_file(EXAMPLE), clock.now())
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
    tables: Mapping[str, Any] = {
        name: getattr(feature, name)
        for name in ("commands", "shortcuts", "actions", "submissions", "options")
    }
    app = SlackApp(
        deps.slack,
        Answers(deps.slack, box.slack_api_url),
        deps.clock,
        events={},
        answers_within=PATIENT,
        **tables,
    )
    site = web.Application()
    site.router.add_post("/slack/events", Gate(box.signing_secret, deps.clock, app.dispatch).__call__)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    box.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    return runner
