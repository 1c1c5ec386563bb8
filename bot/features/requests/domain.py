"""A request: its states, the moves between them, and what refuses a move. Pure; time comes in as `now`."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.core.leavers import mention
from bot.core.text import clean, pieces
from bot.teams.domain import Priority, RequestType, Source


class State(StrEnum):
    """Where a request stands. `label` is the word on the screen."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    DECLINED = "declined"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self in OPEN


_STATE_LABELS = {
    State.NEW: "New",
    State.IN_PROGRESS: "In progress",
    State.WAITING: "Waiting on requester",
    State.SNOOZED: "Snoozed",
    State.RESOLVED: "Resolved",
    State.DECLINED: "Declined",
    State.DUPLICATE: "Duplicate",
}
OPEN = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING, State.SNOOZED})
CLOSED = frozenset(State) - OPEN


class Move(StrEnum):
    """What can be done to a request; also the kinds of its history."""

    FILE = "file"
    CLAIM = "claim"
    ASSIGN = "assign"
    RELEASE = "release"
    WAIT = "wait"
    ANSWER = "answer"
    SNOOZE = "snooze"
    WAKE = "wake"
    RESOLVE = "resolve"
    DECLINE = "decline"
    DUPLICATE = "duplicate"
    REOPEN = "reopen"
    PRIORITY = "priority"
    EDIT = "edit"


# Where each move may start. The state machine in this folder's README is compared with this table.
ALLOWED: dict[Move, frozenset[State]] = {
    Move.CLAIM: frozenset({State.NEW, State.WAITING, State.SNOOZED}),
    Move.ASSIGN: OPEN,
    Move.RELEASE: frozenset({State.IN_PROGRESS}),
    Move.WAIT: frozenset({State.NEW, State.IN_PROGRESS, State.SNOOZED}),
    Move.ANSWER: frozenset({State.WAITING}),
    Move.SNOOZE: OPEN,
    Move.WAKE: frozenset({State.SNOOZED}),
    Move.RESOLVE: OPEN,
    Move.DECLINE: OPEN,
    Move.DUPLICATE: OPEN,
    Move.REOPEN: CLOSED,
    Move.PRIORITY: frozenset(State),
    Move.EDIT: frozenset(State),
}


# Of these somebody may say what they were.
CATEGORISED = frozenset({State.RESOLVED, State.DECLINED})


class Door(StrEnum):
    """By which way a request came in."""

    COMMAND = "command"
    FORM = "form"
    SHORTCUT = "shortcut"
    EMOJI = "emoji"
    CHANNEL = "channel"
    ELSEWHERE = "elsewhere"
    MENTION = "mention"
    DIRECT = "direct"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a request came from. `ts` is there when it came from a message."""

    door: Door
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    private: bool = False

    @property
    def answer_ts(self) -> str | None:
        """The thread in which the requester is answered; None where that is by direct message.

        ELSEWHERE is a message in a place that the bot cannot write to.
        """
        return None if self.door is Door.ELSEWHERE else self.root_ts

    @property
    def root_ts(self) -> str | None:
        """The thread in which its message stands."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """What somebody asks for, before it has a number."""

    team_id: int
    summary: str
    details: str = ""
    type: RequestType = RequestType.QUESTION
    urgency: Priority = Priority.NORMAL
    component: str | None = None
    asking_as: Source | None = None
    requester: str
    filed_by: str
    origin: Origin
    line: str | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request as it stands now."""

    id: int
    workspace_id: str
    number: int
    team_id: int
    summary: str
    details: str
    type: RequestType
    urgency: Priority
    priority: Priority
    priority_rule: str | None
    component: str | None
    source: Source
    asking_as: Source
    requester: str
    filed_by: str
    origin: Origin
    state: State
    assignee: str | None
    snooze_until: datetime | None
    duplicate_of: int | None
    reason: str | None
    on_duty: str | None
    created_at: datetime
    updated_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    category: Category | None = None
    promised_at: datetime | None = None

    @property
    def label(self) -> str:
        """`#12`."""
        return f"#{self.number}"


def _check(request: Request, move: Move, words: str) -> None:
    if request.state not in ALLOWED[move]:
        raise UserError(f"{request.label} is {request.state.label}: {words}")


def claim(request: Request, by: str, now: datetime) -> Request:
    """In progress, with this person. Raises UserError when somebody was faster or it is closed."""
    if request.state is State.IN_PROGRESS:
        if request.assignee == by:
            raise UserError(f"{request.label} is yours already.")
        raise UserError(
            f"{request.label} is claimed already by {mention(request.assignee)}. Use Assign to take it over."
        )
    _check(request, Move.CLAIM, "reopen it first, then claim it.")
    if request.assignee not in (None, by):
        raise UserError(
            f"{request.label} belongs to {mention(request.assignee)}. Use Assign to take it over."
        )
    return _in_progress(request, by, now)


def assign(request: Request, to: str, now: datetime) -> Request:
    """In progress, with the person named."""
    _check(request, Move.ASSIGN, "reopen it first, then assign it.")
    if request.state is State.IN_PROGRESS and request.assignee == to:
        raise UserError(f"{request.label} is with that person already.")
    return _in_progress(request, to, now)


