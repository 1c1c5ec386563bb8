"""A request's two threads in a sandboxed workspace, and the slice between them, with its relay running."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import yaml
from slack_bolt.response import BoltResponse
from sqlalchemy import Connection, func, select

from bot.core.clock import SystemClock
from bot.core.threads import RequestThread, Side, ThreadRef
from bot.db.engine import Database
from bot.feature import Deps
from bot.features import conversations
from bot.outbox.models import outbox
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.sandbox.slack.events import envelope
from bot.sandbox.slack.world import Happening
from bot.sandbox.story import Person, Sandbox, Seen
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.teams.directory import Directory
from tests.support.waiting import PATIENT

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
REQUEST = 12


@dataclass(kw_only=True)
class Threads:
    """What the requests would know: both threads of one request, and what they were told."""

    requester: str
    card: ThreadRef | None
    asker: ThreadRef | None
    private: bool = False
    filed_by: str = ""
    heard: list[tuple[str, str]] = field(default_factory=list)

    def find(self, _: Connection, channel: str, thread_ts: str) -> RequestThread | None:
        place = ThreadRef(channel=channel, thread_ts=thread_ts)
        if place == self.card:
            return self._seen_from("card")
        return self._seen_from("asker") if place == self.asker else None

    def hear(self, _: UnitOfWork, request_id: int, author: str, text: str) -> None:
        assert request_id == REQUEST
        self.heard.append((author, text))

    def _seen_from(self, side: Side) -> RequestThread:
        return RequestThread(
            request_id=REQUEST,
            number=REQUEST,
            team_id=1,
            side=side,
            requester=self.requester,
            filed_by=self.filed_by or self.requester,
            private=self.private,
            card=self.card,
            asker=self.asker,
        )


@dataclass(kw_only=True)
class Talk:
    """The workspace with the slice at work in it."""

    box: Sandbox
    deps: Deps
    threads: Threads
    app: SlackApp
    relay: Relay
    card: Seen
    asker: Seen
    twice: bool = False
    deaf: bool = False
    running: set["asyncio.Task[object]"] = field(default_factory=set)

    def person(self, name: str) -> Person:
        return self.box.person(name)

    def hear(self, happening: Happening) -> None:
        """Every event of the workspace goes to the bot, as Slack's envelopes do."""
        if self.deaf or not happening.name.startswith("message."):
            return
        body = envelope(self.box.workspace.world, happening)
        for _ in range(2 if self.twice else 1):
            self.start(self.app.dispatch(body))

    def start(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def heard_all(self) -> None:
        """Returns when every event so far is stored."""
        while self.running:
            for response in await asyncio.gather(*self.running):
                assert isinstance(response, BoltResponse) and response.status == 200

    async def quiet(self) -> None:
        """Returns when every event is stored and nothing is left to deliver."""
        await self.heard_all()
        for _ in range(1_000):
            if not await self.deps.transactions.read(_open_entries):
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("there is still something to deliver")

    async def in_card(self, name: str = "alice") -> list[Seen]:
        """What the bot says in the card's thread, below the card."""
        return await self._replies(name, self.card)

    async def in_asker(self, name: str = "ana") -> list[Seen]:
        """What the bot says in the asker's thread."""
        return await self._replies(name, self.asker)

    async def _replies(self, name: str, root: Seen) -> list[Seen]:
        seen = await self.person(name).sees(thread=root)
        return [one for one in seen if one.message.bot_id and one.ts != root.ts]

    async def dead_letters(self) -> list[str]:
        query = select(outbox.c.kind).where(outbox.c.result.in_(("dead", "doubtful")))
        return list(await self.deps.transactions.read(lambda c: c.scalars(query).all()))

    async def asks(self, kind: str, payload: dict[str, object]) -> None:
        await self.deps.transactions.run(lambda uow: uow.enqueue(kind, payload))


def _open_entries(connection: Connection) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.closed_at.is_(None))
    return connection.execute(query).scalar_one()


