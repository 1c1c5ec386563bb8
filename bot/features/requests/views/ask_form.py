"""The form *Ask a team*: its blocks, and its state as values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.errors import UserError
from bot.core.text import boundary, clean, cut
from bot.core.wire import inner
from bot.features.requests.domain import Door, NewRequest, Origin
from bot.features.requests.views import ids
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.calls import Submission, View, chosen
from bot.slack.mrkdwn import escape
from bot.teams.domain import Priority, RequestType, Source, Team

SUMMARY_LIMIT = 250
DETAILS_LIMIT = 3000
_NEARLY = (
    "Did you mean *{name}* (`{key}`)? Choose the team here; your words are in the summary as you typed them."
)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the form starts with, and what it carries unseen: where it came from and who asks."""

    origin: Origin
    requester: str
    team_id: int | None = None
    summary: str = ""
    details: str = ""
    type: str | None = None
    urgency: str | None = None
    source: Source | None = None
    readers: str | None = None


def draft_of(text: str, *, origin: Origin, requester: str, team: Team | None, source: Source | None) -> Draft:
    """A draft from words that somebody wrote already: the first line as summary, all of it as details if longer."""
    whole = clean(text).strip()
    first = whole.partition("\n")[0]
    summary = first[: boundary(first, SUMMARY_LIMIT)] if len(first) > SUMMARY_LIMIT else first
    return Draft(
        origin=origin,
        requester=requester,
        team_id=team.id if team else None,
        summary=summary,
        details=cut(whole, DETAILS_LIMIT) if whole != summary else "",
        source=source,
        readers=readers_of(team) if origin.private else None,
    )


def ask_form(
    draft: Draft, teams: Sequence[Team], similar: Sequence[Block] = (), *, nearly: Team | None = None
) -> Mapping[str, Any]:
    """The form. `draft.readers` is set for a private origin: who will be able to read it.

    `similar` stands below the summary: what others asked before, see `views.similar`. `nearly`: what was typed begins
    with almost this team's name, which may be a slip or simply a word.
    """
    team = next((team for team in teams if team.id == draft.team_id), None)
    shown: list[Block] = [_team(teams, team), _summary(draft), *similar]
    shown += [_details(draft), _type(draft), _urgency(draft)]
    if team and team.components:
        shown.append(_component(team))
    shown.append(_asking_as(draft, team))
    if draft.readers:
        warning = f":lock: This comes from a private place. Once sent, {escape(draft.readers)} can read it."
        shown.insert(0, blocks.section(warning, block_id="readers"))
    if nearly:
        shown.insert(0, blocks.section(_NEARLY.format(name=escape(nearly.name), key=nearly.key)))
    return blocks.modal(
        callback_id=ids.ASK_FORM,
        title="Ask a team",
        submit="Share and send" if draft.readers else "Send",
        blocks=shown,
        private_metadata=pack(draft),
    )


def _team(teams: Sequence[Team], chosen: Team | None) -> Block:
    choices = [(team.name, str(team.id)) for team in teams]
    element = blocks.select(
        ids.ASK_TEAM, choices, initial=str(chosen.id) if chosen else None, placeholder="Choose a team"
    )
    return blocks.input_block("Team", element, "team", dispatch=True)


def _summary(draft: Draft) -> Block:
    element = blocks.text_input(
        ids.ASK_SUMMARY,
        initial=draft.summary,
        max_length=SUMMARY_LIMIT,
        placeholder="What do you need, in one line?",
        told_while_typing=True,
    )
    return blocks.input_block("Summary", element, "summary", dispatch=True)


def _details(draft: Draft) -> Block:
    element = blocks.text_input("details", initial=draft.details, multiline=True, max_length=DETAILS_LIMIT)
    return blocks.input_block("Details", element, "details", optional=True)


def _type(draft: Draft) -> Block:
    choices = [(kind.label, kind.value) for kind in RequestType]
    element = blocks.select("type", choices, initial=draft.type or RequestType.QUESTION.value)
    return blocks.input_block("Type", element, "type")


def _urgency(draft: Draft) -> Block:
    choices = [(urgency.label, urgency.value) for urgency in reversed(Priority)]
    element = blocks.select("urgency", choices, initial=draft.urgency or Priority.NORMAL.value)
    return blocks.input_block("Urgency", element, "urgency")


