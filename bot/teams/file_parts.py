"""The parts of one team in the teams file: sources, rules, hours, Jira."""

from collections.abc import Callable
from typing import Any

from bot.teams import checks
from bot.teams.domain import Priority, RequestType, Source
from bot.teams.reader import Table
from bot.teams.settings import END_OF_DAY

Settings = dict[str, Any]

CLAIM_WITHIN = {Priority.URGENT: "15m", Priority.HIGH: "1h", Priority.NORMAL: "4h", Priority.LOW: "2d"}
USUAL_HOURS = {"days": "mon-fri", "from": "09:00", "to": "18:00"}
MAX_FIELD_VALUES = 50
# The form asks for these itself, or the team has a key of its own for them.
_OWN_FIELDS = ("summary", "description", "project", "issuetype", "issue type", "labels", "components")


def working_hours(team: Table) -> Settings:
    """The hours in which the team is reminded; without any: Monday to Friday, 9 to 18."""
    hours: Settings = dict(USUAL_HOURS)
    table = team.table("working_hours", ("days", "from", "to"))
    if table is None:
        return hours
    hours["days"] = table.value("days", checks.weekdays, hours["days"])
    hours["from"] = table.value("from", checks.time, None, required='when the day begins, such as "09:00"')
    hours["to"] = table.value("to", checks.end_time, None, required='when the day ends, such as "18:00"')
    if hours["from"] and hours["to"] and hours["from"] >= hours["to"]:
        words = f'{hours["to"]} is not after {hours["from"]}: write a later time; "{END_OF_DAY}" is the day\'s end'
        table.problems.add(table.at("to"), words)
    return hours


def sources(team: Table) -> list[Settings]:
    """The rules of who asks as what, in the order of the file."""
    table = team.table("sources", [str(source) for source in Source])
    found: list[Settings] = []
    for source in table.keys() if table else ():
        keys = ("users", "user_groups", "channels")
        rule = table.table(source, keys, required="users, user_groups or channels") if table else None
        if rule is None:
            continue
        found.append(
            {
                "source": source,
                "users": rule.values("users", checks.user_id),
                "user_groups": rule.values("user_groups", checks.group_id),
                "channels": rule.values("channels", checks.channel_id),
            }
        )
        if not rule.keys():
            rule.problems.add(rule.path, "names nobody: write users, user_groups or channels")
    return found


def priority_rules(team: Table, components: list[str]) -> list[Settings]:
    """The rules that change priorities, in the order of the file."""
    found: list[Settings] = []
    for rule in team.tables("priority_rules", ("when", "priority")):
        wanted = "what it is about, such as {type: bug}"
        when = rule.table("when", ("type", "component", "source", "urgency"), required=wanted)
        priority = rule.value(
            "priority", checks.one_of(Priority), None, required="urgent, high, normal or low"
        )
        found.append({"when": _when(when, components) if when else {}, "priority": priority})
    return found


def _when(when: Table, components: list[str]) -> Settings:
    found = {
        "type": when.value("type", checks.one_of(RequestType), None),
        "component": when.value("component", _one_of_components(components), None),
        "source": when.value("source", checks.one_of(Source), None),
        "urgency": when.value("urgency", checks.one_of(Priority), None),
    }
    if not when.keys():
        when.problems.add(when.path, "is empty: name at least one of type, component, source, urgency")
    return {key: value for key, value in found.items() if value is not None}


def _one_of_components(components: list[str]) -> Callable[[str], str]:
    spelled = {component.casefold(): component for component in components}

    def check(text: str) -> str:
        found = spelled.get(text.strip().casefold())
        if found is None:
            allowed = ", ".join(components) or "none"
            raise ValueError(f"{checks.show(text)} is not among the team's components: {allowed}")
        return found

    return check


def claim_within(team: Table) -> Settings:
    """How soon somebody should claim a request of each priority."""
    table = team.table("claim_within", [str(priority) for priority in Priority])
    if table is None:
        return {str(priority): length for priority, length in CLAIM_WITHIN.items()}
    return {str(key): table.value(key, checks.duration, CLAIM_WITHIN[key]) for key in Priority}


def jira(team: Table) -> Settings | None:
    """Where issues go."""
    table = team.table("jira", ("project", "issue_type", "labels", "components", "fields", "unfurl"))
    if table is None:
        return None
    return {
        "project": table.value("project", checks.project, None, required="the project's key, such as PAY"),
        "issue_type": table.value("issue_type", checks.line(60), "Task"),
        "labels": table.values("labels", checks.label),
        "components": table.values("components", checks.line(255)),
        "fields": _jira_fields(table),
        "unfurl": table.value("unfurl", checks.yes_or_no, False),
    }


def _jira_fields(table: Table) -> dict[str, list[str]]:
    """Values in words by a field's name or id."""
    fields = table.table("fields", None)
    found: dict[str, list[str]] = {}
    for name in fields.keys() if fields else ():
        if fields is None:
            break
        if name.casefold() in _OWN_FIELDS:
            fields.problems.add(fields.at(name), "is filled from elsewhere: take it out")
            continue
        found[name] = fields.one_or_more(name, checks.line(255), most=MAX_FIELD_VALUES)
        if not found[name] and not fields.has(name):
            fields.problems.add(fields.at(name), "is empty: write a value such as Major, or take it out")
    return found
