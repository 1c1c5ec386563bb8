"""The demo in this process: the real bot over the socket, begun again, on Postgres with its way cut, and what is told of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import make_url

from bot.core.errors import ConfigError
from bot.sandbox.face.stage import Fresh, Waiting
from bot.sandbox.forms import Form
from bot.sandbox.launcher import Demo, Wishes
from bot.sandbox.launcher.browser import is_wanted
from bot.sandbox.launcher.port import TakenPort
from bot.sandbox.launcher.postgres_database import target_of
from bot.sandbox.screen import Answer, Seen
from bot.sandbox.seeds import Seed
from tests.support.postgres import PostgresServer
from tests.support.waiting import until

Open = Callable[..., Awaitable[Demo]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens demos that end after the test; on any free port, with an empty workspace unless told otherwise."""
    async with AsyncExitStack() as stack:

        async def open_one(**more: object) -> Demo:
            wishes = Wishes(**{"port": 0, "seed": Seed(name="empty"), **more})  # pyright: ignore[reportArgumentType]
            return await stack.enter_async_context(Demo(wishes))

        yield open_one


async def _asked(demo: Demo, text: str = "Refund stuck") -> Seen:
    """Ana asks Payments; the card, as Alice sees it."""
    answer = await demo.stage.box.person("ana").runs(f"/ask-team payments {text}", in_="#ask-payments")
    assert isinstance(answer, Answer), answer
    return await demo.stage.box.person("alice").waits_for(text, in_="#triage-payments", timeout=10)


async def _cards_owed(demo: Demo) -> list[Waiting]:
    """What the outbox knows of cards, owed or posted; it always knows what a bot does by itself when it begins."""
    return [entry for entry in await demo.stage.backstage.outbox() if entry.kind == "request.card"]


async def _owes_nothing(demo: Demo) -> bool:
    return all(entry.done for entry in await demo.stage.backstage.outbox())


