"""The queue's use cases: one function a move. Each locks the request, decides, writes, and asks for what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.features.requests import domain, rights, store
from bot.features.requests.domain import Move, Request, State
from bot.features.requests.events import ActedAtHome, RequestMoved
from bot.features.requests.rights import Acting
from bot.features.requests.service.promises import promised_anew
from bot.features.requests.thanks import is_only_thanks
from bot.outbox.store import ref_of, was_given_up
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Priority

Via = str
_NOT_TOLD = frozenset({Move.PRIORITY, Move.EDIT})
_FATE = frozenset({Move.RESOLVE, Move.DECLINE, Move.REOPEN})

# Slack takes about fifty changes of messages a minute ("chat.update"): people who click come first.
MOST_CARDS = 50


def once(uow: UnitOfWork, key: str, move: Callable[..., Request], *arguments: Any) -> None:
    """Makes a move for one call. The same call again, recognised by its key, changes nothing and is no error."""
    if uow.first_time(key):
        move(uow, *arguments)


def at_home(uow: UnitOfWork, user_id: str, key: str, move: Callable[..., Request], *arguments: Any) -> None:
    """The same for a click on the Home tab, which shows at once what became of it."""
    once(uow, key, move, *arguments)
    acted_at_home(uow, user_id)


def acted_at_home(uow: UnitOfWork, user_id: str) -> None:
    """Somebody waits in front of their Home tab to see what their click did."""
    uow.emit(ActedAtHome(user_id=user_id))


def claim(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, via: Via = "button") -> Request:
    """In progress with the person who acts. Of two at once, one wins and the other reads who did."""
    request = _ours(uow, request_id, acting, Move.CLAIM, team_name)
    return _moved(
        uow, domain.claim(request, acting.user_id, uow.now), Move.CLAIM, acting.user_id, {"via": via}
    )


def claim_next(uow: UnitOfWork, team_ids: Sequence[int], acting: Acting, key: str) -> Request | None:
    """The first unclaimed request of these teams, claimed; None when there is none.

    The same call again, recognised by its key, finds the request that it claimed.
    """
    claimed = uow.answer_to(key)
    if claimed is not None:
        return store.by_id(uow.connection, claimed)
    request = store.first_unclaimed(uow.connection, team_ids)
    if request is None:
        return None
    if not uow.first_time(key, request.id):
        raise UserError("That was done already. Type `/triage mine` to see what is yours.")
    return _moved(
        uow, domain.claim(request, acting.user_id, uow.now), Move.CLAIM, acting.user_id, {"via": "next"}
    )


def claim_next_at_home(uow: UnitOfWork, team_ids: Sequence[int], acting: Acting, key: str) -> Request | None:
    """The same for a click on the Home tab, which shows at once what became of it."""
    acted_at_home(uow, acting.user_id)
    return claim_next(uow, team_ids, acting, key)


def assign(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, to: str) -> Request:
    """In progress with the person named."""
    request = _ours(uow, request_id, acting, Move.ASSIGN, team_name)
    return _moved(uow, domain.assign(request, to, uow.now), Move.ASSIGN, acting.user_id, {"to": to})


def assign_by_split(
    uow: UnitOfWork, request_id: int, to: str, why: str, by: str | None = None, *, is_new: bool = False
) -> None:
    """In progress with the person whom the team's split of work chose; `why` in a few words. `by` passed it on.

    Of a new one the receipt tells, where that is still to come.
    """
    request = store.lock(uow.connection, request_id)
    facts = {"to": to, "via": "split", "why": why}
    told = is_new and ref_of(uow.connection, f"req:{request_id}:receipt") is None
    _moved(uow, domain.assign(request, to, uow.now), Move.ASSIGN, by, facts, told=told)


def put_back(uow: UnitOfWork, request_id: int, by: str | None = None, *, away: bool = False) -> None:
    """New again, with nobody: by the one who held it, or (None) because they were silent when asked, or are away."""
    request = store.lock(uow.connection, request_id)
    holder = request.assignee or ""
    facts = {} if by else {"via": "idle", "from": holder, "away": away}
    _moved(uow, domain.release(request, by or holder, uow.now), Move.RELEASE, by, facts)


def release(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str) -> Request:
    """Given back to the queue by the one who held it."""
    request = _ours(uow, request_id, acting, Move.RELEASE, team_name)
    return _moved(uow, domain.release(request, acting.user_id, uow.now), Move.RELEASE, acting.user_id, {})


def wait(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str) -> Request:
    """The requester's move: their next words bring it back."""
    request = _ours(uow, request_id, acting, Move.WAIT, team_name)
    return _moved(uow, domain.wait(request, uow.now), Move.WAIT, acting.user_id, {})


def snooze(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, until: datetime) -> Request:
    """Out of sight until then."""
    request = _ours(uow, request_id, acting, Move.SNOOZE, team_name)
    facts = {"until": until.isoformat()}
    return _moved(uow, domain.snooze(request, until, uow.now), Move.SNOOZE, acting.user_id, facts)


