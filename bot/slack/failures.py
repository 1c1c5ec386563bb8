"""What Slack's failures mean for an attempt: pure classification (Slack, "Web API: responses")."""

import re

from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused
from bot.slack.scopes import MEND

CLOSED = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
_UNSURE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
UNTIL_MENDED = frozenset({"invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"})
_WORDS = {
    "user_not_found": "Slack does not know that person.",
    "users_not_found": "Slack does not know that person.",
    "missing_scope": f"The app misses a permission. {MEND}",
    "restricted_action": "The workspace's settings do not let the bot post there.",
    "msg_too_long": "The message is too long for Slack.",
    "user_disabled": "That person has left Slack.",
    "user_is_restricted": "Slack lets that person get no message from the bot.",
    "invalid_blocks": "Slack does not take the message as it is built; please report this.",
    "message_limit_exceeded": "The workspace's plan takes no more messages.",
    "expired_trigger_id": "That took too long for Slack. Please try again.",
    "trigger_expired": "That took too long for Slack. Please try again.",
}


def in_words(reason: str) -> str:
    """A reason as it was noted, in words for people; what is no code of Slack's stays as it is."""
    before, mark, code = reason.rpartition(": ")
    if code in _WORDS:
        return f"{before}{mark}{_WORDS[code]}"
    if re.fullmatch(r"[a-z]+(_[a-z]+)+", code):
        return f"{before}{mark}Slack refused it ({code})."
    if code.startswith("closed:"):
        return f"{before}{mark}the channel {code.removeprefix('closed:')} is closed to the bot"
    return reason


def outcome_of(error: str, *, channel: str | None = None) -> Outcome:
    """The outcome for an `ok: false` answer with this error code."""
    if error in CLOSED:
        return Parked(f"closed:{channel}" if channel else error)
    if error in _UNSURE:
        return Doubt(error)
    if error in UNTIL_MENDED:
        return Later(error, after=60.0, counted=False)
    if error in ("ratelimited", "rate_limited"):
        return Later(error, after=30.0, counted=False)
    return Refused(error, words=_WORDS.get(error, f"Slack refused it ({error})."))
