"""The parts of the settings that say what a team has planned: rules, rotation, check-ins, Jira, people's holidays."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.features.setup.coming import Ahead
from bot.features.setup.part import Entered, NoSuchItem, Outlook, Part, SaidTeam
from bot.features.setup.views.plans import checkins, jira, listing, people, rotation, rules
from bot.features.setup.views.plans.listing import NEW
from bot.features.setup.views.plans.places import entered, placed, problems_beside
from bot.slack.blocks import Block, context

# A form is read on a telephone, too.
MOST_CHECKINS = 5
Opens = Callable[[str, str, str], Block]


def parts(ahead: Ahead, opens: Opens) -> tuple[Part, ...]:
    """In the order of the settings screen. `opens` makes the button of a part's key for an entry, by its words."""
    return (_rules(ahead, opens), _rotation(ahead), _checkins(ahead, opens), _jira(), _people(opens))


def _rules(ahead: Ahead, opens: Opens) -> Part:
    def preview(connection: Connection, look: Outlook) -> Sequence[Block]:
        before = look.before or look.team
        return rules.outcome(ahead.priorities(connection, before, look.team))

    return Part(
        key="rules",
        title="Priority rules",
        keys=(rules.KEY,),
        summary=lambda said: _count(
            len(said.get(rules.KEY) or ()), "rule", "No rules: what is asked for counts"
        ),
        fields=partial(_rule_fields, partial(opens, "rules")),
        read=_read_rule,
        preview=preview,
    )


def _rule_fields(opens: listing.OpensItem, said: SaidTeam, item: str) -> Sequence[Block]:
    entries = _entries(said, rules.KEY)
    if not item:
        lines = [(f"{number + 1}. {rules.line(one)}", str(number)) for number, one in enumerate(entries)]
        return listing.listed(lines, opens, add="Add a rule", empty="No rules yet: what is asked for counts.")
    number = _number(entries, item)
    fields = rules.fields(said, {} if number is None else entries[number])
    fields += listing.order(number, len(entries))
    fields += [] if number is None else [listing.removal("Take this rule away")]
    return placed(fields, rules.places(_place(entries, number)))


def _read_rule(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    entries = _entries(said, rules.KEY)
    number = _number(entries, item)
    places = rules.places(_place(entries, number))
    filled = entered(form.state, places)
    if listing.is_removed(filled.get("remove")):
        return {rules.KEY: listing.put(entries, number, None) or None}
    with problems_beside(places):
        rule = rules.read(filled, {} if number is None else entries[number])
    return {rules.KEY: listing.put(entries, number, rule, filled.get("place"))}


def _rotation(ahead: Ahead) -> Part:
    def fields(said: SaidTeam, _item: str) -> Sequence[Block]:
        plan = said.get(rotation.KEY)
        shown = rotation.fields(plan or {})
        return placed([*shown, *([listing.removal("No rotation any more")] if plan else [])], rotation.PLACES)

    def read(form: Entered, said: SaidTeam, _item: str) -> Mapping[str, Any]:
        filled = entered(form.state, rotation.PLACES)
        if listing.is_removed(filled.get("remove")):
            return {rotation.KEY: None}
        return {rotation.KEY: rotation.read(filled, said.get(rotation.KEY) or {})}

    def preview(connection: Connection, look: Outlook) -> Sequence[Block]:
        if look.team.rotation is None:
            return rotation.outcome([], look.zone)
        return rotation.outcome(ahead.shifts(connection, look.team, look.before, look.now), look.zone)

    return Part(
        key="rotation",
        title="Rotation",
        keys=(rotation.KEY,),
        summary=lambda said: rotation.line(said.get(rotation.KEY)),
        fields=fields,
        read=read,
        preview=preview,
    )


def _checkins(ahead: Ahead, opens: Opens) -> Part:
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
        key="checkins",
        title="Check-ins",
        keys=(checkins.KEY,),
        summary=lambda said: _count(len(said.get(checkins.KEY) or ()), "check-in", "No check-ins"),
        fields=partial(_checkin_fields, partial(opens, "checkins")),
        read=_read_checkin,
        preview=preview,
    )


