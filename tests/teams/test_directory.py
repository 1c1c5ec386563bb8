"""Teams, people and user groups as everybody asks for them, while Slack and the database come and go."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.db.base import metadata
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.outbox.unit_of_work import Transactions
from bot.slack.gateway import SlackGateway
from bot.teams import store
from bot.teams.apply import apply
from bot.teams.directory import Directory
from bot.teams.events import GroupsChanged
from bot.teams.people import Person
from tests.teams.conftest import Slack, Time
from tests.teams.make import payments, two_teams

ANA = {"id": "U0ANA00001", "real_name": "Ana Lima", "team_id": "T0OURS", "tz": "America/Lima"}


async def until_known(directory: Directory, name: str) -> Person:
    """Looks until the profile that is on its way has arrived; TimeoutError where it never does."""
    async with asyncio.timeout(10):
        while (person := await directory.person("U0ANA00001")).name != name:
            await asyncio.sleep(0.01)
    return person


async def close(database: Database) -> None:
    """Closes it and waits for the thread of a connection that could not be opened: it needs the event loop."""
    await database.close()
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 5)


async def test_the_teams_of_the_database_are_told(
    database: Database, directory: Directory, time: Time
) -> None:
    await database.write(apply, two_teams(), time.now())
    assert [team.key for team in (await directory.teams()).active] == ["payments", "orders"]


async def test_a_change_is_seen_after_a_second(database: Database, directory: Directory, time: Time) -> None:
    before = await directory.teams()
    await database.write(apply, two_teams(), time.now())
    assert await directory.teams() is before
    time.goes_on(seconds=1)
    assert len((await directory.teams()).active) == 2


async def test_as_long_as_nothing_changes_the_teams_are_the_very_same(
    database: Database, directory: Directory, time: Time
) -> None:
    await database.write(apply, two_teams(), time.now())
    await database.write(store.replace_group, "S0PAYMENTS", ["U0P"])
    before = await directory.teams()
    time.goes_on(seconds=1)
    assert await directory.teams() is before
    await database.write(store.replace_group, "S0PAYMENTS", ["U0Q"])
    time.goes_on(seconds=1)
    after = await directory.teams()
    assert after.groups_of("U0Q") == {"S0PAYMENTS"}
    assert [one is other for one, other in zip(before.all, after.all, strict=True)] == [True, True]


@pytest.fixture
async def lost(tmp_path: Path, gateway: SlackGateway, time: Time) -> AsyncIterator[Directory]:
    """A directory whose database cannot be opened."""
    database = Database(f"sqlite:///{tmp_path}/nowhere/frontdesk.db")
    made = Directory(database, gateway, time, time.elapsed)
    yield made
    await made.close()
    await close(database)


async def test_without_a_first_answer_the_database_is_said_to_be_away(lost: Directory) -> None:
    with pytest.raises(DatabaseUnavailable):
        await lost.teams()


async def test_the_last_teams_are_told_while_the_database_is_away(
    tmp_path: Path, gateway: SlackGateway, time: Time
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    database = Database(f"sqlite:///{place}/frontdesk.db")
    await database.write(metadata.create_all)
    await database.write(apply, two_teams(), time.now())
    directory = Directory(database, gateway, time, time.elapsed)
    assert len((await directory.teams()).active) == 2
    await database.close()
    place.rename(tmp_path / "unplugged")
    time.goes_on(minutes=5)
    assert len((await directory.teams()).active) == 2
    await directory.close()
    await close(database)


async def test_a_person_is_asked_of_slack_once(directory: Directory, slack: Slack) -> None:
    slack.users["U0ANA00001"] = ANA
    for _ in range(3):
        person = await directory.person("U0ANA00001")
    assert (person.name, person.company, person.is_known) == ("Ana Lima", "T0OURS", True)
    assert slack.asked["U0ANA00001"] == 1


async def test_a_person_survives_a_restart_of_the_bot(
    database: Database, directory: Directory, gateway: SlackGateway, slack: Slack, time: Time
) -> None:
    slack.users["U0ANA00001"] = ANA
    await directory.person("U0ANA00001")
    await directory.close()
    time.goes_on(hours=23)
    again = Directory(database, gateway, time, time.elapsed)
    assert (await again.person("U0ANA00001")).name == "Ana Lima"
    assert slack.asked["U0ANA00001"] == 1


async def test_an_old_profile_is_told_at_once_and_replaced_soon(
    directory: Directory, slack: Slack, time: Time
) -> None:
    slack.users["U0ANA00001"] = ANA
    await directory.person("U0ANA00001")
    slack.users["U0ANA00001"] = {**ANA, "real_name": "Ana Sol"}
    time.goes_on(hours=25)
    assert (await directory.person("U0ANA00001")).name == "Ana Lima"
    await until_known(directory, "Ana Sol")


async def test_an_old_profile_is_good_enough_while_slack_is_away(
    database: Database, directory: Directory, gateway: SlackGateway, slack: Slack, time: Time
) -> None:
    slack.users["U0ANA00001"] = ANA
    await directory.person("U0ANA00001")
    slack.is_down = True
    time.goes_on(days=3)
    assert (await directory.person("U0ANA00001")).is_known
    again = Directory(database, gateway, time, time.elapsed)
    assert (await again.person("U0ANA00001")).name == "Ana Lima"
    await again.close()


async def test_a_profile_that_changed_is_asked_for_again(directory: Directory, slack: Slack) -> None:
    slack.users["U0ANA00001"] = ANA
    await directory.person("U0ANA00001")
    slack.users["U0ANA00001"] = {**ANA, "deleted": True}
    await directory.forget_person("U0ANA00001")
    assert (await directory.person("U0ANA00001")).deleted


async def test_somebody_whom_slack_does_not_know_stays_unknown(directory: Directory, slack: Slack) -> None:
    assert await directory.person("U0GHOST001") == Person.unknown("U0GHOST001")
    assert await directory.person("U0GHOST001") == Person.unknown("U0GHOST001")
    assert slack.asked["U0GHOST001"] == 1


async def test_an_unknown_person_is_asked_for_again_after_a_while(
    directory: Directory, slack: Slack, time: Time
) -> None:
    slack.is_down = True
    assert not (await directory.person("U0ANA00001")).is_known
    slack.is_down = False
    slack.users["U0ANA00001"] = ANA
    time.goes_on(minutes=1)
    assert (await directory.person("U0ANA00001")).is_known


async def test_nobody_waits_for_a_slack_that_hangs(directory: Directory, slack: Slack) -> None:
    slack.answers.clear()
    slack.users["U0ANA00001"] = ANA
    assert not (await directory.person("U0ANA00001")).is_known
    slack.answers.set()
    await until_known(directory, "Ana Lima")


async def test_people_are_known_without_a_database(lost: Directory, slack: Slack) -> None:
    slack.users["U0ANA00001"] = ANA
    assert (await lost.person("U0ANA00001")).name == "Ana Lima"


async def test_members_of_named_groups_are_fetched_and_kept(
    database: Database, directory: Directory, slack: Slack, time: Time
) -> None:
    await database.write(apply, two_teams(), time.now())
    slack.groups = {
        "S0PARTNERS": ["U0P"],
        "S0SUPPORT1": [],
        "S0ONDUTY01": ["U0ALICE001"],
        "S0ORDERS01": ["U0P", "U0Q"],
    }
    assert await directory.refresh_groups(time.now()) == {}
    teams = await directory.teams()
    assert teams.groups_of("U0P") == {"S0PARTNERS", "S0ORDERS01"}
    orders = teams.by_word("orders")
    assert orders is not None
    assert teams.members_of(orders) == ("U0P", "U0Q")


async def test_a_group_follows_its_changes(
    database: Database, directory: Directory, slack: Slack, time: Time
) -> None:
    await database.write(apply, two_teams(), time.now())
    slack.groups = {group: ["U0P"] for group in payments().user_groups}
    slack.groups["S0ORDERS01"] = ["U0Q"]
    await directory.refresh_groups(time.now())
    slack.groups["S0ORDERS01"] = ["U0R"]
    await directory.refresh_groups(time.now())
    orders = (await directory.teams()).active[1]
    assert (await directory.teams()).members_of(orders) == ("U0R",)


async def test_a_group_that_cannot_be_asked_keeps_its_members(
    database: Database, directory: Directory, slack: Slack, time: Time
) -> None:
    await database.write(apply, two_teams(), time.now())
    slack.groups = {group: ["U0P"] for group in [*payments().user_groups, "S0ORDERS01"]}
    await directory.refresh_groups(time.now())
    del slack.groups["S0ORDERS01"]
    assert await directory.refresh_groups(time.now()) == {"S0ORDERS01": "no_such_subteam"}
    assert "S0ORDERS01" in (await directory.teams()).groups_of("U0P")


async def test_a_group_that_no_team_names_is_forgotten(
    database: Database, directory: Directory, slack: Slack, time: Time
) -> None:
    await database.write(store.replace_group, "S0FORMER01", ["U0P"])
    await directory.refresh_groups(time.now())
    assert (await directory.teams()).groups == {}


async def test_who_came_into_a_group_or_left_it_is_told_once(
    database: Database, gateway: SlackGateway, slack: Slack, time: Time
) -> None:
    heard: list[tuple[str, ...]] = []
    transactions = Transactions(database, time.now, lambda: None)
    transactions.subscribe({GroupsChanged: [lambda _, event: heard.append(event.user_ids)]})
    directory = Directory(database, gateway, time, time.elapsed, transactions)
    await database.write(apply, two_teams(), time.now())
    slack.groups = {group: [] for group in payments().user_groups} | {"S0ORDERS01": ["U0P", "U0Q"]}
    await directory.refresh_groups(time.now())
    await directory.refresh_groups(time.now())
    slack.groups["S0ORDERS01"] = ["U0Q", "U0R"]
    await directory.refresh_groups(time.now())
    await database.write(store.replace_group, "S0FORMER01", ["U0Z"])
    await directory.refresh_groups(time.now())
    assert heard == [("U0P", "U0Q"), ("U0P", "U0R"), ("U0Z",)]
    await directory.close()