def wake(uow: UnitOfWork, request_id: int) -> None:
    """A snoozed request whose time has come is back in the queue; otherwise nothing happens."""
    request = store.lock(uow.connection, request_id)
    if request.state is State.SNOOZED and request.snooze_until and request.snooze_until <= uow.now:
        _moved(uow, domain.wake(request, uow.now), Move.WAKE, None, {})


def resolve(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, via: Via = "button") -> Request:
    """Done; the requester and the requesters of its duplicates are told."""
    request = _ours(uow, request_id, acting, Move.RESOLVE, team_name)
    return _moved(uow, domain.resolve(request, uow.now), Move.RESOLVE, acting.user_id, {"via": via})


def decline(
    uow: UnitOfWork,
    request_id: int,
    acting: Acting,
    team_name: str,
    reason: str,
    category: Category | None = None,
) -> Request:
    """Closed undone, with the reason told; `category` is what it was, for the team's figures."""
    request = _ours(uow, request_id, acting, Move.DECLINE, team_name)
    changed = domain.decline(request, reason, uow.now)
    if category is not None:
        changed = domain.categorise(changed, category, uow.now)
    return _moved(uow, changed, Move.DECLINE, acting.user_id, {"reason": changed.reason})


def mark_duplicate(
    uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, original_number: int
) -> Request:
    """Closed as a duplicate of the request with this number, or of the one that that is a duplicate of."""
    original_id = _original(uow, acting, original_number)
    request, original = store.lock_both(uow.connection, request_id, original_id)
    rights.check(acting, request, Move.DUPLICATE, team_name)
    if original.duplicate_of is not None and original.duplicate_of != request.id:
        original = store.lock(uow.connection, original.duplicate_of)
    changed = domain.duplicate(request, original, uow.now)
    for follower in store.duplicates_of(uow.connection, request.id):
        _follow(uow, follower, original.id)
    facts = {"of": original.number, "fate": "" if original.state.is_open else original.state.label}
    return _moved(uow, changed, Move.DUPLICATE, acting.user_id, facts)


def _follow(uow: UnitOfWork, follower_id: int, original_id: int) -> None:
    # Chains are kept one link long, so that everybody follows the request that is worked on.
    follower = store.lock(uow.connection, follower_id)
    store.save(uow.connection, replace(follower, duplicate_of=original_id, updated_at=uow.now))
    refresh_card(uow, follower_id)


def _original(uow: UnitOfWork, acting: Acting, number: int) -> int:
    refused = UserError(
        f"There is no #{number} that you can see. Check the number on the card.", field="number"
    )
    try:
        original = store.by_number(uow.connection, acting.workspace_id, number)
    except UserError:
        raise refused from None
    if not rights.may_see(acting, original):
        raise refused
    return original.id


def reopen(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str) -> Request:
    """Open again."""
    request = _ours(uow, request_id, acting, Move.REOPEN, team_name)
    return _moved(uow, domain.reopen(request, uow.now), Move.REOPEN, acting.user_id, {})


def resolve_by_issue(uow: UnitOfWork, request_id: int, key: str, who: str) -> None:
    """Its Jira issue is done: so is the request, if it is still open. `who` did it there; empty: not to be told."""
    request = store.lock(uow.connection, request_id)
    if request.state.is_open:
        _moved(uow, domain.resolve(request, uow.now), Move.RESOLVE, None, _by_issue(key, who))


def reopen_by_issue(uow: UnitOfWork, request_id: int, key: str, who: str) -> None:
    """Its Jira issue is not done any more: a Resolved request is open again; nothing else changes."""
    request = store.lock(uow.connection, request_id)
    if request.state is State.RESOLVED:
        _moved(uow, domain.reopen(request, uow.now), Move.REOPEN, None, _by_issue(key, who))


def _by_issue(key: str, who: str) -> dict[str, Any]:
    return {"via": "jira", "key": key, "by": who}


def change_priority(
    uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, priority: Priority
) -> Request:
    """Another priority, by hand."""
    request = _ours(uow, request_id, acting, Move.PRIORITY, team_name)
    changed = domain.change_priority(request, priority, uow.now)
    facts = {"from": request.priority.value, "to": priority.value}
    return _moved(uow, changed, Move.PRIORITY, acting.user_id, facts)


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change of the message that a request came from: `event` names it, `at` is Slack's `event_ts`."""

    author: str
    event: str
    at: str
    gone: bool = False


def edited(uow: UnitOfWork, request_id: int, summary: str, details: str, edit: Edit) -> None:
    """The message reads differently now. The same event again, and one that a later one overtook, change nothing."""
    if not uow.first_time(edit.event):
        return
    request = store.lock(uow.connection, request_id)
    last = store.last_move(uow.connection, request_id, [Move.EDIT])
    overtaken = last is not None and (last.facts.get("gone") or str(last.facts.get("at") or "") > edit.at)
    if overtaken or (request.summary, request.details) == (summary, details):
        return
    facts = {"at": edit.at, "gone": edit.gone}
    changed = _moved(uow, domain.edit(request, summary, details, uow.now), Move.EDIT, edit.author, facts)
    tell_details(uow, changed, request)


