"""What an open window costs while nothing happens, and what it may not miss for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sandbox.clock import SandboxClock
from bot.sandbox.face.desk import tasks
from bot.sandbox.face.desk.sight import Sight
from bot.sandbox.face.desk.window import Window
from bot.sandbox.face.live import Patch
from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.messages import Message
from tests.sandbox.face.conftest import Desk


def window(desk: Desk, person: str = "ana") -> Window:
    world = desk.box.workspace.world
    sight = Sight(face=desk.face, me=world.account(person), channel=world.channel("ask-payments"))
    return Window(sight=sight, since=world.change())


def side(patches: list[Patch]) -> str:
    return "".join(patch.html for patch in patches if patch.id == "side")


@dataclass(frozen=True, kw_only=True)
class _Counting(Sight):
    """Notes what is drawn."""

    drawn: list[str]

    def feed(self) -> list[Message]:
        self.drawn.append("feed")
        return super().feed()

    def side(self) -> str:
        self.drawn.append("side")
        return super().side()


async def test_a_glance_at_which_nothing_has_changed_reads_nothing(desk: Desk) -> None:
    world = desk.box.workspace.world
    drawn: list[str] = []
    sight = _Counting(
        face=desk.face, me=world.account("ana"), channel=world.channel("ask-payments"), drawn=drawn
    )
    opened = Window(sight=sight, since=world.change())
    await opened.look()
    assert drawn == ["feed", "side"]
    assert await opened.look() == []
    assert drawn == ["feed", "side"]
    world.bell.ring()
    await opened.look()
    assert drawn == ["feed", "side"] * 2


async def test_time_that_passes_and_faults_show_without_a_bell(desk: Desk) -> None:
    opened = window(desk)
    await opened.look()
    desk.box.clock.advance(timedelta(minutes=1))
    assert "stage-bar" in side(await opened.look())
    await desk.post("/controls/switch", {"key": "jira-slow", "on": "true"})
    assert "Jira slow" in side(await opened.look())


async def test_what_another_window_of_the_same_person_has_read_is_read_here_too(desk: Desk) -> None:
    opened = window(desk)
    await desk.box.person("bob").says("News", in_="#general")
    assert "badge" in side(await opened.look())
    await desk.page(f"/as/ana/c/{desk.box.channel('general').id}")
    patches = await opened.look()
    assert side(patches) and "badge" not in side(patches)


async def test_tasks_are_looked_at_once_for_all_windows(desk: Desk) -> None:
    stage = desk.face.stage
    once = tasks.states(stage)
    await window(desk).look()
    await window(desk, "bob").look()
    assert tasks.states(stage) is once
    sent = {"view": {"callback_id": "standup.answers"}}
    record = desk.box.journal.begin("to_bot", "view_submission", sent)
    assert {one.task.title: one.done for one in tasks.states(stage)}.get("Check in") is False
    desk.box.journal.end(record, 200, None)
    assert {one.task.title: one.done for one in tasks.states(stage)}.get("Check in") is True


async def test_threads_are_gathered_once_for_all_windows_of_a_person(desk: Desk) -> None:
    await window(desk).look()
    world = desk.box.workspace.world
    name = f"threads of {desk.box.person('ana').id}"
    missing = [(world.channel("general"), list[Message]())]
    assert desk.face.stage.kept(name, world.bell.rings, lambda: missing) == []
    world.bell.ring()
    assert desk.face.stage.kept(name, world.bell.rings, lambda: missing) is missing


def test_the_journal_finds_calls_by_their_kind() -> None:
    journal = Journal(SandboxClock(lambda: datetime(2026, 1, 1, tzinfo=UTC)))
    asked = journal.begin("to_slack", "auth.test", {})
    told = journal.begin("to_bot", "block_actions", {})
    assert (journal.calls("auth.test"), journal.calls(), journal.calls("block_actions")) == (
        [asked],
        [asked],
        [],
    )
    assert (journal.told("block_actions"), journal.told(), journal.told("x")) == ([told], [told], [])
    journal.calls("auth.test").clear()
    assert journal.calls("auth.test") == [asked]
