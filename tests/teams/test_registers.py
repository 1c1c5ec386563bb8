"""The registers: who is away, whose zone was which, what people chose, what is celebrated where."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.teams import absences, choices, holidays, zones
from bot.teams.presence import Choices, Known, away_on

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def _away(database: Database, first: date, last: date) -> absences.Absence:
    return await database.write(
        lambda c: absences.add(
            c, user_id="U1", first_day=first, last_day=last, reason=" the \n sea ", set_by="U1", now=NOW
        )
    )


async def test_an_absence_covers_its_days_and_being_back_cuts_it(database: Database) -> None:
    today = NOW.date()
    kept = await _away(database, today - DAY, today + DAY)
    await _away(database, today + 10 * DAY, today + 12 * DAY)
    assert kept.reason == "the sea"
    found = await database.read(absences.of_people, ["U1", "U2"], today, today)
    assert [away_on(found, "U1", today + DAY * n) is not None for n in (-2, -1, 0, 1, 2)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert away_on(found, "U2", today) is None
    ended = await database.write(absences.resume, "U1", today)
    assert len(ended) == 1
    left = await database.read(absences.of_people, ["U1"], today - 5 * DAY, today + 20 * DAY)
    assert [(one.first_day, one.last_day) for one in left][:1] == [(today - DAY, today - DAY)]
    assert len(left) == 2
    assert await database.write(absences.resume, "U1", today) == []
    # A journey that is still to come is another thing.
    assert await database.write(absences.drop, "U1", today) == left[1:]
    assert await database.write(absences.drop, "U1", today) == []


async def test_the_same_absence_again_changes_nothing(database: Database) -> None:
    today = NOW.date()
    await _away(database, today, today)
    await _away(database, today, today)
    assert len(await database.read(absences.of_people, ["U1"], today, today)) == 1


@pytest.mark.parametrize("days", [-1, 401])
async def test_an_absence_that_ends_before_it_begins_or_never_is_refused(
    database: Database, days: int
) -> None:
    with pytest.raises(UserError) as refused:
        await _away(database, NOW.date(), NOW.date() + DAY * days)
    assert refused.value.field == "until"


async def test_a_zone_is_written_down_when_it_is_another(database: Database) -> None:
    learnt = [
        await database.write(zones.learn, "U1", zone, NOW + DAY * n)
        for n, zone in enumerate(("Europe/Kyiv", "Europe/Kyiv", "Asia/Tokyo", "Europe/Kyiv"))
    ]
    assert learnt == [True, False, True, True]
    known = (await database.read(zones.of_people, ["U1", "U2"]))["U1"]
    assert [one.zone for one in known] == ["Europe/Kyiv", "Asia/Tokyo", "Europe/Kyiv"]
    assert known[1] == Known(zone="Asia/Tokyo", known_at=NOW + 2 * DAY)


async def test_choices_are_kept_and_changed(database: Database) -> None:
    assert await database.read(choices.of_people, ["U1"]) == {}
    for wanted in (Choices(reminders=False, holidays=("PL",)), Choices(holidays=None), Choices(holidays=())):
        await database.write(choices.choose, "U1", wanted, NOW)
        assert await database.read(choices.of_people, ["U1"]) == {"U1": wanted}


def test_holidays_of_a_country_a_region_and_of_nobody() -> None:
    assert holidays.name_of(("PL",), date(2026, 11, 11)) == "National Independence Day"
    assert holidays.name_of(("DE",), date(2026, 1, 6)) is None
    assert holidays.name_of(("DE-BY",), date(2026, 1, 6)) == "Epiphany"
    assert holidays.name_of((), date(2026, 12, 25)) is None
    assert [holidays.is_place(code) for code in ("UA", "DE-BY", "DE-XX", "XX", "", "ua", "UA; DROP")] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]
