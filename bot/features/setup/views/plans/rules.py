"""The form for one priority rule, and the list of them. Keys as in the teams file."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import blocks, inputs
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape
from bot.teams.domain import Priority, RequestType, Source
from bot.teams.what_if import WhatIf

KEY = "priority_rules"
_CONDITIONS = ("type", "component", "source", "urgency")
# A message of Slack's is read on a telephone: more numbers tell nothing more.
MOST_SHOWN = 30


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
        _choice("Type", "type", [(one.label, one.value) for one in RequestType], when),
        _choice("From", "source", [(one.label, one.value) for one in Source], when),
        _choice("Asked for as", "urgency", [(one.label, one.value) for one in Priority], when),
    ]
    if components:
        shown.insert(
            1,
            _choice("Component", "component", [(one, one) for one in components], _spelled(when, components)),
        )
    menu = blocks.select(
        "priority",
        [(one.label, one.value) for one in Priority],
        initial=rule.get("priority"),
        placeholder="Choose",
    )
    intro = blocks.context("Fill in what has to be true of a request; leave the rest empty.")
    return [intro, *shown, blocks.input_block("Gets this priority", menu, "priority", optional=True)]


def _spelled(when: Mapping[str, Any], components: Sequence[str]) -> Mapping[str, Any]:
    wanted = str(when.get("component") or "").casefold()
    return {"component": next((one for one in components if one.casefold() == wanted), None)}


def _choice(label: str, key: str, choices: Sequence[inputs.Choice], when: Mapping[str, Any]) -> Block:
    menu = blocks.select(key, choices, initial=when.get(key), placeholder="Anything")
    return blocks.input_block(label, menu, key, optional=True)


def read(entered: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule that the form describes; a condition without a field stays as it was."""
    before: Mapping[str, Any] = rule.get("when") or {}
    when = {key: entered.get(key) if key in entered else before.get(key) for key in _CONDITIONS}
    said = {key: value for key, value in when.items() if value}
    return {"when": said, **({"priority": entered["priority"]} if entered.get("priority") else {})}


def field_of(path: str) -> str:
    """The field beside which a problem of this key of the rule is told."""
    last = path.rpartition(".")[2]
    return last if last in (*_CONDITIONS, "priority") else "type"


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
