"""The form for one check-in or meeting: the usual keys as fields, the rest in the teams file's own words."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import WEEKDAY_NAMES, WEEKDAYS, parse_weekdays
from bot.core.errors import UserError
from bot.features.setup.coming import ComingCheckin
from bot.features.setup.views.plans import own_words
from bot.features.setup.views.plans.own_words import LONGEST, lines, listed, without_empty
from bot.slack import blocks, dates, inputs
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape
from bot.teams.plans import StandupPlan

KEY = "standups"
USUAL_DAYS = "mon-fri"
MOST_QUESTIONS = 10
# These have fields of their own; the file's other keys of a check-in stand in the last field as they are.
SHOWN = (
    "name", "at", "days", "timezone", "open_for", "remind_before", "channel", "questions", "blocker_question",
)  # fmt: skip
RARE = (
    "kind", "every", "starts", "monthly", "opens", "done_question", "plan_question", "follow_ups", "summary", "digest",
    "anonymous", "agenda", "call",
)  # fmt: skip
_MORE = "more"
_HINT = (
    "In the words of the teams file, such as “every: 2 weeks” and “starts: 2026-11-02”, “monthly: first monday”, "
    "“summary: weekly” or “kind: meeting”."
)


def places(number: int) -> Mapping[str, str]:
    """Where the fields of the check-in of this number, from 0, stand in the teams file; the last holds all the rest."""
    path = f"{KEY}[{number}]"
    return {**{key: f"{path}.{key}" for key in SHOWN}, _MORE: path}


def line(one: Mapping[str, Any]) -> str:
    """The check-in in a few words, as mrkdwn."""
    name, at = escape(str(one.get("name") or "")), escape(str(one.get("at") or ""))
    monthly = ", ".join(str(day) for day in listed(one.get("monthly")))
    days = monthly or str(one.get("days") or USUAL_DAYS)
    every = f", every {one['every']}" if one.get("every") else ""
    return f"*{name}* at {at}, {escape(days)}{escape(every)}, in <#{escape(str(one.get('channel') or ''))}>"


def fields(one: Mapping[str, Any]) -> list[Block]:
    """The form's fields, filled with this check-in (empty: a new one)."""
    clock = [("Each person's own time", "member"), ("The team's time", "team")]
    # What was chosen in a menu cannot be taken back in Slack.
    blocker = [("None of them", "none"), *((f"Question {n}", str(n)) for n in range(1, MOST_QUESTIONS + 1))]
    asked = "\n".join(str(question) for question in listed(one.get("questions")))
    channel = inputs.channel("channel", initial=str(one.get("channel") or ""))
    return [
        blocks.input_block("Name", _text(one, "name", 75), "name", hint="Such as Morning."),
        blocks.input_block("At", inputs.time_input("at", initial=str(one.get("at") or "09:30")), "at"),
        blocks.input_block("On", inputs.checkboxes("days", list(zip(WEEKDAY_NAMES, WEEKDAYS, strict=True)),
            initial=_days(one)), "days", optional=True),
        blocks.input_block("By whose clock", inputs.radio("timezone", clock, initial=str(one.get("timezone") or "member")),
            "timezone"),
        blocks.input_block("Open for", _text(one, "open_for", 10), "open_for", optional=True,
            hint="Such as 90m or 4h. Empty: 2h."),
        blocks.input_block("Reminder before its end", _text(one, "remind_before", 10), "remind_before", optional=True,
            hint="Such as 30m, or never. Empty: half an hour, or in the middle of a short one."),
        blocks.input_block("Summary in", channel, "channel", hint="Invite the bot there."),
        *_long("Questions", "questions", asked, "One on each line, at most ten."),
        blocks.input_block("Which one asks what is in the way", blocks.select("blocker_question", blocker,
            initial=str(one.get("blocker_question") or "none")), "blocker_question"),
        *_long("More", _MORE, own_words.write(_rare(one)), _HINT),
    ]  # fmt: skip


def _text(one: Mapping[str, Any], key: str, most: int) -> Block:
    return blocks.text_input(key, initial=str(one.get(key) or ""), max_length=most)


def _days(one: Mapping[str, Any]) -> list[str]:
    if one.get("monthly"):
        return []
    return [WEEKDAYS[day] for day in sorted(parse_weekdays(str(one.get("days") or USUAL_DAYS)))]


def _rare(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in SHOWN}


def _long(label: str, key: str, text: str, hint: str) -> list[Block]:
    if len(text) > LONGEST:
        words = "do not fit here. They stay as they are: `frontdesk export teams` shows them, `frontdesk apply` changes them."
        return [blocks.context(f"{'More settings' if key == _MORE else label} {words}")]
    field = blocks.text_input(key, initial=text, multiline=True, max_length=LONGEST)
    return [blocks.input_block(label, field, key, optional=True, hint=hint)]


def read(entered: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """The check-in that the form describes; what had no field stays as it was. Raises UserError beside the field."""
    rare = _rare(one)
    if _MORE in entered:
        rare = own_words.read(str(entered[_MORE] or ""), field=_MORE, known=RARE, shown=SHOWN)
    plain = {
        key: str(entered.get(key) or "").strip()
        for key in ("name", "at", "open_for", "remind_before", "channel")
    }
    asked = lines(entered.get("questions")) if "questions" in entered else one.get("questions")
    # A meeting goes by the team's clock whatever is said.
    usual = {"timezone": entered.get("timezone")} if rare.get("kind") != "meeting" else {}
    blocker = entered.get("blocker_question")
    found = {**plain, **usual, "questions": asked, "blocker_question": None if blocker == "none" else blocker}
    return {**without_empty(found), **_said_days(entered, rare), **rare}


def _said_days(entered: Mapping[str, Any], rare: Mapping[str, Any]) -> dict[str, str]:
    ticked = [str(day) for day in entered.get("days") or ()]
    if not ticked and not rare.get("monthly"):
        raise UserError(
            "Tick at least one day, or write “monthly: first monday” in the last field.", field="days"
        )
    return {"days": ",".join(ticked)} if ticked else {}


def outcome(plan: StandupPlan, found: Sequence[ComingCheckin], zone: ZoneInfo) -> list[Block]:
    """When it would ask next, for the form."""
    title = f"*Next times of {escape(plan.name)}*"
    if not found:
        return [blocks.section(f"{title}\nNone within a year.")]
    times = [f"{dates.day_and_time(one.at, zone)}{_off(one)}" for one in found]
    return [blocks.section(f"{title}\n" + "\n".join(times))]


def _off(one: ComingCheckin) -> str:
    if one.off is None:
        return ""
    return f" (you are off: {escape(one.off)})" if one.off else " (you are off)"
