"""The picture in the slice's README against what the moves do: every state, every move."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import UserError
from bot.features.requests import domain
from bot.features.requests.domain import ALLOWED, Move, Request, State
from bot.teams.domain import Priority
from tests.features.requests.make import ALICE, BOB, in_state, request
from tests.support.clock import MONDAY

README = Path(__file__).resolve().parents[3] / "bot" / "features" / "requests" / "README.md"
LINE = re.compile(r"^\s*(\w+) --> (\w+): ([\w, ]+)$", re.MULTILINE)
LATER = MONDAY + timedelta(days=1)
MAKE: dict[Move, Callable[[Request], Request]] = {
    Move.CLAIM: lambda r: domain.claim(r, r.assignee or BOB, MONDAY),
    Move.ASSIGN: lambda r: domain.assign(r, BOB, MONDAY),
    Move.RELEASE: lambda r: domain.release(r, r.assignee or BOB, MONDAY),
    Move.WAIT: lambda r: domain.wait(r, MONDAY),
    Move.ANSWER: lambda r: domain.answer(r, MONDAY),
    Move.SNOOZE: lambda r: domain.snooze(r, LATER, MONDAY),
    Move.WAKE: lambda r: domain.wake(r, MONDAY),
    Move.RESOLVE: lambda r: domain.resolve(r, MONDAY),
    Move.DECLINE: lambda r: domain.decline(r, "Not ours", MONDAY),
    Move.DUPLICATE: lambda r: domain.duplicate(r, request(id=7, number=7), MONDAY),
    Move.REOPEN: lambda r: domain.reopen(r, MONDAY),
}
STILL: dict[Move, Callable[[Request], Request]] = {
    Move.PRIORITY: lambda r: domain.change_priority(r, Priority.URGENT, MONDAY),
    Move.EDIT: lambda r: domain.edit(r, "Another summary", "", MONDAY),
}
EVERY = [(state, move) for state in State for move in MAKE]


def drawn() -> dict[tuple[State, Move], set[State]]:
    """What the picture says: from where, by which move, to where."""
    diagram = README.read_text(encoding="utf-8").split("```mermaid", 1)[1].split("```", 1)[0]
    found: dict[tuple[State, Move], set[State]] = {}
    for source, target, moves in LINE.findall(diagram):
        for move in moves.split(", "):
            found.setdefault((State(source), Move(move)), set()).add(State(target))
    return found


def starts(state: State) -> list[Request]:
    """Requests in this state: with nobody and with somebody, where both can be."""
    if state is State.NEW:
        return [in_state(state)]
    with_somebody = in_state(state, ALICE)
    return [with_somebody] if state is State.IN_PROGRESS else [with_somebody, in_state(state)]


def done(state: State, move: Move) -> set[State]:
    """The states in which this move ends; empty when it is refused."""
    ends: set[State] = set()
    for start in starts(state):
        try:
            ends.add(MAKE[move](start).state)
        except UserError:
            continue
    return ends


@pytest.mark.parametrize(("state", "move"), EVERY, ids=str)
def test_a_move_goes_where_the_picture_says_and_is_refused_elsewhere(state: State, move: Move) -> None:
    assert done(state, move) == drawn().get((state, move), set())


@pytest.mark.parametrize(("state", "move"), EVERY, ids=str)
def test_the_table_of_allowed_moves_agrees_with_the_moves(state: State, move: Move) -> None:
    assert (state in ALLOWED[move]) == bool(done(state, move))


@pytest.mark.parametrize(
    ("state", "move"),
    [pair for pair in EVERY if pair[0] not in ALLOWED[pair[1]]],
    ids=str,
)
def test_a_refusal_names_the_request_and_says_more_than_no(state: State, move: Move) -> None:
    with pytest.raises(UserError) as refused:
        MAKE[move](starts(state)[0])
    assert refused.value.text.startswith("#12 ")
    assert len(refused.value.text.split()) > 3


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(STILL))
def test_priority_and_edit_are_possible_everywhere_and_move_nothing(state: State, move: Move) -> None:
    assert STILL[move](starts(state)[0]).state is state


def test_every_move_is_tried_here() -> None:
    assert {*MAKE, *STILL, Move.FILE} == set(Move)
