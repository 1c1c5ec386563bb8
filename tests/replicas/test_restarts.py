"""Two bots: replaced one after the other, killed, asleep, begun together. People hardly notice, and nothing is lost."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from bot.db.engine import Database
from bot.migrate import State, config, downgrade, state, upgrade
from tests.replicas.crowd import Crowd, crowd_in
from tests.replicas.fleet import Fleet, open_fleet
from tests.replicas.patient_bot import LEASE
from tests.support.long_run import IS_LONG
from tests.support.postgres import PostgresServer

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(900 if IS_LONG else 300)]

ROUNDS = 8 if IS_LONG else 1


@pytest.fixture
def empty_postgres(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create(with_tables=False)
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture
async def fleet(empty_postgres: str, tmp_path: Path) -> AsyncIterator[Fleet]:
    """Two bots behind the proxy, begun at the same time on a database without any table."""
    async with open_fleet(empty_postgres, tmp_path) as opened:
        await opened.begin("a", "b")
        assert opened.errors == []
        await opened.apply()
        yield opened


@pytest.fixture
async def on_sockets(empty_postgres: str, tmp_path: Path) -> AsyncIterator[Fleet]:
    """The same two on Socket Mode."""
    async with open_fleet(empty_postgres, tmp_path, by_socket=True) as opened:
        await opened.begin("a", "b")
        assert opened.errors == []
        await opened.apply()
        yield opened


async def nothing_is_lost_or_doubled(fleet: Fleet, crowd: Crowd) -> None:
    """Whatever was acknowledged or written is one request with one card, and no wish was carried out twice."""
    await fleet.box.events_delivered(40)
    await fleet.quiet()
    there = await fleet.summaries()
    expected = Counter(crowd.asked + crowd.written)
    assert {name: there[name] for name in expected} == dict(expected)
    posts = fleet.posts()
    assert {name: count for name, count in posts.items() if count != 1} == {}
    assert sum(name.endswith(":card") for name in posts) == sum(there.values())


async def test_bots_replaced_one_after_the_other_leave_nobody_without_an_answer(fleet: Fleet) -> None:
    async with crowd_in(fleet.box) as crowd:
        await crowd.goes_on()
        for _ in range(ROUNDS):
            assert await fleet.renew("a") == 0
            assert await fleet.renew("b") == 0
        await crowd.goes_on()
    print(f"replaced one after the other, {ROUNDS} rounds: {crowd.figures}")
    assert crowd.failed == []
    await nothing_is_lost_or_doubled(fleet, crowd)
    assert len(fleet.said("frontdesk.draining")) == 2 * ROUNDS


async def test_a_bot_that_is_killed_takes_only_the_calls_along_that_it_held(fleet: Fleet) -> None:
    async with crowd_in(fleet.box) as crowd:
        await crowd.goes_on()
        for _ in range(ROUNDS):
            await fleet.end("a", signal.SIGKILL)
            await crowd.goes_on()
            await fleet.begin("a")
    print(f"killed {ROUNDS} times: {crowd.figures}")
    # Three people wait for an answer at any time: no more than those can be let down, and Slack tells them.
    assert len(crowd.failed) <= 3 * ROUNDS
    assert {one.failed for one in crowd.failed} <= {"dispatch_failed"}
    await nothing_is_lost_or_doubled(fleet, crowd)


async def test_two_bots_begun_at_once_on_the_release_before_migrate_it_without_an_error(
    empty_postgres: str, tmp_path: Path
) -> None:
    await _migrate_to_the_one_before(empty_postgres)
    async with open_fleet(empty_postgres, tmp_path) as fleet:
        assert await state(fleet.database) is State.BEHIND
        await fleet.begin("a", "b")
        assert await state(fleet.database) is State.CURRENT
        assert fleet.errors == []


async def _migrate_to_the_one_before(url: str) -> None:
    scripts = ScriptDirectory.from_config(config())
    newest = scripts.get_revision(scripts.get_current_head() or "")
    database = Database(url)
    await upgrade(database)
    await downgrade(database, str(newest.down_revision))
    await database.close()


async def test_a_bot_that_was_asleep_for_longer_than_its_leases_doubles_nothing(fleet: Fleet) -> None:
    paused = fleet.lives["a"].process
    async with crowd_in(fleet.box) as crowd:
        await crowd.goes_on()
        paused.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(LEASE.total_seconds() + 2)
        finally:
            paused.send_signal(signal.SIGCONT)
        await crowd.goes_on()
    print(f"one asleep for {LEASE.total_seconds() + 2:g} s: {crowd.figures}")
    await nothing_is_lost_or_doubled(fleet, crowd)


async def test_on_sockets_bots_are_replaced_and_connections_renewed_while_people_are_answered(
    on_sockets: Fleet,
) -> None:
    fleet = on_sockets
    async with crowd_in(fleet.box) as crowd:
        await crowd.goes_on()
        for _ in range(ROUNDS):
            await fleet.box.disconnect_sockets("refresh_requested")
            await crowd.goes_on()
            for name in "ab" if IS_LONG else "a":
                assert await fleet.renew(name) == 0
    print(f"on sockets, {ROUNDS} rounds: {crowd.figures}")
    # Whoever closes a connection may meet a call that is on its way over it just then: at most one for each bot's end.
    assert len(crowd.failed) <= 2 * ROUNDS
    await nothing_is_lost_or_doubled(fleet, crowd)
