"""The one message about a check-in: what is in the way first, then who has said what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.text import cut
from bot.features.standup.domain.blockers import age_words, first_line
from bot.features.standup.domain.checkins import Asked, Blocker, Checkin, State
from bot.features.standup.domain.parts import BLOCKERS_AT_ONCE, parts
from bot.features.standup.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

# Slack takes 50 blocks in a message, and about 11,000 characters in them together: about half for what is in the
# way, half for the people.
LONGEST_BLOCKER = 300
LONGEST_PEOPLE = 5000
LONGEST_LINE = 1500
MOST_IN_TEXT = 8


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the summary shows. `names` by user id; `waiting`: people of other time zones who are yet to be asked.

    `states`: how the requests that blockers became stand, by their id.
    """

    name: str
    period: date
    asked: Asked
    checkins: Sequence[Checkin]
    waiting: Sequence[str]
    blockers: Sequence[Blocker]
    states: Mapping[int, str]
    names: Mapping[str, str]
    now: datetime
    today: date
    zone: str

    def named(self, names: Mapping[str, str]) -> "Facts":
        """The same with what people are called."""
        return replace(self, names=names)


def summary(facts: Facts) -> Message:
    """The message, as everything stands now."""
    when = words.day_words(facts.period)
    title = f"{facts.name} · week of {when}" if facts.asked.weekly_summary else f"{facts.name} · {when}"
    lines = _people(facts)
    shown: list[Block] = [blocks.header(title)]
    told = [f"*{escape(title)}*"]
    for blocker in facts.blockers[:BLOCKERS_AT_ONCE]:
        line = _blocker_line(facts, blocker)
        told.append(f"In the way: {line}")
        shown += _blocker(blocker, line)
    left = len(facts.blockers) - BLOCKERS_AT_ONCE
    if left > 0:
        shown.append(blocks.context(f"And {left} more, at the top of the thread."))
    if facts.blockers:
        shown.append(blocks.divider())
    # Each in a block of its own: of a large team one would not hold them all.
    shown += [blocks.section(line) for line in lines]
    if any(one.answers for one in facts.checkins):
        lines.append("The answers are in the thread.")
        shown.append(blocks.context(lines[-1]))
    # As a text alone it has to leave room for the people.
    more = len(facts.blockers) - MOST_IN_TEXT
    told[1 + MOST_IN_TEXT :] = [f"And {more} more in the way."] if more > 0 else []
    return Message(text="\n".join([*told, *lines]), blocks=shown)


def more_blockers(facts: Facts, page: int) -> Message:
    """What is in the way beyond what the summary shows; `page` counts from 1."""
    found = facts.blockers[page * BLOCKERS_AT_ONCE :][:BLOCKERS_AT_ONCE]
    if not found:
        gone = "Nothing more is in the way."
        return Message(text=gone, blocks=[blocks.section(gone)])
    lines = [_blocker_line(facts, one) for one in found]
    shown = [blocks.section("*Also in the way:*")]
    for blocker, line in zip(found, lines, strict=True):
        shown += _blocker(blocker, line)
    return Message(text="\n".join(["*Also in the way:*", *lines]), blocks=shown)


def _blocker(blocker: Blocker, line: str) -> list[Block]:
    shown = [blocks.section(f":construction: {line}")]
    if not blocker.is_open:
        return shown
    value = ids.value_of(blocker.id)
    buttons = [
        blocks.button("Make it a request", ids.MAKE_REQUEST, value),
        blocks.button("Create Jira issue", ids.MAKE_ISSUE, value),
        blocks.button("Solved", ids.SOLVED, value),
    ]
    return [*shown, blocks.actions(*(buttons[1:] if blocker.request_id else buttons))]


def _blocker_line(facts: Facts, blocker: Blocker) -> str:
    text = _short(first_line(blocker))
    hidden = blocker.is_anonymous or facts.asked.anonymous
    who = "" if hidden else f"{_name(facts, blocker.user_id)}: "
    age = "" if blocker.day >= facts.today else f" (for {age_words(blocker.day, facts.today)})"
    request = ""
    if blocker.number is not None:
        state = facts.states.get(blocker.request_id or 0, "")
        request = f" · *#{blocker.number}* {state}".rstrip()
    done = "" if blocker.is_open else " · solved"
    return f"{who}{text}{age}{request}{done}"


