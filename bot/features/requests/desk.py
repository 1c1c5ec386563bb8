"""What every door needs: who acts, who may ask, and the one way to file."""

import asyncio
import sys
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Protocol

from bot.core.errors import UserError
from bot.feature import Deps
from bot.features.requests.domain import Door, NewRequest, Origin
from bot.features.requests.rights import Acting
from bot.features.requests.service import intake
from bot.features.requests.service.intake import Filed, Filing
from bot.features.requests.views import words
from bot.outbox.together import Together
from bot.outbox.unit_of_work import correlation
from bot.teams.domain import RequestType, Team
from bot.teams.people import Person
from bot.teams.roster import Teams

_CLOSED_HERE = (
    "You cannot ask from here. Ask in the channel that the team shares with you, or ask your contact."
)


class Turn(Protocol):
    """Whose turn it is."""

    @property
    def person(self) -> str: ...


OnDuty = Callable[[Team, datetime], Turn | None]


class Desk:
    """Shared by the listeners of the slice. Raises UserError and DatabaseUnavailable."""

    def __init__(self, deps: Deps, on_duty: OnDuty) -> None:
        self.deps = deps
        self._on_duty = on_duty
        self._intake = Together(deps.transactions, intake.open_requests)

    async def teams(self) -> Teams:
        return await self.deps.directory.teams()

    async def workspace(self) -> str:
        """Our workspace's id. Raises the outcomes of the gateway while Slack has not told it yet."""
        return (await self.deps.slack.who_am_i()).workspace_id

    async def acting(self, workspace_id: str, user_id: str, team_ids: Collection[int] = ()) -> Acting:
        """The person as one who acts on these teams' requests (none: on their own teams')."""
        teams = await self.teams()
        works = frozenset(team.id for team in teams.all if teams.works_queue(team, user_id))
        person = await self.deps.directory.person(user_id)
        outside = person.is_guest or person.is_external(workspace_id)
        admin = not works.issuperset(team_ids) and person.is_admin_of(workspace_id)
        return Acting(workspace_id=workspace_id, user_id=user_id, works=works, admin=admin, outside=outside)

    async def file(
        self,
        new: NewRequest,
        team: Team,
        workspace_id: str,
        *,
        place: str | None,
        key: str | None,
        hurried: bool = True,
    ) -> Filed:
        """Files it for this team. `place` is the channel that it is asked in.

        Without `hurried` it does not count how many one person files in a minute.
        """
        teams = await self.teams()
        check_may_ask(await self.deps.directory.person(new.filed_by), team, place, workspace_id)
        filing = Filing(
            workspace_id=workspace_id,
            team=team,
            known_source=teams.source_of(team, new.requester, new.origin.channel),
            by_team_member=teams.works_queue(team, new.filed_by),
            on_duty=self.on_duty(team),
            limit=self.deps.settings.intake_limit if hurried else sys.maxsize,
            key=key,
            correlation=correlation(),
        )
        return await self._intake.ask((new, filing))

    def on_duty(self, team: Team) -> str | None:
        """The person on duty now."""
        turn = self._on_duty(team, self.deps.clock.now())
        return turn.person if turn else None

    async def names_in(self, texts: Iterable[str]) -> dict[str, str]:
        """What the first 10 people mentioned in these texts are called."""
        ids = words.people_in(" ".join(texts))
        people = await asyncio.gather(*(self.deps.directory.person(user_id) for user_id in ids))
        return {person.id: person.name for person in people}


async def file_blocker(
    desk: Desk,
    team: Team,
    workspace_id: str,
    *,
    requester: str,
    filed_by: str,
    summary: str,
    details: str,
    key: str,
) -> Filed:
    """Files what is in somebody's way, once for each `key`. Raises UserError and DatabaseUnavailable."""
    new = NewRequest(
        team_id=team.id,
        summary=summary,
        details=details,
        type=RequestType.TASK,
        requester=requester,
        filed_by=filed_by,
        # A door of its own would be one that the release before this one cannot read.
        origin=Origin(door=Door.FORM),
    )
    return await desk.file(new, team, workspace_id, place=None, key=key)


def check_may_ask(person: Person, team: Team, place: str | None, workspace_id: str) -> None:
    """Anyone of the workspace; guests and people of other companies where the team's file says so.

    Raises UserError, with the same words for all who may not.
    """
    outside = person.is_guest or person.is_external(workspace_id)
    if person.deleted or person.is_bot or (outside and place not in team.open_channels):
        raise UserError(_CLOSED_HERE)


def team_or_refuse(teams: Teams, team_id: int | None) -> Team:
    """The active team of this id. Raises UserError beside the form's field."""
    team = teams.get(team_id) if team_id is not None else None
    if team is None or not team.active:
        raise UserError("That team takes no new requests any more. Choose another one.", field="team")
    return team
