"""Who gets the next request: turns, the cap, who is away, who gave it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.escalation.domain.ladder import Stand
from bot.features.escalation.domain.split import Bench, Choice, Rotation, Shift, Why, choose
from bot.features.escalation.views.words import note
from bot.teams.domain import SplitOfWork, Team
from tests.features.escalation.make import at, ladder, team

NOW = at("2026-11-24T12:00")
# Everybody of the example's rotation, in their order.
A, B, C = "U0ALICE001", "U0BOB00001", "U0CAROL001"
PEOPLE = (A, B, C)


@dataclass(frozen=True, kw_only=True)
class Turn:
    person: str
    start: datetime = NOW
    end: datetime = NOW + timedelta(days=7)


def _first(_team: Team, _at: datetime, away: frozenset[str]) -> Shift | None:
    there = [who for who in PEOPLE if who not in away]
    return Turn(person=there[0]) if there else None


ROTATION = Rotation(on_duty=_first, following=_first)
ROUND = team(split_of_work=SplitOfWork.ROUND_ROBIN, max_open=3)
DUTY = team(split_of_work=SplitOfWork.ON_DUTY, max_open=3)


@pytest.mark.parametrize(
    ("bench", "chosen"),
    [
        (Bench(team=ROUND, members=PEOPLE), Choice(person=A, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, turns={A: 4, B: 2, C: 3}), Choice(person=B, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, open={A: 2, B: 1, C: 1}), Choice(person=B, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, open={A: 3}), Choice(person=B, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, absent=frozenset({A, B})), Choice(person=C, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, passed=frozenset({A})), Choice(person=B, why=Why.TURN)),
        (Bench(team=ROUND, members=PEOPLE, open=dict.fromkeys(PEOPLE, 3)), Choice(person=None, why=Why.NO_ROOM, limit=3)),
        (
            Bench(team=ROUND, members=PEOPLE, open={A: 3}, absent=frozenset({B, C})),
            Choice(person=None, why=Why.NO_ROOM, limit=3),
        ),
        (Bench(team=ROUND, members=PEOPLE, absent=frozenset(PEOPLE)), Choice(person=None, why=Why.NOBODY)),
        (Bench(team=ROUND, members=()), Choice(person=None, why=Why.NOBODY)),
        (Bench(team=DUTY, members=PEOPLE), Choice(person=A, why=Why.ON_DUTY)),
        (Bench(team=DUTY, members=PEOPLE, absent=frozenset({A})), Choice(person=B, why=Why.STANDS_IN)),
        (Bench(team=DUTY, members=PEOPLE, open={A: 3, B: 5}), Choice(person=C, why=Why.STANDS_IN)),
        (Bench(team=DUTY, members=PEOPLE, open=dict.fromkeys(PEOPLE, 3)), Choice(person=None, why=Why.NO_ROOM, limit=3)),
        (Bench(team=DUTY, members=PEOPLE, passed=frozenset(PEOPLE)), Choice(person=None, why=Why.NOBODY)),
    ],
)  # fmt: skip
def test_the_right_person_gets_it(bench: Bench, chosen: Choice) -> None:
    assert choose(bench, ROTATION, NOW) == chosen


people = st.frozensets(st.sampled_from(PEOPLE))


@given(absent=people, passed=people, open=st.dictionaries(st.sampled_from(PEOPLE), st.integers(0, 5)),
       turns=st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 9)), by_turn=st.booleans())  # fmt: skip
def test_nobody_gets_it_who_is_away_full_or_gave_it_back(
    absent: frozenset[str], passed: frozenset[str], open: dict[str, int], turns: dict[str, int], by_turn: bool
) -> None:
    whose = ROUND if by_turn else DUTY
    bench = Bench(team=whose, members=PEOPLE, absent=absent, passed=passed, open=open, turns=turns)
    chosen = choose(bench, ROTATION, NOW)
    able = [who for who in PEOPLE if who not in absent | passed and open.get(who, 0) < 3]
    assert (chosen.person in able) if able else chosen.person is None
    if by_turn and able:
        assert turns.get(str(chosen.person), 0) == min(turns.get(who, 0) for who in able)


@given(days=st.lists(people, min_size=1, max_size=30))
def test_turns_differ_by_one_at_most_among_those_who_are_always_there(days: list[frozenset[str]]) -> None:
    turns: dict[str, int] = {}
    had: dict[str, int] = dict.fromkeys(PEOPLE, 0)
    for number, absent in enumerate(days, start=1):
        chosen = choose(Bench(team=ROUND, members=PEOPLE, absent=absent, turns=turns), ROTATION, NOW).person
        if chosen is not None:
            turns[chosen] = number
            had[chosen] += 1
    always = [had[who] for who in PEOPLE if not any(who in absent for absent in days)]
    if len(always) == len(PEOPLE):
        assert max(always) - min(always) <= 1


@pytest.mark.parametrize(
    ("kept", "stand", "assignee", "said"),
    [
        ({"person": A, "why": "on_duty", "limit": None}, Stand.HELD, A, f"Assigned to <@{A}>: on duty"),
        ({"person": A, "why": "turn", "limit": None}, Stand.HELD, A, f"Assigned to <@{A}>: their turn"),
        ({"person": A, "why": "turn", "name": "Al"}, Stand.HELD, A, f"Assigned to <@{A}>: Al's turn"),
        (
            {"person": A, "why": "turn", "name": "<!here>"},
            Stand.HELD,
            A,
            f"Assigned to <@{A}>: &lt;!here&gt;'s turn",
        ),
        ({"person": A, "why": "turn", "limit": None}, Stand.HELD, B, None),
        ({"person": None, "why": "no_room", "limit": 3}, Stand.NEW, None, "Nobody has room: 3 open each"),
        ({"person": None, "why": "nobody", "limit": None}, Stand.NEW, None, "Nobody is there to take it"),
        ({"person": None, "why": "nobody", "limit": None}, Stand.HELD, A, None),
        (None, Stand.NEW, None, None),
    ],
)
def test_the_card_says_why_as_long_as_it_is_so(
    kept: dict[str, object] | None, stand: Stand, assignee: str | None, said: str | None
) -> None:
    assert note(ladder(note=kept), stand, assignee) == said
