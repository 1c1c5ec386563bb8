"""Names that Slack sends back to us: of buttons, forms and their fields. Old messages keep them for ever.

A button's value is `v1:<id>`, the id of the check-in or of the blocker that it is about.
"""

FILL_IN = "standup.fill_in"
SKIP = "standup.skip"
SAME = "standup.same"
CHANGE = "standup.change"
NOT_MINE = "standup.not_an_answer"
MAKE_REQUEST = "standup.make_request"
MAKE_ISSUE = "standup.make_issue"
SOLVED = "standup.solved"
CALL = "standup.call"

ANSWER_FORM = "standup.answers"
SKIP_FORM = "standup.skipping"

SETTINGS_FORM = "standup.settings"
AWAY_FORM = "standup.away"


def value_of(id: int) -> str:
    """What a button about this row carries."""
    return f"v1:{id}"


def id_in(value: str) -> int | None:
    """The row that a button is about; None where the value is none of ours."""
    version, _, number = value.partition(":")
    fits = version == "v1" and number.isascii() and number.isdigit() and 0 < len(number) < 19
    return int(number) if fits else None
