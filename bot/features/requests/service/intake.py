"""A request comes in: once, whichever door, however often it is delivered."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.core.threads import ThreadRef
from bot.features.requests import store
from bot.features.requests.domain import Move, NewRequest, Request, State
from bot.features.requests.events import RequestFiled
from bot.features.requests.store import Twin
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Source, Team, priority_of

LONGEST_SUMMARY = 250
LONGEST_DETAILS = 40_000
TWICE_WITHIN = timedelta(seconds=60)
LONGEST_LINE = 200


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What is known of the circumstances. `key` names the call: the same call again finds its request."""

    workspace_id: str
    team: Team
    known_source: Source
    by_team_member: bool
    on_duty: str | None
    limit: int
    key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Filed:
    """The request that there is now. `already`: it was there before this call, by another one."""

    request_id: int
    number: int
    team_id: int
    already: bool


def open_request(uow: UnitOfWork, new: NewRequest, filing: Filing) -> Filed:
    """Files it, unless it is there already. Raises UserError for empty text and for too many in a minute."""
    if not filing.team.active:
        raise UserError(
            f"{filing.team.name} takes no new requests any more. Choose another team.", field="team"
        )
    summary, details = split_text(new.summary, new.details)
    line = _recognisable(new.line) if new.line else None
    # Taking the number first makes twins of one workspace wait for each other.
    number = store.next_number(uow.connection, filing.workspace_id)
    recent = store.twins(
        uow.connection, filing.workspace_id, new.filed_by, uow.now - TWICE_WITHIN, filing.key, new.origin
    )
    twin = _same(recent, new, filing.key, line)
    if twin is not None:
        store.give_back_number(uow.connection, filing.workspace_id)
        already = filing.key is None or twin.filed_key != filing.key
        return Filed(request_id=twin.id, number=twin.number, team_id=twin.team_id, already=already)
    _check_limit(recent, new.filed_by, filing.limit)
    draft = _drafted(new, filing, number, uow.now)
    request = store.add(
        uow.connection, replace(draft, summary=summary, details=details), filed_key=filing.key, line=line
    )
    _record(uow, request)
    return Filed(request_id=request.id, number=request.number, team_id=request.team_id, already=False)


def split_text(summary: str, details: str) -> tuple[str, str]:
    """Clean summary (one line) and details; what does not fit in the summary opens the details."""
    text = clean(summary).strip()
    more = clean(details).strip()
    first, _, rest = text.partition("\n")
    first = " ".join(first.split())
    if not first:
        raise UserError("Write in a few words what you need, then send it again.", field="summary")
    if len(first) > LONGEST_SUMMARY:
        rest = text
        first = cut(first, LONGEST_SUMMARY)
    joined = "\n\n".join(part for part in (rest.strip(), more) if part)
    return first, cut(joined, LONGEST_DETAILS)


def _same(recent: list[Twin], new: NewRequest, key: str | None, line: str | None) -> Twin | None:
    by_key = next((twin for twin in recent if key is not None and twin.filed_key == key), None)
    if by_key is not None:
        return by_key
    for twin in recent:
        if new.origin.ts is not None and (twin.origin_channel, twin.origin_ts) == (
            new.origin.channel,
            new.origin.ts,
        ):
            return twin
        again = line is not None and twin.line == line and twin.origin_channel == new.origin.channel
        if again and twin.filed_by == new.filed_by:
            return twin
    return None


def _check_limit(recent: list[Twin], filed_by: str, limit: int) -> None:
    if sum(twin.filed_by == filed_by for twin in recent) >= limit:
        raise UserError(
            f"Slow down, please: you have filed {limit} requests within a minute. "
            "This one was not recorded; send it again in a minute."
        )


def _recognisable(line: str) -> str:
    """The line, or a fingerprint of one that is too long to be kept beside the request."""
    cleaned = clean(line)
    return cleaned if len(cleaned) <= LONGEST_LINE else hashlib.sha256(cleaned.encode()).hexdigest()


def _drafted(new: NewRequest, filing: Filing, number: int, now: datetime) -> Request:
    asking_as = new.asking_as or filing.known_source
    source = asking_as if filing.by_team_member else filing.known_source
    priority, rule = priority_of(
        filing.team, asked=new.urgency, type=new.type, component=new.component, source=source
    )
    return Request(
        id=0,
        workspace_id=filing.workspace_id,
        number=number,
        team_id=new.team_id,
        summary=new.summary,
        details=new.details,
        type=new.type,
        urgency=new.urgency,
        priority=priority,
        priority_rule=rule.words if rule else None,
        component=new.component,
        source=source,
        asking_as=asking_as,
        requester=new.requester,
        filed_by=new.filed_by,
        origin=new.origin,
        state=State.NEW,
        assignee=None,
        snooze_until=None,
        duplicate_of=None,
        reason=None,
        on_duty=filing.on_duty,
        created_at=now,
        updated_at=now,
        claimed_at=None,
        closed_at=None,
    )


def _record(uow: UnitOfWork, request: Request) -> None:
    store.add_history(
        uow.connection, request, Move.FILE, request.filed_by, uow.now, {"door": request.origin.door.value}
    )
    origin = request.origin
    if origin.channel and origin.root_ts:
        ref = ThreadRef(channel=origin.channel, thread_ts=origin.root_ts)
        store.add_thread(uow.connection, request.id, "asker", ref)
    uow.enqueue(
        "request.card", {"request_id": request.id}, once=f"req:{request.id}:card", lane=f"card:{request.id}"
    )
    uow.enqueue(
        "request.receipt",
        {"request_id": request.id},
        once=f"req:{request.id}:receipt",
        lane=f"asker:{request.id}",
    )
    uow.emit(RequestFiled(request=request))
