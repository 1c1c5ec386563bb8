"""What the form offers for a project and type, and what it suggests while somebody types."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.core.logs import logger
from bot.core.threads import RequestFacts
from bot.feature import Deps
from bot.features.tickets.catalog import PATIENCE as WAIT_FOR_FIELDS
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.fields.inputs import is_searched
from bot.features.tickets.fields.kinds import Kind, choices_of, kind_of
from bot.features.tickets.fields.reading import Named, parts_of
from bot.features.tickets.service import Requests
from bot.features.tickets.views import form
from bot.features.tickets.views.carried import Context, unpack
from bot.features.tickets.views.form import Offer
from bot.features.tickets.views.sent import entered, filled_in
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Outcome
from bot.slack.calls import Action, Options, View
from bot.slack.inputs import Choice, suggested
from bot.slack.replies import Choices, Nothing, Reply, UpdateForm
from bot.teams.domain import Team

# Slack waits three seconds for suggestions.
PATIENCE = 1.5

log = logger(__name__)


class Offering:
    """Builds offers and suggestions. One per process."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests, catalog: Catalog) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests
        self._catalog = catalog

    async def offer(
        self,
        team: Team | None,
        project: str,
        issue_type: str,
        facts: RequestFacts | None,
        *,
        patience: float = WAIT_FOR_FIELDS,
    ) -> Offer:
        """All that is known of a project and type; Jira is asked for so many seconds at most."""
        fields = await self._catalog.fields(project, issue_type, patience=patience)
        return Offer(
            site=self._jira.url,
            project=self._catalog.project(project),
            project_id=self._catalog.project_id(project),
            issue_type=issue_type,
            type_id=self._catalog.type_id(project, issue_type),
            fields=fields,
            target=team.jira if team else None,
            priority=facts.priority_label if facts else "",
            component=facts.component if facts else None,
        )

    async def project_chosen(self, call: Action) -> Reply:
        """Another project in the form: it has other types and other fields."""
        team = await self._team_of(call.view)
        await self._catalog.types_of(call.value)
        return await self._again(call, call.value, self._catalog.types(call.value, team)[0])

    async def type_chosen(self, call: Action) -> Reply:
        """Another type in the form: it has other fields."""
        return await self._again(call, entered(call.view, "project") if call.view else "", call.value)

    async def issue_named(self, call: Action) -> Reply:
        """An issue to link, or none any more: the project's own fields are needed for a new one only."""
        if call.view is None:
            return Nothing()
        reply = await self._again(call, entered(call.view, "project"), entered(call.view, form.TYPE))
        # Heard of at each character: who has chosen another project meanwhile keeps that form.
        return replace(reply, unless_changed=True) if isinstance(reply, UpdateForm) else reply

    async def jira_opened(self, call: Action) -> Reply:
        """Jira's own form was opened, by the browser itself."""
        return Nothing()

    async def _again(self, call: Action, project: str, issue_type: str) -> Reply:
        context = unpack(call.view.private_metadata) if call.view else None
        if call.view is None or context is None:
            return Nothing()
        team = await self._team_of(call.view)
        offer = await self.offer(team, project, issue_type, await self._facts(context))
        return UpdateForm(form.build(context, offer, filled_in(call.view)))

    async def _facts(self, context: Context) -> RequestFacts | None:
        if context.request_id is None:
            return None
        return await self._deps.transactions.read(self._requests.facts, context.request_id)

    async def _team_of(self, view: View | None) -> Team | None:
        context = unpack(view.private_metadata) if view else None
        if context is None or context.team_id is None:
            return None
        return (await self._deps.directory.teams()).get(context.team_id)

    async def projects(self, call: Options) -> Reply:
        """Projects whose key or name holds the letters."""
        team = await self._team_of(call.view)
        return Choices(suggested(self._catalog.projects(team, call.value)))

    async def types(self, call: Options) -> Reply:
        """Types of the chosen project."""
        project = call.block_id.partition(":")[2]
        await self._catalog.types_of(project)
        names = self._catalog.types(project, await self._team_of(call.view), call.value)
        return Choices(suggested([(name, name) for name in names]))

    async def entries(self, call: Options) -> Reply:
        """Entries of a project's own field."""
        named = parts_of(call.block_id)
        if named is None:
            return Choices(())
        text = call.value.strip()
        typed: list[Choice] = []
        if named.kind is Kind.LABELS and text:
            typed.append((text, "-".join(text.split())))
        try:
            typed += await asyncio.wait_for(self._entries(named, text), PATIENCE)
        except (Outcome, TimeoutError) as error:
            log.info("tickets.no_suggestions", kind=named.kind.value, why=type(error).__name__)
        once = {value: label for label, value in reversed(typed)}
        return Choices(suggested([(label, value) for value, label in reversed(once.items())]))

    async def _entries(self, named: Named, text: str) -> Sequence[Choice]:
        jira, project = self._jira, named.project
        match named.kind:
            case Kind.USER | Kind.USERS:
                # Whoever may be assigned is who can be shown before a letter is typed.
                there = project if named.field_id == "assignee" or not text else None
                people = await jira.people.search(text, project=there)
                return [(one.name, one.account) for one in people]
            case Kind.GROUP | Kind.GROUPS:
                return [(name, name) for name in await jira.people.groups(text)]
            case Kind.LABELS:
                return [(name, name) for name in await jira.metadata.labels(text)]
            case Kind.PARENT | Kind.EPIC:
                return await self._parents(named, text)
            case Kind.SPRINT:
                found = await jira.metadata.sprints(project)
                return [(name, id_) for id_, name in found if text.casefold() in name.casefold()]
            case _:
                return await self._listed(named, text)

    async def _parents(self, named: Named, text: str) -> Sequence[Choice]:
        found = await self._jira.metadata.find_issues(named.project, text, epics=True)
        if not found and named.kind is Kind.PARENT:
            # An epic of its own has a parent of another type.
            found = await self._jira.metadata.find_issues(named.project, text)
        return [(f"{key} {summary}", key) for key, summary in found]

    async def _listed(self, named: Named, text: str) -> Sequence[Choice]:
        field = await self._catalog.field_of(named.project, named.type_id, named.field_id)
        kind = kind_of(field) if field else None
        if field is None or kind is None or not is_searched(field, kind):
            return []
        return [one for one in choices_of(field, kind) if text.casefold() in one[0].casefold()]