def _checkin_fields(opens: listing.OpensItem, said: SaidTeam, item: str) -> Sequence[Block]:
    entries = _entries(said, checkins.KEY)
    if not item:
        lines = [(checkins.line(one), str(number)) for number, one in enumerate(entries)]
        return listing.listed(lines, opens, add="Add a check-in", empty="No check-ins yet.")
    number = _number(entries, item)
    fields = checkins.fields({} if number is None else entries[number])
    fields += [] if number is None else [listing.removal("Take this check-in away; its answers stay")]
    return placed(fields, checkins.places(_place(entries, number)))


def _read_checkin(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    entries = _entries(said, checkins.KEY)
    number = _number(entries, item)
    places = checkins.places(_place(entries, number))
    filled = entered(form.state, places)
    if listing.is_removed(filled.get("remove")):
        return {checkins.KEY: listing.put(entries, number, None) or None}
    with problems_beside(places):
        one = checkins.read(filled, {} if number is None else entries[number])
    return {checkins.KEY: listing.put(entries, number, one)}


def _jira() -> Part:
    def fields(said: SaidTeam, _item: str) -> Sequence[Block]:
        target = said.get(jira.KEY)
        shown = jira.fields(target or {})
        return placed([*shown, *([listing.removal("No Jira any more")] if target else [])], jira.PLACES)

    def read(form: Entered, said: SaidTeam, _item: str) -> Mapping[str, Any]:
        filled = entered(form.state, jira.PLACES)
        if listing.is_removed(filled.get("remove")):
            return {jira.KEY: None}
        with problems_beside(jira.PLACES):
            return {jira.KEY: jira.read(filled, said.get(jira.KEY) or {})}

    return Part(
        key="jira",
        title="Jira",
        keys=(jira.KEY,),
        summary=lambda said: jira.line(said.get(jira.KEY)),
        fields=fields,
        read=read,
    )


def _people(opens: Opens) -> Part:
    return Part(
        key="people",
        title="People's holidays",
        keys=(people.KEY,),
        summary=lambda said: _people_words(len(said.get(people.KEY) or ())),
        fields=partial(_person_fields, partial(opens, "people")),
        read=_read_person,
    )


def _person_fields(opens: listing.OpensItem, said: SaidTeam, item: str) -> Sequence[Block]:
    known: Mapping[str, Mapping[str, Any]] = said.get(people.KEY) or {}
    if not item:
        lines = [(people.line(user_id, one), user_id) for user_id, one in known.items()]
        return listing.listed(
            lines, opens, add="Add a person", empty="The team's holidays count for everybody."
        )
    user_id = _person(known, item)
    fields = people.fields(user_id, known[user_id] if user_id else {})
    fields += [listing.removal("The team's holidays again")] if user_id else []
    return placed(fields, people.places(user_id))


def _read_person(form: Entered, said: SaidTeam, item: str) -> Mapping[str, Any]:
    if not item:
        return {}
    known: Mapping[str, Mapping[str, Any]] = said.get(people.KEY) or {}
    user_id = _person(known, item)
    filled = entered(form.state, people.places(user_id))
    who = user_id or str(filled.get("person") or "")
    if listing.is_removed(filled.get("remove")):
        return {people.KEY: {key: one for key, one in known.items() if key != who} or None}
    return {people.KEY: {**known, who: people.read(filled, known.get(who) or {})}}


def _entries(said: SaidTeam, key: str) -> Sequence[Mapping[str, Any]]:
    return said.get(key) or ()


def _number(entries: Sequence[Any], item: str) -> int | None:
    """Which entry is meant; None: a new one. Raises NoSuchItem."""
    if item == NEW:
        return None
    if not item.isdecimal() or int(item) >= len(entries):
        raise NoSuchItem()
    return int(item)


def _place(entries: Sequence[Any], number: int | None) -> int:
    return len(entries) if number is None else number


def _person(known: Mapping[str, Any], item: str) -> str | None:
    if item == NEW:
        return None
    if item not in known:
        raise NoSuchItem()
    return item


def _count(number: int, word: str, none: str) -> str:
    return none if not number else f"{number} {word}{'' if number == 1 else 's'}"


def _people_words(number: int) -> str:
    if not number:
        return "The team's holidays count for everybody"
    return f"Of {number} {'person' if number == 1 else 'people'} others than the team's"
