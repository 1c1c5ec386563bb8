"""The running product: it listens at once, opens its storage when that answers, and stops without losing anything.

What it consists of is joined in `bot.bootstrap`; the HTTP routes are in `bot.web`.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.absence.hearing import Hearing
from bot.absence.switch import Switch
from bot.alarms.notices import tell_database, tell_slack
from bot.alarms.outage import Patience
from bot.alarms.permissions import Permissions
from bot.alarms.probes import database_probe, slack_probe
from bot.alarms.watch import EVERY, Watch
from bot.bootstrap import Product
from bot.core.errors import ConfigError
from bot.core.logs import logger
from bot.db.sole import SoleRun
from bot.db.sqlite import begin_wal
from bot.feature import Job
from bot.metrics import DB_DOWN_SECONDS
from bot.opening import Opening
from bot.scheduling.core_jobs import core_jobs
from bot.scheduling.counting import Counting
from bot.scheduling.liveness import Liveness
from bot.scheduling.loop import keep_going, pause_for
from bot.scheduling.tick import Tick
from bot.slack.gate import Gate
from bot.slack.manifest import wanted_scopes
from bot.slack.socket import SlackSocket
from bot.web import Health, build_web, failing, runner_of

LAST_CALLS = 5.0
LAST_WAIT = 10.0
LAST_COUNTS = 2.0
# Seconds for moving on the message that would say that nobody works any more.
LAST_WORDS = 3.0

log = logger(__name__)

Loop = Callable[[Callable[[], None]], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds that tests shorten, and what a demo leaves out."""

    patience: Patience = field(default_factory=Patience)
    look_every: float = EVERY
    beat: float = 1.0
    # Off where the clock is moved by hand: hours that pass in a moment would look like a death.
    switch: bool = True