async def _status(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/control/state") as answer:
        return answer.status


async def test_what_is_asked_becomes_a_card_that_can_be_claimed(opened: Open) -> None:
    demo = await opened()
    card = await _asked(demo)
    await card.click("Claim")
    ana = demo.stage.box.person("ana")
    receipt = await ana.waits_for("#1", in_="dm")
    await ana.waits_for("In progress", thread=receipt)
    assert demo.stage.box.workspace.courier.by_socket


async def test_who_names_no_team_is_asked_which(opened: Open) -> None:
    demo = await opened()
    form = await demo.stage.box.person("boss").runs("/ask-team Refund stuck", in_="#general")
    assert isinstance(form, Form)
    assert {"Payments", "Mobile"} <= set(form.options("Team"))


async def test_a_reset_begins_anew_at_the_same_address(opened: Open) -> None:
    demo = await opened()
    await _asked(demo)
    assert await _cards_owed(demo)
    before, address = demo.stage, demo.address
    await before.backstage.reset(Fresh())
    assert demo.stage is not before
    assert demo.address == address
    assert await _status(address) == 200
    assert not await _cards_owed(demo)
    assert "#1" in (await _asked(demo, "Invoice lost")).text
    for told in (before.backstage.outbox, before.backstage.coming):
        # A window may still ask the life that has ended: it gets no answer, as from a database that is away.
        with pytest.raises(ConnectionError):
            await told()


async def test_two_resets_at_once_leave_one_demo_at_work(opened: Open) -> None:
    demo = await opened()
    await asyncio.gather(demo.reset(Fresh(seed="story")), demo.reset(Fresh(edition="datacenter")))
    assert demo.stage.backstage.seed == "story"
    assert demo.stage.jira.site.edition == "datacenter"
    assert set(demo.stage.backstage.parts().values()) == {"ok"}
    await _asked(demo)


async def test_a_reset_whose_asker_has_left_is_carried_out(opened: Open) -> None:
    demo = await opened()
    before, ending, go_on = demo.stage, asyncio.Event(), asyncio.Event()

    async def once_the_asker_has_left() -> None:
        ending.set()
        await go_on.wait()

    # Faults are mended first, so this one holds the reset up.
    demo.stage.undo["slow"] = once_the_asker_has_left
    asking = asyncio.create_task(demo.reset(Fresh()))
    await asyncio.wait_for(ending.wait(), 20)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    go_on.set()
    await until(lambda: demo.stage is not before, timeout=20)
    await _asked(demo)


async def test_from_cloud_to_data_center_and_an_issue_there(opened: Open) -> None:
    demo = await opened()
    await demo.reset(Fresh(edition="datacenter"))
    card = await _asked(demo)
    form = await card.click("Create Jira issue")
    assert isinstance(form, Form)
    await form.submit()
    await demo.stage.box.person("alice").waits_for("PAY-1", thread=card, timeout=20)
    assert demo.stage.jira.site.edition == "datacenter"
    assert demo.stage.jira.site.face_url == demo.address


async def test_a_reset_that_cannot_be_is_told_in_words_and_may_be_tried_again(
    opened: Open, tmp_path: Path
) -> None:
    path = tmp_path / "mine.db"
    demo = await opened(database=str(path))
    # In a thread: the bot may have to let go of the file first.
    await asyncio.to_thread(_carry_out, path, "CREATE TABLE poems (text VARCHAR)")
    with pytest.raises(OSError, match="it holds poems"):
        await demo.reset(Fresh())
    await asyncio.to_thread(_carry_out, path, "DROP TABLE poems")
    await demo.reset(Fresh())
    await _asked(demo)


def _carry_out(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


async def test_an_unknown_seed_ends_nothing(opened: Open) -> None:
    demo = await opened()
    before = demo.stage
    with pytest.raises(OSError, match="is no seed"):
        await demo.reset(Fresh(seed="sunny"))
    assert demo.stage is before
    await _asked(demo)


async def test_a_demo_that_cannot_begin_leaves_nothing_listening(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Olga,\n" * 300, encoding="utf-8")
    demo = Demo(Wishes(port=0, database=str(path)))
    with pytest.raises(ConfigError):
        await demo.__aenter__()
    with pytest.raises(aiohttp.ClientConnectionError):
        await _status(demo.address)


async def test_the_outbox_shows_what_waits_and_what_is_done(opened: Open) -> None:
    demo = await opened()
    await _asked(demo)
    demo.stage.box.slack_down()
    await demo.stage.box.person("ana").runs("/ask-team payments Second", in_="#ask-payments")

    async def is_tried_again() -> bool:
        shown = await demo.stage.backstage.outbox()
        return bool(shown) and shown[0].done is None and shown[0].error != ""

    await until(is_tried_again, timeout=15)
    shown = await demo.stage.backstage.outbox()
    assert {entry.result for entry in shown if entry.done} <= {"done", "stale"}
    assert [entry.done is None for entry in shown] == sorted(
        (entry.done is None for entry in shown), reverse=True
    )
    assert all(len(entry.about) <= 60 for entry in shown)
    demo.stage.box.slack_down(False)


@pytest.mark.postgres
async def test_a_cut_way_to_postgres_is_told_and_mended(opened: Open, postgres: PostgresServer) -> None:
    name = postgres.create(with_tables=False)
    demo = await opened(database=postgres.url_of(name))
    await _asked(demo)
    backstage = demo.stage.backstage
    assert backstage.database_gate is not None
    await backstage.database_gate(False)
    answer = await demo.stage.box.person("ana").runs("/ask-team payments Not now", in_="#ask-payments")
    assert answer is not None
    with pytest.raises(OSError, match="does not answer"):
        await backstage.outbox()
    await until(lambda: backstage.parts()["database"] != "ok", timeout=20)
    await backstage.database_gate(True)
    await until(lambda: backstage.parts()["database"] == "ok", timeout=20)
    await _asked(demo, "Again")
    assert len(await backstage.outbox()) > 0


@pytest.mark.postgres
async def test_a_demos_own_postgres_database_serves_the_next_demo(
    opened: Open, postgres: PostgresServer
) -> None:
    url = postgres.url_of(postgres.create(with_tables=False))
    async with Demo(Wishes(port=0, database=url)) as first:
        await _asked(first)
        with pytest.raises(ConfigError, match="a demo is at work"):
            await opened(database=url)
    second = await opened(database=url)
    assert not await _cards_owed(second)


@pytest.mark.postgres
async def test_a_reset_mends_what_was_cut(opened: Open, postgres: PostgresServer) -> None:
    demo = await opened(database=postgres.url_of(postgres.create(with_tables=False)))
    gate = demo.stage.backstage.database_gate
    assert gate is not None
    await gate(False)
    demo.stage.undo["database"] = lambda: gate(True)
    await demo.reset(Fresh())
    assert demo.stage.undo == {}
    await _asked(demo)


@pytest.mark.postgres
async def test_a_demo_whose_reset_failed_says_so_and_begins_again_once_it_can(
    opened: Open, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=False)
    demo = await opened(database=postgres.url_of(name))
    await _asked(demo)
    # Each thing that breaks with the database is told at length, which takes its time.
    await until(lambda: _owes_nothing(demo), timeout=20)
    before = demo.stage
    postgres.drop(name)
    with pytest.raises(OSError, match="cannot be used"):
        await demo.reset(Fresh())
    assert demo.stage is before
    assert demo.stage.backstage.parts() == {"bot": "has ended: begin again"}
    with pytest.raises(OSError, match="has ended"):
        await demo.stage.backstage.outbox()
    async with aiohttp.ClientSession() as session:
        for path in (
            "/as/ana/c/C0ASKPAY01",
            "/as/ana/home",
            "/controls",
            "/inspector/outbox",
            "/control/state",
        ):
            async with session.get(demo.address + path) as page:
                assert page.status == 200, path
        async with session.post(f"{demo.address}/as/ana/c/C0ASKPAY01/say", data={"text": "x"}) as said:
            assert "Begin again" in (await said.json())["say"]
        async with session.post(f"{demo.address}/control/switch", json={"key": "twice", "on": True}) as said:
            assert "Begin again" in (await said.json())["error"]
        postgres.execute(f'CREATE DATABASE "{name}"')
        async with session.post(f"{demo.address}/control/reset", json={}) as again:
            assert again.status == 200, await again.text()
    assert demo.stage.ended == ""
    await _asked(demo, "Again")


async def test_of_two_on_one_port_only_one_gets_it_before_anything_is_emptied() -> None:
    first = await TakenPort.take(0)
    try:
        with pytest.raises(ConfigError, match=f"Port {first.number} is in use"):
            await TakenPort.take(first.number)
    finally:
        first.give_up()
    (await TakenPort.take(first.number)).give_up()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("postgresql://ana@db.example.com/x", ("db.example.com", 5432)),
        ("postgresql://db.example.com:6000/x", ("db.example.com", 6000)),
        ("postgresql:///x?host=/run/pg&port=6001", "/run/pg/.s.PGSQL.6001"),
        ("postgresql://ana@/x?host=127.0.0.1", ("127.0.0.1", 5432)),
    ],
)
def test_the_gate_leads_where_the_address_says(url: str, target: object) -> None:
    assert target_of(make_url(url)) == target


@pytest.mark.parametrize(
    ("forbidden", "at_terminal", "named", "wanted"),
    [
        (True, True, "sh", False),
        (False, False, "", False),
        (False, False, "sh", True),
        (False, True, "no-such-browser:sh %s", True),
    ],
)
def test_a_browser_opens_only_where_somebody_looks(
    forbidden: bool, at_terminal: bool, named: str, wanted: bool
) -> None:
    environment = {"BROWSER": named} if named else {}
    assert is_wanted(forbidden=forbidden, at_terminal=at_terminal, environment=environment) is wanted


@pytest.mark.parametrize("named", ["no-such-browser", "'half", "no-such-browser %s"])
def test_a_named_browser_has_to_be_there(named: str) -> None:
    with pytest.raises(ConfigError, match="--no-browser"):
        is_wanted(forbidden=False, at_terminal=False, environment={"BROWSER": named})
