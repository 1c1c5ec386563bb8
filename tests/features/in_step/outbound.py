"""A thread with an issue between a sandboxed workspace and a simulated Jira, and what leaves the thread for Jira."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web
from sqlalchemy import func, select

from bot.core.messages import Deleted, Edited, Spoken
from bot.core.threads import IssueThreads, ThreadRef
from bot.db.engine import Database
from bot.feature import Deps
from bot.features import conversations
from bot.features.in_step import listeners, offers, words
from bot.features.in_step.deliveries import offer, write
from bot.features.in_step.models import slack_words
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira import JiraServer, JiraSite, hands, seed
from bot.sandbox.jira.model import Edition, Issue
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
from tests.features.in_step.known import REQUEST, TICKET, KnownTicket
from tests.support import jira_specs
from tests.support.clock import MovableClock
from tests.support.waiting import PATIENT
from tests.teams.make import EXAMPLE

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"


@dataclass(kw_only=True)
class Desk:
    """Slack, Jira, and what leaves for Jira. `clock` is everybody's."""

    box: Sandbox
    site: JiraSite
    jira: JiraServer
    deps: Deps
    clock: MovableClock
    known: KnownTicket
    wake: asyncio.Event
    moved: list[tuple[str, str]]
    deliveries: Mapping[str, Delivery] = field(default_factory=dict[str, Delivery])
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    going: "asyncio.Task[None] | None" = None

    def person(self, name: str) -> Person:
        return self.box.person(name)

    def start(self) -> None:
        """A relay begins, as in a new process."""
        relay = Relay(self.deps.transactions, self.clock, self.wake)
        relay.serve(self.deliveries)
        self.stop = asyncio.Event()
        self.going = asyncio.create_task(relay.run(self.stop))

    async def end(self) -> None:
        """The relay ends."""
        self.stop.set()
        self.wake.set()
        assert self.going is not None
        await asyncio.wait_for(self.going, 20)

    @property
    def issue(self) -> Issue:
        found = self.site.find("PAY-1")
        assert found is not None
        return found

    async def thread(self, *, where: str = "#ask-payments", **more: Any) -> Seen:
        """A thread of no request, whose issue is PAY-1."""
        root = await self.person("ana").says("Refund stuck", in_=where)
        self.has_issue([("thread", ref_of(root))], request_id=None, number=None, **more)
        return root

    async def request(self, *, private: bool = False) -> tuple[Seen, Seen]:
        """The card and the asker's thread of a request, whose issue is PAY-1."""
        await self.deps.slack.call("chat.postMessage", channel="C0TRIAGE01", text="The card")
        card = await self.person("alice").waits_for("The card", in_="#triage-payments")
        where = "#payments-private" if private else "#ask-payments"
        asker = await self.person("ana").says("Refund stuck", in_=where)
        both: list[tuple[Any, ThreadRef]] = [("card", ref_of(card)), ("asker", ref_of(asker))]
        self.has_issue(both, request_id=REQUEST, number=REQUEST, private=private)
        return card, asker

    def has_issue(self, threads: Sequence[tuple[Any, ThreadRef]], **more: Any) -> None:
        """From now on these threads have PAY-1."""
        if self.site.find("PAY-1") is None:
            project = self.site.projects["PAY"]
            kind = next(iter(project.types))
            fields = {"summary": "Refund stuck", "issuetype": {"id": kind.type_id}}
            hands.creates(self.site, seed.NINA, project, fields)
        values: dict[str, Any] = {
            "ticket_id": TICKET,
            "issue_id": self.issue.issue_id,
            "key": "PAY-1",
            "url": self.jira.url + "/browse/PAY-1",
            "team_id": 1,
            "private": False,
            "asked_by": "U0ALICE001",
            "threads": tuple(threads),
        } | more
        self.known.ticket = IssueThreads(**values)

    def threads(self) -> tuple[tuple[Any, ThreadRef], ...]:
        """The threads that have the issue."""
        assert self.known.ticket is not None
        return self.known.ticket.threads

    async def issue_made(self) -> None:
        """The tickets tell that Jira has the issue."""
        assert self.known.ticket is not None
        await self.deps.transactions.run(words.issue_made, self.known.ticket)

    def waits_for_jira(self) -> None:
        """The issue is wished, but not made yet."""
        assert self.known.ticket is not None
        self.known.ticket = replace(self.known.ticket, key=None, issue_id=None, url=None)

    def comments(self) -> list[str]:
        """What people read below the issue, oldest first."""
        return [text for _, text in self.site.issue("PAY-1").comments]

    def restrict(self) -> None:
        """Only some people in Jira may see the issue."""
        self.site.restricts("PAY-1", "Staff only")

    async def heard(self) -> None:
        """What people wrote so far has arrived at the bot."""
        await self.box.events_delivered()

    async def quiet(self) -> None:
        """Returns when nothing is left to deliver; bursts have gathered by then."""
        await self.heard()
        async with asyncio.timeout(30):
            while await self.open_entries():
                self.clock.advance(0.5)
                self.wake.set()
                await asyncio.sleep(0.02)

    async def later(self, seconds: float) -> None:
        """Time passes, and what is due is looked at."""
        self.clock.advance(seconds)
        self.wake.set()
        await asyncio.sleep(0.1)

    async def open_entries(self) -> list[str]:
        query = select(outbox.c.kind).where(outbox.c.closed_at.is_(None))
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def failed_once(self, kind: str) -> None:
        """Returns when an attempt of this kind did not succeed."""
        query = select(func.count()).where(outbox.c.kind == kind, outbox.c.error.is_not(None))
        async with asyncio.timeout(20):
            while not await self.deps.transactions.read(lambda c: c.scalar(query)):
                await self.later(0.5)

    async def results(self, kind: str) -> list[str]:
        """How each entry of this kind ended."""
        query = select(outbox.c.result).where(outbox.c.kind == kind).order_by(outbox.c.id)
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def stored_words(self) -> list[str]:
        query = select(slack_words.c.text).order_by(slack_words.c.id)
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def bot_says_in(self, root: Seen, *, to: str = "alice") -> list[str]:
        """What the bot wrote below this message."""
        seen = await self.person(to).sees(thread=root)
        return [one.text for one in seen if one.message.bot_id and one.ts != root.ts]

    async def offers(self, card: Seen) -> list[Seen]:
        """The questions of the bot below the card."""
        seen = await self.person("alice").sees(thread=card)
        return [one for one in seen if one.message.bot_id and "in Jira" in one.text]


