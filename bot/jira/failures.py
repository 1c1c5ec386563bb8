"""What a failed call to Jira means: surely not done, perhaps done, or refused. The relay decides the rest.

Documentation: https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes.
"""

import ssl
from collections.abc import Iterator, Mapping
from typing import Any, cast

import requests
from jira import JIRAError
from urllib3.exceptions import NewConnectionError

from bot.jira.client import SignedOut, UnusableAnswer
from bot.jira.reading import Unreadable
from bot.outbox.outcomes import Doubt, Later, Outcome, Refused

FAILURES = (JIRAError, requests.RequestException, UnusableAnswer, SignedOut, Unreadable)
Failure = JIRAError | requests.RequestException | UnusableAnswer | SignedOut | Unreadable
AGAIN_SECONDS = 15.0
LOGIN_SECONDS = 60.0
LONGEST_PAUSE = 3600.0
_HANDSHAKE = (
    "CERTIFICATE",
    "WRONG_VERSION_NUMBER",
    "HANDSHAKE_FAILURE",
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT",
)
_WORDS = {
    403: "Jira does not allow the bot to do this. Please ask a Jira admin to give its account access.",
    404: "Jira does not know this project or issue, or hides it from the bot. Please check the name.",
    413: "Jira says that this is too large. Please make it shorter, or leave the file out.",
}
_ELSEWHERE = "Jira's address leads somewhere else. Please tell whoever runs Frontdesk to check JIRA_URL."


class LoginRefused(Later):
    """Surely not done, as Jira does not accept the bot's login: an operator mends it, nothing is given up."""

    words = (
        "Jira does not accept the bot's login. Please tell whoever runs Frontdesk to renew the Jira token."
    )

    def __init__(self) -> None:
        super().__init__("Jira does not accept the bot's login (401)", after=LOGIN_SECONDS, counted=False)


def outcome(error: Failure, *, unsafe: bool) -> Outcome:
    """The outcome of a call that raised `error`; `unsafe`: it must not be repeated if it may have arrived."""
    if isinstance(error, JIRAError):
        return _of_status(error, unsafe=unsafe)
    if isinstance(error, SignedOut):
        return LoginRefused()
    if isinstance(error, UnusableAnswer) and error.redirect:
        return Refused(f"Jira: {error.reason}: check the base URL", words=_ELSEWHERE)
    if isinstance(error, requests.RequestException) and _never_left(error):
        return Later(f"Jira cannot be reached ({type(error).__name__})", after=AGAIN_SECONDS, counted=False)
    return _unclear(_reason(error), unsafe=unsafe)


def _unclear(reason: str, *, unsafe: bool, after: float = AGAIN_SECONDS) -> Outcome:
    return Doubt(reason) if unsafe else Later(reason, after=after, counted=False)


def _reason(error: requests.RequestException | UnusableAnswer | Unreadable) -> str:
    if isinstance(error, UnusableAnswer | Unreadable):
        return f"Jira: {error}"
    # Only the kind of error: its text holds addresses.
    return f"Jira did not answer ({type(error).__name__})"


def _of_status(error: JIRAError, *, unsafe: bool) -> Outcome:
    status = int(error.status_code or 0)
    if status == 401:
        return LoginRefused()
    if status == 429:
        return Later("Jira asks to wait (429)", after=_pause(error.response), counted=False)
    if status >= 500 or status in (0, 408):
        return _unclear(f"Jira answered {status}", unsafe=unsafe, after=_pause(error.response))
    messages, fields = _complaints(error.response)
    said = " ".join([*messages, *(f"{name}: {text}" for name, text in fields.items())])[:500]
    words = _WORDS.get(status) or (f"Jira refused this: {said}" if said else "Jira refused this.")
    return Refused(f"Jira answered {status}: {said}", words=words, fields=fields)


def _complaints(response: requests.Response | None) -> tuple[list[str], dict[str, str]]:
    """Jira's `errorMessages` and `errors`; nothing from an answer of another shape."""
    try:
        body: object = response.json() if response is not None else None
    except ValueError:
        return [], {}
    if not isinstance(body, dict):
        return [], {}
    given = cast(Mapping[str, Any], body)
    messages: object = given.get("errorMessages")
    fields: object = given.get("errors")
    listed = [str(one) for one in cast(list[object], messages)] if isinstance(messages, list) else []
    if not isinstance(fields, dict):
        return listed, {}
    return listed, {str(name): str(text) for name, text in cast(Mapping[str, object], fields).items()}


def _pause(response: requests.Response | None) -> float:
    given = response.headers.get("Retry-After", "") if response is not None else ""
    return min(max(float(given), 1.0), LONGEST_PAUSE) if given.isdigit() else AGAIN_SECONDS


def _never_left(error: requests.RequestException) -> bool:
    """Whether not a byte of the request can have reached Jira."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    for cause in _causes(error):
        if isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError):
            return True
        if isinstance(cause, ssl.SSLError) and any(name in str(cause.reason) for name in _HANDSHAKE):
            return True
    return isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it wraps, however the libraries wrapped it."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        wrapped = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]
