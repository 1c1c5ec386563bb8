"""The view goes to Slack, as everything stands when it is sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.feature import Deps
from bot.features.home import service, store, views
from bot.features.home.domain import Role, Tab
from bot.features.home.views import Welcome
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.slack.blocks import Block
from bot.slack.posting import call_delivery
from bot.teams.roster import Teams

# What a person (by id) sees of a slice now.
Section = Callable[[str, datetime], Awaitable[Sequence[Block]]]


class Page(Protocol):
    """One page of a section. `turns` are the buttons below it: label, and the place that it leads to."""

    @property
    def blocks(self) -> Sequence[Block]: ...
    @property
    def turns(self) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True, kw_only=True)
class Paged:
    """A section of many pages. `name` (a-z) stands in its buttons for ever.

    `show` renders a place: letters, digits and dots that only the section understands, empty for the first page.
    It has to bear any place, also one whose entries are gone.
    """

    name: str
    show: Callable[[str, datetime, str], Awaitable[Page]]


class Publishing:
    """Renders what somebody sees, out of what each section tells of them."""

    def __init__(self, deps: Deps, sections: Sequence[Section | Paged]) -> None:
        self._deps = deps
        self._sections = sections

    def all(self) -> dict[str, Delivery]:
        """The view of one person (Slack, "views.publish"), and the wish of a whole team for new ones."""
        return {
            "home.publish": call_delivery(self._deps.slack, self._compose, rather="delivered"),
            "home.team": Delivery(prepare=self._team, rather="delivered"),
        }

    async def _compose(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        user_id = entry.payload["user_id"]
        now = self._deps.clock.now()
        tab = await self._deps.transactions.read(store.tab_of, user_id)
        shown = [await self._welcome(user_id)] if tab.is_new else []
        shown += [await self._shown(section, user_id, now, tab) for section in self._sections]
        return "views.publish", {"user_id": user_id, "view": views.home(shown)}

    async def _shown(
        self, section: Section | Paged, user_id: str, now: datetime, tab: Tab
    ) -> Sequence[Block]:
        if not isinstance(section, Paged):
            return await section(user_id, now)
        page = await section.show(user_id, now, tab.places.get(section.name, ""))
        return [*page.blocks, *views.turns(section.name, page.turns)]

    async def _welcome(self, user_id: str) -> Sequence[Block]:
        teams = await self._deps.directory.teams()
        mine = teams.of_person(user_id)
        who, person = self._deps.slack.identity, await self._deps.directory.person(user_id)
        admin = who is not None and person.is_admin_of(who.workspace_id)
        role = role_of(teams, user_id, admin=admin)
        return views.welcome(Welcome(role=role, teams=tuple(team.name for team in mine), is_admin=admin))

    async def _team(self, entry: Entry) -> Send:
        people = await self._people(entry.payload["team_id"])

        async def send() -> Ref:
            await self._deps.transactions.run(service.changed, people)
            return {}

        return send

    async def _people(self, team_id: int) -> Sequence[str]:
        """Everybody whose tab shows something of this team; nobody where it is gone."""
        teams = await self._deps.directory.teams()
        team = teams.get(team_id)
        if team is None:
            return ()
        on_turn = team.rotation.members if team.rotation else ()
        return sorted({team.lead, *teams.members_of(team), *on_turn})


def role_of(teams: Teams, user_id: str, *, admin: bool) -> Role:
    """Who is welcomed: by the team that they lead or belong to; an admin of none by what only admins may do."""
    if any(team.lead == user_id for team in teams.active):
        return "lead"
    if teams.of_person(user_id):
        return "member"
    return "admin" if admin else "guest"
