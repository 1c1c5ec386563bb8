"""The moves as use cases: who won, what was written down, and what is asked for."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.features.requests import store
from bot.features.requests.domain import Door, Move, Origin, State
from bot.features.requests.events import RequestFiled, RequestMoved
from bot.features.requests.service import queue
from bot.features.requests.service.intake import Filed
from bot.features.requests.service.queue import Edit
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.teams.domain import Priority
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, ANA, BOB, acting, filing, new, outsider
from tests.support.clock import MONDAY

HOUR = timedelta(hours=1)


async def test_a_move_is_written_into_the_history_with_who_and_what(office: Queue, filed: Filed) -> None:
    await office.do(queue.claim, filed.request_id)
    await office.do(queue.assign, filed.request_id, BOB)
    await office.do(queue.change_priority, filed.request_id, Priority.HIGH)
    await office.do(queue.snooze, filed.request_id, MONDAY + HOUR)
    await office.do(queue.decline, filed.request_id, " Not ours ")
    told = [(line.move, line.actor, dict(line.facts)) for line in await office.history(filed.request_id)][1:]
    assert told == [
        (Move.CLAIM, ALICE, {"via": "button"}),
        (Move.ASSIGN, ALICE, {"to": BOB}),
        (Move.PRIORITY, ALICE, {"from": "normal", "to": "high"}),
        (Move.SNOOZE, ALICE, {"until": (MONDAY + HOUR).isoformat()}),
        (Move.DECLINE, ALICE, {"reason": "Not ours"}),
    ]


async def test_of_two_claims_at_once_one_wins_and_the_other_reads_who_did(
    office: Queue, filed: Filed
) -> None:
    other = Database(office.url)
    there = Transactions(other, office.clock.now, lambda: None)
    outcomes = await asyncio.gather(
        office.do(queue.claim, filed.request_id),
        there.run(queue.claim, filed.request_id, acting(BOB), "Payments"),
        return_exceptions=True,
    )
    await other.close()
    winner = (await office.now(filed.request_id)).assignee
    refused = [outcome for outcome in outcomes if isinstance(outcome, UserError)]
    assert len(refused) == 1
    assert f"claimed already by <@{winner}>" in refused[0].text
    assert await office.moves(filed.request_id) == [Move.FILE, Move.CLAIM]


async def test_next_gives_each_of_many_at_once_another_request(office: Queue) -> None:
    for n in range(6):
        await office.file(new(f"Request {n}"))
    people = [f"U0PERSON{n:02d}" for n in range(6)]
    taken = await asyncio.gather(
        *(office.transactions.run(queue.claim_next, [1], acting(who), f"cmd:{who}") for who in people)
    )
    assert sorted(request.number for request in taken if request) == [1, 2, 3, 4, 5, 6]


async def test_next_takes_the_most_urgent_then_the_oldest(office: Queue) -> None:
    await office.file(new("Old"))
    office.clock.advance(60)
    await office.file(new("Urgent", urgency=Priority.URGENT))
    run = office.transactions.run
    taken = [await run(queue.claim_next, [1], acting(), f"cmd:{n}") for n in range(3)]
    assert [request.summary if request else None for request in taken] == ["Urgent", "Old", None]


async def test_the_same_next_again_takes_no_second_request(office: Queue) -> None:
    await office.file(new("First"))
    await office.file(new("Second"))
    for _ in range(3):
        taken = await office.transactions.run(queue.claim_next, [1], acting(), "cmd:same")
        assert taken is not None and taken.number == 1
    assert (await office.transactions.read(store.by_number, filing().workspace_id, 2)).state is State.NEW


async def test_the_same_click_again_changes_nothing_and_is_no_error(office: Queue, filed: Filed) -> None:
    for _ in range(2):
        await office.transactions.run(
            queue.once, "act:1", queue.claim, filed.request_id, acting(), "Payments"
        )
    await office.do(queue.release, filed.request_id)
    await office.transactions.run(queue.once, "act:1", queue.claim, filed.request_id, acting(), "Payments")
    assert (await office.now(filed.request_id)).state is State.NEW


async def test_a_refused_click_is_refused_again(office: Queue, filed: Filed) -> None:
    for _ in range(2):
        with pytest.raises(UserError, match="Only members of Payments"):
            await office.transactions.run(
                queue.once, "act:1", queue.claim, filed.request_id, outsider(), "Payments"
            )


async def test_ten_moves_leave_one_refresh_of_the_card_behind_it_in_its_lane(
    office: Queue, filed: Filed
) -> None:
    for _ in range(5):
        await office.do(queue.claim, filed.request_id)
        await office.do(queue.release, filed.request_id)
    lane = [entry for entry in await office.waiting() if entry["lane"] == f"card:{filed.request_id}"]
    assert [entry["kind"] for entry in lane].count("request.refresh") == 1
    assert lane[0]["kind"] == "request.card"
    assert [entry["depends_on"] for entry in lane[1:]] == [entry["id"] for entry in lane[:-1]]


async def test_each_change_of_state_is_told_to_the_requester_in_order(office: Queue, filed: Filed) -> None:
    await office.do(queue.claim, filed.request_id)
    await office.do(queue.change_priority, filed.request_id, Priority.HIGH)
    await office.do(queue.resolve, filed.request_id)
    lane = [entry for entry in await office.waiting() if entry["lane"] == f"asker:{filed.request_id}"]
    assert [entry["kind"] for entry in lane] == ["request.receipt", "request.notice", "request.notice"]


@pytest.mark.parametrize("move", [queue.claim, queue.release, queue.wait, queue.resolve])
async def test_an_outsider_changes_nothing(office: Queue, filed: Filed, move: Callable[..., Any]) -> None:
    with pytest.raises(UserError, match="Only members of Payments"):
        await office.do(move, filed.request_id, by=outsider())
    assert await office.moves(filed.request_id) == [Move.FILE]


async def test_the_requester_resolves_and_reopens_their_own(office: Queue, filed: Filed) -> None:
    await office.do(queue.resolve, filed.request_id, by=outsider(ANA))
    await office.do(queue.reopen, filed.request_id, by=outsider(ANA))
    assert await office.moves(filed.request_id) == [Move.FILE, Move.RESOLVE, Move.REOPEN]


async def test_an_answer_of_the_requester_ends_the_waiting(office: Queue, filed: Filed) -> None:
    await office.do(queue.claim, filed.request_id)
    await office.do(queue.wait, filed.request_id)
    await office.transactions.run(queue.heard_from_requester, filed.request_id, ANA, "Thanks!")
    assert (await office.now(filed.request_id)).state is State.IN_PROGRESS


@pytest.mark.parametrize(
    ("author", "text", "state"),
    [
        (ANA, "It still fails", State.NEW),
        (ANA, "thanks, but it still fails", State.NEW),
        (ANA, "Thanks!", State.RESOLVED),
        (ANA, ":+1:", State.RESOLVED),
        (BOB, "It still fails", State.RESOLVED),
        (ALICE, "I restarted it", State.RESOLVED),
    ],
)
async def test_only_the_requesters_own_words_open_it_again(
    office: Queue, author: str, text: str, state: State
) -> None:
    filed = await office.file(new(filed_by=ALICE))
    await office.do(queue.resolve, filed.request_id)
    await office.transactions.run(queue.heard_from_requester, filed.request_id, author, text)
    assert (await office.now(filed.request_id)).state is state


async def test_an_edit_of_the_message_changes_the_words_once(office: Queue, filed: Filed) -> None:
    run = office.transactions.run
    first = Edit(author=ANA, event="ev:1", at="1.1")
    later = Edit(author=ANA, event="ev:2", at="1.2")
    await run(queue.edited, filed.request_id, "Refund stuck, 125", "", first)
    await run(queue.edited, filed.request_id, "Refund stuck, 126", "", later)
    await run(queue.edited, filed.request_id, "Refund stuck, 125", "", first)
    assert (await office.now(filed.request_id)).summary == "Refund stuck, 126"
    assert await office.moves(filed.request_id) == [Move.FILE, Move.EDIT, Move.EDIT]


async def test_an_edit_that_a_later_one_overtook_and_one_after_the_end_change_nothing(office: Queue) -> None:
    filed = await office.file()
    run = office.transactions.run
    for text, event, at, gone in (
        ("Refund stuck, 126", "ev:2", "1.2", False),
        ("Refund stuck, 125", "ev:1", "1.1", False),
        ("(deleted)", "ev:3", "1.3", True),
        ("My password", "ev:4", "1.4", False),
    ):
        edit = Edit(author=ANA, event=event, at=at, gone=gone)
        await run(queue.edited, filed.request_id, text, "", edit)
        assert (await office.now(filed.request_id)).summary != "Refund stuck, 125"
    assert (await office.now(filed.request_id)).summary == "(deleted)"


async def test_an_edit_that_changes_no_word_leaves_no_trace(office: Queue, filed: Filed) -> None:
    same = (await office.now(filed.request_id)).summary
    await office.transactions.run(
        queue.edited, filed.request_id, same, "", Edit(author=ANA, event="ev:1", at="1.1")
    )
    assert await office.moves(filed.request_id) == [Move.FILE]


async def test_a_snoozed_request_wakes_when_its_time_has_come_and_not_before(
    office: Queue, filed: Filed
) -> None:
    await office.do(queue.snooze, filed.request_id, MONDAY + HOUR)
    for seconds, state in ((3599, State.SNOOZED), (1, State.NEW)):
        office.clock.advance(seconds)
        due = await office.transactions.read(store.due_to_wake, office.clock.now())
        for request_id in due:
            await office.transactions.run(queue.wake, request_id)
        assert (await office.now(filed.request_id)).state is state
    assert (await office.history(filed.request_id))[-1].actor is None


async def test_waking_what_was_claimed_meanwhile_changes_nothing(office: Queue, filed: Filed) -> None:
    await office.do(queue.snooze, filed.request_id, MONDAY + HOUR)
    await office.do(queue.claim, filed.request_id)
    office.clock.advance(7200)
    await office.transactions.run(queue.wake, filed.request_id)
    assert await office.moves(filed.request_id) == [Move.FILE, Move.SNOOZE, Move.CLAIM]


@pytest.mark.parametrize(
    ("via", "move", "state"),
    [("eyes", Move.RELEASE, State.NEW), ("button", Move.RELEASE, State.IN_PROGRESS)],
)
async def test_taking_the_eyes_back_undoes_only_what_they_did(
    office: Queue, filed: Filed, via: str, move: Move, state: State
) -> None:
    await office.do(queue.claim, filed.request_id, via)
    await office.do(queue.undo_reaction, filed.request_id, move)
    assert (await office.now(filed.request_id)).state is state


async def test_taking_the_eyes_back_undoes_nothing_when_more_has_happened(
    office: Queue, filed: Filed
) -> None:
    await office.do(queue.claim, filed.request_id, "eyes")
    await office.do(queue.assign, filed.request_id, BOB)
    await office.do(queue.undo_reaction, filed.request_id, Move.RELEASE)
    assert (await office.now(filed.request_id)).assignee == BOB


async def test_somebody_elses_eyes_undo_nothing(office: Queue, filed: Filed) -> None:
    await office.do(queue.claim, filed.request_id, "eyes")
    await office.do(queue.undo_reaction, filed.request_id, Move.RELEASE, by=acting(BOB))
    assert (await office.now(filed.request_id)).assignee == ALICE


async def test_taking_the_check_mark_back_reopens(office: Queue, filed: Filed) -> None:
    await office.do(queue.resolve, filed.request_id, "check")
    await office.do(queue.undo_reaction, filed.request_id, Move.REOPEN)
    assert (await office.now(filed.request_id)).state is State.NEW


async def test_the_askers_of_duplicates_hear_what_becomes_of_the_original(
    office: Queue, filed: Filed
) -> None:
    twin = await office.file(new("The same", requester=BOB))
    await office.do(queue.mark_duplicate, twin.request_id, 1)
    before = len(await office.wishes("request.notice"))
    await office.do(queue.claim, filed.request_id)
    await office.do(queue.resolve, filed.request_id)
    told = [wish["request_id"] for wish in await office.wishes("request.notice")][before:]
    assert told == [filed.request_id, filed.request_id, twin.request_id]


async def test_a_duplicate_that_was_reopened_follows_nobody(office: Queue, filed: Filed) -> None:
    twin = await office.file(new("The same", requester=BOB))
    await office.do(queue.mark_duplicate, twin.request_id, 1)
    await office.do(queue.reopen, twin.request_id)
    assert await office.transactions.read(store.duplicates_of, filed.request_id) == []


async def test_a_duplicate_of_a_duplicate_follows_the_original(office: Queue, filed: Filed) -> None:
    second, third = await office.file(new("Second")), await office.file(new("Third"))
    await office.do(queue.mark_duplicate, second.request_id, 1)
    await office.do(queue.mark_duplicate, third.request_id, 2)
    assert (await office.now(third.request_id)).duplicate_of == filed.request_id


async def test_followers_move_on_when_their_original_turns_out_to_be_a_duplicate(
    office: Queue, filed: Filed
) -> None:
    second, third = await office.file(new("Second")), await office.file(new("Third"))
    await office.do(queue.mark_duplicate, third.request_id, 2)
    await office.do(queue.mark_duplicate, second.request_id, 1)
    assert (await office.now(third.request_id)).duplicate_of == filed.request_id
    assert {"request_id": third.request_id} in await office.wishes("request.refresh")


async def test_duplicates_make_no_circle(office: Queue, filed: Filed) -> None:
    second = await office.file(new("Second"))
    await office.do(queue.mark_duplicate, second.request_id, 1)
    with pytest.raises(UserError, match="#2 is a duplicate of #1 already"):
        await office.do(queue.mark_duplicate, filed.request_id, 2)


async def test_two_that_are_marked_as_duplicates_of_each_other_at_once_make_no_circle(
    office: Queue, filed: Filed
) -> None:
    second = await office.file(new("Second"))
    outcomes = await asyncio.gather(
        office.do(queue.mark_duplicate, filed.request_id, 2),
        office.do(queue.mark_duplicate, second.request_id, 1),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, UserError) for outcome in outcomes) == 1
    states = {(await office.now(filed.request_id)).state, (await office.now(second.request_id)).state}
    assert states == {State.NEW, State.DUPLICATE}


@pytest.mark.parametrize("number", [99, 2])
async def test_an_unknown_and_a_hidden_original_are_refused_alike(
    office: Queue, filed: Filed, number: int
) -> None:
    hidden = Origin(door=Door.FORM, channel="C0ORDERS01", private=True)
    await office.file(new("Hidden", team_id=2, requester=BOB, origin=hidden))
    with pytest.raises(UserError, match=f"There is no #{number} that you can see") as refused:
        await office.do(queue.mark_duplicate, filed.request_id, number)
    assert refused.value.field == "number"


async def test_a_request_that_is_not_there_is_said_not_to_exist(office: Queue) -> None:
    with pytest.raises(UserError, match="does not exist, or you cannot see it"):
        await office.do(queue.claim, 4711)


async def test_the_other_slices_hear_of_each_move_in_its_transaction(office: Queue) -> None:
    heard: list[object] = []

    def listen(_uow: UnitOfWork, event: object) -> None:
        heard.append(event)

    office.transactions.subscribe({RequestFiled: [listen], RequestMoved: [listen]})
    filed = await office.file()
    await office.do(queue.resolve, filed.request_id)
    assert [type(event) for event in heard] == [RequestFiled, RequestMoved]
