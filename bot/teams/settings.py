"""A team's settings as plain values, as the database keeps them, and the Team they describe.

The teams file is checked elsewhere: what comes here is known to be right. A key that an older release did not
write has its default here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.core.calendar import WorkingHours, find_zone, parse_duration, parse_time, parse_weekdays
from bot.teams.domain import Priority, PriorityRule, RequestType, Source, SourceRule, SplitOfWork, Team
from bot.teams.plans import Every, JiraTarget, RotationPlan, StandupPlan

Settings = Mapping[str, Any]

END_OF_DAY = "24:00"


def team_of(settings: Settings, *, id: int = 0, active: bool = True) -> Team:
    """The team that these settings describe."""
    emoji_channels = settings.get("ticket_emoji_channels")
    return Team(
        id=id,
        active=active,
        key=settings["key"],
        name=settings["name"],
        lead=settings["lead"],
        members=tuple(settings["members"]),
        user_group=settings["user_group"],
        timezone=settings["timezone"],
        working_hours=_working_hours(settings["working_hours"], settings["timezone"]),
        triage_channel=settings["triage_channel"],
        intake_channels=tuple(settings["intake_channels"]),
        ticket_emoji=settings["ticket_emoji"],
        ticket_emoji_channels=None if emoji_channels is None else tuple(emoji_channels),
        components=tuple(settings["components"]),
        sources=tuple(_source_rule(rule) for rule in settings["sources"]),
        priority_rules=tuple(_priority_rule(rule) for rule in settings["priority_rules"]),
        split_of_work=SplitOfWork(settings["split_of_work"]),
        claim_within={key: parse_duration(settings["claim_within"][key]) for key in Priority},
        rotation=_rotation(settings.get("rotation"), settings["timezone"]),
        standups=tuple(_standup(standup) for standup in settings["standups"]),
        jira=_jira(settings.get("jira")),
    )


def _working_hours(settings: Settings, timezone: str) -> WorkingHours:
    zone = find_zone(timezone)
    if zone is None:
        raise ValueError(f"the time zone {timezone} is not known to this release")
    to = settings["to"]
    return WorkingHours(
        days=parse_weekdays(settings["days"]),
        from_=parse_time(settings["from"]),
        to=parse_time("00:00" if to == END_OF_DAY else to),
        zone=zone,
    )


def _source_rule(settings: Settings) -> SourceRule:
    return SourceRule(
        source=Source(settings["source"]),
        users=frozenset(settings["users"]),
        user_groups=frozenset(settings["user_groups"]),
        channels=frozenset(settings["channels"]),
    )


def _priority_rule(settings: Settings) -> PriorityRule:
    when: Mapping[str, str] = settings["when"]
    return PriorityRule(
        priority=Priority(settings["priority"]),
        type=RequestType(when["type"]) if "type" in when else None,
        component=when.get("component"),
        source=Source(when["source"]) if "source" in when else None,
        urgency=Priority(when["urgency"]) if "urgency" in when else None,
    )


def _rotation(settings: Settings | None, timezone: str) -> RotationPlan | None:
    if settings is None:
        return None
    return RotationPlan(
        members=tuple(settings["members"]),
        every=Every(settings["every"]),
        on=settings["on"],
        at=parse_time(settings["at"]),
        starts=date.fromisoformat(settings["starts"]),
        user_group=settings["user_group"],
        timezone=timezone,
    )


def _standup(settings: Settings) -> StandupPlan:
    remind = settings["remind_before"]
    return StandupPlan(
        name=settings["name"],
        at=parse_time(settings["at"]),
        days=parse_weekdays(settings["days"]),
        timezone=settings["timezone"],
        open_for=parse_duration(settings["open_for"]),
        remind_before=parse_duration(remind) if remind else None,
        channel=settings["channel"],
        questions=tuple(settings["questions"]),
        blocker_question=settings["blocker_question"],
    )


def _jira(settings: Settings | None) -> JiraTarget | None:
    if settings is None:
        return None
    return JiraTarget(
        project=settings["project"],
        issue_type=settings["issue_type"],
        labels=tuple(settings["labels"]),
        components=tuple(settings["components"]),
        fields={name: tuple(values) for name, values in settings.get("fields", {}).items()},
        unfurl=settings.get("unfurl", False),
    )
