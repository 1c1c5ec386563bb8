"""The form for the rotation. Keys as in the teams file, and every one of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import WEEKDAY_NAMES
from bot.features.setup.coming import ComingShift
from bot.features.setup.views.plans.own_words import listed, without_empty, words
from bot.slack import blocks, dates, inputs
from bot.slack.blocks import Block

KEY = "rotation"
# What is wrong with several times, or with the handoff as a whole, is told beside the times.
PLACES = {
    "at": "rotation.handoff",
    **{key: f"rotation.handoff.{key}" for key in ("every", "on")},
    **{key: f"rotation.{key}" for key in ("members", "starts", "days", "timezone", "user_group", "topic")},
}
_TOPIC = "topic"
_EVERY = [
    ("Every day", "day"),
    ("Every week", "week"),
    *((f"Every {number} weeks", f"{number} weeks") for number in range(2, 13)),
    ("Every month", "month"),
]
_ON = [
    *((name, name.lower()) for name in WEEKDAY_NAMES),
    *((f"Day {number} of the month", str(number)) for number in range(1, 32)),
]


def line(rotation: Mapping[str, Any] | None) -> str:
    """The rotation in a few words."""
    if not rotation:
        return "No rotation"
    members = listed(rotation.get("members"))
    handoff: Mapping[str, Any] = rotation.get("handoff") or {}
    times = ", ".join(str(one) for one in listed(handoff.get("slots")) or listed(handoff.get("at")))
    every = next((label for label, value in _EVERY if value == handoff.get("every")), "")
    count = "1 person" if len(members) == 1 else f"{len(members)} people"
    return f"{count}, {every.lower()} at {times}"


def fields(rotation: Mapping[str, Any]) -> list[Block]:
    """The form's fields, filled with this rotation (empty: a new one)."""
    handoff: Mapping[str, Any] = rotation.get("handoff") or {}
    times = ", ".join(str(one) for one in listed(handoff.get("slots")) or listed(handoff.get("at")))
    people = inputs.people("members", initial=[str(one) for one in listed(rotation.get("members"))])
    every = blocks.select("every", _EVERY, initial=_every(handoff) or "week")
    on = blocks.select("on", _ON, initial=_on(handoff), placeholder="Choose")
    shown = _text(rotation, "days"), _text(rotation, "timezone"), _text(rotation, "user_group")
    topic = [] if rotation.get("topic") in (False, "false") else [_TOPIC]
    return [
        blocks.input_block("Who takes turns", people, "members",
            hint="In the order of their turns. To move somebody, take them out and add them again."),
        blocks.input_block("Handed on", every, "every"),
        blocks.input_block("On", on, "on", optional=True, hint="A weekday, or for “Every month” a day of the month. For “Every day” it does not count."),
        blocks.input_block("At", blocks.text_input("at", initial=times or "10:00", max_length=100), "at",
            hint="Such as 10:00. With “Every day” also several: 08:00, 16:00."),
        blocks.input_block("First turn begins", inputs.date_input("starts", initial=str(rotation.get("starts") or "")),
            "starts"),
        blocks.input_block("Days", shown[0], "days", optional=True, hint="Such as mon-fri. Empty: every day."),
        blocks.input_block("Time zone", shown[1], "timezone", optional=True,
            hint="Such as Europe/Kyiv. Empty: the team's."),
        blocks.input_block("User group", shown[2], "user_group", optional=True,
            hint="Its id, such as S0ONDUTY01: it holds exactly the person on duty."),
        blocks.input_block("Topic", inputs.checkboxes("topic",
            [("The triage channel's topic says who is on duty", _TOPIC)], initial=topic), "topic", optional=True),
    ]  # fmt: skip


def _every(handoff: Mapping[str, Any]) -> str:
    said = str(handoff.get("every") or "").lower()
    return "week" if said in ("1 week", "weeks") else said


def _on(handoff: Mapping[str, Any]) -> str | None:
    said = str(handoff.get("on") or "").lower()
    return next((value for _, value in _ON if said and (value == said or value[:3] == said)), None)


def _text(rotation: Mapping[str, Any], key: str) -> Block:
    return blocks.text_input(key, initial=str(rotation.get(key) or ""), max_length=100)


def read(entered: Mapping[str, Any], rotation: Mapping[str, Any]) -> dict[str, Any]:
    """The rotation that the form describes. `rotation`: as it was."""
    times = words(entered.get("at"))
    at = {"slots": times} if len(times) > 1 else {"at": times[0]} if times else {}
    # What was chosen in a menu cannot be taken back in Slack.
    on = entered.get("on") if entered.get("every") != "day" else None
    handoff = {**without_empty({"every": entered.get("every"), "on": on}), **at}
    plain = {key: str(entered.get(key) or "").strip() for key in ("days", "timezone", "user_group")}
    said = {
        "members": list(entered.get("members") or ()),
        "handoff": handoff,
        "starts": entered.get("starts"),
        **plain,
    }
    return {**without_empty(said), **_topic(_TOPIC in (entered.get("topic") or ()), rotation)}


def _topic(ticked: bool, rotation: Mapping[str, Any]) -> dict[str, bool]:
    # Left out it is on; one that said so goes on saying so.
    return {"topic": ticked} if "topic" in rotation or not ticked else {}


def outcome(turns: Sequence[ComingShift], zone: ZoneInfo) -> list[Block]:
    """The next shifts, for the form."""
    if not turns:
        return [blocks.section("*Next shifts*\nNobody would be on duty.")]
    lines = [f"{dates.day_and_time(one.start, zone)}: {_who(one)}" for one in turns]
    return [
        blocks.section("*Next shifts*\n" + "\n".join(lines)),
        blocks.context("Times are in your time zone."),
    ]


def _who(turn: ComingShift) -> str:
    return f"<@{turn.person}>" if turn.person else "nobody, all are away"
