"""What a channel is for, chosen by two at once; who hears of it."""

import asyncio

from bot.db.engine import Database
from bot.features.invitation import service
from bot.features.invitation.domain import ALL_CHECK_INS, Done, Use
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.teams import edit
from bot.teams.apply import apply
from bot.teams.events import SettingsChanged
from tests.support.clock import MONDAY, MovableClock
from tests.teams.make import two_teams

BY = "U0OLGA0001"


async def office(database: Database, heard: list[SettingsChanged]) -> Transactions:
    """Payments, set up in Slack."""
    await database.write(apply, two_teams(), MONDAY)
    await database.write(edit.release, "payments", MONDAY)
    transactions = Transactions(database, MovableClock().now, asyncio.Event().set)

    def hear(_uow: UnitOfWork, event: SettingsChanged) -> None:
        heard.append(event)

    transactions.subscribe({SettingsChanged: [hear]})
    return transactions


async def choose(transactions: Transactions, channel: str) -> Done:
    return await transactions.run(service.choose, "payments", Use.INTAKE, channel, BY, ALL_CHECK_INS)


async def test_two_channels_chosen_at_once_are_both_kept(database: Database) -> None:
    transactions = await office(database, [])
    channels = [f"C0NEW0000{number}" for number in range(6)]
    found = await asyncio.gather(*(choose(transactions, channel) for channel in channels))
    assert [one.changed for one in found] == [True] * 6
    kept = await database.read(edit.kept, "payments")
    assert kept is not None and set(channels) <= set(kept.said["intake_channels"])


async def test_a_choice_is_heard_of_like_any_change_of_settings(database: Database) -> None:
    heard: list[SettingsChanged] = []
    transactions = await office(database, heard)
    await choose(transactions, "C0NEW00001")
    kept = await database.read(edit.kept, "payments")
    assert kept is not None
    assert heard == [SettingsChanged(team_id=kept.id, user_ids=(BY, kept.team.lead))]
