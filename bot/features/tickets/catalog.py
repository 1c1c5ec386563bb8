"""The projects, issue types and fields that a form offers, from memory: nobody waits long for Jira while a form opens."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.clock import stopwatch
from bot.core.logs import logger
from bot.features.tickets.domain import DEFAULT_TYPE, is_project
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import CreateField, IssueType, ProjectRef
from bot.outbox.outcomes import Outcome
from bot.teams.directory import Directory
from bot.teams.domain import Team

FRESH = timedelta(minutes=10)
PATIENCE = 1.2
MOST_SHOWN = 100

Choice = tuple[str, str]

log = logger(__name__)


class Catalog:
    """One per process. What it knows grows old while Jira is away; projects and types never become less."""

    def __init__(self, jira: JiraGateway, directory: Directory) -> None:
        self._jira = jira
        self._directory = directory
        self._projects: dict[str, ProjectRef] = {}
        self._types: dict[str, tuple[IssueType, ...]] = {}
        self._fields: dict[tuple[str, str], tuple[float, tuple[CreateField, ...]]] = {}
        self._known_since: datetime | None = None
        self._looking: asyncio.Task[None] | None = None
        self._asking: dict[tuple[str, ...], asyncio.Task[None]] = {}

    async def keep_fresh(self, now: datetime) -> None:
        """Begins to ask Jira when what is known is older than 10 minutes; does not wait for the answer."""
        old = self._known_since is None or now - self._known_since >= FRESH
        if old and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self.refresh(now), name="look at Jira's projects")
            self._looking.add_done_callback(_note_failure)

    async def refresh(self, now: datetime) -> None:
        """Asks Jira for all projects and for the types of the teams' ones; keeps the old where it does not answer.

        Types of other projects are forgotten: whoever chooses one has Jira asked anew.
        """
        teams = await self._directory.teams()
        try:
            found = await self._jira.projects()
        except Outcome as outcome:
            log.info("tickets.catalog_not_told", reason=outcome.reason)
            return
        self._projects = {project.key: project for project in found if is_project(project.key)}
        self._known_since = now
        own = {team.jira.project for team in teams.active if team.jira}
        self._types = {project: types for project, types in self._types.items() if project in own}
        for project in sorted(own):
            await self._refresh_types(project)

    async def _refresh_types(self, project: str) -> None:
        try:
            await self._learn_types(project)
        except Outcome as outcome:
            # A project that a team named wrongly keeps nobody from the others.
            log.info("tickets.types_not_told", project=project, reason=outcome.reason)

    async def types_of(self, project: str) -> tuple[str, ...]:
        """The types of a project; Jira is asked where they are not known, for at most 1.2 s."""
        if project not in self._types and is_project(project):
            await self._wait_for((project,))
        return tuple(kind.name for kind in self._types.get(project, ()))

    async def fields(
        self, project: str, issue_type: str, *, patience: float = PATIENCE
    ) -> tuple[CreateField, ...] | None:
        """The create form's fields, at most 10 minutes old; None where Jira does not tell them within so many seconds."""
        if self.known_fields(project, issue_type) is None and is_project(project):
            await self._wait_for((project, issue_type), patience)
        return self.known_fields(project, issue_type)

    def known_fields(self, project: str, issue_type: str) -> tuple[CreateField, ...] | None:
        """The same from memory alone."""
        known = self._fields.get((project, issue_type.casefold()))
        if known is None or stopwatch() - known[0] > FRESH.total_seconds():
            return None
        return known[1]

    async def field_of(self, project: str, type_id: str, field_id: str) -> CreateField | None:
        """One field of a project and type; None where Jira does not tell it in time, or has no such field."""
        await self.types_of(project)
        kinds = self._types.get(project, ())
        name = next((kind.name for kind in kinds if kind.id == type_id), None)
        fields = await self.fields(project, name) if name else None
        return next((field for field in fields or () if field.id == field_id), None)

    def field_refused(self, project: str, issue_type: str) -> dict[str, str]:
        """What the fields were called before they are forgotten, as Jira has refused one of them."""
        names = self.names(project, issue_type)
        self.forget(project, issue_type)
        return names

    def forget(self, project: str, issue_type: str) -> None:
        """What is known of these fields is wrong: Jira is asked anew."""
        self._types.pop(project, None)
        self._fields.pop((project, issue_type.casefold()), None)

    def names(self, project: str, issue_type: str) -> dict[str, str]:
        """What fields are called, by their ids, as far as it is known."""
        return {field.id: field.name for field in self.known_fields(project, issue_type) or ()}

    def type_id(self, project: str, issue_type: str) -> str | None:
        """Jira's id of a type; None while it is not known."""
        kinds = self._types.get(project, ())
        return next((kind.id for kind in kinds if kind.name.casefold() == issue_type.casefold()), None)

    def project_id(self, project: str) -> str | None:
        """Jira's id of a project; None while it is not known."""
        found = self._projects.get(project)
        return found.id if found else None

    def first_project(self, team: Team | None) -> Choice | None:
        """The team's project, else the first that Jira told of; None where none is known."""
        return next(iter(self.projects(team)), None)

    def project(self, key: str) -> Choice:
        """(label, key) of one project."""
        return (f"{self._projects[key].name} ({key})" if key in self._projects else key, key)

    def projects(self, team: Team | None, text: str = "") -> tuple[Choice, ...]:
        """(label, key) of at most 100 projects whose key or name holds the text, the team's first."""
        first = team.jira.project if team and team.jira else None
        keys = [*([first] if first else []), *(key for key in sorted(self._projects) if key != first)]
        wanted = text.strip().casefold()
        return tuple(one for one in map(self.project, keys) if wanted in one[0].casefold())[:MOST_SHOWN]

    def types(self, project: str, team: Team | None, text: str = "") -> tuple[str, ...]:
        """At most 100 types that hold the text: the team's own first, if the project is the team's."""
        own = team.jira.issue_type if team and team.jira and team.jira.project == project else ""
        known = with_first(own, tuple(kind.name for kind in self._types.get(project, ())))
        wanted = text.strip().casefold()
        return tuple(name for name in known if wanted in name.casefold())[:MOST_SHOWN]

    async def _wait_for(self, what: tuple[str, ...], patience: float = PATIENCE) -> None:
        # The question goes on when nobody waits any more: its answer is for the next form.
        asking = self._asking.get(what)
        if asking is None:
            asking = asyncio.create_task(self._learn(*what), name="ask Jira what a form needs")
            self._asking[what] = asking
            asking.add_done_callback(lambda _: self._asking.pop(what, None))
            asking.add_done_callback(_note_failure)
        await asyncio.wait({asking}, timeout=patience)

    async def _learn(self, project: str, issue_type: str | None = None) -> None:
        try:
            if project not in self._types:
                await self._learn_types(project)
            type_id = self.type_id(project, issue_type) if issue_type else None
            if issue_type and type_id:
                found = await self._jira.create_fields(project, type_id)
                self._fields[project, issue_type.casefold()] = (stopwatch(), tuple(found))
        except Outcome as outcome:
            log.info("tickets.fields_not_told", project=project, why=outcome.reason)

    async def _learn_types(self, project: str) -> None:
        self._types[project] = tuple(await self._jira.issue_types(project))


def with_first(own: str, known: Sequence[str]) -> tuple[str, ...]:
    """The types with the team's own at the front, spelled as in Jira; at least one."""
    spelled = next((name for name in known if name.casefold() == own.casefold()), own)
    rest = [name for name in known if name != spelled]
    return tuple(name for name in (spelled, *rest) if name) or (DEFAULT_TYPE,)


def _note_failure(looking: asyncio.Task[None]) -> None:
    if not looking.cancelled() and looking.exception() is not None:
        log.error("tickets.catalog_broke", exc_info=looking.exception())
