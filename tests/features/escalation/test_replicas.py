"""Two bots on one database look at the same instant, while people click: everything happens once all the same."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, event, select

from bot import bootstrap, joints
from bot.bootstrap import Product
from bot.core.errors import UserError
from bot.core.threads import ThreadRef
from bot.db.engine import Database
from bot.features.escalation import store
from bot.features.requests import models
from bot.features.requests.domain import State
from bot.features.requests.events import CardPosted
from bot.features.requests.service import intake, queue
from bot.features.requests.store import add_thread, by_id, lock, save
from bot.outbox.delivery import Entry
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import UnitOfWork
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.teams.apply import apply
from bot.teams.domain import SplitOfWork
from bot.teams.file import read_text
from tests.features.escalation.make import at
from tests.features.requests.make import acting, filing, new
from tests.support.clock import MovableClock
from tests.teams.make import example

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
TUESDAY_NOON = at("2026-11-24T12:00")
# Statements: a ladder costs a new request none, and a claim two.
FILING, CLAIM = 5, 10
MEMBERS = ("U0ALICE001", "U0BOB00001", "U0CAROL001")


@dataclass
class Pair:
    """Two bots without relays, on one database and one clock."""

    bots: tuple[Product, Product]
    clock: MovableClock

    @property
    def database(self) -> Database:
        return self.bots[0].database

    def run(self, bot: int, use_case: Any, *arguments: Any) -> Any:
        return self.bots[bot].deps.transactions.run(use_case, *arguments)

    async def shares_out(self, split: SplitOfWork, more: str = "") -> None:
        """The example's team with this split of work."""
        text = example().replace("split_of_work: pull", f"split_of_work: {split}\n    {more}", 1)
        await self.database.write(apply, read_text(text, "teams.yml"), self.clock.now())
        for bot in self.bots:
            bot.deps.directory._looked_at = float("-inf")  # pyright: ignore[reportPrivateUsage]

    async def file(self, text: str) -> int:
        """A request; both bots are about to post its card, and one does."""
        filed = await self.run(0, intake.open_request, new(text), filing(on_duty="U0ALICE001"))
        await asyncio.gather(*(self._begin(bot, filed.request_id) for bot in self.bots))
        await self.run(0, _post_card, filed.request_id)
        return filed.request_id

    async def _begin(self, bot: Product, request_id: int) -> None:
        """What the card's delivery does first."""
        await bootstrap.deliveries(bot.features)["request.card"].prepare(_entry(request_id))

    def jobs(self, name: str) -> list[Any]:
        """This job of each of the bots."""
        features = [feature for bot in self.bots for feature in bot.features]
        return [job.run for feature in features for job in feature.jobs if job.name == name]

    async def look(self, *works: Any) -> list[Any]:
        """Both look at once, twice, while this happens."""
        looks = self.jobs("escalation.look")
        now = self.clock.now()
        first = await asyncio.gather(*(look(now) for look in looks), *works, return_exceptions=True)
        await asyncio.gather(*(look(now) for look in looks))
        assert [one for one in first if isinstance(one, Exception) and not isinstance(one, UserError)] == []
        return first[len(looks) :]

    async def at(self, now: datetime, *works: Any) -> list[Any]:
        self.clock.advance((now - self.clock.now()).total_seconds())
        return await self.look(*works)

    async def wishes(self) -> Counter[str]:
        return Counter(await self.database.read(_kinds))


def _entry(request_id: int) -> Any:
    names = dict.fromkeys(Entry.__dataclass_fields__)
    return Entry(**{**names, "payload": {"request_id": request_id}, "sent_at": None})  # pyright: ignore[reportArgumentType]


def _post_card(uow: UnitOfWork, request_id: int) -> None:
    add_thread(
        uow.connection, request_id, "card", ThreadRef(channel="C0TRIAGE01", thread_ts=f"{request_id}.1")
    )
    uow.emit(CardPosted(request=lock(uow.connection, request_id)))


