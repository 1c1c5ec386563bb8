"""A demo: a face at one address, and behind it one life of workspace, Jira and bot after the other."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from bot.core.errors import ConfigError
from bot.sandbox.clock import SandboxClock
from bot.sandbox.face.face import Face
from bot.sandbox.face.server import FaceServer
from bot.sandbox.face.stage import Fresh, Stage
from bot.sandbox.jira.model import Edition
from bot.sandbox.launcher import life, offstage
from bot.sandbox.launcher.database import DemoDatabase, address_of
from bot.sandbox.launcher.life import Life
from bot.sandbox.launcher.port import TakenPort
from bot.sandbox.launcher.postgres_database import PostgresDemo
from bot.sandbox.launcher.sqlite_file import SqliteDemo
from bot.sandbox.launcher.wishes import Wishes
from bot.sandbox.seeds import Seed, read_seed

ENDED = "The demo's bot has ended, so nothing can be done here. Begin again, under Controls."


class Demo:
    """`async with Demo(wishes) as demo`: inside, the face answers at `demo.address` and the bot is at work.

    Entering raises ConfigError when the port or the database cannot be had; nothing is begun or changed then. `clock`
    makes the clock of each life.
    """

    address: str
    face: Face
    _database: DemoDatabase
    _life: Life | None = None

    def __init__(self, wishes: Wishes, clock: Callable[[], SandboxClock] = SandboxClock) -> None:
        self._port = wishes.port
        self._named = wishes.database
        self._seed: Seed = wishes.seed
        self._edition: Edition = wishes.edition
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._closing = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with self._closing:
            await self._begin()
            self._closing = self._closing.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._one_at_a_time:
            await self._mend_faults()
            await self._closing.aclose()

    @property
    def stage(self) -> Stage:
        """What is on the stage now; another one after each `reset`."""
        return self.face.stage

    async def reset(self, fresh: Fresh) -> None:
        """End this life and begin another at the same address; who asks meanwhile waits for their turn.

        Raises OSError, in words, when it cannot begin again; it may be asked once more then.
        """
        # A page that is closed meanwhile may not leave half a demo behind.
        await asyncio.shield(asyncio.create_task(self._reset(fresh)))

    async def _begin(self) -> None:
        port = await TakenPort.take(self._port)
        self._closing.callback(port.give_up)
        self.address = port.address
        self._database = await _database(self._named)
        self._closing.push_async_callback(self._database.close)
        self._closing.push_async_callback(self._end_life)
        self.face = Face(await self._begin_life())
        server = await FaceServer.start(self.face, listener=port.held)
        self._closing.push_async_callback(server.stop)

    async def _reset(self, fresh: Fresh) -> None:
        async with self._one_at_a_time:
            try:
                self._seed = self._seed if fresh.seed is None else read_seed(fresh.seed)
                self._edition = fresh.edition or self._edition
                await self._mend_faults()
                await self._end_life()
                self._tell_that_it_ended()
                self.face.play(await self._begin_life())
            except (ConfigError, ValueError) as error:
                raise OSError(" ".join(str(error).split())) from error

    async def _begin_life(self) -> Stage:
        await self._database.empty()
        self._life = begun = await life.begin(
            database_url=self._database.url,
            face_url=self.address,
            seed=self._seed,
            edition=self._edition,
            clock=self._clock(),
        )
        name = self._seed.name
        backstage = offstage.backstage_of(begun, self._database, seed=name, reset=self.reset)
        return Stage(box=begun.box, jira=begun.jira, backstage=backstage, began_ts=begun.began_ts)

    async def _end_life(self) -> None:
        ending, self._life = self._life, None
        if ending is not None:
            await ending.end()

    def _tell_that_it_ended(self) -> None:
        """The old stage stays to look at, should no other begin."""
        stage = self.stage
        stage.ended = ENDED
        stage.backstage = offstage.backstage_of_none(stage.backstage)
        stage.box.workspace.world.bell.ring()

    async def _mend_faults(self) -> None:
        """What is slow or away would keep the bot from ending, and the database from being emptied."""
        while self.stage.undo:
            _, mend = self.stage.undo.popitem()
            await mend()


async def _database(named: str | None) -> DemoDatabase:
    if named is None:
        return await SqliteDemo.take(None)
    url = address_of(named)
    if url.get_backend_name() == "sqlite":
        return await SqliteDemo.take(url)
    return await PostgresDemo.take(url)
