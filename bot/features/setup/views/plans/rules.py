"""The form for one priority rule, and the list of them. Keys as in the teams file."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.errors import UserError
from bot.slack import blocks, inputs
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape
from bot.teams.domain import Priority, RequestType, Source
from bot.teams.what_if import WhatIf

KEY = "priority_rules"
_CONDITIONS = ("type", "component", "source", "urgency")
_ANYTHING, _IS = "any", "is:"
_EMPTY = "This rule would match everything: choose at least one of type, component, from, asked for as."
# A message of Slack's is read on a telephone: more numbers tell nothing more.
MOST_SHOWN = 30


def places(number: int) -> Mapping[str, str]:
    """Where the fields of the rule of this number, from 0, stand in the teams file."""
    path = f"{KEY}[{number}]"
    return {
        **{key: f"{path}.when.{key}" for key in _CONDITIONS},
        **{key: f"{path}.{key}" for key in ("priority", "place")},
    }


def line(rule: Mapping[str, Any]) -> str:
    """The rule in words, as mrkdwn."""
    when: Mapping[str, Any] = rule.get("when") or {}
    kind = RequestType(when["type"]).label if when.get("type") in list(RequestType) else "Anything"
    parts = [kind]
    parts += [f"of component {escape(str(when['component']))}"] if when.get("component") else []
    parts += [f"from {Source(when['source']).label}"] if when.get("source") in list(Source) else []
    parts += (
        [f"asked for as {Priority(when['urgency']).label}"] if when.get("urgency") in list(Priority) else []
    )
    return f"{' '.join(parts)} → *{_label(rule.get('priority'))}*"


def _label(priority: object) -> str:
    return Priority(str(priority)).label if priority in list(Priority) else "?"


def fields(team: Mapping[str, Any], rule: Mapping[str, Any]) -> list[Block]:
    """The form's fields, filled with this rule (empty: a new one)."""
    when: Mapping[str, Any] = rule.get("when") or {}
    components = [str(one) for one in team.get("components") or ()]
    shown = [
        _choice("Type", "type", [(one.label, one.value) for one in RequestType], when.get("type")),
        _choice("From", "source", [(one.label, one.value) for one in Source], when.get("source"), "Anybody"),
        _choice("Asked for as", "urgency", [(one.label, one.value) for one in Priority], when.get("urgency")),
    ]
    if components:
        now = _spelled(when.get("component"), components)
        shown.insert(1, _choice("Component", "component", [(one, one) for one in components], now))
    menu = blocks.select(
        "priority",
        [(one.label, one.value) for one in Priority],
        initial=rule.get("priority"),
        placeholder="Choose",
    )
    intro = blocks.context("Choose what has to be true of a request; leave the rest as it is.")
    return [intro, *shown, blocks.input_block("Gets this priority", menu, "priority")]


def _spelled(component: object, components: Sequence[str]) -> str | None:
    wanted = str(component or "").casefold()
    return next((one for one in components if one.casefold() == wanted), None)


def _choice(
    label: str, key: str, choices: Sequence[inputs.Choice], chosen: object, none: str = "Anything"
) -> Block:
    # What was chosen in a menu cannot be taken back in Slack, and a team may have a hundred components.
    anything, named = (
        [blocks.option(none, _ANYTHING)],
        [blocks.option(text, _IS + value) for text, value in choices],
    )
    groups = [
        {"label": blocks.plain("Any", 75), "options": anything},
        {"label": blocks.plain(label, 75), "options": named},
    ]
    first = next((one for one in named if one["value"] == f"{_IS}{chosen}"), anything[0])
    menu: Block = {
        "type": "static_select",
        "action_id": key,
        "option_groups": groups,
        "initial_option": first,
    }
    return blocks.input_block(label, menu, key)


def read(entered: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule that the form describes; a condition without a field stays as it was. Raises UserError."""
    before: Mapping[str, Any] = rule.get("when") or {}
    when = {key: _named(entered[key]) if key in entered else before.get(key) for key in _CONDITIONS}
    said = {key: value for key, value in when.items() if value}
    if not said:
        raise UserError(_EMPTY, field="type")
    return {"when": said, "priority": entered.get("priority")}


def _named(value: object) -> str | None:
    return value.removeprefix(_IS) if isinstance(value, str) and value.startswith(_IS) else None


def outcome(found: WhatIf) -> list[Block]:
    """What the rules would have changed, for the form and the list."""
    if not found.looked_at:
        return [blocks.section("*What would change*\nNothing has been asked of the team yet.")]
    which = "the last request" if found.looked_at == 1 else f"the last {found.looked_at} requests"
    if not found.changed:
        return [blocks.section(f"*What would change*\nOf {which} none would get another priority.")]
    lines = [f"#{one.number} {one.before.label} → {one.after.label}" for one in found.changed[:MOST_SHOWN]]
    more = len(found.changed) - len(lines)
    lines += [f"and {more} more"] if more > 0 else []
    return [
        blocks.section(f"*What would change*\nOf {which} {len(found.changed)} would get another priority:"),
        blocks.section("\n".join(lines)),
        blocks.context("Requests that are there already keep their priority; new ones go by the rules."),
    ]
