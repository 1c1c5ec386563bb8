"""Figures counted where the rows lie: right on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.categories import Category
from bot.core.errors import NotAllowed, UserError
from bot.core.figures import Kept
from bot.core.leavers import ERASED
from bot.features.requests.domain import Move, State
from bot.features.requests.service import categories, queue
from bot.features.requests.store import counting
from bot.teams.domain import Priority, claim_due
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, BOB, new, outsider, request, team
from tests.support.clock import MONDAY

pytestmark = pytest.mark.by_turns

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def figures(office: Queue, now: datetime = MONDAY + DAY) -> Any:
    return await office.transactions.read(counting.figures, None, (1,), now)


async def test_half_and_nine_of_ten_are_those_of_the_sorted_lengths(office: Queue) -> None:
    await office.fill([
        request(number=n, created_at=MONDAY, claimed_at=MONDAY + n * HOUR, assignee=ALICE,
                state=State.IN_PROGRESS)
        for n in range(1, 11)
    ])  # fmt: skip
    found = await figures(office)
    assert (found.median_claim, found.claim_most) == (5.5 * HOUR, 9 * HOUR)
    assert found.median_resolve is None and found.holding == ((ALICE, 10),)


async def test_a_promise_is_kept_by_the_first_claim_in_time_and_broken_by_waiting(office: Queue) -> None:
    promised = {"promised_at": MONDAY + 4 * HOUR}
    in_progress = {"state": State.IN_PROGRESS, "assignee": ALICE}
    in_time = request(number=1, claimed_at=MONDAY + 4 * HOUR, **in_progress)
    late = request(number=2, claimed_at=MONDAY + 4 * HOUR + timedelta(seconds=1), **in_progress)
    closed_at_once = request(number=3, state=State.DECLINED, closed_at=MONDAY + HOUR)
    waits = request(number=4)
    put_off = request(number=5, state=State.SNOOZED)
    await office.fill([in_time, late, closed_at_once, waits, put_off], **promised)
    await office.fill([request(number=6)])
    assert (await figures(office, MONDAY + HOUR)).promises == {"normal": Kept(kept=2, total=3)}
    assert (await figures(office)).promises == {"normal": Kept(kept=2, total=4)}


async def test_names_that_nobody_gave_are_counted_as_such(office: Queue) -> None:
    await office.fill([request(number=1), request(number=2)])
    await office.fill([request(number=3)], component="Billing")
    done = {"state": State.RESOLVED, "closed_at": MONDAY}
    await office.fill([request(number=4, **done)], category="bug")
    await office.fill([request(number=5, **done)])
    found = await figures(office)
    assert found.by_component == (("", 4), ("Billing", 1))
    assert found.by_category == (("", 1), ("bug", 1))


async def test_arrivals_are_by_the_quarter_of_an_hour(office: Queue) -> None:
    instants = (MONDAY, MONDAY + timedelta(minutes=14, seconds=59.9), MONDAY + timedelta(minutes=15))
    await office.fill([request(number=n, created_at=at) for n, at in enumerate(instants)])
    found = await figures(office)
    assert [(one.at, one.count) for one in found.arrivals] == [
        (MONDAY, 2), (MONDAY + timedelta(minutes=15), 1)
    ]  # fmt: skip


async def test_what_was_opened_again_is_a_share_of_what_was_closed(office: Queue) -> None:
    for place in range(3):
        filed = await office.file(new(f"Refund {place}"))
        if place < 2:
            await office.do(queue.resolve, filed.request_id)
        if place == 0:
            await office.do(queue.reopen, filed.request_id)
            await office.do(queue.resolve, filed.request_id)
            await office.do(queue.reopen, filed.request_id)
    found = await figures(office)
    assert (found.filed, found.closed, found.reopened) == (3, 2, 1)


async def test_a_time_has_its_first_instant_and_not_its_last(office: Queue) -> None:
    await office.fill([request(number=n, created_at=MONDAY + n * DAY) for n in range(3)])
    found = await office.transactions.read(counting.figures, None, (1,), MONDAY, MONDAY, MONDAY + 2 * DAY)
    assert found.filed == 2


@pytest.mark.parametrize(
    ("move", "more", "at"),
    [(queue.claim, (), None), (queue.change_priority, (Priority.URGENT,), Priority.URGENT)],
)
async def test_a_promise_is_of_the_priority_and_of_the_team_as_it_was(
    office: Queue, move: Callable[..., Any], more: tuple[Any, ...], at: Priority | None
) -> None:
    filed = await office.file()
    office.clock.advance(600)
    await office.do(move, filed.request_id, *more)
    due = claim_due(team(), at or Priority.NORMAL, MONDAY)
    assert (await office.now(filed.request_id)).promised_at == due


async def test_what_comes_back_to_the_queue_is_promised_from_then(office: Queue) -> None:
    filed = await office.file()
    await office.do(queue.claim, filed.request_id)
    office.clock.advance(7200)
    await office.do(queue.release, filed.request_id)
    back = office.clock.now()
    assert (await office.now(filed.request_id)).promised_at == claim_due(team(), Priority.NORMAL, back)
    office.clock.advance(600)
    await office.do(queue.change_priority, filed.request_id, Priority.HIGH)
    assert (await office.now(filed.request_id)).promised_at == claim_due(team(), Priority.HIGH, back)


async def test_what_it_was_can_be_said_and_changed_while_it_is_closed(office: Queue) -> None:
    filed = await office.file()
    with pytest.raises(UserError, match="say what it was once it is resolved"):
        await office.do(categories.categorise, filed.request_id, Category.BUG)
    await office.do(queue.resolve, filed.request_id)
    before = await office.moves(filed.request_id)
    await office.do(categories.categorise, filed.request_id, Category.BUG)
    await office.do(categories.categorise, filed.request_id, Category.MISSING_DOC)
    assert (await office.now(filed.request_id)).category is Category.MISSING_DOC
    assert await office.moves(filed.request_id) == before == [Move.FILE, Move.RESOLVE]


async def test_only_the_team_says_what_it_was(office: Queue) -> None:
    filed = await office.file()
    await office.do(queue.resolve, filed.request_id)
    with pytest.raises(NotAllowed, match="Only members of Payments"):
        await office.do(categories.categorise, filed.request_id, Category.BUG, by=outsider())


async def test_the_docs_of_a_month_are_those_closed_in_it_as_avoidable(office: Queue) -> None:
    closed = {"state": State.RESOLVED, "assignee": BOB}
    early, late = MONDAY - 20 * DAY, MONDAY
    await office.fill([request(number=1, created_at=early, closed_at=MONDAY - DAY, **closed)], category="bug")
    await office.fill(
        [
            request(number=2, created_at=early - 30 * DAY, closed_at=early, **closed),
            request(number=3, created_at=early, closed_at=late, **closed),
            request(number=4, created_at=early, closed_at=early - DAY, **closed),
            request(number=5, created_at=early, closed_at=early, **closed),
        ],
        category="missing_doc",
    )
    erased = request(number=6, summary=ERASED, created_at=early, closed_at=early, **closed)
    await office.fill([erased], category="missing_doc")
    found = await office.transactions.read(counting.avoidable, 1, early, late)
    assert [(one.number, one.component) for one in found] == [(5, ""), (2, "")]