def _kinds(connection: Connection) -> list[str]:
    return list(connection.scalars(select(outbox.c.kind).where(outbox.c.kind.startswith("escalation."))))


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[Pair]:
    clock = MovableClock(TUESDAY_NOON)
    async with Sandbox.start(manifest=yaml.safe_load(MANIFEST.read_text("utf-8"))) as box:
        settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            slack_bot_token=box.bot_token,  # pyright: ignore[reportArgumentType]
            slack_app_token=box.app_token,  # pyright: ignore[reportArgumentType]
            slack_api_url=box.slack_api_url,
            database_url=database_url,
        )
        bots = (bootstrap.build(settings, clock=clock), bootstrap.build(settings, clock=clock))
        pair = Pair(bots=bots, clock=clock)
        await pair.shares_out(SplitOfWork.PULL)
        yield pair
        for bot in bots:
            await bot.deps.directory.close()
            await bot.deps.slack.close()
            await bot.database.close()


async def test_two_bots_ask_once_at_each_step_and_a_claim_in_between_wins_or_comes_after(pair: Pair) -> None:
    ids = [await pair.file(f"Thing {number}") for number in range(4)]
    await pair.look()
    assert (await pair.wishes())["escalation.ping"] == 4
    await pair.at(at("2026-11-24T16:01"), pair.run(1, queue.claim, ids[0], acting(), "Payments"))
    count = (await pair.wishes())["escalation.ping"]
    assert count in (7, 8)
    await pair.at(at("2026-11-25T11:02"))
    await pair.at(at("2026-11-25T15:03"))
    await pair.at(at("2026-11-26T15:03"))
    assert (await pair.wishes())["escalation.ping"] == count + 6
    ladders = await pair.database.read(store.of_requests, ids)
    assert [ladders[one].due_at is None for one in ids] == [False, True, True, True]


async def test_two_bots_share_out_once_and_in_turn(pair: Pair) -> None:
    await pair.shares_out(SplitOfWork.ROUND_ROBIN)
    ids = [await pair.file(f"Thing {number}") for number in range(6)]
    held = Counter([(await pair.database.read(by_id, one)).assignee for one in ids])
    assert held == dict.fromkeys(MEMBERS, 2)
    line = select(models.request_history.c.id).where(models.request_history.c.move == "assign")
    assert len(await pair.database.read(lambda connection: list(connection.scalars(line)))) == 6


async def test_two_bots_give_what_waited_for_room_once(pair: Pair) -> None:
    await pair.shares_out(SplitOfWork.ON_DUTY, "max_open: 1")
    ids = [await pair.file(f"Thing {number}") for number in range(5)]
    for one in ids[:3]:
        await pair.run(0, queue.resolve, one, acting(), "Payments")
    await pair.at(at("2026-11-24T16:01"))
    held = sorted([str((await pair.database.read(by_id, one)).assignee) for one in ids[3:]])
    assert held == ["U0ALICE001", "U0BOB00001"]
    assert (await pair.wishes())["escalation.ping"] == 2


async def test_two_bots_put_an_idle_claim_back_once(pair: Pair) -> None:
    request_id = await pair.file("Thing")
    await pair.run(0, queue.claim, request_id, acting(), "Payments")
    await pair.look()
    await pair.at(at("2026-11-27T12:01"))
    await pair.at(at("2026-11-30T12:02"))
    assert (await pair.wishes())["escalation.ask"] == 1
    assert (await pair.database.read(by_id, request_id)).state is State.NEW
    line = select(models.request_history.c.id).where(models.request_history.c.move == "release")
    assert len(await pair.database.read(lambda connection: list(connection.scalars(line)))) == 1


