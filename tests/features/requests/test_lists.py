"""Pages, figures and exports: each request once, in order, and nothing hidden shown or counted."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.requests import offers, queries, store
from bot.features.requests.domain import Door, Origin, Request, State
from bot.features.requests.offers import Offer
from bot.features.requests.queries import Listing, unpack
from bot.features.requests.rights import Acting
from bot.features.requests.service import pick_up, queue
from bot.features.requests.store import counting
from bot.teams.domain import Priority, Source
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, ANA, BOB, acting, new, outsider, request
from tests.support.clock import MONDAY

pytestmark = pytest.mark.by_turns

OPEN, ALL = Listing(kind="open", team_ids=(1,)), Listing(kind="all", team_ids=(1,))
PRIVATE = Origin(door=Door.FORM, channel="C0PRIVATE1", private=True)


def many(count: int) -> list[Request]:
    """Open requests of every priority, some of one instant, each at a microsecond of its own kind."""
    return [
        request(
            number=n,
            priority=list(Priority)[n % 4],
            created_at=MONDAY + timedelta(microseconds=(n // 3) * 1_234_567),
        )
        for n in range(1, count + 1)
    ]


async def through(office: Queue, who: Acting, listing: Listing) -> list[list[int]]:
    """The numbers on each page, going from button to button."""
    pages: list[list[int]] = []
    while True:
        page = await office.transactions.read(queries.page, who, listing)
        pages.append([found.number for found in page.requests])
        if page.next is None:
            return pages
        listing = unpack(page.next)


async def test_paging_through_three_thousand_shows_each_once_in_order(office: Queue) -> None:
    rows = many(3000)
    await office.fill(rows)
    expected = sorted(rows, key=lambda row: (row.priority.rank, row.created_at, row.number))
    pages = await through(office, acting(), OPEN)
    assert [number for page in pages for number in page] == [row.number for row in expected]
    assert max(map(len, pages)) <= 30


async def test_all_states_come_newest_first(office: Queue) -> None:
    await office.fill([request(number=n, state=list(State)[n % 7]) for n in range(1, 100)])
    pages = await through(office, acting(), ALL)
    assert [number for page in pages for number in page] == list(range(99, 0, -1))


async def test_the_total_counts_what_is_open_on_every_page(office: Queue) -> None:
    await office.fill(many(50))
    first = await office.transactions.read(queries.page, acting(), OPEN)
    assert first.next is not None
    second = await office.transactions.read(queries.page, acting(), unpack(first.next))
    assert (first.total, second.total) == (50, 50)


async def test_a_page_that_holds_just_all_has_no_next_one(office: Queue) -> None:
    await office.fill(many(queries.PAGE))
    assert (await office.transactions.read(queries.page, acting(), OPEN)).next is None


async def test_closed_requests_and_other_teams_are_not_in_the_queue(office: Queue) -> None:
    await office.fill([request(number=1), request(number=2, team_id=2)])
    await office.fill([request(number=3, state=State.RESOLVED, closed_at=MONDAY)])
    assert await through(office, acting(), OPEN) == [[1]]


async def test_mine_are_the_open_ones_that_i_hold_in_any_team(office: Queue) -> None:
    await office.fill([request(number=1, assignee=ALICE), request(number=2, assignee=BOB)])
    await office.fill([request(number=3, assignee=ALICE, team_id=2)])
    assert await through(office, acting(), Listing(kind="mine", team_ids=())) == [[1, 3]]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (outsider(), [1]),
        (outsider(ANA), [1, 2]),
        (outsider(BOB), [1, 2]),
        (acting(), [1, 2]),
        (acting("U0OLGA0001", works=(), admin=True), [1, 2]),
        (acting("U0OTHER001", works=(2,)), [1]),
    ],
    ids=["outsider", "requester", "filed by", "member", "admin", "another team"],
)
async def test_private_requests_are_shown_and_counted_for_those_concerned(
    office: Queue, who: Acting, seen: list[int]
) -> None:
    await office.fill([request(number=1)])
    await office.fill([request(number=2, origin=PRIVATE, filed_by=BOB)])
    page = await office.transactions.read(queries.page, who, OPEN)
    figures = await office.transactions.read(counting.figures, who, (1,), MONDAY)
    assert [found.number for found in page.requests] == seen
    assert page.total == figures.filed == figures.open == len(seen)


async def test_nothing_of_another_workspace_is_shown(office: Queue) -> None:
    await office.fill([request(number=1, workspace_id="T0ELSEWHERE")])
    assert await through(office, acting(admin=True), OPEN) == [[]]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "v0:open:1:1,2,3",
        "v1:closed:1:1,2,3",
        "v1:open:1",
        "v1:open:1:3",
        "v1:all:1:1,2,3",
        "v1:open:x:1,2,3",
        "v1:open:1:a,b,c",
        "v1:all:1:99999999999999999999",
        "v1:open:1:1," + "9" * 17 + ",1",
        "v1:open:" + "1" * 1900 + "x",
    ],
)
def test_a_list_of_another_time_is_answered_in_words(value: str) -> None:
    with pytest.raises(UserError, match="This list is from another time"):
        unpack(value)


async def test_the_figures_count_the_last_four_weeks(office: Queue) -> None:
    day = timedelta(days=1)
    rows: list[dict[str, Any]] = [
        {"state": State.RESOLVED, "assignee": ALICE, "claimed": 1, "closed": 4},
        {"state": State.RESOLVED, "assignee": ALICE, "claimed": 3, "closed": 8},
        {"state": State.DECLINED, "assignee": None, "claimed": None, "closed": 1},
        {"state": State.DUPLICATE, "assignee": None, "claimed": None, "closed": 1},
        {"state": State.NEW, "assignee": None, "claimed": None, "closed": None},
        {"state": State.WAITING, "assignee": BOB, "claimed": 2, "closed": None},
    ]
    await office.fill([
        request(
            number=n, state=row["state"], assignee=row["assignee"], source=Source.PARTNER if n < 3 else Source.OTHER,
            claimed_at=MONDAY + timedelta(hours=row["claimed"]) if row["claimed"] else None,
            closed_at=MONDAY + timedelta(hours=row["closed"]) if row["closed"] else None,
        )
        for n, row in enumerate(rows, 1)
    ])  # fmt: skip
    await office.fill([request(number=99, created_at=MONDAY - 30 * day)])
    found = await office.transactions.read(counting.figures, acting(), (1,), MONDAY + day)
    assert (found.filed, found.resolved, found.declined, found.duplicates) == (6, 2, 1, 1)
    assert (found.open, found.unclaimed) == (3, 2)
    assert (found.median_claim, found.median_resolve) == (timedelta(hours=2), timedelta(hours=6))
    assert found.by_source == (("other", 4), ("partner", 2))
    assert found.by_assignee == ((ALICE, 2),)


async def test_figures_of_nothing_are_noughts(office: Queue) -> None:
    found = await office.transactions.read(counting.figures, acting(), (1,), MONDAY)
    assert (found.filed, found.open, found.median_claim, found.by_source) == (0, 0, None, ())


@pytest.mark.parametrize(
    ("team", "since", "until", "numbers"),
    [
        (None, None, None, [1, 2, 3]),
        ("payments", None, None, [1, 3]),
        ("orders", None, None, [2]),
        ("payments", MONDAY + timedelta(days=1), None, [3]),
        ("payments", None, MONDAY + timedelta(days=2), [1]),
        ("payments", MONDAY, MONDAY + timedelta(days=2, seconds=1), [1, 3]),
        ("nobody", None, None, []),
    ],
)
async def test_an_export_holds_a_teams_requests_of_a_time(
    office: Queue, team: str | None, since: Any, until: Any, numbers: list[int]
) -> None:
    await office.fill([
        request(number=1),
        request(number=2, team_id=2, created_at=MONDAY + timedelta(days=1)),
        request(number=3, created_at=MONDAY + timedelta(days=2)),
    ])  # fmt: skip
    rows = await office.transactions.read(store.export_rows, team, since, until)
    assert [row["number"] for row in rows] == numbers


async def test_an_exported_row_tells_all_of_a_request(office: Queue) -> None:
    filed = await office.file(new(details="Paid twice"))
    await office.do(queue.decline, filed.request_id, "Not ours")
    row = (await office.transactions.read(store.export_rows, "payments", None, None))[0]
    assert (row["team"], row["summary"], row["details"]) == (
        "payments",
        "Refund stuck for order 123",
        "Paid twice",
    )
    assert (row["state"], row["reason"], row["door"]) == ("declined", "Not ours", "command")
    assert row["closed_at"] == MONDAY.isoformat() and row["claimed_at"] is None


async def test_the_history_of_a_busy_request_ends_with_the_newest_lines(office: Queue) -> None:
    filed = await office.file()
    for _ in range(30):
        await office.do(queue.claim, filed.request_id)
        await office.do(queue.release, filed.request_id)
    lines = await office.history(filed.request_id)
    assert len(lines) == 50
    assert [line.id for line in lines] == sorted(line.id for line in lines)


async def test_an_offer_is_kept_once_and_forgotten_after_a_month(office: Queue) -> None:
    origin = Origin(door=Door.DIRECT, channel="D1", ts="1.2", private=True)
    for text in ("First", "Second"):
        offer = Offer(user_id=ANA, text=text, origin=origin)
        await office.transactions.run(pick_up.make_offer, offer, lambda _: False)
    kept = await office.transactions.read(offers.find, "D1", "1.2")
    assert kept is not None and kept.text == "First"
    await office.database.write(store.purge_offers, MONDAY + timedelta(days=31))
    assert await office.transactions.read(offers.find, "D1", "1.2") is None
