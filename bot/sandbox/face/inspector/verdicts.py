"""What became of a call, in words: fine, refused (and why), a rule broken, no answer, a fault that was ordered."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.webhooks import Delivery
from bot.sandbox.slack.journal import Record
from bot.sandbox.slack.wire import is_object

# The kinds, with the words by which people choose them.
KINDS = {
    "fine": "Fine",
    "refused": "Refused",
    "broke": "Broke a rule",
    "silent": "No answer",
    "fault": "Fault ordered",
    "waiting": "Under way",
}

# Slack's error codes by what they are about; any other is told as it is.
ABOUT = {
    "limits": "ratelimited rate_limited msg_too_long msg_blocks_too_long too_long",
    "membership": "not_in_channel channel_not_found is_archived user_not_in_channel user_not_visible "
    "user_is_restricted cannot_dm_bot method_not_supported_for_channel_type",
    "scopes": "missing_scope not_allowed_token_type not_authed invalid_auth account_inactive no_permission "
    "token_revoked not_enabled team_access_not_granted access_denied",
    "expired": "expired_trigger_id exchanged_trigger_id invalid_trigger_id expired_url used_url no_such_url "
    "token_expired hash_conflict",
}

# What was ordered to go wrong, by the kind of the fault.
FAULTS = {
    "down": "the whole service is down",
    "status": "an error came instead of an answer",
    "status_after": "it was done, an error came instead of the answer",
    "drop_before": "the connection was cut before anything was done",
    "drop_after": "it was done, the answer was lost",
    "hang": "the answer came late",
    "hang_after": "it was done, the answer came late",
    "rate_limited": "too many requests",
    "html": "a web page came instead of an answer",
    "redirect": "the caller was sent elsewhere",
    "error": "an error came instead of an answer",
    "no_ts": "the answer said nothing of what was done",
    "invalid_json": "half an answer came",
    "oversize": "a huge answer came",
}

_NOT_ALLOWED = (401, 403)
_TOO_MANY = 429


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`kind` is a key of `KINDS`; `words` say it to people, with the reason."""

    kind: str
    words: str


def of_slack_call(record: Record) -> Verdict:
    """The verdict on a call of the bot to Slack, or of Slack to the bot."""
    if record.verdict:
        return Verdict(kind="broke", words=f"broke a rule: {record.verdict}")
    if record.fault:
        return _ordered(record.fault)
    if record.finished is None:
        return Verdict(kind="waiting", words="under way")
    if record.direction == "to_bot":
        return _told(record)
    if record.status is None:
        return Verdict(kind="silent", words="no answer: the connection was closed")
    code = _code(record.response)
    if code:
        return Verdict(kind="refused", words=_refused(code))
    return _by_status(record.status)


def of_jira_call(record: CallRecord) -> Verdict:
    """The verdict on a call of the bot to Jira."""
    if record.fault:
        return _ordered(record.fault)
    if record.status == 0:
        return Verdict(kind="silent", words="no answer: the connection was closed")
    return _by_status(record.status)


def of_delivery(delivery: Delivery) -> Verdict:
    """The verdict on a webhook that Jira sent."""
    if delivery.status == 0:
        return Verdict(kind="silent", words="no answer from the bot")
    return _by_status(delivery.status)


def _ordered(fault: str) -> Verdict:
    return Verdict(kind="fault", words=f"fault ordered: {FAULTS.get(fault, fault)}")


def _told(record: Record) -> Verdict:
    if record.status is None:
        late = record.response == "operation_timeout"
        why = "it took longer than 3 seconds" if late else str(record.response or "nobody listened")
        return Verdict(kind="silent", words=f"no answer from the bot: {why}")
    return _by_status(record.status)


def _by_status(status: int) -> Verdict:
    if status < 400:
        return Verdict(kind="fine", words="fine")
    if status == _TOO_MANY:
        return Verdict(kind="refused", words=f"refused, limits: {status}")
    if status in _NOT_ALLOWED:
        return Verdict(kind="refused", words=f"refused, not allowed: {status}")
    return Verdict(kind="refused", words=f"refused: {status}")


def _refused(code: str) -> str:
    about = next((name for name, codes in ABOUT.items() if code in codes.split()), "")
    return f"refused, {about}: {code}" if about else f"refused: {code}"


def _code(response: Any) -> str:
    if is_object(response) and response.get("ok") is False:
        return str(response.get("error") or "unknown_error")
    return ""