def lines_of(comment: str) -> list[str]:
    """What stands in a comment: a speaker's name, their words, and so on."""
    return [line for line in comment.splitlines() if line.strip()]


def ref_of(seen: Seen) -> ThreadRef:
    """The thread that begins with this message."""
    return ThreadRef(channel=seen.channel, thread_ts=seen.ts)


@asynccontextmanager
async def open_desk(database_url: str, edition: Edition) -> AsyncIterator[Desk]:
    """The desk at work; at its end neither side has seen a call that it does not know."""
    clock, wake = MovableClock(), asyncio.Event()
    database = Database(database_url, longest_wait=PATIENT)
    site = JiraSite(edition=edition, clock=clock.now)
    jira = await JiraServer.start(site)
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    async with Sandbox.start(
        manifest=manifest, clock=SandboxClock(clock.now), settle=1.0, patience=PATIENT
    ) as box:
        deps = await _deps(box, database, clock, wake, jira)
        desk = Desk(
            box=box, site=site, jira=jira, deps=deps, clock=clock, known=KnownTicket(), wake=wake, moved=[]
        )
        door = await _open_door(desk)
        desk.start()
        yield desk
        await desk.end()
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
    box: Sandbox, database: Database, clock: MovableClock, wake: asyncio.Event, jira: JiraServer
) -> Deps:
    slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    await slack.who_am_i()
    await database.write(apply, read_file(EXAMPLE), clock.now())
    account = jira.site.bot_account
    login = (
        {"email": account.email, "api_token": account.secret}
        if jira.site.edition == "cloud"
        else {"token": account.secret}
    )
    return Deps(
        settings=Settings(_env_file=None),  # pyright: ignore[reportCallIssue]
        clock=clock,
        transactions=Transactions(database, clock.now, wake.set),
        slack=slack,
        jira=JiraGateway(jira.url, **login),
        directory=Directory(database, slack, clock),
        answers_within=PATIENT,
    )


async def _open_door(desk: Desk) -> web.AppRunner:
    deps, tickets = desk.deps, desk.known.tickets()
    assert deps.jira is not None
    talk = conversations.build(deps, find_thread=desk.known.find, heard=lambda *_: None)

    def apply_state(_: UnitOfWork, state: Any, who: str) -> None:
        desk.moved.append((state.status, who))

    desk.deliveries = {
        **talk.deliveries,
        **write.build(deps, deps.jira, tickets),
        **write.tell(deps, tickets),
        **offer.asks(),
        **offer.build(deps, deps.jira, tickets, apply_state),
    }
    deps.transactions.subscribe(_subscribers(tickets))
    events: dict[str, list[Callable[[Any], Awaitable[Any]]]] = {
        "message": [talk.events["message"], listeners.events(deps, tickets)["message"]]
    }
    nothing: Mapping[str, Any] = {}
    app = SlackApp(
        deps.slack,
        Answers(deps.slack, desk.box.slack_api_url),
        deps.clock,
        commands=nothing,
        shortcuts=nothing,
        actions=dict(listeners.actions(deps, tickets)),
        submissions=nothing,
        options=nothing,
        events=events,
        answers_within=PATIENT,
    )
    site = web.Application()
    site.router.add_post("/slack/events", Gate(desk.box.signing_secret, deps.clock, app.dispatch).__call__)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.box.deliver_by_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    return runner


def _subscribers(tickets: words.Tickets) -> dict[type, list[Any]]:
    """What the composition root hands from one slice to the other."""

    def kept(uow: UnitOfWork, event: conversations.MessageKept) -> None:
        message = event.message
        spoken = Spoken(
            channel=message.channel, ts=message.ts, thread_ts=message.thread_ts, author=message.author,
            text=message.text, files=message.files,
        )  # fmt: skip
        words.heard_of_request(uow, tickets, message.request_id, spoken, shown=message.is_shown)

    def changed(uow: UnitOfWork, event: conversations.MessageChanged) -> None:
        message = event.message
        if message.is_deleted:
            words.taken_away(
                uow, Deleted(channel=message.channel, ts=message.ts, thread_ts=message.thread_ts)
            )
            return
        edited = Edited(
            channel=message.channel, ts=message.ts, text=message.text, files=message.files,
            at=message.edited_at or message.ts,
        )  # fmt: skip
        words.changed(uow, tickets, edited, shown=message.is_shown)

    return {conversations.MessageKept: [kept], conversations.MessageChanged: [changed]}


async def closes_request(desk: Desk, *, way: offers.Way = "done") -> None:
    """Somebody resolves the request in Slack (`done`), or reopens it."""
    await desk.deps.transactions.run(offers.request_moved, REQUEST, way, desk.known.of_request)
