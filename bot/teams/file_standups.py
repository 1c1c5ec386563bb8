"""What the teams file says of check-ins, of meetings with a reminder, and of public holidays."""

from datetime import timedelta
from typing import Any

from bot.core.calendar import format_duration, parse_duration, parse_weekdays
from bot.teams import checks
from bot.teams.reader import Table
from bot.teams.settings import usual_questions

Settings = dict[str, Any]

NEVER = "never"
MEETING_TOLD = "10m"

# RELIABILITY, "Bad inputs": more are not asked, as Slack takes one message a second and channel.
MAX_MEMBERS = 200
MAX_QUESTIONS = 10
# As much as the tables hold.
MAX_SERIES = 100
MAX_QUESTION = 200
MAX_PLACES = 5
MAX_DAYS_A_MONTH = 8
# Clock changes may bring two openings closer than their times of day say.
_SLACK = timedelta(hours=2)
_DAY = timedelta(days=1)

KEYS = (
    "name", "kind", "at", "days", "every", "starts", "monthly", "opens", "timezone", "open_for", "remind_before",
    "channel", "questions", "blocker_question", "done_question", "plan_question", "follow_ups", "summary", "digest",
    "anonymous", "agenda", "call",
)  # fmt: skip
_FOR_MEETINGS = ("agenda", "call")
_FOR_CHECKINS = (
    "questions", "blocker_question", "done_question", "plan_question", "follow_ups", "open_for", "summary", "digest",
    "anonymous", "opens",
)  # fmt: skip


def holidays(team: Table) -> list[str]:
    """Whose public holidays are days off for the team."""
    return team.one_or_more("holidays", checks.holiday_place, most=MAX_PLACES)


def people(team: Table) -> dict[str, Settings]:
    """What differs for single people, by their id."""
    table = team.table("people", None)
    found: dict[str, Settings] = {}
    for key in table.keys() if table else ():
        if table is None:
            break
        try:
            user_id = checks.user_id(key)
        except ValueError as error:
            table.problems.add(table.at(key), str(error))
            continue
        person = table.table(key, ("holidays",), required="holidays: PL")
        if person is not None:
            places = person.one_or_more("holidays", checks.holiday_place, most=MAX_PLACES)
            found[user_id] = {"holidays": places}
    return found


def standups(team: Table) -> list[Settings]:
    """The team's check-ins, in the order of the file."""
    found: list[Settings] = []
    seen: dict[str, str] = {}
    for table in team.tables("standups", KEYS):
        standup = _standup(table)
        name = (standup["name"] or "").casefold()
        if name and name in seen:
            table.problems.add(table.at("name"), f"{checks.show(standup['name'])} is also {seen[name]}")
        if len(name) > MAX_SERIES:
            # A letter such as ß is longer in the form by which names are told from each other.
            table.problems.add(table.at("name"), f"{checks.show(standup['name'])} is too long: shorten it")
        seen.setdefault(name, table.path)
        found.append(standup)
    return found


def _standup(table: Table) -> Settings:
    kind = table.value("kind", checks.one_of(("checkin", "meeting")), "checkin")
    standup: Settings = {
        "name": table.value("name", checks.line(checks.OPTION), None, required="a name, such as Morning"),
        "kind": kind,
        "at": table.value("at", checks.time, None, required='when it asks, such as "09:30"'),
        **_days(table),
        "channel": table.value("channel", checks.channel_id, None, required="where the summary goes"),
        "agenda": table.values("agenda", checks.line(MAX_QUESTION), most=MAX_QUESTIONS),
        "call": table.value("call", checks.web_address, None),
    }
    misplaced = _FOR_CHECKINS if kind == "meeting" else _FOR_MEETINGS
    for key in misplaced:
        if table.has(key):
            other = "a check-in" if kind == "meeting" else "a meeting (kind: meeting)"
            table.problems.add(table.at(key), f"goes with {other}: take it out")
    return standup | (_meeting(table) if kind == "meeting" else _checkin(table, standup))