async def test_two_bots_send_a_days_digest_once(pair: Pair) -> None:
    await pair.file("Thing")
    await pair.at(at("2026-11-25T09:00"))
    await pair.at(at("2026-11-25T09:01"))
    assert (await pair.wishes())["escalation.digest"] == 1
    await pair.at(at("2026-11-26T09:00"))
    assert (await pair.wishes())["escalation.digest"] == 2
    # Where nobody was there in the morning, the day goes without.
    await pair.at(at("2026-11-27T11:30"))
    assert (await pair.wishes())["escalation.digest"] == 2


async def test_a_request_that_an_older_release_filed_gets_a_ladder_that_counts_from_now(pair: Pair) -> None:
    filed = await pair.run(0, intake.open_request, new("Old"), filing())
    await pair.run(0, _card_of_the_old_release, filed.request_id)
    await pair.at(at("2026-11-26T12:00"))
    await asyncio.gather(*(adopt(pair.clock.now()) for adopt in pair.jobs("escalation.adopt")))
    await pair.look()
    assert (await pair.wishes())["escalation.ping"] == 0
    await pair.at(at("2026-11-26T16:01"))
    assert (await pair.wishes())["escalation.ping"] == 1


async def test_a_request_that_an_older_release_moved_is_found_again(pair: Pair) -> None:
    request_id = await pair.file("Thing")
    await pair.run(0, queue.wait, request_id, acting(), "Payments")
    await pair.database.write(_answered_at_the_old_release, request_id)
    await asyncio.gather(*(adopt(pair.clock.now()) for adopt in pair.jobs("escalation.adopt")))
    await pair.look()
    assert (await pair.wishes())["escalation.ping"] == 2
    await pair.at(at("2026-11-24T16:01"))
    assert (await pair.wishes())["escalation.ping"] == 3


async def test_an_old_request_that_is_claimed_before_it_is_found_is_asked_about_when_it_comes_back(
    pair: Pair,
) -> None:
    filed = await pair.run(0, intake.open_request, new("Old"), filing())
    await pair.run(0, _card_of_the_old_release, filed.request_id)
    await pair.run(0, queue.claim, filed.request_id, acting(), "Payments")
    await asyncio.gather(*(adopt(pair.clock.now()) for adopt in pair.jobs("escalation.adopt")))
    await pair.run(0, queue.release, filed.request_id, acting(), "Payments")
    await pair.look()
    await pair.at(at("2026-11-24T16:01"))
    assert (await pair.wishes())["escalation.ping"] == 2


async def test_what_came_back_is_handed_on_with_the_time_that_its_requester_was_promised(pair: Pair) -> None:
    request_id = await pair.file("Thing")
    await pair.run(0, queue.claim, request_id, acting(), "Payments")
    await pair.at(at("2026-11-25T10:00"), pair.run(0, queue.release, request_id, acting(), "Payments"))
    teams = await pair.bots[0].deps.directory.teams()
    work = await pair.database.read(joints.find_work, teams.all[0], pair.clock.now())
    assert [one.due for one in work.first] == [at("2026-11-25T14:00")]


async def test_what_is_acknowledged_costs_a_few_statements(pair: Pair) -> None:
    request_id = await pair.file("Thing")
    assert len(await pair.run(0, _statements, intake.open_request, new("Other"), filing())) <= FILING
    assert len(await pair.run(0, _statements, queue.claim, request_id, acting(), "Payments")) <= CLAIM


def _statements(uow: UnitOfWork, use_case: Any, *arguments: Any) -> list[str]:
    """What this use case asks of the database."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(uow.connection, "before_cursor_execute", note)
    use_case(uow, *arguments)
    event.remove(uow.connection, "before_cursor_execute", note)
    return asked


def _answered_at_the_old_release(connection: Connection, request_id: int) -> None:
    save(connection, replace(by_id(connection, request_id), state=State.NEW))


def _card_of_the_old_release(uow: UnitOfWork, request_id: int) -> None:
    add_thread(uow.connection, request_id, "card", ThreadRef(channel="C0TRIAGE01", thread_ts="1.1"))
