"""What can go wrong on the stage, a switch each. Turning one off restores exactly what was before it was turned on.

Which switches are on is kept by the stage (`Stage.undo`), so it ends with the stage.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.sandbox.face.stage import Stage
from bot.sandbox.jira.faults import Kind as JiraKind
from bot.sandbox.slack.faults import Kind as SlackKind
from bot.sandbox.slack.world import Unknown

RETRY_AFTER = 5
SLOW_SECONDS = 8.0
# What Jira can be told to do by the bot. A question whose answer is lost would stop it before it does any of this.
JIRA_WRITES = (
    "create_issue",
    "edit_issue",
    "add_comment",
    "do_transition",
    "put_remote_link",
    "add_attachments",
    "set_property",
)

Undo = Callable[[], Awaitable[None]]


def _always(_: Stage) -> str:
    return ""


class Unusable(Exception):
    """A switch that cannot be used on this stage; its words say why."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A kind of trouble: `cause` brings it about and returns how it is taken back; `hindrance` says why it cannot be."""

    key: str
    name: str
    words: str
    cause: Callable[[Stage], Awaitable[Undo]]
    hindrance: Callable[[Stage], str] = _always


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A fault on one stage."""

    stage: Stage
    fault: Fault

    @property
    def key(self) -> str:
        """What the control API calls it."""
        return self.fault.key

    @property
    def name(self) -> str:
        """What stands beside it."""
        return self.fault.name

    @property
    def words(self) -> str:
        """What it does, and what to watch for."""
        return self.fault.words

    @property
    def is_on(self) -> bool:
        """Whether the trouble is there now."""
        return self.key in self.stage.undo

    @property
    def off_because(self) -> str:
        """Why it cannot be turned on here; empty when it can."""
        return "" if self.is_on else self.fault.hindrance(self.stage)

    async def turn(self, on: bool) -> None:
        """Bring the trouble about, or end it; nothing happens when it is so already. Raises Unusable, in words."""
        if on == self.is_on:
            return
        if not on:
            await self.stage.undo.pop(self.key)()
            return
        if self.off_because:
            raise Unusable(f"{self.name}: {self.off_because}")
        # Taken at once, so that a second press while this one works finds it on.
        self.stage.undo[self.key] = _nothing
        try:
            undo = await self.fault.cause(self.stage)
        except OSError as error:
            await self.stage.undo.pop(self.key, _nothing)()
            raise Unusable(f"{self.name}: it did not work ({error}).") from error
        if self.is_on:
            self.stage.undo[self.key] = undo


def switches(stage: Stage) -> list[Switch]:
    """All switches of a stage, in the order in which they are shown."""
    return [Switch(stage=stage, fault=fault) for fault in FAULTS]


def switch(stage: Stage, key: str) -> Switch:
    """The switch of this key. Raises Unknown, in words."""
    found = next((one for one in switches(stage) if one.key == key), None)
    if found is None:
        raise Unknown(f"There is no switch {key!r}. There are: {', '.join(one.key for one in FAULTS)}.")
    return found


async def _nothing() -> None:
    return None


def _slack_fault(method: str, kind: SlackKind) -> Callable[[Stage], Awaitable[Undo]]:
    async def cause(stage: Stage) -> Undo:
        ordered = stage.box.faults.add(method=method, kind=kind, retry_after=RETRY_AFTER)

        async def undo() -> None:
            stage.box.faults.remove(ordered)

        return undo

    return cause


def _jira_fault(kind: JiraKind, operations: Sequence[str] = ("*",)) -> Callable[[Stage], Awaitable[Undo]]:
    async def cause(stage: Stage) -> Undo:
        faults = stage.jira.site.faults
        ordered = [
            faults.add(operation=operation, kind=kind, times=None, seconds=SLOW_SECONDS)
            for operation in operations
        ]

        async def undo() -> None:
            for one in ordered:
                faults.remove(one)

        return undo

    return cause


async def _slack_down(stage: Stage) -> Undo:
    space = stage.box.workspace
    before = space.server.down
    space.server.down = True
    space.hub.shut_by.add("slack-down")

    async def undo() -> None:
        space.server.down = before
        space.hub.shut_by.discard("slack-down")

    # Whoever turns it off while this waits takes back all of it.
    stage.undo["slack-down"] = undo
    await space.hub.cut()
    return undo


async def _socket(stage: Stage) -> Undo:
    hub = stage.box.workspace.hub
    hub.shut_by.add("socket")

    async def undo() -> None:
        hub.shut_by.discard("socket")

    stage.undo["socket"] = undo
    await hub.disconnect("refresh_requested")
    return undo


async def _twice(stage: Stage) -> Undo:
    courier = stage.box.workspace.courier
    before, courier.twice = courier.twice, True

    async def undo() -> None:
        courier.twice = before

    return undo


async def _jira_down(stage: Stage) -> Undo:
    site = stage.jira.site
    before, site.down = site.down, True

    async def undo() -> None:
        site.down = before

    return undo


async def _database(stage: Stage) -> Undo:
    gate = stage.backstage.database_gate
    if gate is None:
        return _nothing
    await gate(False)

    async def undo() -> None:
        await gate(True)

    return undo


def _no_socket(stage: Stage) -> str:
    courier = stage.box.workspace.courier
    if courier.url and not courier.by_socket:
        return "the bot is called over HTTP here, so it has no socket that could break."
    return ""


def _no_gate(stage: Stage) -> str:
    if stage.backstage.database_gate is None:
        return "needs Postgres: start the demo with --database postgresql://…"
    return ""


FAULTS: tuple[Fault, ...] = (
    Fault(
        key="slack-429",
        name="Slack: too many requests",
        words="Every message of the bot is refused with “try again in 5 seconds”. Watch it wait, and catch up in "
        "order once you turn this off.",
        cause=_slack_fault("chat.*", "rate_limited"),
    ),
    Fault(
        key="slack-down",
        name="Slack down",
        words="Every call of the bot fails and its connection breaks: commands and buttons fail. What people write comes "
        "again a minute after you turn this off; “To the next thing” shortens the wait.",
        cause=_slack_down,
    ),
    Fault(
        key="slack-lost",
        name="Slack: answers lost",
        words="Messages are posted, but the bot never hears that they were. Watch it look for them instead of posting "
        "them again.",
        cause=_slack_fault("chat.postMessage", "drop_after"),
    ),
    Fault(
        key="twice",
        name="Every event twice",
        words="Slack tells the bot everything twice. Watch that nothing happens twice.",
        cause=_twice,
    ),
    Fault(
        key="socket",
        name="Socket disconnected",
        words="The bot's connection is closed and cannot be opened again. Commands and buttons fail until you turn "
        "this off. What people write comes again after a minute; “To the next thing” shortens the wait.",
        cause=_socket,
        hindrance=_no_socket,
    ),
    Fault(
        key="jira-down",
        name="Jira down",
        words="Every call to Jira fails. Watch the bot say so, and create the issue once Jira is back.",
        cause=_jira_down,
    ),
    Fault(
        key="jira-slow",
        name="Jira slow",
        words="Every answer of Jira takes 8 seconds. Watch that nobody in Slack has to wait for it.",
        cause=_jira_fault("hang"),
    ),
    Fault(
        key="jira-lost",
        name="Jira: answers lost",
        words="Jira creates, changes and comments as it is told, but the bot never hears of it. Watch it look for the "
        "issue, and that none is created twice.",
        cause=_jira_fault("drop_after", JIRA_WRITES),
    ),
    Fault(
        key="database",
        name="Database cut off",
        words="The bot cannot reach its database. Watch it answer that it cannot do anything just now, and recover by "
        "itself.",
        cause=_database,
        hindrance=_no_gate,
    ),
)