def _short(text: str) -> str:
    # Escaping makes one character up to five; Slack counts those.
    keep = LONGEST_BLOCKER
    while len(short := escape(cut(text, keep))) > LONGEST_BLOCKER:
        keep -= 20
    return short


def _name(facts: Facts, user_id: str) -> str:
    return escape(facts.names.get(user_id, user_id))


def _people(facts: Facts) -> list[str]:
    by_state = {state: [one for one in facts.checkins if one.state is state] for state in State}
    people = {one.user_id for one in facts.checkins if one.state is not State.AWAY} | {*facts.waiting}
    answered = {one.user_id for one in by_state[State.ANSWERED]}
    lines = [f"*{len(answered)} of {len(people)}* answered."]
    if facts.asked.anonymous:
        return lines
    open_ones = [one for one in by_state[State.ASKED] if one.closes_at > facts.now]
    silent = [one for one in by_state[State.ASKED] if one.closes_at <= facts.now]
    still_open, ends = words.still_open(open_ones, facts.zone)
    open_names = [f"{_name(facts, one.user_id)}{end}" for one, end in zip(open_ones, ends, strict=True)]
    groups = (
        ("Answered", {one.user_id: _answered(facts, one) for one in by_state[State.ANSWERED]}),
        (still_open, dict(zip([one.user_id for one in open_ones], open_names, strict=True))),
        ("Later today", {user_id: _name(facts, user_id) for user_id in facts.waiting}),
        ("Skipped", {one.user_id: _noted(facts, one) for one in by_state[State.SKIPPED]}),
        ("Away", {one.user_id: _noted(facts, one) for one in by_state[State.AWAY]}),
        ("No answer", {one.user_id: _name(facts, one.user_id) for one in silent}),
        ("Not asked", {one.user_id: _name(facts, one.user_id) for one in by_state[State.MISSED]}),
    )
    room = LONGEST_PEOPLE
    told: set[str] = set()
    for title, found in groups:
        # In a week of several days somebody is told of once, by the best of them.
        names = sorted((name for user_id, name in found.items() if user_id not in told), key=str.casefold)
        told |= {*found}
        if names:
            lines.append(f"{title}: {words.listed(names, room=min(LONGEST_LINE, room))}")
            room = max(room - len(lines[-1]), 0)
    return lines


def _answered(facts: Facts, checkin: Checkin) -> str:
    return f"{_name(facts, checkin.user_id)}{' (late)' if checkin.is_late else ''}"


def _noted(facts: Facts, checkin: Checkin) -> str:
    note = f" ({escape(cut(checkin.note, 60))})" if checkin.note else ""
    return f"{_name(facts, checkin.user_id)}{note}"


def answers(checkin: Checkin, asked: Asked, name: str, part: int, *, weekly: bool) -> Message:
    """One person's answers in the thread; `part` counts from 0 where they are long."""
    found = parts(checkin, asked)
    who = "Somebody" if asked.anonymous else escape(name)
    late = " (late)" if checkin.is_late else ""
    day = f" · {words.short_day(checkin.day)}" if weekly else ""
    more = f" ({part + 1} of {len(found)})" if len(found) > 1 else ""
    head = f"*{who}*{day}{late}{more}"
    if part >= len(found):
        gone = (
            f"{head}\nThis part of the answers is gone." if part else f"{head}\nThe answers were taken back."
        )
        return Message(text=gone, blocks=[blocks.section(gone)])
    shown: list[Block] = [blocks.section(head)]
    told = [head]
    for question, text in found[part]:
        if question:
            shown.append(blocks.section(f"*{escape(question)}*"))
            told.append(f"*{escape(question)}*")
        shown.append(blocks.plain_section(text))
        told.append(escape(text))
    return Message(text="\n".join(told), blocks=shown)