def _days(table: Table) -> Settings:
    monthly = table.one_or_more("monthly", checks.nth_weekday, most=MAX_DAYS_A_MONTH)
    weeks = table.value("every", checks.weeks, 1)
    starts = table.value(
        "starts",
        checks.day,
        None,
        required="a day of the first week, such as 2026-11-02" if weeks > 1 else None,
    )
    if table.has("starts") and not table.has("every"):
        table.problems.add(table.at("starts"), "goes with every, such as 2 weeks: add it, or take this out")
    for key in ("days", "every"):
        if monthly and table.has(key):
            table.problems.add(table.at(key), "stands beside monthly: keep one of the two")
    return {
        "days": table.value("days", checks.weekdays, "mon-fri"),
        "every_weeks": weeks,
        "starts": starts,
        "monthly": [list(checks.read_nth_weekday(one)) for one in monthly],
        "timezone": table.value("timezone", checks.one_of(("member", "team")), "member"),
    }


def _meeting(table: Table) -> Settings:
    return {
        "timezone": "team",
        "open_for": "1h",
        "remind_before": table.value("remind_before", checks.duration, MEETING_TOLD),
        "questions": [],
        "blocker_question": None,
    }


def _checkin(table: Table, standup: Settings) -> Settings:
    questions = table.values(
        "questions",
        checks.line(MAX_QUESTION),
        required='what is asked, such as ["What is next?"]',
        most=MAX_QUESTIONS,
    )
    remind_before = table.value("remind_before", _reminder, None)
    found: Settings = {
        "open_for": table.value("open_for", checks.duration, "2h"),
        # The release before this one takes every word here for a length of time.
        "remind_before": None if remind_before == NEVER else remind_before,
        "reminds": remind_before != NEVER,
        "questions": questions,
        **_special_questions(table, len(questions)),
        "follow_ups": _follow_ups(table, len(questions)),
        "opens_before": table.value("opens", checks.one_of(("same day", "day before")), "") == "day before",
        "weekly_summary": table.value("summary", checks.one_of(("each", "weekly")), "each") == "weekly",
        "digest": table.value("digest", checks.yes_or_no, False),
        "anonymous": table.value("anonymous", checks.yes_or_no, False),
    }
    _check_lengths(table, found["open_for"], found["remind_before"], _shortest_gap(standup))
    return found


_FOLLOW_UP = ("after", "ask", "when")


def _follow_ups(table: Table, questions: int) -> list[Settings]:
    found = [_follow_up(one, questions) for one in table.tables("follow_ups", _FOLLOW_UP)]
    if len(found) > MAX_QUESTIONS:
        words = f"has {len(found)} entries: at most {MAX_QUESTIONS} are allowed"
        table.problems.add(table.at("follow_ups"), words)
    return found


def _follow_up(table: Table, questions: int) -> Settings:
    return {
        "after": table.value(
            "after", checks.number(1, max(questions, 1)), 1, required="the number of the question it follows"
        ),
        "ask": table.value("ask", checks.line(MAX_QUESTION), "", required="what is asked"),
        "when": table.one_or_more("when", checks.line(checks.OPTION), most=MAX_QUESTIONS),
    }


def _special_questions(table: Table, count: int) -> Settings:
    if not count:
        return {"blocker_question": None, "done_question": None, "plan_question": None}
    keys = ("blocker_question", "done_question", "plan_question")
    said = {key: table.value(key, checks.number(1, count), None) for key in keys}
    return dict(usual_questions(said, count))


def _reminder(text: str) -> str:
    return NEVER if text.lower() == NEVER else checks.duration(text)


def _shortest_gap(standup: Settings) -> timedelta:
    """The least number of whole days between two of these check-ins."""
    if standup["monthly"]:
        return _DAY if len(standup["monthly"]) > 1 else _DAY * 28
    days = sorted(parse_weekdays(standup["days"]))
    gaps = [(later - earlier) % 7 or 7 for earlier, later in zip(days, days[1:] + days[:1], strict=True)]
    return _DAY * (min(gaps) if len(days) > 1 else 7 * standup["every_weeks"])


def _check_lengths(table: Table, open_for: str, remind_before: str | None, gap: timedelta) -> None:
    length = parse_duration(open_for)
    longest = min(gap, 7 * _DAY) - (_SLACK if gap > _DAY else timedelta(0))
    if length > longest:
        words = f"{open_for} is too long: at most {format_duration(longest)}, until the next one opens"
        table.problems.add(table.at("open_for"), words)
    if remind_before is not None and parse_duration(remind_before) >= length:
        words = (
            f"{remind_before} is not shorter than open_for ({open_for}): the reminder comes while it is open"
        )
        table.problems.add(table.at("remind_before"), words)
