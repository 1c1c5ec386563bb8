"""The lists of the Home tab: every request once, in order, page by page, and no page costs more for what is over."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text

from bot.core.threads import ThreadRef
from bot.features.requests import models
from bot.features.requests.domain import Request, State
from bot.features.requests.service import queue
from bot.features.requests.store import home
from bot.features.requests.store.threads import add_thread
from bot.features.requests.values import Place, Window, parse_place
from bot.teams.domain import Priority
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, ANA, BOB, WORKSPACE, new, request
from tests.support.clock import MONDAY

Show = Callable[[Connection, Place], Window]
NOW = MONDAY + timedelta(days=30)
CLOSED, PART = 100_000, 2_500
STATES = list(State)


def asked(connection: Connection, place: Place) -> Window:
    return home.asked(connection, ANA, place, NOW)


def held(connection: Connection, place: Place) -> Window:
    return home.held(connection, ALICE, place)


def a_life_of(count: int) -> list[Request]:
    """Requests in every state, the older half of them over, several closed at one instant."""
    return [
        request(
            number=number,
            priority=list(Priority)[number % 4],
            state=State.RESOLVED if number % 2 else State.IN_PROGRESS,
            assignee=ALICE,
            created_at=MONDAY + timedelta(minutes=number // 5),
            closed_at=MONDAY + timedelta(days=1, minutes=number // 7) if number % 2 else None,
        )
        for number in range(1, count + 1)
    ]


async def walk(office: Queue, show: Show, place: Place, way: str = "older") -> list[list[int]]:
    """The numbers on each page, from button to button; each button goes through its text, as in Slack."""
    pages: list[list[int]] = []
    current: Place | None = place
    while current is not None:
        window = await office.transactions.read(show, parse_place(current.pack()))
        pages.append([one.request.number for one in window.rows])
        current = getattr(window, way)
    return pages


async def test_pages_reach_all_of_five_hundred_once_and_in_order(office: Queue) -> None:
    rows = a_life_of(500)
    await office.fill(rows)
    open_ = [row.number for row in reversed(rows) if row.state.is_open]
    ended = sorted(
        [row for row in rows if row.closed_at], key=lambda row: (row.closed_at, row.number), reverse=True
    )
    by_urgency = sorted(
        [row for row in rows if row.state.is_open],
        key=lambda row: (row.priority.rank, row.created_at, row.number),
    )
    for show, place, expected in (
        (asked, Place(), open_),
        (asked, Place(kind="done"), [row.number for row in ended]),
        (held, Place(), [row.number for row in by_urgency]),
    ):
        pages = await walk(office, show, place)
        assert [number for page in pages for number in page] == expected
        assert {len(page) for page in pages[:-1]} == {home.PAGE}


@pytest.mark.by_turns
@pytest.mark.parametrize(("show", "kind"), [(asked, "open"), (asked, "done"), (held, "open")])
async def test_the_way_back_shows_the_same_pages(office: Queue, show: Show, kind: str) -> None:
    await office.fill(a_life_of(80))
    there = await walk(office, show, Place(kind=kind))
    last = Place(kind=kind)
    while (window := await office.transactions.read(show, last)).older is not None:
        last = window.older
    back = await walk(office, show, last, "newer")
    assert back == list(reversed(there))


@pytest.mark.by_turns
async def test_a_page_whose_entries_are_gone_is_the_first_one(office: Queue) -> None:
    await office.fill(a_life_of(40))
    window = await office.transactions.read(asked, Place())
    assert window.older is not None
    for place in (
        Place(way="after", key=(1,)),
        Place(way="before", key=(10**6,)),
        Place(way="after", key=(1, 2)),
    ):
        found = await office.transactions.read(asked, place)
        assert [one.request.number for one in found.rows] == [one.request.number for one in window.rows]
        assert found.newer is None
    assert (await office.transactions.read(held, Place(way="after", key=(10**17, 10**17, 10**17)))).rows


async def test_a_new_one_before_a_later_page_moves_nothing_on_it(office: Queue) -> None:
    await office.fill(a_life_of(40))
    first = await office.transactions.read(asked, Place())
    assert first.older is not None
    before = await office.transactions.read(asked, first.older)
    await office.fill([request(number=99)])
    after = await office.transactions.read(asked, first.older)
    assert [one.request.number for one in before.rows] == [one.request.number for one in after.rows]


@pytest.mark.parametrize(
    "text_",
    ["", "open.", "open.after", "open.after.x", "done.after.1.2.3.4", "all", "open.up.3", "OPEN", "é"],
)
def test_a_place_that_nobody_can_read_is_the_first_page(text_: str) -> None:
    assert parse_place(text_) == Place()


def test_a_place_reads_back_what_was_packed() -> None:
    for place in (Place(), Place(kind="done"), Place(kind="done", way="before", key=(1795000000000000, 7))):
        assert parse_place(place.pack()) == place


@pytest.mark.by_turns
async def test_each_is_shown_with_its_own_thread(office: Queue) -> None:
    filed = await office.file()
    card, asker = ThreadRef(channel="C0TRIAGE01", thread_ts="1.1"), ThreadRef(channel="D1", thread_ts="2.2")
    await office.database.write(add_thread, filed.request_id, "card", card)
    await office.database.write(add_thread, filed.request_id, "asker", asker)
    await office.do(queue.claim, filed.request_id)
    assert [one.thread for one in (await office.transactions.read(asked, Place())).rows] == [asker]
    assert [one.thread for one in (await office.transactions.read(held, Place())).rows] == [card]


@pytest.mark.by_turns
async def test_what_is_open_is_counted_by_team(office: Queue) -> None:
    states = (State.NEW, State.NEW, State.WAITING, State.SNOOZED)
    await office.fill([request(number=n, state=state) for n, state in enumerate(states, 1)])
    await office.fill([request(number=9, state=State.RESOLVED, closed_at=MONDAY)])
    await office.fill([request(number=10, team_id=2)])
    counts = await office.transactions.read(home.counts_of, [1, 2])
    assert counts[1] == home.Counts(open=4, unclaimed=2, waiting=1)
    assert counts[2] == home.Counts(open=1, unclaimed=1, waiting=0)
    assert await office.transactions.read(home.counts_of, []) == {}


@pytest.mark.by_turns
async def test_everybody_who_had_it_is_concerned(office: Queue) -> None:
    filed = await office.file(new(requester=ANA))
    await office.do(queue.claim, filed.request_id)
    await office.do(queue.assign, filed.request_id, BOB)
    assert await office.transactions.read(home.concerned, filed.request_id) == {ANA, ALICE, BOB}


def _first_and_open(connection: Connection) -> None:
    """The first of many closed requests, and what is open; all of Ana, with Alice."""
    row = request(state=State.RESOLVED, assignee=ALICE)
    values: dict[str, Any] = {
        **{name: getattr(row, name) for name in ("summary", "details", "component", "priority_rule")},
        "workspace_id": WORKSPACE, "team_id": 1, "type": "question", "urgency": "normal", "priority": "normal",
        "priority_rank": 2, "source": "other", "asking_as": "other", "requester": ANA, "filed_by": ANA,
        "door": "command", "private": False, "state": "resolved", "assignee": ALICE,
    }  # fmt: skip
    connection.execute(insert(models.requests), [{**values, "number": 1, **_times(0)}])
    few = [
        {**values, "number": 2 * CLOSED + n, **_times(n), "closed_at": None, "state": "new"}
        for n in range(1, 31)
    ]
    connection.execute(insert(models.requests), few)


def _more_closed(connection: Connection, first: int) -> None:
    """As many closed ones from this number on as a database with other work makes in a second or two."""
    columns = [column.name for column in models.requests.columns if column.name != "id"]
    values = ", ".join({"number": "n"}.get(name, name) for name in columns)
    numbers = f"SELECT {first} UNION ALL SELECT n + 1 FROM more WHERE n < {first + PART - 1}"
    connection.execute(
        text(
            f"WITH RECURSIVE more(n) AS ({numbers}) INSERT INTO requests ({', '.join(columns)}) "
            f"SELECT {values} FROM more, (SELECT * FROM requests WHERE number = 1) AS first"
        )
    )


def _times(number: int) -> dict[str, datetime]:
    at = MONDAY + timedelta(minutes=number)
    return {"created_at": at, "updated_at": at, "closed_at": at}


def _renew_statistics(connection: Connection) -> None:
    connection.execute(text("ANALYZE"))


QUERIES: Sequence[tuple[str, Callable[[Connection], Any]]] = [
    ("what was asked", lambda c: asked(c, Place())),
    ("what was asked, a page on", lambda c: asked(c, Place(way="after", key=(CLOSED + 10,)))),
    ("what is finished", lambda c: asked(c, Place(kind="done"))),
    ("what waits for an answer", lambda c: home.waiting_on(c, ANA)),
    ("what is held", lambda c: held(c, Place())),
    ("whether anything is finished", lambda c: home.has_finished(c, ANA, NOW)),
    ("how much was asked", lambda c: home.count_asked(c, ANA)),
    ("how much is held", lambda c: home.count_held(c, ALICE)),
    ("the counts", lambda c: home.counts_of(c, [1, 2])),
    ("what nobody has", lambda c: home.unclaimed(c, [1, 2])),
]


def _steps(connection: Connection, query: Callable[[Connection], Any]) -> int:
    """On SQLite: how many steps its machine made, in hundreds; it makes a few for each row that it reads."""
    raw: Any = connection.connection.driver_connection
    made = 0

    def note() -> int:
        nonlocal made
        made += 1
        return 0

    raw.set_progress_handler(note, 100)
    try:
        query(connection)
    finally:
        raw.set_progress_handler(None, 0)
    return made


def _rows_read(connection: Connection, query: Callable[[Connection], Any]) -> int:
    """On Postgres: how many rows of requests were touched, those passed over included."""
    asked_for: list[tuple[str, Any]] = []

    def note(_c: Any, _k: Any, statement: str, values: Any, *_: Any) -> None:
        asked_for.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    query(connection)
    event.remove(connection, "before_cursor_execute", note)
    read = 0
    for statement, values in asked_for:
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
        read += _touched(plan[0]["Plan"])
    return read


def _touched(node: dict[str, Any]) -> int:
    own = 0
    if node.get("Relation Name") == "requests":
        own = int(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * int(node["Actual Loops"])
    return own + sum(map(_touched, node.get("Plans", [])))


async def test_a_hundred_thousand_closed_requests_cost_no_page_a_row(office: Queue) -> None:
    await office.database.write(_first_and_open)
    for part in range(CLOSED // PART):
        await office.database.write(_more_closed, 2 + part * PART)
    sqlite = office.url.startswith("sqlite")
    # Postgres keeps its statistics fresh by itself, SQLite has none.
    if not sqlite:
        await office.database.write(_renew_statistics)
    count = select(models.requests.c.id).where(models.requests.c.closed_at.is_(None))
    open_ = len(await office.database.read(lambda c: c.execute(count).all()))
    for name, query in QUERIES:
        if sqlite:
            assert await office.database.read(partial(_steps, query=query)) < 200, name
        else:
            assert await office.database.read(partial(_rows_read, query=query)) <= 3 * open_, name
