"""The alarm about the database as an operator gets it: a real process, real seconds. Only in the long run.

Shortened seconds are in tests/running/test_alarms.py, the decisions alone in tests/scheduling/test_outage.py.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.clock import stopwatch
from tests.faults.life import Place, open_place, until
from tests.running.listening import Listening, listening
from tests.support.long_run import IS_LONG
from tests.support.postgres import PostgresServer
from tests.support.proxy import Proxy, postgres_through_proxy

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.timeout(400)]

ALERTS = "C0ALERTS01"
NOT_YET = 55.0
# How long the bot wants to see it well before it believes so, and a look more.
STEADY = 12.0


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create(with_tables=True)
    yield postgres.url_of(name)
    postgres.give_back(name)


def goes_away(proxy: Proxy, way: str) -> None:
    """The server refuses everybody (`cut`), or says nothing more (`freeze`)."""
    if way == "cut":
        proxy.cut()
    else:
        proxy.freeze()


async def comes_back(proxy: Proxy) -> None:
    proxy.cut()
    proxy.let_go()
    await proxy.listen()


def in_channel(place: Place) -> list[str]:
    """What the operators' channel was told."""
    calls = place.box.journal.calls("chat.postMessage")
    return [str(call.arguments["text"]) for call in calls if call.arguments.get("channel") == ALERTS]


async def told(place: Place, pager: Listening, count: int, patience: float) -> None:
    """Returns when both ways have told so much."""

    async def both() -> bool:
        return len(in_channel(place)) >= count and len(pager.heard) >= count

    await until(both, patience=patience)


if IS_LONG:

    @pytest.mark.parametrize("way", ["cut", "freeze"])
    async def test_an_outage_is_told_once_after_a_minute_by_both_ways_and_a_shorter_one_never(
        postgres_url: str, tmp_path: Path, way: str
    ) -> None:
        async with (
            listening() as pager,
            postgres_through_proxy(postgres_url) as (proxy, bots_way),
            open_place(postgres_url, tmp_path, bots_way=bots_way, begins=False) as place,
        ):
            place.more |= {"ALERT_CHANNEL": ALERTS, "ALERT_WEBHOOK_URL": pager.url}
            await place.begin()
            goes_away(proxy, way)
            await asyncio.sleep(NOT_YET)
            await comes_back(proxy)
            await asyncio.sleep(STEADY)
            assert (in_channel(place), pager.heard) == ([], [])

            goes_away(proxy, way)
            began = stopwatch()
            await told(place, pager, 1, patience=75.0)
            waited = stopwatch() - began
            await asyncio.sleep(5.0)
            assert [len(in_channel(place)), len(pager.heard)] == [1, 1]
            assert "has not reached its database" in in_channel(place)[0]
            assert pager.heard[0]["dedup_key"] == "frontdesk/database"

            await comes_back(proxy)
            await told(place, pager, 2, patience=30.0)
            await asyncio.sleep(STEADY)
            assert [len(in_channel(place)), len(pager.heard)] == [2, 2]
            assert "recovered" in in_channel(place)[1]
            # What an operator is promised, not a matter of speed: the minute counts from the first failed look.
            assert 60.0 <= waited <= 70.0
            print(f"told {waited:.1f} s after it went away")