def tell_details(uow: UnitOfWork, request: Request, before: Request | None = None) -> None:
    """The parts of a long text below the card: new ones are posted, those that were there are written over."""
    lane = f"card:{request.id}"
    for part in range(len(domain.parts(request.details))):
        uow.enqueue(
            "request.details", {"request_id": request.id, "part": part},
            once=f"req:{request.id}:details:{part}", lane=lane,
        )  # fmt: skip
    for part in range(len(domain.parts(before.details)) if before else 0):
        payload = {"request_id": request.id, "part": part}
        uow.enqueue("request.details_now", payload, merge=f"details:{request.id}:{part}", lane=lane)


def heard_from_requester(uow: UnitOfWork, request_id: int, author: str, text: str) -> None:
    """The requester spoke in their thread: a waiting request is the team's move again, a closed one opens.

    Thanks alone open nothing. Words of others change no state, not even of whoever filed it for them.
    """
    request = store.lock(uow.connection, request_id)
    if author != request.requester:
        return
    if request.state is State.WAITING:
        _moved(uow, domain.answer(request, uow.now), Move.ANSWER, author, {})
    elif request.state in domain.CLOSED and not is_only_thanks(text):
        _moved(uow, domain.reopen(request, uow.now), Move.REOPEN, author, {"via": "reply"})


def _ours(uow: UnitOfWork, request_id: int, acting: Acting, move: Move, team_name: str) -> Request:
    request = store.lock(uow.connection, request_id)
    rights.check(acting, request, move, team_name)
    return request


def _moved(
    uow: UnitOfWork,
    request: Request,
    move: Move,
    actor: str | None,
    facts: Mapping[str, Any],
    *,
    told: bool = False,
) -> Request:
    request = promised_anew(uow, request, move)
    store.save(uow.connection, request)
    line = store.add_history(uow.connection, request, move, actor, uow.now, facts)
    refresh_card(uow, request.id)
    uow.enqueue(
        "request.line", {"request_id": request.id, "line_id": line},
        once=f"req:{request.id}:line:{line}", lane=f"card:{request.id}",
    )  # fmt: skip
    is_news = move not in _NOT_TOLD or (move is Move.PRIORITY and request.state is State.NEW)
    if is_news and not told:
        # Of another priority the requester hears where it changes by when somebody takes it.
        _tell(uow, request.id, line)
    if move in _FATE:
        for follower in store.duplicates_of(uow.connection, request.id):
            _tell(uow, follower, line)
    uow.emit(RequestMoved(request=request, move=move, actor=actor))
    return request


def _tell(uow: UnitOfWork, request_id: int, line: int) -> None:
    uow.enqueue(
        "request.notice", {"request_id": request_id, "line_id": line},
        once=f"req:{request_id}:notice:{line}", lane=f"asker:{request_id}",
    )  # fmt: skip


def refresh_card(uow: UnitOfWork, request_id: int) -> None:
    """Asks for the card to show the truth; many wishes become one update."""
    card = f"card:{request_id}"
    uow.enqueue("request.refresh", {"request_id": request_id}, merge=card)
    no_card = store.thread_of(uow.connection, request_id, "card") is None
    if no_card and was_given_up(uow.connection, f"req:{request_id}:card"):
        # Slack refused the first one; whatever was wrong may be mended by now.
        uow.enqueue("request.card", {"request_id": request_id}, merge=f"new_{card}", lane=card)


def duty_passed(uow: UnitOfWork, team_id: int, person: str | None) -> None:
    """Somebody else is on duty: what nobody has taken yet names them from now on.

    At once on the cards of the most urgent ones, on the others whenever they are shown again.
    """
    for request_id in store.name_on_duty_in_team(uow.connection, team_id, person)[:MOST_CARDS]:
        refresh_card(uow, request_id)


def undo_reaction(uow: UnitOfWork, request_id: int, acting: Acting, team_name: str, move: Move) -> None:
    """Taking 👀 or ✅ back undoes what that reaction did, if nothing else has happened since.

    `move` is RELEASE for 👀 and REOPEN for ✅.
    """
    done, via = (Move.CLAIM, "eyes") if move is Move.RELEASE else (Move.RESOLVE, "check")
    last = store.last_move(uow.connection, request_id, [move for move in Move if move not in _NOT_TOLD])
    if last is None or last.move is not done or last.actor != acting.user_id or last.facts.get("via") != via:
        return
    if move is Move.RELEASE:
        release(uow, request_id, acting, team_name)
    else:
        reopen(uow, request_id, acting, team_name)
