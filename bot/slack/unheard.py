"""What a call gets that no listener takes: of another time or workspace, or not to be read."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from bot.core.logs import logger
from bot.metrics import IGNORED
from bot.slack import calls

log = logger(__name__)

KINDS = (
    "event_callback", "block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut",
    "message_action",
)  # fmt: skip

STRANGER = "Frontdesk is not set up in this workspace. Ask an admin to install it here."
OLD_BUTTON = (
    "This button is from another time and leads nowhere any more. Type `/triage` or `/ask-team help`."
)
UNKNOWN: Mapping[type, str] = {
    calls.Command: "I do not know that command. Type `/ask-team help` to see what I can do.",
    calls.Shortcut: "I do not know that shortcut any more. Type `/ask-team help` to see what I can do.",
    calls.Submission: "This form is from another time and leads nowhere any more. Copy your text into `/ask-team`.",
}


def kind_of(body: Mapping[str, Any]) -> str:
    """`command`, one of the kinds above, or `other`: whatever somebody sends, there are no more."""
    if "command" in body:
        return "command"
    kind = str(body.get("type"))
    return kind if kind in KINDS else "other"


def not_installed(body: Mapping[str, Any]) -> BoltResponse:
    """Words for a command; everything else is dropped: nobody here can do anything with it."""
    IGNORED.labels("not_installed").inc()
    if "command" not in body:
        return BoltResponse(status=200, body="")
    words = json.dumps({"response_type": "ephemeral", "text": STRANGER})
    return BoltResponse(status=200, body=words, headers={"content-type": ["application/json"]})


def unreadable(body: Mapping[str, Any], why: str) -> BoltResponse:
    """A refused interaction; an event counts as heard, for Slack would only send the same again."""
    log.info("slack.malformed", kind=kind_of(body), why=why)
    if body.get("type") == "event_callback":
        IGNORED.labels("malformed").inc()
        return BoltResponse(status=200, body="")
    return BoltResponse(status=400, body="")
