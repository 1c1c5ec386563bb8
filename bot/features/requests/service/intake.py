"""A request comes in: once, whichever door, however often it is delivered."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.core.threads import ThreadRef
from bot.features.requests import store
from bot.features.requests.domain import NewRequest, Request, State
from bot.features.requests.events import RequestFiled
from bot.features.requests.store import Twin
from bot.outbox.unit_of_work import Opening, UnitOfWork
from bot.teams.domain import Source, Team, claim_due, priority_of

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
    correlation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Filed:
    """The request that there is now. `already`: it was there before this call, by another one."""

    request_id: int
    number: int
    team_id: int
    already: bool


def open_request(uow: UnitOfWork, new: NewRequest, filing: Filing) -> Filed:
    """Files it, unless it is there already. Raises UserError for empty text and for too many in a minute."""
    (filed,) = open_requests(uow, [(new, filing)])
    if isinstance(filed, UserError):
        raise filed
    return filed


def open_requests(uow: UnitOfWork, asked: Sequence[tuple[NewRequest, Filing]]) -> list[Filed | UserError]:
    """Files each as `open_request` does, all in a few statements; who is refused gets the error as the answer."""
    wishes = [_wish(new, filing) for new, filing in asked]
    answers: dict[int, Filed | UserError] = {}
    for workspace_id in {filing.workspace_id for _, filing in asked}:
        here = {
            place: wish
            for place, wish in enumerate(wishes)
            if not isinstance(wish, UserError) and wish.filing.workspace_id == workspace_id
        }
        if here:
            filed = _open_in(uow, workspace_id, list(here.values()))
            answers.update(zip(here, filed, strict=True))
    return [wish if isinstance(wish, UserError) else answers[place] for place, wish in enumerate(wishes)]


@dataclass(frozen=True, kw_only=True)
class _Wish:
    new: NewRequest
    filing: Filing
    line: str | None


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The request that answers a wish; a new one has its number and no id yet."""

    twin: Twin
    is_new: bool


def _wish(new: NewRequest, filing: Filing) -> _Wish | UserError:
    if not filing.team.active:
        return UserError(
            f"{filing.team.name} takes no new requests any more. Choose another team.", field="team"
        )
    try:
        summary, details = split_text(new.summary, new.details)
    except UserError as error:
        return error
    line = _recognisable(new.line) if new.line else None
    return _Wish(new=replace(new, summary=summary, details=details), filing=filing, line=line)


def _open_in(uow: UnitOfWork, workspace_id: str, wishes: Sequence[_Wish]) -> list[Filed | UserError]:
    # Taking the numbers first makes twins of one workspace wait for each other.
    first = store.take_numbers(uow.connection, workspace_id, len(wishes))
    known = _known(uow, workspace_id, wishes)
    count = store.filed_since(uow.connection, {wish.new.filed_by for wish in wishes}, uow.now - TWICE_WITHIN)
    added: list[store.Added] = []
    origins: list[_Wish] = []
    answers: list[UserError | _Found] = []
    for wish in wishes:
        filed_by, limit = wish.new.filed_by, wish.filing.limit
        twin = _same(known, wish, uow.now - TWICE_WITHIN)
        if twin is not None:
            answers.append(_Found(twin=twin, is_new=False))
        elif count.get(filed_by, 0) >= limit:
            answers.append(_slow_down(limit))
        else:
            request = _drafted(wish.new, wish.filing, first + len(added), uow.now)
            added.append(store.Added(request=request, filed_key=wish.filing.key, line=wish.line))
            count[filed_by] = count.get(filed_by, 0) + 1
            known.append(_twin(added[-1]))
            answers.append(_Found(twin=known[-1], is_new=True))
            origins.append(wish)
    if len(added) < len(wishes):
        store.give_back_numbers(uow.connection, workspace_id, len(wishes) - len(added))
    stored = store.add_all(uow.connection, added)
    _record(uow, stored, [wish.filing for wish in origins])
    ids = {request.number: request.id for request in stored}
    return [_answer(answer, wish, ids) for answer, wish in zip(answers, wishes, strict=True)]


