"""What others asked before, shown in the form while it is filled in, and what is said when that was enough."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.text import cut
from bot.features.requests.domain import Request
from bot.features.requests.likeness import Found, LookAlikes
from bot.features.requests.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

HEADING = ":mag: *Asked before?* These look alike. Nothing is sent yet."
SUMMARY, ANSWER = 150, 600
_OURS = re.compile(r"similar\.(\d{1,18})")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What the team said last before it was resolved, and who said it."""

    author: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is shown beside look-alikes: teams' names and answers by id, people's names by id."""

    teams: Mapping[int, str]
    answers: Mapping[int, Answered] = field(default_factory=dict[int, Answered])
    names: Mapping[str, str] = field(default_factory=dict[str, str])


def look_alikes(found: LookAlikes, around: Around, now: datetime) -> list[Block]:
    """At most three open requests with *Me too*, at most two solved ones with their answers and *That helped*."""
    if not found.ids:
        return []
    shown: list[Block] = [blocks.context(HEADING)]
    for one in found.open:
        about = f"{one.state.label} · {_team(one, around)} · {words.ago(one.created_at, now)}"
        if one.is_mine:
            shown.append(_entry(one, around, f"Yours · {about}"))
        else:
            shown.append(_entry(one, around, about, blocks.button("Me too", ids.ME_TOO, ids.value(one.id))))
    for one in found.solved:
        solved = words.ago(one.closed_at or one.created_at, now)
        by = f" · {words.person(one.assignee)}" if one.assignee else ""
        about = f":white_check_mark: {one.state.label} · {_team(one, around)}{by} · {solved}"
        helped = blocks.button("That helped", ids.HELPED, ids.value(one.id))
        shown += [_entry(one, around, about, helped), *_answer(one, around)]
    return shown


def ids_in(shown: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    """The requests that a form shows already as look-alikes."""
    named = (_OURS.fullmatch(str(block.get("block_id"))) for block in shown)
    return frozenset(int(found[1]) for found in named if found)


def _entry(one: Found, around: Around, about: str, button: Block | None = None) -> Block:
    summary = escape(cut(words.with_names(one.summary, around.names), SUMMARY))
    return blocks.section(
        f"*#{one.number}* {summary}\n{about}", accessory=button, block_id=f"similar.{one.id}"
    )


def _team(one: Found, around: Around) -> str:
    return escape(around.teams.get(one.team_id, "another team"))


def _answer(one: Found, around: Around) -> list[Block]:
    answered = around.answers.get(one.id)
    if answered is None:
        return []
    text = words.as_typed(words.with_names(answered.text, around.names))
    return [
        blocks.context(f"{words.person(answered.author)} answered:"),
        blocks.plain_section(cut(text, ANSWER)),
    ]


def joined(request: Request, people: int, *, again: bool) -> str:
    """What the form says when it was enough to join."""
    if again:
        return f"You ask for *{request.label}* already: you hear of it in any case. Nothing new was sent."
    return (
        f"You ask for *{request.label}* too: {people} people do now. "
        "I will tell you in a direct message how it goes. Nothing else was sent."
    )


def helped(request: Request) -> str:
    """What the form says when an old answer was enough."""
    return (
        f"Glad that *{request.label}* helped. Nothing was sent. "
        "If it does not work out after all, `/ask-team` is there."
    )


def greeting(request: Request, summary: str, team: str, people: int) -> Message:
    """The first message to somebody who joined; how it goes is told below it."""
    text = (
        f"You ask for *{request.label}* too, with *{escape(team)}*. It is *{request.state.label}*, "
        f"and {people} people ask for it.\nYou will hear here how it goes. "
        "If yours turns out to be something else, `/ask-team` takes it."
    )
    return Message(
        text=f"{text}\n{escape(summary)}", blocks=[blocks.section(text), blocks.plain_section(summary)]
    )


def line(user_id: str, people: int) -> Message:
    """What the team reads below the card."""
    text = f"{words.person(user_id)} asks for the same: {people} people do now. Each of them is told how it goes."
    return Message(text=text, blocks=[blocks.context(text)])


def told(text: str, reason: str) -> Message:
    """A change, told to somebody who joined."""
    shown = [blocks.section(text), *([blocks.plain_section(reason)] if reason else [])]
    return Message(text=f"{text}\n{escape(reason)}" if reason else text, blocks=shown)


def perhaps(one: Found, summary: str) -> str:
    """One look-alike, in the receipt of a request that was filed in one line."""
    return f"Perhaps the same: *#{one.number}* {escape(cut(summary, SUMMARY))} ({one.state.label})."
