"""Several bots look at once while people change who is on duty: everything happens once all the same."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, event

from bot.core.errors import UserError
from bot.features.rotation.jobs import stand
from bot.features.rotation.service import changes, covering, handing
from bot.features.rotation.service.changes import Wish
from bot.features.rotation.store import covers
from bot.teams import absences
from bot.teams.domain import Team
from tests.features.rotation.conftest import (
    ALICE,
    BOB,
    CAROL,
    DAY,
    MONDAY,
    TUESDAY,
    Bots,
    Counting,
    payments,
    rows,
)


async def test_a_handoff_is_told_once_with_one_pack(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    await bots.look(MONDAY)
    told = await bots.told()
    assert (told["rotation.handoff"], told["rotation.pack"]) == (1, 1)
    assert await bots.database.read(rows) == [(1, "", ALICE), (2, ALICE, BOB)]
    assert await bots.on_duty() == BOB


async def test_of_many_overrides_at_once_one_is_made_last_and_all_are_told(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    team = await bots.team()
    wishes = [Wish(by="U0LEAD0001", person=one) for one in (BOB, CAROL, "U0LEAD0001") * 3]
    works = [bots.run(number % 2, changes.override, team, wish) for number, wish in enumerate(wishes)]
    done = await bots.look(TUESDAY + timedelta(hours=1), *works)
    # Who comes too late to be the first of the same wish is told that nothing is changed by it.
    made = [one for one in done if not isinstance(one, UserError)]
    assert not [one for one in made if isinstance(one, Exception)], done
    await bots.look(TUESDAY + timedelta(hours=1, seconds=1))
    assert await bots.on_duty() in (BOB, CAROL, "U0LEAD0001")
    told = await bots.told()
    assert (told["rotation.changed"], told["rotation.handoff"]) == (len(made), 0)


async def test_the_first_of_two_takers_has_the_hours_and_the_other_reads_who_was_faster(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    team = await bots.team()
    cover = await bots.run(0, covering.look_for, team, Wish(by=ALICE, person=ALICE))
    takers = (BOB, CAROL)
    works = [bots.run(number, covering.take, team, cover.id, one) for number, one in enumerate(takers)]
    done = await bots.look(TUESDAY + timedelta(minutes=1), *works)
    (lost,) = [one for one in done if isinstance(one, UserError)]
    (made,) = [one for one in done if isinstance(one, changes.Made)]
    winner = made.standing.on_duty(bots.clock.now())
    assert winner is not None and winner.person in takers
    assert lost.text == f"<@{winner.person}> was faster and has these hours. Thank you all the same."
    with pytest.raises(UserError, match="You have these hours already"):
        await bots.run(0, covering.take, team, cover.id, winner.person)
    await bots.look(TUESDAY + timedelta(minutes=2))
    told = await bots.told()
    assert (told["rotation.cover"], told["rotation.changed"], told["rotation.handoff"]) == (1, 1, 0)
    assert await bots.on_duty() == winner.person


async def test_a_question_is_asked_again_once_at_each_time_and_ends_when_nobody_takes_it(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    team = await bots.team()
    cover = await bots.run(0, covering.look_for, team, Wish(by=BOB, person=BOB))
    asked = [(await bots.told())["rotation.cover"]]
    for before in (72, 24, 4, 1):
        await bots.look(MONDAY - timedelta(hours=before, seconds=1))
        await bots.look(MONDAY - timedelta(hours=before))
        asked.append((await bots.told())["rotation.cover"])
    assert asked == [1, 2, 3, 4, 5]
    await bots.look(MONDAY)
    await bots.look(MONDAY + DAY)
    told = await bots.told()
    assert (told["rotation.cover"], told["rotation.not_covered"]) == (5, 1)
    found = await bots.database.read(covers.by_id, cover.id)
    assert found is not None and found.closed_at is not None and found.taken_by is None


async def test_hours_that_became_somebody_elses_are_not_asked_for_again(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    team = await bots.team()
    await bots.run(0, covering.look_for, team, Wish(by=BOB, person=BOB))
    wish = Wish(by=BOB, person=CAROL, start=MONDAY, end=MONDAY + 8 * DAY)
    await bots.run(1, changes.override, team, wish)
    await bots.look(MONDAY - 3 * DAY)
    await bots.look(MONDAY)
    told = await bots.told()
    assert (told["rotation.cover"], told["rotation.not_covered"]) == (1, 0)


async def test_the_lead_hears_once_that_nobody_is_left_and_again_when_it_comes_back(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    for _ in range(2):
        for one in (ALICE, BOB, CAROL):
            await bots.database.write(_be_away, one)
        await bots.look(bots.clock.now() + timedelta(minutes=1))
        await bots.look(bots.clock.now() + timedelta(minutes=1))
        await bots.database.write(_come_back, BOB)
        await bots.look(bots.clock.now() + timedelta(minutes=1))
    assert (await bots.told())["rotation.gap"] == 2


def _be_away(connection: Connection, person: str) -> None:
    first = MONDAY.date()
    absences.add(connection, user_id=person, first_day=first, last_day=first + DAY, reason="", set_by=person,
                 now=TUESDAY)  # fmt: skip


def _come_back(connection: Connection, person: str) -> None:
    absences.drop(connection, person, TUESDAY.date())


async def test_people_taken_out_in_mid_shift_keep_it_to_its_end(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    await bots.apply(payments(members=[CAROL, BOB]))
    await bots.look(TUESDAY + timedelta(hours=1))
    assert await bots.on_duty() == ALICE
    await bots.look(MONDAY)
    assert await bots.on_duty() == BOB
    assert (await bots.told())["rotation.handoff"] == 1


async def test_a_weekend_in_the_middle_of_a_turn_is_no_handoff(bots: Bots) -> None:
    await bots.apply(payments(days="mon-fri", handoff={"every": "2 weeks", "on": "monday", "at": "10:00"}))
    saturday, next_monday = datetime(2026, 11, 7, 1, tzinfo=UTC), datetime(2026, 11, 9, 1, tzinfo=UTC)
    for at in (datetime(2026, 11, 2, 10, tzinfo=UTC), saturday, next_monday):
        await bots.look(at)
    assert await bots.on_duty() == ALICE
    told = await bots.told()
    # Over the weekend there is one that finds nothing to say when its turn comes.
    assert (told["rotation.handoff"], told["rotation.pack"]) == (2, 1)
    await bots.look(datetime(2026, 11, 14, 1, tzinfo=UTC))
    await bots.look(datetime(2026, 11, 16, 10, tzinfo=UTC))
    assert (await bots.database.read(rows))[-1][1:] == (ALICE, BOB)


def _statements(connection: Connection, teams: list[Team], now: datetime) -> list[int]:
    """How many statements each look takes."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    counts: list[int] = []
    for look in (stand, handing.need_telling):
        look(connection, teams, now)
        counts.append(len(asked) - sum(counts))
    return counts


async def test_a_look_takes_the_same_few_statements_for_many_teams(bots: Bots) -> None:
    asked: list[list[int]] = []
    for count in (1, 12):
        await bots.apply(*(payments(number, user_group=None) for number in range(count)))
        await bots.look(bots.clock.now())
        teams = list((await bots.all[0].directory.teams()).active)
        assert len(teams) == count
        asked.append(await bots.database.read(_statements, teams, bots.clock.now()))
    assert asked[0] == asked[1] and max(asked[0]) <= 10


async def test_a_hundred_looks_at_nothing_new_write_nothing(bots: Bots) -> None:
    await bots.apply(payments())
    await bots.look(TUESDAY)
    await bots.look(TUESDAY)
    await bots.looking[0].look_for_leavers(TUESDAY)
    assert isinstance(bots.database, Counting)
    before = bots.database.writes
    for _ in range(100):
        bots.clock.advance(1)
        for job in (bots.looking[0].look, bots.looking[0].look_ahead, bots.looking[0].look_for_leavers):
            await job(bots.clock.now())
    assert bots.database.writes == before