def _in_progress(request: Request, assignee: str, now: datetime) -> Request:
    return replace(
        request,
        state=State.IN_PROGRESS,
        assignee=assignee,
        snooze_until=None,
        claimed_at=request.claimed_at or now,
        updated_at=now,
    )


def release(request: Request, by: str, now: datetime) -> Request:
    """New again, with nobody. Only the one who holds it can give it back."""
    _check(request, Move.RELEASE, "nothing to give back.")
    if request.assignee != by:
        raise UserError(f"{request.label} is with {mention(request.assignee)}, not with you.")
    return replace(request, state=State.NEW, assignee=None, claimed_at=None, updated_at=now)


def wait(request: Request, now: datetime) -> Request:
    """Waiting on the requester, whose next words bring it back."""
    _check(request, Move.WAIT, _nothing_to("wait for", request))
    return replace(request, state=State.WAITING, snooze_until=None, updated_at=now)


def snooze(request: Request, until: datetime, now: datetime) -> Request:
    """Out of sight until then."""
    _check(request, Move.SNOOZE, "reopen it first, then snooze it.")
    if until <= now:
        raise UserError("That time is over already. Choose a later one.", field="date")
    return replace(request, state=State.SNOOZED, snooze_until=until, updated_at=now)


def wake(request: Request, now: datetime) -> Request:
    """Back in the queue: with its person if it has one, else New."""
    _check(request, Move.WAKE, "it is not asleep.")
    return _back(request, now)


def answer(request: Request, now: datetime) -> Request:
    """The requester has spoken: it is the team's move again."""
    _check(request, Move.ANSWER, "nobody waits for the requester.")
    return _back(request, now)


def reopen(request: Request, now: datetime) -> Request:
    """Open again: with its person if it had one, else New. What it was is asked when it is closed again."""
    _check(request, Move.REOPEN, "it is open already.")
    return replace(_back(request, now), closed_at=None, duplicate_of=None, reason=None, category=None)


def _back(request: Request, now: datetime) -> Request:
    state = State.IN_PROGRESS if request.assignee else State.NEW
    return replace(request, state=state, snooze_until=None, updated_at=now)


def resolve(request: Request, now: datetime) -> Request:
    """Done."""
    _check(request, Move.RESOLVE, _nothing_to("resolve", request))
    return _closed(request, State.RESOLVED, now)


def decline(request: Request, reason: str, now: datetime) -> Request:
    """Closed undone, with a reason that the requester will read."""
    _check(request, Move.DECLINE, _nothing_to("decline", request))
    told = clean(reason).strip()
    if not told:
        raise UserError("Say why, in a few words: the requester will read it.", field="reason")
    return replace(_closed(request, State.DECLINED, now), reason=told)


def categorise(request: Request, category: Category, now: datetime) -> Request:
    """What it turned out to be. It may be said, and said differently, as long as it is closed."""
    if request.state not in CATEGORISED:
        raise UserError(
            f"{request.label} is {request.state.label}: say what it was once it is resolved or declined."
        )
    return replace(request, category=category, updated_at=now)


def duplicate(request: Request, original: Request, now: datetime) -> Request:
    """Closed because another request is about the same; its fate follows that one's."""
    _check(request, Move.DUPLICATE, _nothing_to("mark", request))
    if original.id == request.id:
        raise UserError("A request cannot be a duplicate of itself. Give another number.", field="number")
    if original.duplicate_of == request.id:
        raise UserError(
            f"{original.label} is a duplicate of {request.label} already. Give another number, or reopen it first.",
            field="number",
        )
    return replace(_closed(request, State.DUPLICATE, now), duplicate_of=original.id)


def _closed(request: Request, state: State, now: datetime) -> Request:
    return replace(request, state=state, snooze_until=None, closed_at=now, updated_at=now)


def _nothing_to(verb: str, request: Request) -> str:
    return (
        f"there is nothing to {verb}. Reopen it first."
        if not request.state.is_open
        else "it is that already."
    )


def change_priority(request: Request, priority: Priority, now: datetime) -> Request:
    """Another priority, set by hand: no rule explains it any more."""
    if request.priority is priority:
        raise UserError(f"{request.label} is {priority.label} already.", field="priority")
    return replace(request, priority=priority, priority_rule=None, updated_at=now)


def edit(request: Request, summary: str, details: str, now: datetime) -> Request:
    """The message it came from was changed by its author."""
    return replace(request, summary=summary, details=details, updated_at=now)


DETAILS_ON_CARD = 2000
PART = 8700


def parts(details: str) -> list[str]:
    """The full text in messages of its own, where the card cannot show all of it; no character is split."""
    return pieces(details, PART) if len(details) > DETAILS_ON_CARD else []


def menu(state: State) -> tuple[Move, ...]:
    """What the card's overflow menu offers in this state, in its order (at most 5)."""
    offered = (Move.PRIORITY, Move.WAIT, Move.SNOOZE, Move.DECLINE, Move.DUPLICATE, Move.REOPEN)
    return tuple(move for move in offered if state in ALLOWED[move])[:5]