@pytest.fixture
async def talk(database: Database) -> AsyncIterator[Talk]:
    """Ana's request: the card in the triage channel, her thread in the direct message with the bot."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    async with Sandbox.start(manifest=manifest, patience=PATIENT) as box:
        made = await _join(box, database)
        stop = asyncio.Event()
        going = asyncio.create_task(made.relay.run(stop))
        yield made
        stop.set()
        await asyncio.wait_for(going, 20)
        await made.deps.directory.close()
        await made.deps.slack.close()
        assert [(record.kind, record.verdict) for record in box.journal.violations()] == []


async def _join(box: Sandbox, database: Database) -> Talk:
    clock, wake = SystemClock(), asyncio.Event()
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    slack = SlackGateway(box.bot_token, box.slack_api_url, pace=Pace(generous=True))
    await slack.who_am_i()
    transactions = Transactions(database, clock.now, wake.set)
    deps = Deps(
        settings=settings,
        clock=clock,
        transactions=transactions,
        slack=slack,
        jira=None,
        directory=Directory(database, slack, clock),
    )
    ana = box.person("ana")
    card = await _posted(box, slack, "C0TRIAGE01", "The card", box.person("alice"))
    opened = await slack.call("conversations.open", users=ana.id)
    asker = await _posted(box, slack, opened["channel"]["id"], "Received", ana)
    threads = Threads(requester=ana.id, card=ref_of(card), asker=ref_of(asker), private=True)
    feature = conversations.build(deps, find_thread=threads.find, heard=threads.hear)
    relay = Relay(transactions, clock, wake)
    relay.serve(feature.deliveries)
    app = SlackApp(
        slack,
        Answers(slack, settings.slack_api_url),
        clock,
        commands={},
        shortcuts={},
        actions={},
        submissions={},
        options={},
        events={kind: [listener] for kind, listener in feature.events.items()},
        answers_within=PATIENT,
    )
    made = Talk(box=box, deps=deps, threads=threads, app=app, relay=relay, card=card, asker=asker)
    box.workspace.world.listeners.append(made.hear)
    return made


async def _posted(box: Sandbox, slack: SlackGateway, channel: str, text: str, seen_by: Person) -> Seen:
    await slack.call("chat.postMessage", channel=channel, text=text)
    return await seen_by.waits_for(text, in_="dm" if channel.startswith("D") else channel)


def ref_of(seen: Seen) -> ThreadRef:
    """The thread that begins with this message."""
    return ThreadRef(channel=seen.channel, thread_ts=seen.ts)


@pytest.fixture
async def public_talk(talk: Talk) -> Talk:
    """The same, but Ana asked in a public channel, and her own message is the thread's first."""
    talk.asker = await talk.person("ana").says("Refund stuck", in_="#ask-payments")
    talk.threads.asker, talk.threads.private = ref_of(talk.asker), False
    return talk


@pytest.fixture
async def private_talk(talk: Talk) -> Talk:
    """The same, but Ana asked in a private channel."""
    talk.asker = await talk.person("ana").says("Refund stuck", in_="#payments-private")
    talk.threads.asker, talk.threads.private = ref_of(talk.asker), True
    return talk


@pytest.fixture
def card_thread() -> RequestThread:
    """A request's thread, asked about from the card's side."""
    return RequestThread(
        request_id=REQUEST,
        number=REQUEST,
        team_id=1,
        side="card",
        requester="U0ANA00001",
        filed_by="U0ANA00001",
        private=False,
        card=ThreadRef(channel="C0TRIAGE01", thread_ts="100.000001"),
        asker=ThreadRef(channel="C0ASKPAY01", thread_ts="100.000002"),
    )


@pytest.fixture
def asker_thread(card_thread: RequestThread) -> RequestThread:
    """The same request's other thread."""
    return replace(card_thread, side="asker")
