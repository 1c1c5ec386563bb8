"""Shifts of any time, whatever was changed, against who is on duty at single instants of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.rotation.domain import Absence, Gap, Override, Shift, Skip, following, on_duty, shifts
from bot.teams.plans import Every, RotationPlan
from tests.features.rotation.make import at, plan, rotation

START = at("2026-11-02T10:00")

HOURS = st.integers(0, 24 * 40).map(lambda hours: START - timedelta(days=5) + timedelta(hours=hours))
SPANS = st.tuples(HOURS, st.integers(1, 24 * 10)).map(
    lambda span: (span[0], span[0] + timedelta(hours=span[1]))
)
PEOPLE = st.sampled_from("ABCDZ")
OVERRIDES = st.lists(
    st.builds(
        lambda person, span, made, id: Override(
            id=id, person=person, start=span[0], end=span[1], made_at=made, made_by=person
        ),
        PEOPLE,
        SPANS,
        HOURS,
        st.integers(1, 99),
    ),
    max_size=5,
)
AWAY = st.lists(
    st.one_of(
        st.builds(lambda person, span: Absence(person=person, start=span[0], end=span[1]), PEOPLE, SPANS),
        st.builds(
            lambda person, span: Skip(id=1, person=person, start=span[0], until=span[1]), PEOPLE, SPANS
        ),
    ),
    max_size=6,
)
PLANS = st.builds(
    plan,
    members=st.sampled_from(["A", "AB", "ABC", "ABCD"]),
    every=st.sampled_from(list(Every)),
    on=st.integers(1, 6),
    days=st.sampled_from(["mon-sun", "mon-fri", "tue,sat"]),
    timezone=st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
    slots=st.sampled_from([(), ("00:00", "12:00"), ("06:30", "14:30", "22:30")]),
)


@settings(max_examples=150, deadline=None)
@given(PLANS, OVERRIDES, AWAY, st.sets(PEOPLE, max_size=2), SPANS, st.data())
def test_shifts_cover_the_time_and_agree_with_who_is_on_duty(
    turns: RotationPlan,
    overrides: list[Override],
    away: list[Absence | Skip],
    gone: set[str],
    span: tuple,
    data: st.DataObject,
) -> None:
    team = replace(
        rotation(turns), gone=frozenset(gone), is_off=lambda person, day: day.day % 9 == ord(person) % 9
    )
    pieces = shifts(team, overrides, away, *span)
    assert [pieces[0].start, *(piece.end for piece in pieces)] == [
        *(piece.start for piece in pieces),
        span[1],
    ]
    assert pieces[0].start == span[0]
    for piece in pieces:
        moment = data.draw(st.datetimes(_naive(piece.start), _naive(piece.end - timedelta(microseconds=1))))
        current = on_duty(team, overrides, away, moment.replace(tzinfo=UTC))
        if isinstance(piece, Gap):
            assert current is None
            continue
        assert current.start <= piece.start < piece.end <= current.end <= current.turn_ends
        assert replace(piece, start=current.start, end=current.end) == current


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


@settings(max_examples=60, deadline=None)
@given(PLANS, OVERRIDES, AWAY, HOURS)
def test_what_follows_is_the_first_shift_of_somebody_else(
    turns: RotationPlan, overrides: list[Override], away: list[Absence | Skip], moment: datetime
) -> None:
    team = rotation(turns)
    current = on_duty(team, overrides, away, moment)
    later = [
        piece
        for piece in shifts(team, overrides, away, moment, moment + timedelta(days=200))
        if isinstance(piece, Shift)
        and piece.start > moment
        and (not current or piece.person != current.person)
    ]
    found = following(team, overrides, away, moment)
    assert (found.person, found.start) == (later[0].person, later[0].start) if later else found is None
