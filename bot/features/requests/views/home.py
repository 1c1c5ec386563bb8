"""Sections of the Home tab about requests: what somebody asked, holds, has to look at, and their teams' queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.text import cut
from bot.features.requests.domain import Request, State
from bot.features.requests.values import Listed, Place, Window
from bot.features.requests.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape

SUMMARY = 120
DONE = "Show finished ones"
OPEN = "Show open ones"
ASK = "Ask a team"
NEXT = "Claim next"
QUEUE = "See the queue"


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is shown beside requests: names of teams and people, addresses of threads, promises; by id."""

    now: datetime
    zone: ZoneInfo
    teams: Mapping[int, str]
    names: Mapping[str, str]
    links: Mapping[int, str]
    dues: Mapping[int, datetime]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some blocks, and the buttons below them: label, and the place that it leads to."""

    blocks: Sequence[Block]
    turns: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A page of what somebody asked for, how much of it is open, and whether anything is finished."""

    window: Window
    open: int
    has_finished: bool
    followed: Sequence[Listed] = ()
    follows_more: bool = False


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What is open in a team."""

    team_id: int
    name: str
    open: int = 0
    unclaimed: int = 0
    waiting: int = 0
    overdue: int = 0
    # Whether more waits than was looked at.
    more: bool = False


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What needs somebody: requests that wait for their answer, and those that they, as a lead, find without a person.

    Of each what waits longest is first; `total` counts what did not fit too.
    """

    answers: Sequence[Listed] = ()
    unclaimed: Sequence[Listed] = ()
    total: int = 0


def asked(found: Asked, place: Place, around: Around) -> Page:
    """What this person asked for, open or finished."""
    window = found.window
    shown: list[Block] = [blocks.header(f"You asked · {found.open} open" if found.open else "You asked")]
    if place.kind == "done":
        shown.append(blocks.context("Finished, the latest first"))
    elif window.rows:
        shown.append(blocks.actions(blocks.button(ASK, ids.HOME_ASK, "v1")))
    shown += [_asked(one, around) for one in window.rows]
    if not window.rows:
        shown.append(_nothing_asked(place))
    shown += _followed(found, around)
    turns = _turns(window, "Newer", "Older")
    if place.kind == "done":
        turns.append((OPEN, Place().pack()))
    elif found.has_finished:
        turns.append((DONE, Place(kind="done").pack()))
    return Page(blocks=shown, turns=turns)


def _followed(found: Asked, around: Around) -> list[Block]:
    """What others asked for and this person joined: it is not theirs to resolve."""
    if not found.followed:
        return []
    more = " The latest of them are here." if found.follows_more else ""
    shown = [blocks.context(f"You ask for these too: you are told how they go.{more}")]
    return shown + [
        _entry(one, _how_theirs_goes(one.request, around), None, around) for one in found.followed
    ]


def _how_theirs_goes(request: Request, around: Around) -> str:
    who = words.person(request.requester)
    if request.state is State.WAITING:
        team = escape(around.teams.get(request.team_id, "the team"))
        return f"Waiting on {who}: {team} needs their answer"
    return f"{_whose_move(request, around)} · asked by {who}"


def _nothing_asked(place: Place) -> Block:
    if place.kind == "done":
        return blocks.section("Nothing of yours is finished yet. It will be listed here.")
    ask = blocks.button(ASK, ids.HOME_ASK, "v1", style="primary")
    said = "Nothing of yours is open. *Ask a team* opens a short form, and here you see how it goes."
    return blocks.section(said, accessory=ask)


def _asked(one: Listed, around: Around) -> Block:
    request = one.request
    if request.state.is_open:
        button = blocks.button("Resolve", ids.RESOLVE, ids.value(request.id))
    else:
        button = blocks.button("Reopen", ids.REOPEN, ids.value(request.id))
    return _entry(one, _whose_move(request, around), button, around)


def _whose_move(request: Request, around: Around) -> str:
    """How it stands, and who has to do something now."""
    team = around.teams.get(request.team_id, "the team")
    match request.state:
        case State.NEW:
            due = around.dues.get(request.id)
            promised = f", answer by {words.by(due, around.now, around.zone)}" if due else ""
            late = due is not None and due <= around.now
            return f"New · {escape(team)} has to take it{'' if late else promised}"
        case State.IN_PROGRESS:
            return f"In progress · {words.person(request.assignee)} of {escape(team)} works on it"
        case State.WAITING:
            return f":point_right: *Waiting on you*: {escape(team)} needs your answer in the thread"
        case State.SNOOZED:
            return f"{words.state_words(request, around.zone, None)} · {escape(team)} comes back to it then"
        case State.RESOLVED | State.DECLINED | State.DUPLICATE:
            ended = f" {words.ago(request.closed_at, around.now)}" if request.closed_at else ""
            return f"{request.state.label}{ended} · {escape(team)}"


