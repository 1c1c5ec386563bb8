"""Names that travel in messages. They stay readable for ever: an old button can be clicked in a year."""

from collections.abc import Mapping
from typing import Any

from bot.core.errors import UserError

CLAIM = "request.claim"
ASSIGN = "request.assign"
RESOLVE = "request.resolve"
JIRA = "request.jira"
MENU = "request.menu"
REOPEN = "request.reopen"
CATEGORY = "request.category"
GIVE_BACK = "request.give_back"
LINK = "request.link"
PAGE = "request.page"
SHOW = "request.show"
OFFER_FILE = "request.offer.file"
SHARE_EMOJI = "request.share"
ASK_TEAM = "request.ask.team"
HOME_ASK = "request.home.ask"
HOME_NEXT = "request.home.next"
HOME_QUEUE = "request.home.queue"
ASK_SUMMARY = "request.ask.summary"
ME_TOO = "request.me_too"
HELPED = "request.helped"

ASK_FORM = "request.ask"
ASSIGN_FORM = "request.assign.form"
PRIORITY_FORM = "request.priority.form"
SNOOZE_FORM = "request.snooze.form"
DECLINE_FORM = "request.decline.form"
DUPLICATE_FORM = "request.duplicate.form"

NOTHING: Mapping[str, Any] = {}

_OLD = "This button is from another time and leads nowhere any more. Type `/triage` to find the request."


def value(*parts: object) -> str:
    """What a button carries: a version, then its parts."""
    return ":".join(["v1", *(str(part) for part in parts)])


def parts_of(text: str, count: int) -> list[str]:
    """The parts of a button's value. Raises UserError for a value of no version that we know."""
    version, *parts = text.split(":")
    if version != "v1" or len(parts) != count:
        raise UserError(_OLD)
    return parts


def request_id(text: str) -> int:
    """The request that a button's value names. Raises UserError."""
    return number_in(parts_of(text, 1)[0])


def number_in(text: str) -> int:
    """A row id out of a value. Raises UserError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UserError(_OLD)
    return int(text)


def state_value(state: Mapping[str, Mapping[str, Mapping[str, Any]]], block_id: str) -> Mapping[str, Any]:
    """The element of this block in a form's state; empty when it is not there."""
    return next(iter(state.get(block_id, {}).values()), NOTHING)
