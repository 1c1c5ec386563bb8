"""What goes wrong while a crowd works: each fault begins, lasts and is over by itself. Times are in seconds."""

import asyncio
import os
import random
import resource
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.life import Life, Place, leases_run_out
from tests.support.locks import held_for_writing
from tests.support.proxy import Proxy

# So few bytes that no page of a database can be written behind them.
NO_ROOM = 512


@dataclass(kw_only=True)
class Weather:
    """A place, and the proxy between its bot and Postgres, where that is its database."""

    place: Place
    to_database: Proxy | None
    dice: random.Random
    # How long what lasts lasts.
    long: float = 4.0
    # How often what strikes strikes.
    often: int = 3

    @property
    def database(self) -> Proxy:
        """The way to Postgres."""
        assert self.to_database is not None, "this fault is one of a server"
        return self.to_database

    @property
    def life(self) -> Life:
        """The bot."""
        assert self.place.life is not None
        return self.place.life


Fault = Callable[[Weather], Awaitable[None]]


async def fair(weather: Weather) -> None:
    """Nothing goes wrong."""
    await asyncio.sleep(weather.long)


async def killed(weather: Weather) -> None:
    """kill -9 at moments that nobody chose; a new bot comes at once."""
    for _ in range(weather.often):
        await asyncio.sleep(weather.dice.uniform(0.5, 2.0))
        await weather.life.kill()
        await leases_run_out(weather.place)
        await weather.place.begin()


async def database_away(weather: Weather) -> None:
    """Postgres refuses every connection and breaks those that are open."""
    await asyncio.sleep(1.0)
    weather.database.cut()
    await asyncio.sleep(weather.long)
    await weather.database.listen()


async def database_silent(weather: Weather) -> None:
    """Postgres keeps every connection and says nothing, then everything at once."""
    await asyncio.sleep(1.0)
    weather.database.freeze()
    await asyncio.sleep(weather.long)
    weather.database.let_go()


async def database_slow(weather: Weather) -> None:
    """Every statement takes a fifth of a second longer."""
    weather.database.delay = 0.1
    await asyncio.sleep(weather.long * 2)
    weather.database.delay = 0.0


async def database_away_at_a_start(weather: Weather) -> None:
    """The bot is killed while Postgres is away, and begins without it."""
    await asyncio.sleep(1.0)
    weather.database.cut()
    await weather.life.kill()
    life = weather.place.life = await Life.begin(weather.place.environment(), weather.place.directory)
    await life.says("frontdesk.listening")
    await weather.place.lead_to(life)
    await asyncio.sleep(weather.long)
    await leases_run_out(weather.place)
    await weather.database.listen()
    await life.ready()


async def database_locked(weather: Weather) -> None:
    """Another program holds the SQLite file for writing."""
    await asyncio.sleep(1.0)
    async with held_for_writing(weather.place.database_url.removeprefix("sqlite:///")):
        await asyncio.sleep(weather.long)


async def disk_full(weather: Weather) -> None:
    """No file of the bot can grow, then there is room again."""
    await asyncio.sleep(1.0)
    leave_room(weather.life, NO_ROOM)
    await asyncio.sleep(weather.long)
    leave_room(weather.life, resource.RLIM_INFINITY)


def leave_room(life: Life, size: int) -> None:
    """From now on no file of this process may be written behind so many bytes.

    The kernel then refuses a write as it does on a full disk (EFBIG instead of ENOSPC).
    """
    resource.prlimit(life.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


async def slack_loses_answers(weather: Weather) -> None:
    """Slack does what it is asked and its answers are lost, broken or empty."""
    add = weather.place.box.faults.add
    add(method="chat.*", kind="drop_after", every=4, times=weather.often * 3)
    add(method="chat.*", kind="status_after", status=500, every=5, times=weather.often * 3)
    add(method="chat.postMessage", kind="no_ts", every=7, times=weather.often)
    add(method="chat.postMessage", kind="html", every=6, times=weather.often)
    add(method="conversations.*", kind="drop_after", every=2, times=weather.often)
    await asyncio.sleep(weather.long)


async def slack_is_slow(weather: Weather) -> None:
    """Slack does what it is asked and answers seconds later, or after the bot has given up waiting."""
    add = weather.place.box.faults.add
    add(method="chat.postMessage", kind="hang_after", seconds=12.0, every=6, times=weather.often)
    add(method="chat.*", kind="hang_after", seconds=2.0, every=3, times=weather.often * 2)
    await asyncio.sleep(weather.long)


async def slack_asks_for_pauses(weather: Weather) -> None:
    """Most calls are answered with 429."""
    storm = weather.place.box.faults.add(
        method="chat.*",
        kind="rate_limited",
        probability=0.7,
        seed=4711,
        retry_after=1,
        times=weather.often * 10,
    )
    await asyncio.sleep(weather.long * 2)
    weather.place.box.faults.remove(storm)


async def slack_is_down(weather: Weather) -> None:
    """Slack takes no call; what people do still comes."""
    await asyncio.sleep(1.0)
    weather.place.box.slack_down(True)
    await asyncio.sleep(weather.long)
    weather.place.box.slack_down(False)


async def slack_tells_twice(weather: Weather) -> None:
    """Every event is delivered twice at the same moment."""
    weather.place.box.deliver_twice()
    await asyncio.sleep(weather.long * 2)
    weather.place.box.deliver_twice(False)


async def answers_are_lost(weather: Weather) -> None:
    """What the bot answers does not reach Slack for a while: everybody sees an error, events come again."""
    await asyncio.sleep(1.0)
    weather.place.proxy.hold_answers()
    await asyncio.sleep(weather.long)
    weather.place.proxy.let_go()


async def jira_fails(weather: Weather) -> None:
    """Jira does what it is asked and its answers are lost, late or a 503."""
    assert weather.place.jira is not None
    add = weather.place.jira.site.faults.add
    add(operation="create_issue", kind="drop_after", times=weather.often)
    add(operation="create_issue", kind="status_after", status=503, times=weather.often)
    add(kind="drop_after", probability=0.2, seed=4711, times=weather.often * 3)
    add(kind="hang", seconds=3.0, times=weather.often)
    await asyncio.sleep(weather.long * 2)
    weather.place.jira.site.faults.clear()


async def sockets_break(weather: Weather) -> None:
    """Slack sends the socket away, and breaks it without a word."""
    for number in range(weather.often):
        await asyncio.sleep(1.0)
        await weather.place.box.disconnect_sockets("cut" if number % 2 else "refresh_requested")
        await asyncio.sleep(1.0)


async def stopped_and_continued(weather: Weather) -> None:
    """The process stands still for a while, as on a machine that is paused."""
    await asyncio.sleep(1.0)
    os.kill(weather.life.process.pid, signal.SIGSTOP)
    await asyncio.sleep(weather.long)
    os.kill(weather.life.process.pid, signal.SIGCONT)


ANYWHERE: tuple[Fault, ...] = (
    fair, killed, answers_are_lost, stopped_and_continued, slack_loses_answers, slack_is_slow,
    slack_asks_for_pauses, slack_is_down, slack_tells_twice, jira_fails,
)  # fmt: skip
OF_A_SERVER: tuple[Fault, ...] = (database_away, database_silent, database_slow, database_away_at_a_start)
OF_A_FILE: tuple[Fault, ...] = (database_locked, disk_full)
OF_A_SOCKET: tuple[Fault, ...] = (fair, killed, sockets_break)
