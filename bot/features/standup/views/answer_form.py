"""The form of a check-in: its questions, filled in as far as can be known, and what is still in the way."""

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.core.text import cut
from bot.core.wire import inner, objects
from bot.features.standup.domain import answers as rules
from bot.features.standup.domain.blockers import age_words, first_line
from bot.features.standup.domain.checkins import Asked, Blocker
from bot.features.standup.views import ids, words
from bot.slack import blocks, inputs
from bot.slack.blocks import Block
from bot.slack.calls import Submission, text_in

LONGEST = 3000
STILL = "still"


@dataclass(frozen=True, kw_only=True)
class Key:
    """Which check-in a form is for: one that is there, or one that is made when the form is sent.

    `asks` marks the questions of the latter, which may be others by then.
    """

    checkin_id: int | None = None
    team_id: int = 0
    series: str = ""
    day: date | None = None
    shown: tuple[int, ...] = ()
    asks: str = ""

    def packed(self) -> str:
        """For the form's private metadata."""
        return json.dumps(
            {"v": 1, "id": self.checkin_id, "team": self.team_id, "series": self.series,
             "day": self.day.isoformat() if self.day else None, "shown": list(self.shown),
             "asks": self.asks}
        )  # fmt: skip


def unpack(packed: str) -> Key | None:
    """What `packed` wrote; None for anything else."""
    try:
        found: Mapping[str, Any] = json.loads(packed)
        day = found["day"]
        return Key(
            checkin_id=found["id"],
            team_id=int(found["team"]),
            series=str(found["series"]),
            day=date.fromisoformat(day) if day else None,
            shown=tuple(int(one) for one in found["shown"]),
            asks=str(found["asks"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


def mark_of(asked: Asked) -> str:
    """The same for the same questions in the same order."""
    return f"{zlib.crc32(json.dumps(asked.all_questions).encode()):08x}"


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What stands in the form when it opens. `plan`: their last plan, with its day; `notes` go above the
    questions; `solved` are blockers whose tick was taken away."""

    answers: Sequence[str] = ()
    plan: str = ""
    plan_day: date | None = None
    blockers: Sequence[Blocker] = ()
    today: date
    solved: Collection[int] = ()
    notes: Sequence[str] = field(default_factory=tuple[str, ...])


def build(key: Key, name: str, asked: Asked, filled: Filled) -> Mapping[str, Any]:
    """The form."""
    shown: list[Block] = [blocks.context(note) for note in filled.notes]
    if filled.plan and filled.plan_day:
        shown.append(blocks.context(f"Your last plan ({words.short_day(filled.plan_day)}):"))
        shown.append(blocks.plain_section(cut(filled.plan, 1000)))
    for number, question in enumerate(asked.questions):
        shown.append(_question(asked, number, question, filled))
        shown += _follow_ups(key, asked, number, filled)
    still = _still(filled)
    if still:
        shown.append(still)
    return blocks.modal(
        callback_id=ids.ANSWER_FORM,
        title=name,
        blocks=shown,
        submit="Send",
        private_metadata=key.packed(),
    )


def early(opens_at: datetime, zone: str) -> str:
    """What the form says above its questions when it is opened ahead of its time."""
    return f"This one opens {words.moment(opens_at, zone)}. If you answer now, you are not asked then."


def _question(asked: Asked, number: int, question: str, filled: Filled) -> Block:
    text = filled.answers[number] if number < len(filled.answers) else ""
    hint = (
        f"Your message had {len(text)} characters. If you change this, only what stands here is kept."
        if len(text) > LONGEST
        else ""
    )
    if number + 1 == asked.blocker_question and not hint:
        hint = "Leave it empty if there is nothing."
    element = blocks.text_input("text", initial=text, multiline=True, max_length=LONGEST)
    return blocks.input_block(question, element, f"q{number}", optional=True, hint=hint)


def _follow_ups(key: Key, asked: Asked, number: int, filled: Filled) -> list[Block]:
    found: list[Block] = []
    for place, one in enumerate(asked.follow_ups):
        at = len(asked.questions) + place
        text = filled.answers[at] if at < len(filled.answers) else ""
        if one.after == number + 1 and (place in key.shown or text):
            element = blocks.text_input("text", initial=text, multiline=True, max_length=LONGEST)
            found.append(blocks.input_block(one.ask, element, f"q{at}", optional=True))
    return found


def _still(filled: Filled) -> Block | None:
    if not filled.blockers:
        return None
    choices = [
        (f"{cut(first_line(one), 55)} ({age_words(one.day, filled.today)})", str(one.id))
        for one in filled.blockers[: inputs.MOST_BUTTONS]
    ]
    ticked = [value for _, value in choices if int(value) not in filled.solved]
    element = inputs.checkboxes("still", choices, initial=ticked)
    hint = "Untick what is no longer in your way."
    return blocks.input_block("Still in your way?", element, STILL, optional=True, hint=hint)


def read(call: Submission, asked: Asked, before: Sequence[str]) -> list[str]:
    """The answers in the order of `Checkin.answers`. One longer than a field, left as it was, stays whole."""
    count = len(asked.questions) + len(asked.follow_ups)
    found: list[str] = []
    for place in range(count):
        text = str(call.value(f"q{place}") or "")
        known = before[place] if place < len(before) else ""
        # Slack may give back less white space than it got.
        if len(known) > LONGEST and text.strip() == known[:LONGEST].strip():
            text = known
        found.append(text)
    return found


def unticked(call: Submission) -> list[int]:
    """The blockers that were shown and are ticked no more; none where the form did not ask."""
    shown = next(
        (inner(block, "element") for block in call.view.blocks if block.get("block_id") == STILL), None
    )
    if shown is None:
        return []
    ticked: Sequence[str | None] = call.value(STILL) or ()
    offered = [text_in(one, "value") or "" for one in objects(shown, "options")]
    return [int(one) for one in offered if one.isdigit() and one not in ticked]


def missing_follow_ups(asked: Asked, answers: Sequence[str], shown: Sequence[int]) -> list[int]:
    """Follow-ups that these answers make due and that have not been shown yet."""
    return [place for place in rules.follow_ups_due(asked, answers) if place not in shown]
