"""What a form of plans shows before it is saved, on both databases: it is what happens afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.ahead import PLANS
from bot.db.engine import Database
from bot.features.requests import store as requests
from bot.features.requests.service import intake
from bot.features.setup import Outlook, Part, plan_parts
from bot.outbox.unit_of_work import Transactions
from bot.slack.blocks import Block
from bot.teams import edit
from bot.teams.apply import apply
from bot.teams.domain import RequestType, Source, Team
from bot.teams.file import read_text
from bot.teams.settings import team_of
from bot.teams.store import all_teams
from tests.features.requests.make import filing, new
from tests.support.clock import MONDAY, MovableClock
from tests.teams.make import example

READER = "U0BOB00001"
BUGS = (
    {"when": {"type": "bug"}, "priority": "urgent"},
    {"when": {"source": "management"}, "priority": "low"},
)


class Lead:
    """Payments set up in Slack, and what its lead may see of plans."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock(MONDAY)
        self.transactions = Transactions(database, self.clock.now, lambda: None)
        self.parts: Mapping[str, Part] = {part.key: part for part in plan_parts(PLANS)}

    async def team(self) -> Team:
        return (await self.database.read(all_teams))[0]

    async def preview(self, part: str, **changes: Any) -> str:
        shown = await self.database.read(self._preview, part, changes)
        return "\n".join(str(block.get("text", {}).get("text")) for block in shown)

    def _preview(self, connection: Connection, part: str, changes: Mapping[str, Any]) -> Sequence[Block]:
        before = all_teams(connection)[0]
        then = team_of(edit.planned(connection, "payments", changes), id=before.id)
        look = Outlook(before=before, team=then, zone=ZoneInfo("UTC"), reader=READER, now=self.clock.now())
        preview = self.parts[part].preview
        assert preview is not None
        return preview(connection, look)

    async def save(self, **changes: Any) -> None:
        kept = await self.database.read(edit.kept, "payments")
        assert kept is not None
        await self.database.write(edit.change, "payments", changes, self.clock.now(), seen=kept.seen)

    async def ask_in_every_way(self) -> dict[int, str]:
        """A question, a bug and an incident from outside and from management: the priority of each, by its number."""
        team, found = await self.team(), dict[int, str]()
        for kind in (RequestType.QUESTION, RequestType.BUG, RequestType.INCIDENT):
            for source in (Source.OTHER, Source.MANAGEMENT):
                self.clock.advance(61)
                filed = await self.transactions.run(
                    intake.open_request,
                    new(f"{kind} {source}", type=kind),
                    filing(team=team, known_source=source),
                )
                request = await self.transactions.read(requests.by_id, filed.request_id)
                found[request.number] = request.priority.label
        return found


@pytest.fixture
async def lead(database: Database) -> Lead:
    await database.write(apply, read_text(example(), "teams.yml"), MONDAY)
    await database.write(edit.release, "payments", MONDAY)
    return Lead(database)


async def test_the_dry_run_of_rules_is_what_happens_to_the_same_requests_afterwards(lead: Lead) -> None:
    before = await lead.ask_in_every_way()
    said = await lead.preview("rules", priority_rules=BUGS)
    await lead.save(priority_rules=BUGS)
    after = await lead.ask_in_every_way()

    pairs = zip(before.items(), after.values(), strict=True)
    happened = [f"#{number} {old} → {new}" for (number, old), new in pairs if old != new]
    assert [line for line in said.splitlines() if line.startswith("#")] == happened[::-1]
    assert len(happened) == 4
    assert f"Of the last 6 requests {len(happened)} would get another priority" in said


async def test_the_same_rules_again_change_nothing(lead: Lead) -> None:
    assert "Nothing has been asked of the team yet" in await lead.preview("rules", priority_rules=BUGS)
    await lead.ask_in_every_way()
    await lead.save(priority_rules=BUGS)
    assert "none would get another priority" in await lead.preview("rules", priority_rules=BUGS)


@pytest.mark.by_turns
async def test_the_next_shifts_name_who_would_come(lead: Lead) -> None:
    team = await lead.database.read(edit.kept, "payments")
    assert team is not None
    turns = {**team.said["rotation"], "members": ["U0CAROL001", "U0ALICE001"], "timezone": "UTC"}
    said = await lead.preview("rotation", rotation=turns)
    assert said.startswith("*Next shifts*\n")
    lines = said.splitlines()[1:7]
    assert all(line.startswith("<!date^") for line in lines)
    assert {line.rpartition(": ")[2] for line in lines[2:]} == {"<@U0CAROL001>", "<@U0ALICE001>"}
    assert "Nobody would be on duty" in await lead.preview("rotation", rotation=None)


@pytest.mark.by_turns
async def test_the_check_in_that_was_changed_says_when_it_asks_next(lead: Lead) -> None:
    team = await lead.database.read(edit.kept, "payments")
    assert team is not None
    morning, evening = team.said["standups"]
    late = {**evening, "name": "<Late>", "at": "22:00", "timezone": "team"}
    said = await lead.preview("checkins", standups=[morning, late])
    assert "*Next times of &lt;Late&gt;*" in said
    assert "Morning" not in said
    # Ten in the evening in Kyiv, two hours earlier for a reader in London.
    assert "20:00" in said
    both = await lead.preview("checkins", standups=[morning, evening])
    assert ("Morning" in both, "Evening" in both) == (True, True)
