"""The database follows the teams file, and each change is told once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.db.engine import Database
from bot.teams import store
from bot.teams.apply import apply, dry_run
from bot.teams.file import TeamsFile, read_text
from bot.teams.models import teams
from tests.teams.make import ORDERS, changed, example, two_teams

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ONLY_ORDERS = "teams:\n" + ORDERS


def file(text: str) -> TeamsFile:
    return read_text(text, "teams.yml")


async def lines(database: Database, wanted: TeamsFile, now: datetime = NOW) -> list[str]:
    return [change.line for change in await database.write(apply, wanted, now)]


def updated_at(connection: Connection) -> dict[str, datetime]:
    return {row.key: row.updated_at for row in connection.execute(select(teams.c.key, teams.c.updated_at))}


async def test_new_teams_are_added_in_their_order(database: Database) -> None:
    assert await lines(database, two_teams()) == ["added team payments", "added team orders"]
    stored = await database.read(store.all_teams)
    assert [(team.key, team.active) for team in stored] == [("payments", True), ("orders", True)]


async def test_what_is_stored_is_what_was_read(database: Database) -> None:
    await lines(database, two_teams())
    stored = await database.read(store.all_teams)
    wanted = two_teams().teams
    assert [team.id > 0 for team in stored] == [True, True]
    assert [settings_of(team) for team in stored] == [settings_of(team) for team in wanted]


def settings_of(team: object) -> dict[str, object]:
    return {name: value for name, value in vars(team).items() if name != "id"}


async def test_a_second_run_changes_nothing(database: Database) -> None:
    await lines(database, two_teams())
    assert await lines(database, two_teams(), NOW + timedelta(hours=1)) == []
    assert set((await database.read(updated_at)).values()) == {NOW}


async def test_a_dry_run_tells_the_same_and_writes_nothing(database: Database) -> None:
    planned = await database.read(dry_run, two_teams())
    assert [change.line for change in planned] == ["added team payments", "added team orders"]
    assert await database.read(store.all_teams) == []


async def test_a_change_names_the_keys_that_change(database: Database) -> None:
    await lines(database, file(example()))
    text = (
        changed(", U0CAROL001]   #", "]   #").replace(", U0CAROL001]  ", "]  ").replace("low: 2d", "low: 3d")
    )
    assert await lines(database, file(text)) == ["changed team payments: members, claim_within, rotation"]
    assert await lines(database, file(text)) == []


# What the release before check-ins wrote.
_OLD = (
    "name",
    "at",
    "days",
    "timezone",
    "open_for",
    "remind_before",
    "channel",
    "questions",
    "blocker_question",
)


def _as_before(connection: Connection) -> None:
    for row in connection.execute(select(teams.c.id, teams.c.settings)).all():
        old = {key: value for key, value in row.settings.items() if key not in ("holidays", "people")}
        old["standups"] = [{key: one[key] for key in _OLD} for one in old["standups"]]
        connection.execute(update(teams).where(teams.c.id == row.id).values(settings=old))


async def test_after_an_upgrade_a_file_that_is_the_same_changes_nothing(database: Database) -> None:
    await lines(database, two_teams())
    meant = [settings_of(team) for team in await database.read(store.all_teams)]
    await database.write(_as_before)
    assert [settings_of(team) for team in await database.read(store.all_teams)] == meant
    assert await lines(database, two_teams()) == []
    text = changed("        timezone: team\n", "        timezone: team\n        anonymous: true\n") + ORDERS
    assert await lines(database, file(text)) == ["changed team payments: standups"]


async def test_only_the_changed_team_is_touched(database: Database) -> None:
    await lines(database, two_teams())
    later = NOW + timedelta(days=1)
    await lines(database, file(changed("name: Payments", "name: Money") + ORDERS), later)
    assert await database.read(updated_at) == {"payments": later, "orders": NOW}


async def test_a_removed_team_keeps_its_row_and_takes_nothing_new(database: Database) -> None:
    await lines(database, two_teams())
    assert await lines(database, file(ONLY_ORDERS)) == [
        "removed team payments: takes nothing new; its requests stay"
    ]
    stored = {team.key: team for team in await database.read(store.all_teams)}
    assert (stored["payments"].active, stored["orders"].active) == (False, True)
    assert await lines(database, file(ONLY_ORDERS)) == []


async def test_a_team_that_comes_back_is_the_same_row(database: Database) -> None:
    await lines(database, two_teams())
    before = {team.key: team.id for team in await database.read(store.all_teams)}
    await lines(database, file(ONLY_ORDERS))
    text = changed("name: Payments", "name: Money") + ORDERS
    assert await lines(database, file(text)) == ["brought back team payments; changed: name"]
    after = {team.key: team.id for team in await database.read(store.all_teams)}
    assert after == before


async def test_a_new_order_is_told_once(database: Database) -> None:
    await lines(database, two_teams())
    turned = file(ONLY_ORDERS + example().partition("teams:\n")[2])
    assert await lines(database, turned) == ["changed the order of teams: orders, payments"]
    assert [team.key for team in await database.read(store.all_teams)] == ["orders", "payments"]
    assert await lines(database, turned) == []


async def test_a_team_put_first_does_not_count_as_a_new_order(database: Database) -> None:
    await lines(database, file(example()))
    turned = file(ONLY_ORDERS + example().partition("teams:\n")[2])
    assert await lines(database, turned) == ["added team orders"]
    assert [team.key for team in await database.read(store.all_teams)] == ["orders", "payments"]


async def test_every_team_may_be_removed(database: Database) -> None:
    await lines(database, file(ONLY_ORDERS))
    assert await lines(database, file("teams: []")) == [
        "removed team orders: takes nothing new; its requests stay"
    ]
