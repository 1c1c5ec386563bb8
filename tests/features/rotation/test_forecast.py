"""The preview of a changed plan is what happens once the change is made."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import yaml

from bot.db.engine import Database
from bot.features.rotation.domain import Shift
from bot.features.rotation.forecast import next_shifts
from bot.features.rotation.service.handing import follow_plan
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import Transactions
from bot.teams.apply import apply
from bot.teams.domain import Team
from bot.teams.file import read_text
from bot.teams.settings import team_of
from tests.features.rotation.conftest import ALICE, BOB, CAROL, TUESDAY, payments
from tests.support.clock import MovableClock


class Plans:
    """One team whose file changes, looked at each time."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock(TUESDAY)
        self._transactions = Transactions(database, self.clock.now, lambda: None)

    async def apply(self, **more: Any) -> Team:
        file = read_text(yaml.safe_dump({"teams": [payments(**more)]}), "teams.yml")
        await self.database.write(apply, file, self.clock.now())
        team = team_of(file.settings[0], id=1)
        await self._transactions.run(follow_plan, team)
        return team

    async def coming(self, team: Team, count: int) -> Sequence[Shift]:
        now = self.clock.now()
        standing = await self.database.read(store.of_team, team, now - store.LATELY)
        assert standing is not None
        return [one for one in standing.coming(now, count) if isinstance(one, Shift)]


@pytest.mark.parametrize(
    "change",
    [
        {"members": [CAROL, ALICE]},
        {"handoff": {"every": "day", "slots": ["08:00", "16:00"]}},
        {"handoff": {"every": "2 weeks", "on": "friday", "at": "09:00"}, "members": [BOB, ALICE]},
        {"starts": "2026-12-20"},
    ],
)
async def test_previewed_shifts_are_those_that_come(database: Database, change: dict[str, Any]) -> None:
    plans = Plans(database)
    known = await plans.apply()
    plans.clock.advance(timedelta(hours=30).total_seconds())
    wanted = team_of(
        read_text(yaml.safe_dump({"teams": [payments(**change)]}), "teams.yml").settings[0], id=1
    )
    said = await database.read(next_shifts, wanted, known, plans.clock.now(), 8)
    assert len(said) == 8
    assert await plans.coming(known, 8) != said
    assert await plans.coming(await plans.apply(**change), 8) == said
