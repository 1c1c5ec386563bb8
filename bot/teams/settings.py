"""A team's settings as plain values, as the database keeps them, and the Team they describe.

The teams file is checked elsewhere: what comes here is known to be right. A key that an older release did not
write has its default here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.core.calendar import WorkingHours, find_zone, parse_duration, parse_time, parse_weekdays
from bot.teams.domain import Priority, PriorityRule, RequestType, Source, SourceRule, SplitOfWork, Team
from bot.teams.plans import (
    EVERY_DAY,
    Every,
    FollowUp,
    JiraTarget,
    NthWeekday,
    PersonPlan,
    RotationPlan,
    StandupPlan,
)

Settings = Mapping[str, Any]

END_OF_DAY = "24:00"
TWO_WEEKS = "2 weeks"
# Where a check-in does not say when it reminds: so long before its end, or in the middle of a short one.
USUAL_REMINDER = timedelta(minutes=30)


_TEAM: Settings = {
    "ticket_emoji_channels": None,
    "rotation": None,
    "jira": None,
    "holidays": [],
    "people": {},
    "max_open": None,
    "idle_claim": "3d",
    "retention": None,
}
_JIRA: Settings = {"fields": {}, "unfurl": False}
_STANDUP: Settings = {
    "kind": "checkin", "every_weeks": 1, "starts": None, "monthly": [], "opens_before": False, "reminds": True,
    "weekly_summary": False, "digest": False, "anonymous": False, "follow_ups": [], "agenda": [], "call": None,
}  # fmt: skip


def completed(settings: Settings) -> dict[str, Any]:
    """The same settings, with what an older release did not write as that means now."""
    missing = {name: usual for name, usual in _TEAM.items() if name not in settings}
    whole = {**settings, **missing}
    whole["standups"] = [_completed_standup(one) for one in settings["standups"]]
    whole["jira"] = None if whole["jira"] is None else {**_JIRA, **whole["jira"]}
    return whole


def _completed_standup(settings: Settings) -> dict[str, Any]:
    count = len(settings["questions"])
    return {**_STANDUP, **settings, **usual_questions(settings, count)}


def usual_questions(settings: Settings, count: int) -> dict[str, int | None]:
    """What was done is the first of several questions, what is next the second, unless the file says otherwise."""
    names = ("done_question", "plan_question", "blocker_question")
    found: dict[str, int | None] = {name: settings.get(name) for name in names}
    taken = {*found.values()}
    for name, usual in (("done_question", 1), ("plan_question", 2)):
        if found[name] is None and count > 1 and usual not in taken:
            found[name] = usual
    return found


def team_of(settings: Settings, *, id: int = 0, active: bool = True) -> Team:
    """The team that these settings describe."""
    settings = completed(settings)
    emoji_channels = settings["ticket_emoji_channels"]
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
        rotation=_rotation(settings["rotation"], settings["timezone"]),
        standups=tuple(_standup(standup) for standup in settings["standups"]),
        jira=_jira(settings["jira"]),
        holidays=tuple(settings["holidays"]),
        people={
            user_id: PersonPlan(holidays=tuple(one["holidays"]))
            for user_id, one in settings["people"].items()
        },
        max_open=settings["max_open"],
        idle_days=parse_duration(settings["idle_claim"]).days,
        retention=parse_duration(settings["retention"]) if settings["retention"] else None,
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
    timezone = settings.get("timezone", timezone)
    if find_zone(timezone) is None:
        raise ValueError(f"the time zone {timezone} is not known to this release")
    return RotationPlan(
        members=tuple(settings["members"]),
        **_handoff(settings),
        at=parse_time(settings["at"]),
        starts=date.fromisoformat(settings["starts"]),
        user_group=settings["user_group"],
        timezone=timezone,
        slots=tuple(parse_time(one) for one in settings.get("slots", ())),
        days=parse_weekdays(settings["days"]) if "days" in settings else EVERY_DAY,
        topic=settings.get("topic", True),
    )


def _handoff(settings: Settings) -> dict[str, Any]:
    """What `stored_handoff` wrote, read back."""
    if "month_day" in settings:
        return {"every": Every.MONTH, "on": settings["month_day"]}
    if settings["every"] == Every.DAY:
        return {"every": Every.DAY, "on": None}
    weeks = 2 if settings["every"] == TWO_WEEKS else settings.get("weeks", 1)
    return {"every": Every.WEEK, "on": settings["on"], "weeks": weeks}


def stored_handoff(every: str | None, weeks: int, on: int | None) -> dict[str, Any]:
    """How often one hands over, in words that the release before this one reads too.

    It knows `day`, `week` and `2 weeks` only, and stops at any other; the keys that it does not know it leaves alone.
    """
    if every == Every.MONTH:
        return {"every": str(Every.WEEK), "on": 0, "month_day": on}
    if every != Every.WEEK or weeks == 1:
        return {"every": every, "on": on}
    if weeks == 2:
        return {"every": TWO_WEEKS, "on": on}
    return {"every": str(Every.WEEK), "on": on, "weeks": weeks}


def _standup(settings: Settings) -> StandupPlan:
    open_for = parse_duration(settings["open_for"])
    starts = settings["starts"]
    return StandupPlan(
        name=settings["name"],
        at=parse_time(settings["at"]),
        days=parse_weekdays(settings["days"]),
        timezone=settings["timezone"],
        open_for=open_for,
        remind_before=_remind_before(settings, open_for),
        channel=settings["channel"],
        questions=tuple(settings["questions"]),
        blocker_question=settings["blocker_question"],
        kind=settings["kind"],
        every_weeks=settings["every_weeks"],
        starts=date.fromisoformat(starts) if starts else None,
        monthly=tuple(NthWeekday(nth=nth, weekday=weekday) for nth, weekday in settings["monthly"]),
        opens_before=settings["opens_before"],
        done_question=settings["done_question"],
        plan_question=settings["plan_question"],
        weekly_summary=settings["weekly_summary"],
        digest=settings["digest"],
        anonymous=settings["anonymous"],
        follow_ups=tuple(_follow_up(one) for one in settings["follow_ups"]),
        agenda=tuple(settings["agenda"]),
        call=settings["call"],
    )


def _remind_before(settings: Settings, open_for: timedelta) -> timedelta | None:
    kept = settings["remind_before"]
    if not settings["reminds"]:
        return None
    return parse_duration(kept) if kept else min(open_for / 2, USUAL_REMINDER)


def _follow_up(settings: Settings) -> FollowUp:
    return FollowUp(after=settings["after"], ask=settings["ask"], when=tuple(settings["when"]))


def _jira(settings: Settings | None) -> JiraTarget | None:
    if settings is None:
        return None
    return JiraTarget(
        project=settings["project"],
        issue_type=settings["issue_type"],
        labels=tuple(settings["labels"]),
        components=tuple(settings["components"]),
        fields={name: tuple(values) for name, values in settings["fields"].items()},
        unfurl=settings["unfurl"],
    )
