"""One team changes by the rules of the teams file, beside the others, and only as it was last seen."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.core.errors import ConfigError, UserError
from bot.db.engine import Database
from bot.teams import edit, store
from bot.teams.apply import apply, dry_run, staying
from bot.teams.domain import Team
from bot.teams.edit import CHANGED_MEANWHILE, GONE, Kept, WrongSettings
from bot.teams.file import read_text
from bot.teams.models import teams
from tests.teams.make import ORDERS, example, two_teams

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
NEW = {
    "key": "search",
    "name": "Search",
    "lead": "U0LEAD0003",
    "members": ["U0DAVE0001"],
    "timezone": "Europe/Warsaw",
    "triage_channel": "C0TRIAGE03",
}


@pytest.fixture
async def seen(database: Database) -> Kept:
    """Two teams of a file, and beside them one that was set up in Slack."""
    await database.write(apply, two_teams(), NOW)
    await database.write(edit.add, NEW, NOW)
    return await kept(database)


async def kept(database: Database, key: str = "search") -> Kept:
    found = await database.read(edit.kept, key)
    assert found is not None
    return found


async def team(database: Database, key: str = "search") -> Team:
    return {team.key: team for team in await database.read(store.all_teams)}[key]


async def save(database: Database, seen: Kept, **said: Any) -> list[str]:
    def work(connection: Connection) -> list[str]:
        return [one.line for one in edit.change(connection, seen.key, said, LATER, seen=seen.seen)]

    return await database.write(work)


async def problems(database: Database, seen: Kept, **said: Any) -> list[tuple[str, str]]:
    with pytest.raises(WrongSettings) as caught:
        await save(database, seen, **said)
    return [(one.path, one.words) for one in caught.value.problems]


async def test_a_new_team_is_there_after_the_others(database: Database, seen: Kept) -> None:
    teams = await database.read(store.all_teams)
    assert [one.key for one in teams if one.active] == ["payments", "orders", "search"]
    assert (seen.said, seen.pinned_by) == (NEW, None)


async def test_a_change_sets_what_it_names_and_leaves_the_rest(database: Database, seen: Kept) -> None:
    assert await save(database, seen, name="Find", components=["Index"]) == [
        "changed team search: name, components"
    ]
    assert (await kept(database)).said == {**NEW, "name": "Find", "components": ["Index"]}


async def test_what_means_the_same_changes_nothing(database: Database, seen: Kept) -> None:
    assert await save(database, seen, name="Search", components=[], split_of_work="pull") == []
    assert (await kept(database)).seen == seen.seen


async def test_a_key_is_taken_out_with_none(database: Database, seen: Kept) -> None:
    await save(database, seen, members=None, user_group="S0SEARCH01")
    assert ((await team(database)).members, (await team(database)).user_group) == ((), "S0SEARCH01")


async def test_two_who_change_at_once_do_not_lose_each_others_words(database: Database, seen: Kept) -> None:
    await save(database, seen, name="Find")
    with pytest.raises(UserError) as caught:
        await save(database, seen, components=["Index"])
    assert caught.value.text == CHANGED_MEANWHILE
    assert (await team(database)).components == ()


async def test_every_problem_is_told_under_its_key_and_nothing_is_saved(
    database: Database, seen: Kept
) -> None:
    found = await problems(
        database, seen, working_hours={"from": "18:00", "to": "09:00"}, max_open=0, colour=1
    )
    assert found == [
        ("colour", f"this key is not known: allowed are {found[0][1].rpartition('are ')[2]}"),
        ("working_hours.to", '09:00 is not after 18:00: write a later time; "24:00" is the day\'s end'),
        ("max_open", '"0" does not fit: write a number from 1 to 1000'),
    ]
    assert (await kept(database)).said == NEW


async def test_what_another_team_has_is_refused(database: Database, seen: Kept) -> None:
    assert await problems(database, seen, name="payments", triage_channel="C0ASKPAY01") == [
        ("name", '"payments" is also team payments.key: each team needs its own key and name'),
        ("triage_channel", '"C0ASKPAY01" is also team payments.intake_channels[0]: a channel belongs to one team'),
    ]  # fmt: skip


async def test_a_control_character_is_refused(database: Database, seen: Kept) -> None:
    assert await problems(database, seen, name="Sea\x00rch") == [
        ("name", "a control character stands in this value: take it out")
    ]


async def test_a_team_keeps_its_row_under_a_new_key(database: Database, seen: Kept) -> None:
    await save(database, seen, key="find")
    assert (await team(database, "find")).id == seen.id


async def test_the_key_of_a_removed_team_is_not_given_to_another(database: Database, seen: Kept) -> None:
    await database.write(apply, read_text("teams:\n" + ORDERS, "teams.yml"), NOW)
    assert await problems(database, seen, key="payments") == [
        ("key", "was the key of a team that was removed: choose another")
    ]


async def test_a_removed_team_comes_back_as_the_same(database: Database, seen: Kept) -> None:
    await database.write(edit.remove, "search", LATER)
    with pytest.raises(UserError, match=GONE):
        await save(database, seen, name="Find")
    assert [one.line for one in await database.write(edit.add, NEW, LATER)] == ["brought back team search"]
    assert (await kept(database)).id == seen.id


async def test_a_pinned_team_is_not_changed_in_slack_until_it_is_released(
    database: Database, seen: Kept
) -> None:
    payments = await kept(database, "payments")
    assert payments.pinned_by == "teams.yml"
    with pytest.raises(UserError, match=r"pinned by teams\.yml"):
        await save(database, payments, name="Money")
    with pytest.raises(UserError, match=r"pinned by teams\.yml"):
        await database.write(edit.remove, "payments", LATER)
    assert await database.write(edit.release, "payments", LATER) == "teams.yml"
    assert await save(database, payments, name="Money") == ["changed team payments: name"]


async def test_a_file_leaves_teams_of_slack_alone_and_says_so(database: Database, seen: Kept) -> None:
    file = read_text("teams:\n" + ORDERS, "teams.yml")
    assert await database.read(staying, file) == [
        "team search stays as it is: it is set up in Slack, not in this file"
    ]
    await database.write(apply, file, LATER)
    assert (await team(database)).active
    assert not (await team(database, "payments")).active


async def test_a_file_that_names_a_team_of_slack_takes_it_over(database: Database, seen: Kept) -> None:
    more = ORDERS.replace("orders", "search").replace("Orders", "Search").replace("02", "03")
    file = read_text(example() + ORDERS + more.replace("S0ORDERS01", "S0SEARCH01"), "all.yml")
    planned = await database.read(dry_run, file)
    assert [change.line for change in planned] == [
        "took over team search, set up in Slack: from now on it is changed in the file only",
        "changed team search: members, user_group, timezone",
    ]
    assert await database.write(apply, file, LATER) == planned
    assert (await kept(database)).pinned_by == "all.yml"
    assert await database.read(dry_run, file) == []


async def test_a_file_cannot_take_what_a_team_of_slack_has(database: Database, seen: Kept) -> None:
    file = read_text(example().replace("C0ASKPAY01", "C0TRIAGE03"), "teams.yml")
    with pytest.raises(ConfigError) as caught:
        await database.write(apply, file, LATER)
    assert caught.value.lines == (
        'teams.yml: team payments.intake_channels[0]: "C0TRIAGE03" is also team search.triage_channel: '
        "a channel belongs to one team",
    )


async def test_two_teams_that_are_set_up_at_once_do_not_both_get_the_channel(database: Database) -> None:
    other = {**NEW, "key": "find", "name": "Find"}
    done = await asyncio.gather(
        *(database.write(edit.add, one, NOW) for one in (NEW, other)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["WrongSettings", "list"]


async def test_the_same_sent_twice_is_no_conflict(database: Database, seen: Kept) -> None:
    assert await save(database, seen, name="Find") == ["changed team search: name"]
    assert await save(database, seen, name="Find") == []


async def test_what_the_release_before_this_one_adds_is_pinned(database: Database, seen: Kept) -> None:
    row = {"workspace_id": "", "key": "old", "active": True, "position": 9, "updated_at": NOW}
    settings = {**two_teams().settings[1], "key": "old", "name": "Old"}
    insertion = insert(teams).values(**row, settings=settings)
    await database.write(lambda connection: connection.execute(insertion))
    assert (await kept(database, "old")).pinned_by == "a teams file"
