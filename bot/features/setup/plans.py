"""The parts of the settings that say what a team has planned: rules, rotation, check-ins, Jira, people's holidays."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.setup import buttons
from bot.features.setup.coming import Ahead
from bot.features.setup.part import Entered, NoSuchItem, Outlook, Part, SaidTeam
from bot.features.setup.views.plans import checkins, jira, listing, people, rotation, rules
from bot.features.setup.views.plans.listing import NEW
from bot.features.setup.views.plans.places import entered, placed, problems_beside
from bot.slack.blocks import Block, actions, context
from bot.teams.edit import CHANGED_MEANWHILE

# A form is read on a telephone, too.
MOST_CHECKINS = 5
RULES, ROTATION, CHECKINS, JIRA, PEOPLE = "rules", "rotation", "checkins", "jira", "people"
_REMOVE = ":remove"


def parts(ahead: Ahead) -> tuple[Part, ...]:
    """In the order of the settings screen. An item is an entry's number from 0 or a person's id, `new`, or the part."""
    return (_rules(ahead), _rotation(ahead), _checkins(ahead), _jira(), _people())


def _rules(ahead: Ahead) -> Part:
    def preview(connection: Connection, look: Outlook) -> Sequence[Block]:
        return rules.outcome(ahead.priorities(connection, look.before or look.team, look.team))

    return Part(
        key=RULES,
        title="Priority rules",
        keys=(rules.KEY,),
        summary=lambda said: _count(_entries(said, rules.KEY), "rule", "No rules: what is asked for counts"),
        fields=_rule_fields,
        read=_read_rule,
        preview=preview,
    )


def _rule_fields(said: SaidTeam, item: str) -> Sequence[Block]:
    entries = _entries(said, rules.KEY)
    if not item:
        lines = [(f"{number + 1}. {rules.line(one)}", str(number)) for number, one in enumerate(entries)]
        return _listed(RULES, lines, "Add a rule", "No rules yet: what is asked for counts.")
    number = _number(entries, item)
    fields = rules.fields(said, {} if number is None else entries[number])
    fields += listing.order(number, len(entries))
    shown = placed(fields, rules.places(_place(entries, number)))
    return shown if number is None else [*shown, _takes_away(RULES, item, "Take this rule away")]


def _read_rule(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    entries = _entries(said, rules.KEY)
    number = _number(entries, item)
    if item.endswith(_REMOVE):
        return {rules.KEY: listing.put(entries, number, None) or None}
    places = rules.places(_place(entries, number))
    filled = _of_now(entered(form.state, places))
    with problems_beside(places):
        rule = rules.read(filled, {} if number is None else entries[number])
    return {rules.KEY: listing.put(entries, number, rule, filled.get("place"))}


def _rotation(ahead: Ahead) -> Part:
    def fields(said: SaidTeam, _item: str) -> Sequence[Block]:
        plan = said.get(rotation.KEY)
        shown = placed(rotation.fields(plan or {}), rotation.PLACES)
        sure = "Nobody is on duty for the team any more."
        return [*shown, _takes_away(ROTATION, "", "No rotation any more", sure)] if plan else shown

    def read(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
        if item == _REMOVE:
            return {rotation.KEY: None}
        filled = entered(form.state, rotation.PLACES)
        return {rotation.KEY: rotation.read(filled, said.get(rotation.KEY) or {})}

    def preview(connection: Connection, look: Outlook) -> Sequence[Block]:
        if look.team.rotation is None:
            return rotation.outcome([], look.zone)
        return rotation.outcome(ahead.shifts(connection, look.team, look.before, look.now), look.zone)

    return Part(
        key=ROTATION,
        title="Rotation",
        keys=(rotation.KEY,),
        summary=lambda said: rotation.line(said.get(rotation.KEY)),
        fields=fields,
        read=read,
        preview=preview,
    )


def _checkins(ahead: Ahead) -> Part:
    def preview(connection: Connection, look: Outlook) -> Sequence[Block]:
        known = look.before.standups if look.before else ()
        # What the form has changed; sent as it is, all of them.
        shown = [one for one in look.team.standups if one not in known] or look.team.standups
        found: list[Block] = []
        for plan in shown[:MOST_CHECKINS]:
            coming = ahead.checkins(connection, look.team, plan, look.reader, look.now)
            found += checkins.outcome(plan, coming, look.zone)
        return [*found, context("Times are in your time zone.")] if found else []

    return Part(
        key=CHECKINS,
        title="Check-ins",
        keys=(checkins.KEY,),
        summary=lambda said: _count(_entries(said, checkins.KEY), "check-in", "No check-ins"),
        fields=_checkin_fields,
        read=_read_checkin,
        preview=preview,
    )


def _checkin_fields(said: SaidTeam, item: str) -> Sequence[Block]:
    entries = _entries(said, checkins.KEY)
    if not item:
        lines = [(checkins.line(one), str(number)) for number, one in enumerate(entries)]
        return _listed(CHECKINS, lines, "Add a check-in", "No check-ins yet.")
    number = _number(entries, item)
    fields = checkins.fields({} if number is None else entries[number])
    shown = placed(fields, checkins.places(_place(entries, number)))
    sure = "It asks nobody any more. What was answered stays."
    return shown if number is None else [*shown, _takes_away(CHECKINS, item, "Take this check-in away", sure)]


def _read_checkin(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    entries = _entries(said, checkins.KEY)
    number = _number(entries, item)
    if item.endswith(_REMOVE):
        return {checkins.KEY: listing.put(entries, number, None) or None}
    places = checkins.places(_place(entries, number))
    with problems_beside(places):
        one = checkins.read(_of_now(entered(form.state, places)), {} if number is None else entries[number])
    return {checkins.KEY: listing.put(entries, number, one)}


def _jira() -> Part:
    def fields(said: SaidTeam, _item: str) -> Sequence[Block]:
        target = said.get(jira.KEY)
        shown = placed(jira.fields(target or {}), jira.PLACES)
        sure = "No issues are made for the team any more. Those that are there stay."
        return [*shown, _takes_away(JIRA, "", "No Jira any more", sure)] if target else shown

    def read(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
        if item == _REMOVE:
            return {jira.KEY: None}
        with problems_beside(jira.PLACES):
            return {jira.KEY: jira.read(entered(form.state, jira.PLACES), said.get(jira.KEY) or {})}

    return Part(
        key=JIRA,
        title="Jira",
        keys=(jira.KEY,),
        summary=lambda said: jira.line(said.get(jira.KEY)),
        fields=fields,
        read=read,
    )


def _people() -> Part:
    return Part(
        key=PEOPLE,
        title="People's holidays",
        keys=(people.KEY,),
        summary=lambda said: _count(_known(said), *people.COUNTED),
        fields=_person_fields,
        read=_read_person,
    )


def _person_fields(said: SaidTeam, item: str) -> Sequence[Block]:
    known = _known(said)
    if not item:
        lines = [(people.line(user_id, one), user_id) for user_id, one in known.items()]
        return _listed(PEOPLE, lines, "Add a person", f"{people.NOBODY}.")
    user_id = _person(known, item)
    shown = placed(people.fields(user_id, known[user_id] if user_id else {}), people.places(user_id))
    return [*shown, _takes_away(PEOPLE, item, "The team's holidays again")] if user_id else shown


def _read_person(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    known = _known(said)
    user_id = _person(known, item)
    if item.endswith(_REMOVE):
        return {people.KEY: {key: one for key, one in known.items() if key != user_id} or None}
    filled = entered(form.state, people.places(user_id))
    who = user_id or str(filled.get("person") or "")
    return {people.KEY: {**known, who: people.read(filled, known.get(who) or {})}}


def _listed(part: str, lines: Sequence[tuple[str, str]], add: str, empty: str) -> Sequence[Block]:
    def opens(words: str, item: str, about: str) -> Block:
        return buttons.opens(part, words, item, about=about)

    return listing.listed(lines, opens, add=add, empty=empty)


def _takes_away(part: str, item: str, words: str, sure: str = "It is taken away at once.") -> Block:
    item = item.removesuffix(_REMOVE)
    return actions(buttons.applies(part, words, f"{item}{_REMOVE}", sure=sure))


def _entries(said: SaidTeam, key: str) -> Sequence[Mapping[str, Any]]:
    return said.get(key) or ()


def _known(said: SaidTeam) -> Mapping[str, Mapping[str, Any]]:
    return said.get(people.KEY) or {}


def _number(entries: Sequence[Any], item: str) -> int | None:
    """Which entry is meant; None: a new one. Raises NoSuchItem."""
    item = item.removesuffix(_REMOVE)
    if item == NEW:
        return None
    if not item.isdecimal() or int(item) >= len(entries):
        raise NoSuchItem()
    return int(item)


def _of_now(filled: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was filled in. Raises UserError where the form was opened on a list of another length."""
    if not filled:
        raise UserError(CHANGED_MEANWHILE)
    return filled


def _place(entries: Sequence[Any], number: int | None) -> int:
    return len(entries) if number is None else number


def _person(known: Mapping[str, Any], item: str) -> str | None:
    """Who is meant; None: somebody new. Raises NoSuchItem."""
    item = item.removesuffix(_REMOVE)
    if item == NEW:
        return None
    if item not in known:
        raise NoSuchItem()
    return item


def _count(entries: Sequence[Any] | Mapping[str, Any], word: str, none: str, words: str = "") -> str:
    if not entries:
        return none
    return f"1 {word}" if len(entries) == 1 else f"{len(entries)} {words or f'{word}s'}"
