"""The state that deliveries render: read in one snapshot, names looked up beside it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.core.threads import ThreadRef
from bot.feature import Deps
from bot.features.requests import store
from bot.features.requests.domain import Request
from bot.features.requests.store.askers import count_askers
from bot.features.requests.values import HistoryLine
from bot.features.requests.views import words
from bot.outbox.outcomes import Stale
from bot.teams.domain import Team


class IssueLink(Protocol):
    """The Jira issue of a request, as the card shows it."""

    @property
    def key(self) -> str: ...
    @property
    def url(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


IssueOf = Callable[[Connection, int], IssueLink | None]


@dataclass(frozen=True, kw_only=True)
class Split:
    """How a team shares its work out.

    `begin` gives a new request to whoever is to have it, once, before anybody reads of it. `note` says on the card
    in a few words why it has the person it has, or nobody. `due`: by when somebody is to take it, as long as it waits.
    """

    begin: Callable[[int], Awaitable[None]]
    note: Callable[[Connection, Request], str | None]
    due: Callable[[Connection, Request, Team], datetime | None]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A request as it is now, with what is around it. `others`: how many ask for the same beside the requester."""

    request: Request
    card: ThreadRef | None
    asker: ThreadRef | None
    issue: IssueLink | None
    original: Request | None
    others: int = 0


def read(connection: Connection, request_id: int, issue_of: IssueOf) -> Shown:
    """Everything about one request that a message may show."""
    request = store.by_id(connection, request_id)
    original = store.by_id(connection, request.duplicate_of) if request.duplicate_of else None
    return Shown(
        request=request,
        card=store.thread_of(connection, request_id, "card"),
        asker=store.thread_of(connection, request_id, "asker"),
        issue=issue_of(connection, request_id),
        original=original,
        others=count_askers(connection, request_id),
    )


async def team_of(deps: Deps, request: Request) -> Team:
    """The request's team, active or not. Raises Stale when it is gone altogether."""
    team = (await deps.directory.teams()).get(request.team_id)
    if team is None:
        raise Stale("its team is gone")
    return team


async def readable(deps: Deps, text: str) -> str:
    """People's text with names in place of the ids of at most 10 people mentioned."""
    names = {user_id: (await deps.directory.person(user_id)).name for user_id in words.people_in(text)}
    return words.with_names(text, names)


async def without_secrets(deps: Deps, workspace_id: str, number: int, line: HistoryLine) -> HistoryLine:
    """What happened to another request; why, only if that one is not from a private place."""
    original = await deps.transactions.read(store.by_number, workspace_id, number)
    return replace(line, facts={**line.facts, "reason": ""}) if original.origin.private else line
