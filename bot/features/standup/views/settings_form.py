"""The form *My check-ins*: what somebody chooses for themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.standup.views import ids
from bot.slack import blocks, inputs
from bot.slack.calls import Submission
from bot.slack.mrkdwn import escape
from bot.teams import holidays
from bot.teams.presence import Choices

_REMIND = "remind"
_NONE = "none"


def build(choices: Choices, zone: str) -> Mapping[str, Any]:
    """The form, as things stand."""
    remind = inputs.checkboxes(
        "remind",
        [("Remind me when I have not answered", _REMIND)],
        initial=[_REMIND] if choices.reminders else [],
    )
    # Sent again as it stands, the form has to mean what it meant: no holidays are not those of the team.
    chosen = _NONE if choices.holidays == () else ", ".join(choices.holidays or ())
    places = blocks.text_input("places", initial=chosen, max_length=60, placeholder="PL, or DE-BY")
    return blocks.modal(
        callback_id=ids.SETTINGS_FORM,
        title="My check-ins",
        blocks=[
            blocks.context(f"Your time zone is {escape(zone)}, as your Slack profile says. Change it there."),
            blocks.input_block("Reminders", remind, "remind", optional=True),
            blocks.input_block(
                "Public holidays",
                places,
                "places",
                optional=True,
                hint=f"Country codes, such as PL or DE-BY. If it is empty, your team's holidays count. {_NONE}: no days off.",
            ),
        ],
        submit="Save",
    )


def read(call: Submission) -> tuple[bool, tuple[str, ...] | None, Sequence[str]]:
    """Whether to remind, whose holidays (None: as the team says), and codes that mean no place."""
    ticked: Sequence[str | None] = call.value("remind") or ()
    text = str(call.value("places") or "").replace(",", " ").upper().split()
    if text == [_NONE.upper()]:
        return _REMIND in ticked, (), ()
    wrong = [code for code in text if not holidays.is_place(code)]
    return _REMIND in ticked, tuple(dict.fromkeys(text)) or None, wrong
