"""Small forms for moves that need a word more: to whom, how urgent, until when, why, of which."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.core.calendar import instant
from bot.core.categories import Category
from bot.core.errors import UserError
from bot.features.requests.domain import Request
from bot.features.requests.views import ids
from bot.slack import blocks
from bot.teams.domain import Priority, Team

_SNOOZES = (
    ("In 3 hours", "3h"),
    ("Tomorrow morning", "tomorrow"),
    ("Next Monday morning", "monday"),
    ("In a week", "week"),
)


def assign_form(request: Request) -> Mapping[str, Any]:
    element = blocks.user_select("person", request.assignee)
    field = blocks.input_block("Who takes it?", element, "person", hint="Somebody of the team.")
    return _form(ids.ASSIGN_FORM, f"Assign {request.label}", "Assign", request, field)


def priority_form(request: Request) -> Mapping[str, Any]:
    choices = [(priority.label, priority.value) for priority in Priority]
    element = blocks.select("priority", choices, initial=request.priority.value)
    field = blocks.input_block("Priority", element, "priority")
    return _form(ids.PRIORITY_FORM, f"Priority of {request.label}", "Change", request, field)


def snooze_form(request: Request) -> Mapping[str, Any]:
    preset = blocks.input_block(
        "Until", blocks.select("preset", _SNOOZES, placeholder="Choose"), "preset", optional=True
    )
    element: blocks.Block = {"type": "datepicker", "action_id": "date"}
    day = blocks.input_block(
        "Or until a day", element, "date", optional=True, hint="In the morning of that day, when work begins."
    )
    return _form(ids.SNOOZE_FORM, f"Snooze {request.label}", "Snooze", request, preset, day)


def decline_form(request: Request) -> Mapping[str, Any]:
    element = blocks.text_input("reason", multiline=True, max_length=1000)
    field = blocks.input_block("Why?", element, "reason", hint="The requester will read this.")
    kinds = [(category.label, category.value) for category in Category]
    kind = blocks.input_block(
        "What was it?",
        blocks.select("category", kinds, placeholder="Choose"),
        "category",
        optional=True,
        hint="For your team's figures. The requester does not read it.",
    )
    return _form(ids.DECLINE_FORM, f"Decline {request.label}", "Decline", request, field, kind)


def duplicate_form(request: Request) -> Mapping[str, Any]:
    element = blocks.text_input("number", max_length=20, placeholder="#12")
    field = blocks.input_block(
        "Duplicate of which request?", element, "number", hint="Its number, such as #12."
    )
    return _form(ids.DUPLICATE_FORM, f"{request.label} is a duplicate", "Mark", request, field)


def _form(
    callback_id: str, title: str, submit: str, request: Request, *fields: blocks.Block
) -> Mapping[str, Any]:
    return blocks.modal(
        callback_id=callback_id,
        title=title,
        submit=submit,
        blocks=fields,
        private_metadata=ids.value(request.id),
    )


def snooze_until(preset: str | None, day: str | None, team: Team, now: datetime) -> datetime:
    """The instant meant, in the team's zone. Raises UserError beside the field."""
    if day:
        return _morning(_date(day), team)
    today = now.astimezone(team.zone).date()
    match preset:
        case "3h":
            return now + timedelta(hours=3)
        case "tomorrow":
            return _morning(today + timedelta(days=1), team)
        case "monday":
            return _morning(today + timedelta(days=7 - today.weekday()), team)
        case "week":
            return _morning(today + timedelta(days=7), team)
        case _:
            raise UserError("Choose until when, or pick a day.", field="preset")


def category_in(value: str | None) -> Category | None:
    """What was chosen as what it was; None where nothing was. Raises UserError beside the field."""
    if value is None:
        return None
    if value not in list(Category):
        raise UserError("Choose one of these, or leave it empty.", field="category")
    return Category(value)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError("Pick a day, such as 2026-12-01.", field="date") from None
    if not 2000 <= day.year <= 2100:
        raise UserError("That is too far away. Pick a nearer day.", field="date")
    return day


def _morning(day: date, team: Team) -> datetime:
    return instant(day, team.working_hours.from_, team.zone)


def number_typed(text: str) -> int:
    """The number in `#12` or `12`. Raises UserError beside the field."""
    found = re.fullmatch(r"#?(\d{1,9})", (text or "").strip())
    if not found:
        raise UserError("Write the request's number, such as #12.", field="number")
    return int(found[1])
