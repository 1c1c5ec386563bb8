"""The small form behind *Skip today*."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.standup.views import ids
from bot.slack import blocks, inputs
from bot.slack.calls import Submission
from bot.slack.mrkdwn import escape

_ALL = "all"


def build(checkin_id: int, name: str) -> Mapping[str, Any]:
    """The form for this check-in."""
    reason = blocks.text_input("text", max_length=200, placeholder="such as: at the dentist")
    rest = inputs.checkboxes("rest", [("Skip the rest of today's check-ins too", _ALL)])
    return blocks.modal(
        callback_id=ids.SKIP_FORM,
        title="Skip today",
        blocks=[
            blocks.section(f"You skip *{escape(name)}* today. The team sees that, and your reason."),
            blocks.input_block("Reason", reason, "reason", optional=True),
            blocks.input_block("And later today?", rest, "rest", optional=True),
        ],
        submit="Skip",
        private_metadata=ids.value_of(checkin_id),
    )


def read(call: Submission) -> tuple[str, bool]:
    """The reason, and whether all of today's check-ins are meant."""
    rest: Sequence[str | None] = call.value("rest") or ()
    return str(call.value("reason") or ""), _ALL in rest
