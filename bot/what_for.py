"""What an entry of the outbox is for, in words that operators may read: numbers, people, places. Never people's text."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from bot.core.errors import UserError
from bot.features.conversations.store import by_id as message_by_id
from bot.features.requests import by_id as request_by_id
from bot.features.standup.store import rows as checkins
from bot.features.standup.store import summaries
from bot.features.tickets.store import by_id as ticket_by_id
from bot.teams.store import all_teams, find_person

NOTHING = "the bot itself"


def what_for(connection: Connection, payload: Mapping[str, Any]) -> str:
    """Such as `request #12, U0ANA00001 (Ana)`; what is gone is named by its id."""
    named = [words(connection, payload[key]) for key, words in _WORDS.items() if payload.get(key) is not None]
    return ", ".join(dict.fromkeys(word for word in named if word)) or NOTHING


def _request(connection: Connection, request_id: int) -> str:
    try:
        return f"request #{request_by_id(connection, request_id).number}"
    except UserError:
        return f"request with the id {request_id}, which is gone"


def _ticket(connection: Connection, ticket_id: int) -> str:
    ticket = ticket_by_id(connection, ticket_id)
    if ticket is None:
        return f"an issue of thread {ticket_id}, which is gone"
    issue = f"issue {ticket.key}" if ticket.key else f"a new issue in {ticket.project}"
    return f"{issue}, {_request(connection, ticket.request_id)}" if ticket.request_id else issue


def _message(connection: Connection, message_id: int) -> str:
    message = message_by_id(connection, message_id)
    if message is None:
        return f"message {message_id}, which is gone"
    return f"a message in the thread of {_request(connection, message.request_id)}"


def _checkin(connection: Connection, checkin_id: int) -> str:
    found = checkins.checkin_by_id(connection, checkin_id)
    if found is None:
        return f"check-in {checkin_id}, which is gone"
    return f"{_round(connection, found.round_id)}, {_person(connection, found.user_id)}"


def _round(connection: Connection, round_id: int) -> str:
    try:
        found = checkins.round_by_id(connection, round_id)
    except NoResultFound:
        return f"round {round_id} of a check-in, which is gone"
    return f"check-in {found.series} of {found.day.isoformat()}"


def _summary(connection: Connection, summary_id: int) -> str:
    try:
        return f"summary of check-in {summaries.by_id(connection, summary_id).series}"
    except NoResultFound:
        return f"summary {summary_id} of a check-in, which is gone"


def _team(connection: Connection, team_id: int) -> str:
    names = [team.name for team in all_teams(connection) if team.id == team_id]
    return f"team {names[0]}" if names else f"team {team_id}, which is gone"


def _person(connection: Connection, user_id: str) -> str:
    known = find_person(connection, user_id)
    return f"{user_id} ({known[0].name})" if known else user_id


def _called(what: str) -> Callable[[Connection, Any], str]:
    return lambda _connection, value: f"{what} {value}"


# In the order in which they are told.
_WORDS: Mapping[str, Callable[[Connection, Any], str]] = {
    "request_id": _request,
    "ticket_id": _ticket,
    "message_id": _message,
    "checkin_id": _checkin,
    "round_id": _round,
    "summary_id": _summary,
    "team_id": _team,
    "user_id": _person,
    "user": _person,
    "by": _person,
    "channel": _called("channel"),
    "group": _called("user group"),
    "issue_id": _called("Jira issue with the id"),
    "cover_id": _called("search for cover"),
    "handoff_id": _called("handover"),
}