def held(window: Window, total: int, around: Around) -> Page:
    """What is with this person."""
    shown: list[Block] = [blocks.header(f"With you · {total}" if total else "With you")]
    for one in window.rows:
        button = blocks.button("Resolve", ids.RESOLVE, ids.value(one.request.id))
        shown.append(_entry(one, _held(one.request, around), button, around))
    if not window.rows:
        shown.append(
            blocks.section(
                f"You hold nothing just now. When something waits, *{NEXT}* gives you the most urgent one."
            )
        )
    return Page(blocks=shown, turns=_turns(window, "Previous", "Next"))


def _held(request: Request, around: Around) -> str:
    team = around.teams.get(request.team_id)
    state = words.state_words(request, around.zone, None)
    asked_by = f"asked by {words.person(request.requester)} {words.ago(request.created_at, around.now)}"
    return " · ".join([f"{request.priority.label}, {state}", asked_by, *([escape(team)] if team else [])])


def needs(found: Needs, around: Around) -> list[Block]:
    """Whose move is this person's: an answer that a team waits for; for a lead also what nobody has."""
    if not found.total:
        return []
    shown: list[Block] = [blocks.header(f"Needs you · {found.total}")]
    shown += [_entry(one, _whose_move(one.request, around), None, around) for one in found.answers]
    for one in found.unclaimed:
        button = blocks.button("Assign", ids.ASSIGN, ids.value(one.request.id))
        shown.append(_entry(one, _unclaimed(one.request, around), button, around))
    left = found.total - len(found.answers) - len(found.unclaimed)
    if left > 0:
        shown.append(blocks.context(f"… and {left} more, in *You asked* or in the queue."))
    return shown


def _unclaimed(request: Request, around: Around) -> str:
    due = around.dues.get(request.id)
    since = ""
    if due is not None and due <= around.now:
        since = f", and should have been taken {words.ago(due, around.now)}"
    elif due is not None:
        since = f"; to be taken by {words.by(due, around.now, around.zone)}"
    team = escape(around.teams.get(request.team_id, "your team"))
    return f"{request.priority.label} · nobody has it{since} · {team}"


def queues(found: Sequence[Queue], turns: Sequence[tuple[str, str]]) -> Page:
    """The queues of somebody's teams, with counts."""
    shown: list[Block] = [blocks.header("Your team's queue" if len(found) == 1 else "Your teams' queues")]
    for queue in found:
        shown += _queue(queue)
    return Page(blocks=shown, turns=turns)


def _queue(queue: Queue) -> list[Block]:
    value = ids.value(queue.team_id)
    buttons = [blocks.button(QUEUE, ids.HOME_QUEUE, value)]
    if queue.unclaimed:
        buttons.insert(0, blocks.button(NEXT, ids.HOME_NEXT, value, style="primary"))
    return [
        blocks.section(f"*{escape(queue.name)}*: {_counts(queue)}"),
        blocks.actions(*buttons),
    ]


def _counts(queue: Queue) -> str:
    if not queue.open:
        return "nothing is open. :tada:"
    parts = [f"{queue.open} open", f"{queue.unclaimed} not claimed"]
    if queue.overdue:
        parts.append(f":warning: {'at least ' if queue.more else ''}{queue.overdue} overdue")
    if queue.waiting:
        parts.append(f"{queue.waiting} waiting on the requester")
    return " · ".join(parts)


def _entry(one: Listed, state: str, button: Block | None, around: Around) -> Block:
    """One request: its number and summary, how it stands, the way to its thread, and one thing to do."""
    request = one.request
    summary = escape(cut(words.with_names(request.summary, around.names), SUMMARY))
    mark = words.PRIORITY_MARKS[request.priority]
    link = around.links.get(request.id)
    way = f" · <{link}|Open the thread>" if link else ""
    return blocks.section(f"{mark} *{request.label}* {summary}\n{state}{way}", accessory=button)


def _turns(window: Window, newer: str, older: str) -> list[tuple[str, str]]:
    pairs = ((newer, window.newer), (older, window.older))
    return [(label, place.pack()) for label, place in pairs if place is not None]