def _component(team: Team) -> Block:
    choices = [(name, str(number)) for number, name in enumerate(team.components)]
    element = blocks.select("component", choices, placeholder="If you know it")
    # The id names the team: a choice made for another team must not stay in the field.
    return blocks.input_block("Component", element, f"component.{team.id}", optional=True)


def _asking_as(draft: Draft, team: Team | None) -> Block:
    choices = [(source.label, source.value) for source in Source]
    initial = (draft.source or Source.OTHER).value
    element = blocks.select("source", choices, initial=initial)
    block_id = f"source.{team.id}" if team else "source"
    hint = f"Filled in from what {team.name} knows about you." if team else ""
    return blocks.input_block("Asking as", element, block_id, hint=hint)


def pack(draft: Draft) -> str:
    """What the form carries unseen."""
    origin = draft.origin
    return json.dumps(
        {
            "v": 1,
            "door": origin.door.value,
            "channel": origin.channel,
            "ts": origin.ts,
            "thread": origin.thread_ts,
            "private": origin.private,
            "requester": draft.requester,
            "readers": draft.readers,
        }
    )


def unpack(metadata: str) -> Draft:
    """The draft that a form carried. Raises UserError for a form of another time."""
    try:
        carried = json.loads(metadata)
        origin = Origin(
            door=Door(carried["door"]),
            channel=carried["channel"],
            ts=carried["ts"],
            thread_ts=carried["thread"],
            private=bool(carried["private"]),
        )
        return Draft(origin=origin, requester=carried["requester"], readers=carried["readers"])
    except (ValueError, KeyError, TypeError):
        raise UserError(
            "This form is from another time. Close it and open a new one with `/ask-team`."
        ) from None


def chosen_team(view: View) -> int | None:
    """The team picked in the form as it stands."""
    option = inner(ids.state_value(view.state, "team"), "selected_option")
    return ids.number_in(option["value"]) if option.get("value") else None


def summary_in(view: View) -> str:
    """What stands in the summary by now."""
    return _typed(view, "summary") or ""


def with_team(view: View, team: Team | None, source: Source | None, readers: str | None) -> Draft:
    """The form as it stands, for this team, or for none that is chosen yet."""
    typed = {name: _typed(view, name) for name in ("summary", "details", "type", "urgency")}
    return replace(
        unpack(view.private_metadata),
        team_id=team.id if team else None,
        summary=typed["summary"] or "",
        details=typed["details"] or "",
        type=typed["type"],
        urgency=typed["urgency"],
        source=source,
        readers=readers,
    )


def _typed(view: View, block_id: str) -> str | None:
    value = chosen(ids.state_value(view.state, block_id))
    return value if isinstance(value, str) else None


def parse_form(call: Submission, team: Team) -> NewRequest:
    """What was asked for. Raises UserError beside the field."""
    draft = unpack(call.view.private_metadata)
    summary = call.value("summary") or ""
    source = call.value(f"source.{team.id}")
    return NewRequest(
        team_id=team.id,
        summary=summary,
        details=call.value("details") or "",
        type=_choice(RequestType, call.value("type") or RequestType.QUESTION, "type"),
        urgency=_choice(Priority, call.value("urgency") or Priority.NORMAL, "urgency"),
        component=_component_of(call, team),
        # A choice made before the team was known says nothing: the form did not know the person yet.
        asking_as=_choice(Source, source, f"source.{team.id}") if source else None,
        requester=draft.requester,
        filed_by=call.user_id,
        origin=draft.origin,
    )


def _choice(kind: Any, value: str, field: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise UserError("That choice is from another time. Choose again.", field=field) from None


def _component_of(call: Submission, team: Team) -> str | None:
    value = call.value(f"component.{team.id}")
    if value is None:
        return None
    if not str(value).isdigit() or int(value) >= len(team.components):
        raise UserError("That component is gone. Choose another one.", field=f"component.{team.id}")
    return team.components[int(value)]


def readers_of(team: Team | None) -> str:
    """Who will be able to read what is sent to this team."""
    return f"everybody in {team.name}'s triage channel" if team else "everybody in the team's triage channel"
