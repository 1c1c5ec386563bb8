"""Who asks as what: rules in an order, of which the first that fits counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.setup import ids
from bot.features.setup.buttons import applies, opens
from bot.features.setup.part import Entered, NoSuchItem, Part, SaidTeam
from bot.features.setup.parts.basics import LONGEST_TEXT, TOO_LONG, people
from bot.features.setup.parts.places import channels, several
from bot.slack import inputs
from bot.slack.blocks import Block, actions, context, divider, input_block, section, text_input
from bot.teams.domain import Source

KEY = "sources"
UP, DROP = "up", "drop"
_FIRST = "The first that fits counts. Members of the team are Teammate, anyone else Other."
_GROUPS = "Ids such as S0SUPPORT1, with commas between them."

Rules = dict[str, dict[str, Any]]


def _fields(said: SaidTeam, item: str) -> Sequence[Block]:
    if item:
        return _rule_fields(said, item)
    rules: Rules = said.get(KEY, {})
    shown: list[Block] = [context(_FIRST)]
    for number, (source, rule) in enumerate(rules.items()):
        shown.append(section(f"*{_label(source)}*: {_words(rule)}", accessory=_opens("Edit", source)))
        if number:
            shown.append(actions(applies(KEY, "Move up", f"{source}:{UP}")))
    missing = [source for source in Source if source not in rules]
    shown += [divider()] if missing else []
    shown += [section(f"{source.label}: nobody yet", accessory=_opens("Add", source)) for source in missing]
    return shown


def _opens(label: str, source: str) -> Block:
    return opens(KEY, label, str(source), about=_label(source))


def _rule_fields(said: SaidTeam, source: str) -> Sequence[Block]:
    label = _label(source)
    rule = said.get(KEY, {}).get(source, {})
    users = inputs.people(ids.FIELD, initial=rule.get("users", ()))
    places = inputs.channels(ids.FIELD, initial=rule.get("channels", ()))
    path = f"{KEY}.{source}"
    asked = "Whoever asks there counts so, guests too."
    shown = [
        section(f"Who asks as *{label}*?"),
        input_block("People", users, f"{path}.users", optional=True),
        _groups_field(", ".join(rule.get("user_groups", [])), f"{path}.user_groups"),
        input_block("Channels", places, f"{path}.channels", optional=True, hint=asked),
    ]
    sure = f"Nobody asks as {label} by a rule any more."
    return [*shown, actions(applies(KEY, "Remove", f"{source}:{DROP}", sure=sure))] if rule else shown


def _groups_field(typed: str, block_id: str) -> Block:
    if len(typed) > LONGEST_TEXT:
        return context(TOO_LONG.format(what="The user groups"))
    box = text_input(ids.FIELD, initial=typed, max_length=LONGEST_TEXT)
    return input_block("User groups", box, block_id, optional=True, hint=_GROUPS)


def _read(entered: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    rules: Rules = {source: dict(rule) for source, rule in said.get(KEY, {}).items()}
    source, _, deed = item.partition(":")
    _label(source)
    if deed:
        return {KEY: _changed(rules, source, deed) or None}
    path = f"{KEY}.{source}"
    rule = {
        "users": entered.several(f"{path}.users"),
        "user_groups": _groups(entered, f"{path}.user_groups", rules.get(source, {})),
        "channels": entered.several(f"{path}.channels"),
    }
    rules[source] = {key: found for key, found in rule.items() if found}
    return {KEY: rules}


def _groups(entered: Entered, block_id: str, rule: Mapping[str, Any]) -> list[str]:
    # A form without the field says nothing of them.
    return several(entered.one(block_id)) if entered.has(block_id) else rule.get("user_groups", [])


def _changed(rules: Rules, source: str, deed: str) -> Rules:
    order = list(rules)
    if source not in order:
        raise NoSuchItem
    place = order.index(source)
    order.remove(source)
    if deed == UP:
        order.insert(max(place - 1, 0), source)
    return {name: rules[name] for name in order}


def _label(source: str) -> str:
    if source not in list(Source):
        raise NoSuchItem
    return Source(source).label


def _words(rule: Mapping[str, Any]) -> str:
    groups = [f"<!subteam^{group}>" for group in rule.get("user_groups", ())]
    found = [people(rule.get("users", ())), ", ".join(groups), channels(rule.get("channels", ()))]
    return " · ".join(part for part in found if part) or "nobody"


def _summary(said: SaidTeam) -> str:
    rules: Rules = said.get(KEY, {})
    return ", ".join(_label(source) for source in rules) or "Members are Teammate, anyone else Other"


SOURCES = Part(key=KEY, title="Who asks as what", keys=(KEY,), summary=_summary, fields=_fields, read=_read)
