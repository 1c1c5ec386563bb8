"""A team's settings as the teams file would say them: what is usual is left out. The way back is in `file`."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from bot.core.calendar import WEEKDAY_NAMES
from bot.teams import checks
from bot.teams.domain import SplitOfWork
from bot.teams.file_parts import CLAIM_WITHIN, USUAL_HOURS
from bot.teams.file_standups import MEETING_TOLD, NEVER
from bot.teams.plans import Every
from bot.teams.settings import TWO_WEEKS, completed, usual_questions

Settings = Mapping[str, Any]

# So many keys, and a list of so many letters, still stand on one line.
IN_A_ROW = 4
LINE = 80

HEAD = """\
# Frontdesk's teams, as they are in the database. `frontdesk apply` of this file changes nothing in them;
# it pins them to the file: from then on they are changed here, no longer in Slack.
"""


def as_in_file(settings: Settings) -> dict[str, Any]:
    """The mapping that stands for this team in a teams file. `settings` are those that the database keeps."""
    whole = completed(settings)
    said: dict[str, Any] = {name: whole[name] for name in ("key", "name", "lead")}
    said |= {"user_group": whole["user_group"]} if whole["user_group"] else {"members": whole["members"]}
    said |= {"timezone": whole["timezone"]}
    said |= _unless(USUAL_HOURS, working_hours=dict(whole["working_hours"]))
    said |= {"triage_channel": whole["triage_channel"]}
    said |= _filled(whole, "intake_channels")
    said |= _unless("ticket", ticket_emoji=whole["ticket_emoji"])
    said |= _unless(None, ticket_emoji_channels=whole["ticket_emoji_channels"])
    said |= _filled(whole, "components")
    said |= _unless({}, sources={rule["source"]: _source(rule) for rule in whole["sources"]})
    said |= _filled(whole, "priority_rules")
    said |= _unless(str(SplitOfWork.PULL), split_of_work=whole["split_of_work"])
    said |= _unless(None, max_open=whole["max_open"])
    said |= _unless({}, claim_within=_claim_within(whole["claim_within"]))
    said |= _unless("3d", idle_claim=whole["idle_claim"])
    said |= {"rotation": _rotation(whole["rotation"])} if whole["rotation"] else {}
    said |= _unless([], standups=[_standup(one) for one in whole["standups"]])
    said |= _filled(whole, "holidays", "people")
    said |= _unless(None, retention=whole["retention"])
    return said | ({"jira": _jira(whole["jira"])} if whole["jira"] else {})


def as_text(teams: Iterable[Settings]) -> str:
    """The whole file, in YAML, with a remark on top. `teams` are settings that the database keeps."""
    text = yaml.dump(  # pyright: ignore[reportUnknownMemberType]
        {"teams": [as_in_file(settings) for settings in teams]},
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=120,
    )
    return HEAD + text


class _Dumper(yaml.SafeDumper):
    """Says everything in full: an alias would only puzzle the reader. What is long stands below each other."""

    def ignore_aliases(self, data: Any) -> bool:  # pyright: ignore[reportUnusedParameter]
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> Any:
        return super().represent_mapping(  # pyright: ignore[reportUnknownMemberType]
            tag, mapping, flow_style=False if len(mapping) > IN_A_ROW else None
        )

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:
        is_long = sum(len(str(one)) for one in sequence) > LINE
        return super().represent_sequence(  # pyright: ignore[reportUnknownMemberType]
            tag, sequence, flow_style=False if is_long else None
        )


def _unless(usual: object, **named: Any) -> dict[str, Any]:
    return {name: value for name, value in named.items() if value != usual}


def _filled(settings: Settings, *names: str) -> dict[str, Any]:
    return {name: settings[name] for name in names if settings[name]}


def _source(rule: Settings) -> dict[str, Any]:
    # A rule must have one key at least, also where it names nobody.
    return _filled(rule, "users", "user_groups", "channels") or {"users": []}


def _claim_within(lengths: Settings) -> dict[str, Any]:
    usual = {str(key): length for key, length in CLAIM_WITHIN.items()}
    return {key: length for key, length in lengths.items() if length != usual.get(key)}


def _rotation(plan: Settings) -> dict[str, Any]:
    times = {"slots": plan["slots"]} if plan.get("slots") else {"at": plan["at"]}
    said: dict[str, Any] = {
        "members": plan["members"],
        "handoff": {**_handoff(plan), **times},
        "starts": plan["starts"],
    }
    said |= _unless(None, user_group=plan["user_group"])
    # These are kept only where the file said them.
    return said | {name: plan[name] for name in ("days", "timezone", "topic") if name in plan}


def _handoff(plan: Settings) -> dict[str, Any]:
    if "month_day" in plan:
        return {"every": str(Every.MONTH), "on": plan["month_day"]}
    if plan["every"] == Every.DAY:
        return {"every": str(Every.DAY)}
    weeks = 2 if plan["every"] == TWO_WEEKS else plan.get("weeks", 1)
    return {"every": _weeks(weeks), "on": WEEKDAY_NAMES[int(plan["on"])].lower()}


def _weeks(number: int) -> str:
    return "week" if number == 1 else f"{number} weeks"


def _standup(one: Settings) -> dict[str, Any]:
    said: dict[str, Any] = {"name": one["name"]}
    said |= _unless("checkin", kind=one["kind"])
    said |= {"at": one["at"], **_days(one)}
    said |= _meeting(one) if one["kind"] == "meeting" else _checkin(one)
    return said


def _days(one: Settings) -> dict[str, Any]:
    if one["monthly"]:
        return {"monthly": [checks.write_nth_weekday(*place) for place in one["monthly"]]}
    said = _unless("mon-fri", days=one["days"])
    if one["starts"]:
        return {**said, "every": _weeks(one["every_weeks"]), "starts": one["starts"]}
    return said


def _meeting(one: Settings) -> dict[str, Any]:
    return {
        **_unless(MEETING_TOLD, remind_before=one["remind_before"]),
        "channel": one["channel"],
        **_filled(one, "agenda", "call"),
    }


def _checkin(one: Settings) -> dict[str, Any]:
    remind_before = one["remind_before"] if one["reminds"] else NEVER
    return {
        **({"opens": "day before"} if one["opens_before"] else {}),
        **_unless("member", timezone=one["timezone"]),
        **_unless("2h", open_for=one["open_for"]),
        **_unless(None, remind_before=remind_before),
        "channel": one["channel"],
        "questions": one["questions"],
        **_special_questions(one),
        **_unless([], follow_ups=[_follow_up(follow) for follow in one["follow_ups"]]),
        **({"summary": "weekly"} if one["weekly_summary"] else {}),
        **_unless(False, digest=one["digest"], anonymous=one["anonymous"]),
    }


def _special_questions(one: Settings) -> dict[str, Any]:
    names = ("blocker_question", "done_question", "plan_question")
    meant = {name: one[name] for name in names}
    said = _unless(None, blocker_question=one["blocker_question"])
    if usual_questions(said, len(one["questions"])) == meant:
        return said
    return {name: number for name, number in meant.items() if number is not None}


def _follow_up(one: Settings) -> dict[str, Any]:
    return {"after": one["after"], "ask": one["ask"], **_filled(one, "when")}


def _jira(target: Settings) -> dict[str, Any]:
    return {
        "project": target["project"],
        **_unless("Task", issue_type=target["issue_type"]),
        **_filled(target, "labels", "components", "fields"),
        **_unless(False, unfurl=target["unfurl"]),
    }
