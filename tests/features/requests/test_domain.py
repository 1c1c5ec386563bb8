"""The moves in detail: who holds it, what is kept and forgotten, and the words of each refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.features.requests import domain
from bot.features.requests.domain import Move, State, menu
from bot.teams.domain import Priority
from tests.features.requests.make import ALICE, ANA, BOB, in_state, request
from tests.support.clock import MONDAY

HOUR = timedelta(hours=1)


def test_a_claim_gives_it_to_the_one_who_claims() -> None:
    claimed = domain.claim(request(), ALICE, MONDAY + HOUR)
    assert (claimed.state, claimed.assignee) == (State.IN_PROGRESS, ALICE)
    assert claimed.claimed_at == claimed.updated_at == MONDAY + HOUR


def test_the_second_to_claim_reads_who_was_faster_and_what_to_do() -> None:
    with pytest.raises(UserError, match=f"claimed already by <@{ALICE}>. Use Assign to take it over"):
        domain.claim(in_state(State.IN_PROGRESS, ALICE), BOB, MONDAY)


def test_claiming_ones_own_again_is_said_to_be_needless() -> None:
    with pytest.raises(UserError, match="#12 is yours already"):
        domain.claim(in_state(State.IN_PROGRESS, ALICE), ALICE, MONDAY)


@pytest.mark.parametrize("state", [State.WAITING, State.SNOOZED])
def test_what_somebody_holds_cannot_be_claimed_away(state: State) -> None:
    with pytest.raises(UserError, match=f"belongs to <@{ALICE}>. Use Assign"):
        domain.claim(in_state(state, ALICE), BOB, MONDAY)


@pytest.mark.parametrize("state", [State.RESOLVED, State.DECLINED, State.DUPLICATE])
def test_a_closed_one_must_be_reopened_before_it_is_claimed(state: State) -> None:
    with pytest.raises(UserError, match=f"#12 is {state.label}: reopen it first, then claim it"):
        domain.claim(in_state(state), ALICE, MONDAY)


def test_the_time_of_the_first_claim_stays() -> None:
    first = domain.claim(request(), ALICE, MONDAY)
    assert domain.assign(first, BOB, MONDAY + HOUR).claimed_at == MONDAY


def test_assigning_to_the_same_person_again_is_refused() -> None:
    with pytest.raises(UserError, match="#12 is with that person already"):
        domain.assign(in_state(State.IN_PROGRESS, BOB), BOB, MONDAY)


def test_only_the_one_who_holds_it_gives_it_back() -> None:
    with pytest.raises(UserError, match=f"with <@{ALICE}>, not with you"):
        domain.release(in_state(State.IN_PROGRESS, ALICE), BOB, MONDAY)


def test_given_back_it_is_as_if_never_claimed() -> None:
    back = domain.release(in_state(State.IN_PROGRESS, ALICE), ALICE, MONDAY)
    assert (back.state, back.assignee, back.claimed_at) == (State.NEW, None, None)


@pytest.mark.parametrize(("assignee", "state"), [(None, State.NEW), (ALICE, State.IN_PROGRESS)])
def test_an_answer_brings_it_back_to_its_person_if_it_has_one(assignee: str | None, state: State) -> None:
    assert domain.answer(in_state(State.WAITING, assignee), MONDAY).state is state


@pytest.mark.parametrize(("assignee", "state"), [(None, State.NEW), (ALICE, State.IN_PROGRESS)])
def test_awake_it_is_with_its_person_if_it_has_one(assignee: str | None, state: State) -> None:
    awake = domain.wake(in_state(State.SNOOZED, assignee), MONDAY)
    assert (awake.state, awake.snooze_until) == (state, None)


@pytest.mark.parametrize("before", [timedelta(), HOUR])
def test_a_snooze_into_the_past_is_refused_beside_the_day(before: timedelta) -> None:
    with pytest.raises(UserError, match="over already") as refused:
        domain.snooze(request(), MONDAY - before, MONDAY)
    assert refused.value.field == "date"


@pytest.mark.parametrize("reason", ["", "  ", "\u00a0\n"])
def test_a_decline_without_a_reason_is_refused_beside_the_reason(reason: str) -> None:
    with pytest.raises(UserError, match="Say why") as refused:
        domain.decline(request(), reason, MONDAY)
    assert refused.value.field == "reason"


def test_nothing_is_a_duplicate_of_itself() -> None:
    with pytest.raises(UserError, match="duplicate of itself") as refused:
        domain.duplicate(request(), request(), MONDAY)
    assert refused.value.field == "number"


def test_two_requests_are_not_duplicates_of_each_other() -> None:
    original = request(id=7, number=7, duplicate_of=12)
    with pytest.raises(UserError, match="#7 is a duplicate of #12 already"):
        domain.duplicate(request(), original, MONDAY)


def test_reopened_it_forgets_why_and_when_it_was_closed() -> None:
    for state in (State.RESOLVED, State.DECLINED, State.DUPLICATE):
        again = domain.reopen(replace(in_state(state), category=Category.BUG), MONDAY)
        assert (again.closed_at, again.reason, again.duplicate_of) == (None, None, None)
        assert again.category is None


def test_closing_wakes_what_was_snoozed() -> None:
    assert domain.resolve(in_state(State.SNOOZED), MONDAY).snooze_until is None


def test_a_priority_set_by_hand_is_explained_by_no_rule() -> None:
    ruled = request(priority=Priority.HIGH, priority_rule="Anything from Management is High")
    changed = domain.change_priority(ruled, Priority.LOW, MONDAY)
    assert (changed.priority, changed.priority_rule) == (Priority.LOW, None)


def test_the_priority_it_has_already_is_refused_beside_the_field() -> None:
    with pytest.raises(UserError, match="#12 is Normal already") as refused:
        domain.change_priority(request(), Priority.NORMAL, MONDAY)
    assert refused.value.field == "priority"


def test_a_requester_can_hold_their_own_request() -> None:
    assert domain.claim(request(), ANA, MONDAY).assignee == ANA


OPEN_MENU = (Move.PRIORITY, Move.WAIT, Move.SNOOZE, Move.DECLINE, Move.DUPLICATE)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.NEW, OPEN_MENU),
        (State.IN_PROGRESS, OPEN_MENU),
        (State.WAITING, (Move.PRIORITY, Move.SNOOZE, Move.DECLINE, Move.DUPLICATE)),
        (State.SNOOZED, OPEN_MENU),
        (State.RESOLVED, (Move.PRIORITY, Move.REOPEN)),
        (State.DECLINED, (Move.PRIORITY, Move.REOPEN)),
        (State.DUPLICATE, (Move.PRIORITY, Move.REOPEN)),
    ],
)
def test_the_menu_offers_what_the_state_allows(state: State, offered: tuple[Move, ...]) -> None:
    assert menu(state) == offered
