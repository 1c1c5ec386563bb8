"""A person is taken out of every table and column; what others wrote and what is counted stays."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.core.leavers import GONE, SOMEONE
from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.requests.models import request_history, requests
from bot.features.rotation.models import rotation_changes
from bot.features.standup.models import standup_checkins
from bot.outbox.store import ends
from bot.privacy.erasing import erase, find_traces
from bot.privacy.handing_out import handed_out
from bot.privacy.register import REGISTER
from bot.teams.models import teams
from tests.privacy.make import ANA, AT, BOB, CANARY, LONGER, NAMES, everything, fill, places_of

# Rows that are about one person and nothing else.
ALONE = {name for name, holding in REGISTER.items() if holding.with_person}


def _counts(connection: Connection) -> dict[str, int]:
    tables = [table for table in metadata.sorted_tables if table.name not in ALONE]
    counts = {one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables}
    ended = ends(connection, AT, AT + timedelta(seconds=1))
    assert ended
    return counts | {f"{kind} {result}": count for (kind, result), count in ended.items()}


async def test_no_column_of_any_table_keeps_the_id_a_word_or_the_name(database: Database) -> None:
    await database.write(fill, ANA)
    before = await database.read(_counts)
    everywhere = [name for name, holding in REGISTER.items() if holding.words or holding.person]
    assert set(everywhere) <= {
        place.split(".")[0] for place in await database.read(places_of, ANA, CANARY[ANA])
    }
    await erase(database, ANA, AT)
    assert await database.read(places_of, ANA, CANARY[ANA], NAMES[ANA]) == []
    assert await database.read(_counts) == before


@pytest.mark.by_turns
async def test_of_somebody_else_every_word_stays(database: Database) -> None:
    await database.write(fill, ANA, BOB)
    await erase(database, ANA, AT)
    words = await database.read(places_of, CANARY[BOB])
    assert words == [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if table.name in REGISTER and column.name in REGISTER[table.name].words
    ]
    assert await database.read(places_of, ANA, CANARY[ANA], NAMES[ANA]) == []


@pytest.mark.by_turns
async def test_two_who_answered_in_one_round_stay_two(database: Database) -> None:
    await database.write(fill, ANA, BOB)
    await database.write(lambda c: c.execute(standup_checkins.update().values(round_id=1)))
    await erase(database, ANA, AT)
    await erase(database, BOB, AT)
    query = select(standup_checkins.c.user_id).order_by(standup_checkins.c.id)
    assert await database.read(lambda c: list(c.scalars(query))) == [GONE, f"{GONE}-2"]
    assert await database.read(places_of, ANA, BOB, *CANARY.values()) == []


@pytest.mark.by_turns
async def test_another_id_that_begins_alike_is_left_alone(database: Database) -> None:
    await database.write(fill, ANA, LONGER)
    await erase(database, ANA, AT)
    cells = await database.read(everything)
    assert any(LONGER in cell for cell in cells["requests.requester"])
    assert not (await database.read(find_traces, ANA)).counts
    there = [cell for column in cells.values() for cell in column if ANA in cell.replace(LONGER, "")]
    assert there == []


@pytest.mark.by_turns
async def test_whom_others_mention_is_someone_who_left(database: Database) -> None:
    await database.write(fill, BOB)
    typed = requests.update().values(summary=f"Ask <@{ANA}> or <@{ANA}|ana>, not <@{BOB}>")
    await database.write(lambda c: c.execute(typed))
    await erase(database, ANA, AT)
    summary = await database.read(lambda c: c.scalar(select(requests.c.summary)))
    assert summary == f"Ask {SOMEONE} or {SOMEONE}, not <@{BOB}>"


@pytest.mark.by_turns
async def test_why_somebody_declined_goes_and_the_request_of_another_stays(database: Database) -> None:
    await database.write(fill, BOB)
    line = {"id": 9, "request_id": 1, "at": AT, "actor": ANA, "move": "decline", "state": "declined"}
    told = insert(request_history).values(**line, facts={"reason": "canary-of-ana", "via": "card"})
    await database.write(lambda c: c.execute(told))
    await erase(database, ANA, AT)
    assert await database.read(places_of, ANA, CANARY[ANA]) == []
    row = await database.read(lambda c: c.execute(select(requests)).one())
    assert (row.reason, CANARY[BOB] in row.summary) == (None, True)


@pytest.mark.by_turns
async def test_hours_that_somebody_was_to_have_are_given_back_to_the_rotation(database: Database) -> None:
    await database.write(fill, ANA)
    ahead = rotation_changes.update().values(end_at=AT + timedelta(days=1), withdrawn_at=None)
    await database.write(lambda c: c.execute(ahead))
    await erase(database, ANA, AT)
    assert await database.read(lambda c: c.scalar(select(rotation_changes.c.withdrawn_at))) == AT


@pytest.mark.by_turns
async def test_a_second_erasure_finds_nothing(database: Database) -> None:
    await database.write(fill, ANA)
    assert await erase(database, ANA, AT)
    assert (await database.read(find_traces, ANA)).counts == {}
    assert await erase(database, ANA, AT) == {}


@pytest.mark.by_turns
async def test_what_is_handed_out_holds_all_that_is_theirs_and_nothing_of_others(database: Database) -> None:
    await database.write(fill, ANA, BOB)
    told = await database.read(handed_out, ANA)
    holding_words = [name for name, holding in REGISTER.items() if holding.words]
    assert [name for name in holding_words if CANARY[ANA] not in str(told.get(name))] == []
    assert CANARY[BOB] not in str(told) and BOB not in str(told) and NAMES[BOB] not in str(told)
    assert "secret" not in told["calendar_feeds"][0]


@pytest.mark.by_turns
async def test_of_a_teams_settings_somebody_gets_what_names_them_and_no_more(database: Database) -> None:
    settings = {
        "lead": BOB, "members": [BOB, ANA, LONGER], "components": ["Billing"], "people": {ANA: "fr", BOB: "de"},
        "sources": [{"source": "boss", "users": [BOB]}, {"source": "partner", "users": [ANA, BOB]}],
    }  # fmt: skip
    await database.write(fill, ANA)
    await database.write(lambda c: c.execute(teams.update().values(settings=settings)))
    (row,) = (await database.read(handed_out, ANA))["teams"]
    assert row["settings"] == {"members": [ANA], "people": {ANA: "fr"}, "sources": [{"users": [ANA]}]}


@pytest.mark.by_turns
async def test_of_a_request_that_somebody_only_held_they_get_no_text(database: Database) -> None:
    await database.write(fill, BOB)
    await database.write(lambda c: c.execute(requests.update().values(assignee=ANA)))
    (row,) = (await database.read(handed_out, ANA))["requests"]
    assert (row["assignee"], row["number"]) == (ANA, 1)
    assert not {"summary", "requester"} & set(row)
