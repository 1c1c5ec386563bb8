"""The projects and issue types that a form offers, from memory: nobody waits for Jira while a form opens."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.logs import logger
from bot.features.tickets.domain import DEFAULT_TYPE, is_project
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Outcome
from bot.teams.directory import Directory
from bot.teams.domain import Team

FRESH = timedelta(minutes=10)
PATIENCE = 1.5

Choice = tuple[str, str]

log = logger(__name__)


class Catalog:
    """One per process. What it knows grows old while Jira is away; it never becomes less."""

    def __init__(self, jira: JiraGateway, directory: Directory) -> None:
        self._jira = jira
        self._directory = directory
        self._projects: tuple[Choice, ...] = ()
        self._types: dict[str, tuple[str, ...]] = {}
        self._known_since: datetime | None = None
        self._looking: asyncio.Task[None] | None = None

    async def keep_fresh(self, now: datetime) -> None:
        """Begins to ask Jira when what is known is older than 10 minutes; does not wait for the answer."""
        old = self._known_since is None or now - self._known_since >= FRESH
        if old and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self.refresh(now), name="look at Jira's projects")
            self._looking.add_done_callback(_note_failure)

    async def refresh(self, now: datetime) -> None:
        """Asks Jira for all projects and for the types of the teams' ones; keeps the old where it does not answer."""
        teams = await self._directory.teams()
        try:
            found = await self._jira.projects()
            own = {team.jira.project for team in teams.active if team.jira}
            for project in sorted(own):
                await self._learn(project)
        except Outcome as outcome:
            log.info("tickets.catalog_not_told", reason=outcome.reason)
            return
        self._projects = tuple((project.key, project.name) for project in found if is_project(project.key))
        self._known_since = now

    async def types_of(self, project: str) -> tuple[str, ...]:
        """The types of a project; Jira is asked where they are not known, for at most 1.5 s."""
        if project not in self._types and is_project(project):
            try:
                await asyncio.wait_for(self._learn(project), PATIENCE)
            except (Outcome, TimeoutError) as error:
                log.info("tickets.types_not_told", why=type(error).__name__)
        return self._types.get(project, ())

    async def _learn(self, project: str) -> None:
        found = await self._jira.issue_types(project)
        self._types[project] = tuple(kind.name for kind in found)

    def projects(self, team: Team | None) -> tuple[Choice, ...]:
        """(label, key) of what can be chosen: the team's project first, then all that Jira told of."""
        names = dict(self._projects)
        first = team.jira.project if team and team.jira else None
        keys = [*([first] if first else []), *(key for key in sorted(names) if key != first)]
        return tuple((f"{names[key]} ({key})" if key in names else key, key) for key in keys)

    def types(self, project: str, team: Team | None) -> tuple[str, ...]:
        """The types that can be chosen in a project: the team's own first, if the project is the team's."""
        own = team.jira.issue_type if team and team.jira and team.jira.project == project else ""
        return with_first(own, self._types.get(project, ()))


def with_first(own: str, known: Sequence[str]) -> tuple[str, ...]:
    """The types with the team's own at the front, spelled as in Jira; at least one."""
    spelled = next((name for name in known if name.casefold() == own.casefold()), own)
    rest = [name for name in known if name != spelled]
    return tuple(name for name in (spelled, *rest) if name) or (DEFAULT_TYPE,)


def _note_failure(looking: asyncio.Task[None]) -> None:
    if not looking.cancelled() and looking.exception() is not None:
        log.error("tickets.catalog_broke", exc_info=looking.exception())
