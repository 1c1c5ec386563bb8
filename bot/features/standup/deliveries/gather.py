"""What somebody has moved in Jira since their last check-in, looked up ahead so that their form opens at once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.text import cut
from bot.feature import Deps
from bot.features.standup.domain.checkins import Checkin
from bot.features.standup.store import rows
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Outcome, Stale
from bot.outbox.unit_of_work import UnitOfWork

FIRST = timedelta(days=1)
LONGEST = timedelta(days=14)
LONGEST_SUMMARY = 120


@dataclass(frozen=True, kw_only=True)
class _Since:
    checkin: Checkin
    at: datetime


def gather(deps: Deps, jira: JiraGateway) -> Delivery:
    """The look-up. Nothing depends on it: where Jira does not tell, nothing is filled in."""

    async def prepare(entry: Entry) -> Send:
        since = await deps.transactions.read(_since, entry.payload["checkin_id"])
        person = await deps.directory.person(since.checkin.user_id)
        if not person.email or person.is_external((await deps.slack.who_am_i()).workspace_id):
            raise Stale("they have no address to find them by")
        age = min(deps.clock.now() - since.at, LONGEST)
        hours = max(1, -(-int(age.total_seconds()) // 3600))
        return _asking(jira, person.email, hours)

    return Delivery(prepare=prepare, settle=_settled, rather="delivered", may_hang=True)


def idle() -> Delivery:
    """Without Jira: what was asked for in an earlier time is dropped."""

    async def prepare(_entry: Entry) -> Send:
        raise Stale("there is no Jira")

    return Delivery(prepare=prepare, rather="delivered")


def _asking(jira: JiraGateway, email: str, hours: int) -> Callable[[], Awaitable[Ref]]:
    async def ask() -> Ref:
        try:
            account = await jira.people.by_email(email)
            moved = await jira.issues.moved_by(account.account, hours) if account else []
        except Outcome as error:
            raise Stale(f"Jira does not tell ({error.reason})") from error
        return {
            "issues": [
                {"key": one.key, "summary": cut(one.summary, LONGEST_SUMMARY), "status": one.status}
                for one in moved
                if not one.is_restricted
            ]
        }

    return ask


def _settled(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    rows.change_checkin(uow.connection, entry.payload["checkin_id"], uow.now, suggested=dict[str, Any](ref))


def _since(connection: Connection, checkin_id: int) -> _Since:
    checkin = rows.checkin_by_id(connection, checkin_id)
    if checkin is None:
        raise Stale("it is gone")
    team_id = rows.round_by_id(connection, checkin.round_id).team_id
    last = rows.answered_before(connection, team_id, checkin.user_id, checkin.opens_at)
    at = last[1].answered_at if last and last[1].answered_at else checkin.opens_at - FIRST
    return _Since(checkin=checkin, at=at)
