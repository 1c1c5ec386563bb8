"""An issue before it is there: what Jira is asked to make of a thread."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.feature import Deps
from bot.features.tickets import files
from bot.features.tickets.accounts import Accounts
from bot.features.tickets.deliveries.material import Material, gather
from bot.features.tickets.domain import Ticket
from bot.features.tickets.files import TicketFile
from bot.features.tickets.service import Requests
from bot.features.tickets.views.description import WHOLE, Parts, description
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import CreateField, IssueDraft
from bot.outbox.outcomes import Refused

PROPERTY = "frontdesk"
PEOPLE = ("reporter", "assignee")

_Fields = Mapping[str, CreateField]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A draft, the files that go after it, and what its text was made of."""

    draft: IssueDraft
    parts: Parts
    files: Sequence[TicketFile]
    told_until: str | None


class Drafting:
    """Makes drafts. One per process."""

    def __init__(self, deps: Deps, jira: JiraGateway, requests: Requests) -> None:
        self._deps = deps
        self._jira = jira
        self._requests = requests
        self._accounts = Accounts(deps.directory, jira)

    async def plan(self, ticket: Ticket) -> Planned:
        """What is to be created. Raises what the gateways raise, SlackAway among it."""
        # Jira first: while it is away, Slack is left in peace.
        type_id = await self._type_id(ticket)
        fields, limit = await asyncio.gather(self._fields(ticket.project, type_id), most_bytes(self._jira))
        material = await gather(self._deps, self._requests, ticket)
        known = await self._deps.transactions.read(files.of_ticket, ticket.id)
        going = files.plan(known, material.files, limit)
        people = await self._people(ticket, material.parts, fields)
        parts = replace(
            material.parts,
            in_words=frozenset(PEOPLE) - set(people),
            left_out={one.ref.id: one.reason for one in (*known, *going) if one.reason},
            takes_files=limit > 0,
        )
        described = description(parts, self._jira.length)
        if described.left_out and limit > 0 and not any(one.is_whole for one in known):
            going.append(files.whole_conversation([*known, *going], WHOLE))
        draft = IssueDraft(
            project=ticket.project,
            type_id=type_id,
            summary=ticket.summary,
            description=described.document,
            labels=_labels(ticket, material),
            components=_components(ticket, material, fields),
            fields={**people, **ticket.fields},
            properties={PROPERTY: {"ticket": ticket.label, "request": _number(material)}},
        )
        return Planned(draft=draft, parts=parts, files=going, told_until=material.told_until)

    def without(self, planned: Planned, refused: Collection[str]) -> IssueDraft:
        """The same draft where Jira does not take these people: they are named in the text."""
        parts = replace(planned.parts, in_words=planned.parts.in_words | set(refused))
        kept = {name: value for name, value in planned.draft.fields.items() if name not in refused}
        return replace(planned.draft, fields=kept, description=description(parts, self._jira.length).document)

    async def _type_id(self, ticket: Ticket) -> str:
        types = await self._jira.issue_types(ticket.project)
        for kind in types:
            if kind.name.casefold() == ticket.issue_type.casefold():
                return kind.id
        there = ", ".join(kind.name for kind in types) or "none"
        raise Refused(
            "no such issue type",
            words=f"Project {ticket.project} has no issue type “{ticket.issue_type}”. It has: {there}.",
        )

    async def _fields(self, project: str, type_id: str) -> _Fields | None:
        """The fields of the create form by id; None where Jira does not tell."""
        try:
            return {one.id: one for one in await self._jira.create_fields(project, type_id)}
        except Refused:
            return None

    async def _people(
        self, ticket: Ticket, parts: Parts, fields: _Fields | None
    ) -> dict[str, Mapping[str, str]]:
        """Reporter and assignee as Jira names them, where it knows them and its form has room for them."""
        found: dict[str, Mapping[str, str]] = {}
        for role, user_id in (("reporter", parts.reporter), ("assignee", parts.assignee)):
            if fields is None or role not in fields or role in ticket.fields:
                continue
            person = await self._accounts.of(user_id, ticket.place.workspace_id)
            if person is not None:
                found[role] = self._jira.people.reference(person.account)
        return found


async def most_bytes(jira: JiraGateway) -> int:
    """The most bytes of one file that Jira takes from us; 0 where it takes none."""
    try:
        return min(await jira.metadata.attachment_limit(), files.MOST_BYTES)
    except Refused:
        return 0


def _labels(ticket: Ticket, material: Material) -> tuple[str, ...]:
    target = material.team.jira if material.team else None
    entered = [one for one in ticket.fields.get("labels") or () if isinstance(one, str)]
    return tuple(dict.fromkeys((*(target.labels if target else ()), *entered, ticket.label)))


def _components(ticket: Ticket, material: Material, fields: _Fields | None) -> tuple[str, ...]:
    """The request's component where the project has it, else the team's; none that the project does not have."""
    if "components" in ticket.fields:
        return ()
    target = material.team.jira if material.team else None
    wanted = target.components if target and target.project == ticket.project else ()
    if fields is None:
        return wanted
    options = fields["components"].options if "components" in fields else ()
    there = {option.name.casefold(): option.name for option in options}
    own = (material.facts.component or "") if material.facts else ""
    if own.casefold() in there:
        return (there[own.casefold()],)
    return tuple(there[name.casefold()] for name in wanted if name.casefold() in there)


def _number(material: Material) -> int | None:
    return material.facts.number if material.facts else None
