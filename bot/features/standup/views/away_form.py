"""The form behind `/standup away` without days: from when until when, and for whom where a lead asks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.core.errors import UserError
from bot.features.standup.views import ids
from bot.slack import blocks, inputs
from bot.slack.blocks import Block
from bot.slack.calls import Submission

PERSON = "person"
UNTIL = "until"


def build(team_id: int, today: date, user_id: str, *, for_others: bool) -> Mapping[str, Any]:
    """The form; with `for_others` it asks who is meant."""
    who = blocks.input_block("Who", blocks.user_select("person", initial=user_id), PERSON)
    reason = blocks.text_input("text", max_length=200, placeholder="such as: conference")
    shown: list[Block] = [
        *([who] if for_others else []),
        blocks.input_block("From", inputs.date_input("day", initial=today.isoformat()), "from"),
        blocks.input_block("Until", inputs.date_input("day"), UNTIL, hint="That day is included."),
        blocks.input_block("Reason", reason, "reason", optional=True, hint="The team sees it."),
    ]
    return blocks.modal(
        callback_id=ids.AWAY_FORM,
        title="Away",
        blocks=shown,
        submit="Save",
        private_metadata=ids.value_of(team_id),
    )


def read(call: Submission) -> tuple[str | None, date, date, str]:
    """Who is meant (None: whoever sends it), the first and the last day, and the reason. Raises UserError."""
    person = call.value(PERSON)
    first, last = _day(call, "from"), _day(call, UNTIL)
    return str(person) if person else None, first, last, str(call.value("reason") or "")


def _day(call: Submission, field: str) -> date:
    try:
        return date.fromisoformat(str(call.value(field)))
    except ValueError as error:
        raise UserError("Choose a day.", field=field) from error