def _known(uow: UnitOfWork, workspace_id: str, wishes: Sequence[_Wish]) -> list[Twin]:
    return store.twins(
        uow.connection,
        workspace_id,
        uow.now - TWICE_WITHIN,
        keys={wish.filing.key for wish in wishes if wish.filing.key is not None},
        messages={wish.new.origin for wish in wishes if wish.new.origin.ts is not None},
        lines={(wish.new.filed_by, wish.line) for wish in wishes if wish.line is not None},
    )


def _twin(added: store.Added) -> Twin:
    request = added.request
    return Twin(
        id=request.id,
        number=request.number,
        filed_by=request.filed_by,
        filed_key=added.filed_key,
        line=added.line,
        origin_channel=request.origin.channel,
        origin_ts=request.origin.ts,
        team_id=request.team_id,
        created_at=request.created_at,
    )


def _answer(found: _Found | UserError, wish: _Wish, new_ids: Mapping[int, int]) -> Filed | UserError:
    if isinstance(found, UserError):
        return found
    twin = found.twin
    # The same call again is answered like the first time.
    same_call = wish.filing.key is not None and twin.filed_key == wish.filing.key
    return Filed(
        request_id=new_ids.get(twin.number, twin.id),
        number=twin.number,
        team_id=twin.team_id,
        already=not (found.is_new or same_call),
    )


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


def _same(known: Sequence[Twin], wish: _Wish, since: datetime) -> Twin | None:
    new, key = wish.new, wish.filing.key
    by_key = next((twin for twin in known if key is not None and twin.filed_key == key), None)
    if by_key is not None:
        return by_key
    for twin in known:
        if twin.origin_channel != new.origin.channel:
            continue
        if new.origin.ts is not None and twin.origin_ts == new.origin.ts:
            return twin
        again = wish.line is not None and twin.line == wish.line and twin.created_at > since
        if again and twin.filed_by == new.filed_by:
            return twin
    return None


def _slow_down(limit: int) -> UserError:
    return UserError(
        f"Slow down, please: you have filed {limit} requests within a minute. "
        "This one was not recorded; send it again in a minute."
    )


def _recognisable(line: str) -> str:
    """The line, or a fingerprint of one that is too long to be kept beside the request."""
    cleaned = clean(line)
    return cleaned if len(cleaned) <= LONGEST_LINE else hashlib.sha256(cleaned.encode()).hexdigest()


def _drafted(new: NewRequest, filing: Filing, number: int, now: datetime) -> Request:
    asking_as = new.asking_as or filing.known_source
    priority, rule = priority_of(
        filing.team,
        asked=new.urgency,
        type=new.type,
        component=new.component,
        source=_believed(asking_as, filing),
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
        source=filing.known_source,
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
        promised_at=claim_due(filing.team, priority, now),
    )


def _believed(asking_as: Source, filing: Filing) -> Source:
    """As whom the rules take the asker: what is known of them, unless somebody of the team says otherwise."""
    return asking_as if filing.by_team_member else filing.known_source


def _record(uow: UnitOfWork, filed: Sequence[Request], filings: Sequence[Filing]) -> None:
    believed = [_believed(request.asking_as, filing) for request, filing in zip(filed, filings, strict=True)]
    store.add_filed(uow.connection, list(zip(filed, believed, strict=True)))
    openings: list[Opening] = []
    for request, filing in zip(filed, filings, strict=True):
        origin, correlation = request.origin, filing.correlation
        if origin.channel and origin.answer_ts:
            ref = ThreadRef(channel=origin.channel, thread_ts=origin.answer_ts)
            store.add_thread(uow.connection, request.id, "asker", ref)
        openings += (
            _opening(request, "card", "card", correlation),
            _opening(request, "receipt", "asker", correlation),
        )
    uow.enqueue_openings(openings)
    for request, filing in zip(filed, filings, strict=True):
        uow.emit(RequestFiled(request=request, key=filing.key))


def _opening(request: Request, what: str, lane: str, correlation: str | None) -> Opening:
    return Opening(
        kind=f"request.{what}",
        payload={"request_id": request.id},
        once=f"req:{request.id}:{what}",
        lane=f"{lane}:{request.id}",
        correlation=correlation,
    )
