"""Buttons of what is in somebody's way: it becomes a request, an issue, or is solved."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.standup.domain.blockers import first_line
from bot.features.standup.domain.checkins import Blocker, Round
from bot.features.standup.listeners.desk import Desk
from bot.features.standup.service import blockers as service
from bot.features.standup.store import blockers as store
from bot.features.standup.store import rows, summaries
from bot.features.standup.views import ids, status, words
from bot.slack.calls import Action
from bot.slack.links import permalink
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, Reply
from bot.teams.domain import Team

# The card of a new request stands within a moment; its form for Jira needs the card.
LOOKS = 12
BETWEEN_LOOKS = 0.1


class FiledRequest(Protocol):
    """A request that there is now."""

    @property
    def request_id(self) -> int: ...
    @property
    def number(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class NewWork:
    """What a blocker asks of the team: a request in the name of `requester`. `key` names it for ever."""

    team: Team
    workspace_id: str
    requester: str
    filed_by: str
    summary: str
    details: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Requests:
    """What the slice can do with requests. `has_card`: its card stands, so that it can become an issue."""

    file: Callable[[NewWork], Awaitable[FiledRequest]]
    has_card: Callable[[Connection, int], bool]
    open_jira: Callable[[Action, int], Awaitable[Reply]]


class Blockers:
    """One function for each button."""

    def __init__(self, desk: Desk, requests: Requests) -> None:
        self._desk = desk
        self._requests = requests
        self._run = desk.deps.transactions.run
        self._read = desk.deps.transactions.read

    async def make_request(self, call: Action) -> Reply:
        """*Make it a request*: it is filed once, whoever presses."""
        blocker = await self._pressed(call)
        if blocker.number is not None:
            return Answer(status.said(f"That is *#{blocker.number}* already. Nothing was filed twice."))
        filed = await self._file(call, blocker)
        return Answer(status.said(f"*#{filed.number}* is in the queue: {escape(first_line(blocker)[:150])}"))

    async def make_issue(self, call: Action) -> Reply:
        """*Create Jira issue*: of its request, which is filed first where there is none."""
        blocker = await self._pressed(call)
        request_id = blocker.request_id
        if self._desk.deps.jira is None:
            # It says that Jira is off; nothing is filed on the way.
            return await self._requests.open_jira(call, request_id or 0)
        if request_id is None:
            request_id = (await self._file(call, blocker)).request_id
        for _ in range(LOOKS):
            if await self._read(self._requests.has_card, request_id):
                return await self._requests.open_jira(call, request_id)
            await asyncio.sleep(BETWEEN_LOOKS)
        raise UserError(
            "It is a request now, and its card is on its way. Press *Create Jira issue* on the card."
        )

    async def solved(self, call: Action) -> Reply:
        """*Solved*: it is in the way no more."""
        blocker = await self._pressed(call)
        await self._run(service.solve, blocker.id, call.user_id)
        return Answer(status.said(f"Good. Not in the way any more: {escape(first_line(blocker)[:150])}"))

    async def _pressed(self, call: Action) -> Blocker:
        blocker_id = ids.id_in(call.value)
        blocker = await self._read(store.by_id, blocker_id) if blocker_id is not None else None
        if blocker is None:
            raise UserError("This button is from another time. `/standup report` lists what is in the way.")
        if blocker.user_id != call.user_id:
            await self._desk.check_works(call, await self._desk.team(blocker.team_id))
        if not blocker.is_open:
            raise UserError(service.GONE)
        return blocker

    async def _file(self, call: Action, blocker: Blocker) -> FiledRequest:
        team = await self._desk.team(blocker.team_id)
        round_, link = await self._read(_whereabouts, blocker, self._desk)
        rest = blocker.text.strip()
        source = f"From the check-in {round_.name} of {words.day_words(blocker.day)}."
        more = rest if rest != first_line(blocker) else ""
        work = NewWork(
            team=team,
            workspace_id=call.workspace_id,
            # Who wrote anonymously is not named by their request.
            requester=call.user_id if round_.asked.anonymous else blocker.user_id,
            filed_by=call.user_id,
            summary=first_line(blocker),
            details="\n\n".join(part for part in (more, source, link or "") if part),
            key=service.key_of(blocker.id),
        )
        # The blocker hears of its request in the transaction that files it: see `request_filed`.
        return await self._requests.file(work)


def _whereabouts(connection: Connection, blocker: Blocker, desk: Desk) -> tuple[Round, str | None]:
    checkin = rows.checkin_by_id(connection, blocker.checkin_id)
    assert checkin is not None
    round_ = rows.round_by_id(connection, checkin.round_id)
    summary = summaries.find(connection, round_.team_id, round_.series, round_.period)
    if summary is None or summary.ts is None:
        return round_, None
    return round_, permalink(desk.deps.slack.identity, summary.channel, summary.ts)
