"""Turns what went wrong into words on the surface where the person is."""

from bot.core.errors import UserError
from bot.core.text import cut
from bot.db.errors import DatabaseUnavailable
from bot.slack.blocks import Message
from bot.slack.calls import Call, Command, Options, Submission
from bot.slack.replies import Answer, Choices, FormErrors, Reply

# Seconds after which an answer reaches nobody (Slack, "Responding to user interactions").
SLACK_WAITS = 3.0
# One is left for the way here and back.
ANSWERS_WITHIN = 2.0
STORAGE_FORM = "Storage is unavailable just now. Your text is kept here: press the button again in a minute."
STORAGE = "Storage is unavailable just now and nothing was changed. Please try again in a minute."


class TooSlow(Exception):
    """The listener did not end within the time that Slack's three seconds leave us."""


def refusal(call: Call, error: BaseException, reference: str) -> Reply:
    """The reply that tells the person. Anything unexpected gets a reference that is in the log too."""
    if isinstance(call, Options):
        return Choices(())
    if isinstance(error, UserError):
        return _user_error(call, error)
    if isinstance(error, (DatabaseUnavailable, TooSlow)):
        return _unavailable(call)
    return _say(
        call, f"Something broke on our side. Nothing you wrote is shown to others. Please try again; if it "
        f"stays, tell whoever runs Frontdesk the reference {reference}."
    )  # fmt: skip


def _user_error(call: Call, error: UserError) -> Reply:
    if isinstance(call, Submission) and error.field:
        return FormErrors({error.field: error.text})
    return _say(call, error.text)


def _unavailable(call: Call) -> Reply:
    if isinstance(call, Command) and call.text.strip():
        typed = cut(call.text.replace("```", "'''"), 2500)
        words = f"*Not recorded:* storage is unavailable just now. Please send it again in a minute:\n```{typed}```"
        return Answer(Message(text=words))
    if isinstance(call, Submission):
        return _say(call, STORAGE_FORM)
    return _say(call, STORAGE)


def _say(call: Call, text: str) -> Reply:
    if isinstance(call, Submission):
        field = _first_input(call)
        if field:
            return FormErrors({field: text})
    return Answer(Message(text=text))


def _first_input(call: Submission) -> str | None:
    return next(
        (str(block.get("block_id")) for block in call.view.blocks if block.get("type") == "input"), None
    )