class Running:
    """One product at work. Made by `start`; ended by `close`."""

    def __init__(self, product: Product, *, migrate: bool, timing: Timing) -> None:
        self._product = product
        self._timing = timing
        self._stop = asyncio.Event()
        self._sole: SoleRun | None = None
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._liveness = Liveness(product.deps.clock)
        self._opening = Opening(product.database, migrate=migrate)
        ways = product.ways
        self._database = self._watch(database_probe(product.database.url), tell_database(ways))
        self._slack = self._watch(
            slack_probe(product.deps.slack), tell_slack(ways, lambda: self._slack.trouble)
        )
        self._socket = self._make_socket()
        self._leaving = False
        self._switch = Switch(ways, product.deps.transactions, lambda: self.ready and timing.switch)
        self.address = ""

    def _watch(self, probe: Callable[[], Awaitable[str | None]], tell: Callable[[Any], None]) -> Watch:
        return Watch(probe, tell, patience=self._timing.patience, every=self._timing.look_every)

    def _make_socket(self) -> SlackSocket | None:
        settings = self._product.settings
        if settings.slack_app_token is None:
            return None
        token = settings.slack_app_token.get_secret_value()
        return SlackSocket(
            token, settings.slack_api_url, self._product.deps.clock, self._product.app.dispatch
        )

    @property
    def product(self) -> Product:
        """What runs."""
        return self._product

    async def start(self) -> None:
        """Listens, then begins everything else. Raises ConfigError: port taken, or a second run on one file."""
        product = self._product
        product.database.hold()
        try:
            self._sole = SoleRun.of(product.database.url)
            if product.database.is_sqlite:
                begin_wal(str(product.database.url.database))
            self.address = await self._listen()
        except ConfigError:
            await self._give_back()
            raise
        log.info("frontdesk.listening", address=self.address)
        self._loop("database watch", lambda alive: self._database.run(self._stop, alive))
        self._loop("slack watch", lambda alive: self._slack.run(self._stop, alive))
        if self._socket is not None:
            socket = self._socket
            self._loop("socket", lambda alive: socket.run(self._stop, alive))
        self._begin("opening", self._open)
        self._begin("ready line", self._say_when_ready)

    async def _listen(self) -> str:
        settings = self._product.settings
        secret = settings.slack_signing_secret
        # On a socket Slack sends nothing over HTTP: whoever does is not Slack.
        key = secret.get_secret_value() if secret and not settings.socket_mode else None
        gate = Gate(key, self._product.deps.clock, self._product.app.dispatch)
        health = Health(standing_still=self._liveness.standing_still, parts=self.parts)
        app = build_web(gate, health, self._product.webhooks, self._product.pages)
        self._runner = runner_of(app, last_calls=LAST_CALLS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, settings.host, settings.port).start()
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise ConfigError(f"Cannot listen on {where} ({error.strerror}): set HOST and PORT") from error
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def _open(self) -> None:
        await self._opening.open_storage(self._stop)
        if self._stop.is_set():
            return
        product = self._product
        jobs = tuple(job for feature in product.features for job in feature.jobs)
        tick = Tick(jobs, product.deps.clock)
        counting = Counting(product.deps.transactions, product.tally, product.features)
        upkeep = Tick((*core_jobs(product.deps), *counting.jobs(), *self._own_jobs()), product.deps.clock)
        beat = self._timing.beat
        self._loop("relay", lambda alive: product.relay.run(self._stop, alive))
        self._loop("tick", lambda alive: tick.run(self._stop, alive, beat=beat))
        self._loop("upkeep", lambda alive: upkeep.run(self._stop, alive, beat=beat))

    def _own_jobs(self) -> tuple[Job, ...]:
        """Jobs that have to know whether all is well just now."""
        hearing = Hearing(self._product.deps.transactions, lambda: self.ready)
        deps = self._product.deps
        permissions = Permissions(deps.transactions, deps.slack, wanted_scopes)
        return (
            Job(name="permissions", every=timedelta(seconds=10), run=permissions.look),
            Job(name="hearing", every=timedelta(seconds=1), run=hearing.look),
            Job(name="dead man's switch", every=timedelta(seconds=1), run=self._switch.push),
        )

    def parts(self) -> dict[str, str]:
        """Each part of the product and how it is: `ok`, `off` or what is wrong with it."""
        DB_DOWN_SECONDS.set(self._database.down_for)
        database = (
            "ok" if self._database.answers else f"the database {self._database.trouble or 'is not asked yet'}"
        )
        slack = "ok" if self._slack.answers else f"Slack {self._slack.trouble or 'is not asked yet'}"
        if slack == "ok" and self._product.deps.slack.identity is None:
            slack = "Slack has not told yet who the bot is"
        standing = self._product.installation.standing
        if standing is not None and standing.trouble is not None:
            slack = standing.trouble
        parts = {"database": database, "migrations": self._opening.migrations, "slack": slack}
        if self._leaving:
            parts["stop"] = "told to stop: send new calls to another one"
        if self._socket is None:
            return {**parts, "socket": "off"}
        return {
            **parts,
            "socket": "ok" if self._socket.connected else self._socket.trouble or "not connected",
        }

    @property
    def ready(self) -> bool:
        """Whether the bot can do its work just now."""
        return not failing(self.parts())

    async def wait_ready(self, timeout: float = 10.0) -> None:
        """Returns once it is ready. Raises TimeoutError after so many seconds, with the failing parts."""
        try:
            async with asyncio.timeout(timeout):
                while not self.ready:
                    await pause_for(0.02, self._stop)
        except TimeoutError:
            parts = self.parts()
            raise TimeoutError({name: parts[name] for name in failing(parts)}) from None

    async def _say_when_ready(self) -> None:
        while not self._stop.is_set():
            if self.ready:
                log.info("frontdesk.ready", address=self.address)
                return
            await pause_for(0.05, self._stop)

    def _loop(self, name: str, loop: Loop) -> None:
        alive = self._liveness.of(name)

        async def go() -> None:
            await keep_going(name, lambda: loop(alive), self._stop)
            self._liveness.ended(name)

        self._task(name, go())

    def _begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._task(name, keep_going(name, work, self._stop))

    def _task(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, hurry: asyncio.Event) -> None:
        """Not ready from now on, but at work as before for DRAIN_SECONDS, or until somebody is in a hurry.

        A proxy that asks `/readyz` meanwhile sends the next calls elsewhere, so that none is refused by `close`.
        """
        self._leaving = True
        seconds = self._product.settings.drain_seconds
        if seconds:
            log.info("frontdesk.draining", seconds=seconds)
            await pause_for(seconds, hurry)

    async def close(self) -> None:
        """Stops accepting, lets calls and deliveries end (10 seconds at most), gives every connection back."""
        self._leaving = True
        log.info("frontdesk.stopping")
        await self._say_that_it_stops()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self._stop.set()
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=LAST_WAIT)
        for task in self._tasks:
            task.cancel()
        await self._write_last_counts()
        await self._give_back()
        log.info("frontdesk.stopped")

    async def _write_last_counts(self) -> None:
        """Nobody waits for a database that is away: then what was not written is lost."""
        writing = asyncio.create_task(self._product.tally.write(self._product.deps.transactions))
        done, _ = await asyncio.wait({writing}, timeout=LAST_COUNTS)
        if not done or writing.exception() is not None:
            log.warning("frontdesk.calls_not_counted")
            writing.cancel()

    async def _say_that_it_stops(self) -> None:
        if self._stop.is_set() or not self._timing.switch:
            return
        saying = asyncio.create_task(self._switch.stopping(self._product.deps.clock.now()))
        # Whatever becomes of it, the rest of the stop goes on; nor is waited for what hangs even when it is cancelled.
        done, _ = await asyncio.wait({saying}, timeout=LAST_WORDS)
        saying.cancel()
        if not done or saying.exception() is not None:
            log.warning(
                "switch.not_pushed", why=type(saying.exception()).__name__ if done else "no answer in time"
            )

    async def _give_back(self) -> None:
        product = self._product
        if self._runner is not None:
            await self._runner.cleanup()
        await product.answers.close()
        await product.audit.close()
        await product.ways.close()
        await product.deps.directory.close()
        await product.deps.slack.close()
        if product.deps.jira is not None:
            await product.deps.jira.close()
        await product.database.close()
        if self._sole is not None:
            self._sole.close()


async def start(product: Product, *, migrate: bool = True, timing: Timing | None = None) -> Running:
    """The product at work, listening; `wait_ready` tells when it can do everything. Raises ConfigError."""
    running = Running(product, migrate=migrate, timing=timing or Timing())
    await running.start()
    return running


async def serve(product: Product, *, migrate: bool = True, stop: asyncio.Event | None = None) -> None:
    """Runs until SIGTERM, SIGINT or `stop`, and ends cleanly; a second signal cuts the draining short.

    Raises ConfigError.
    """
    end = stop or asyncio.Event()
    hurry = asyncio.Event()

    def asked() -> None:
        (hurry if end.is_set() else end).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    try:
        running = await start(product, migrate=migrate)
        await end.wait()
        await running.drain(hurry)
        await running.close()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
