"""What people write as answers: from a form's fields or in one message. Pure."""

import re
from collections.abc import Sequence

from bot.core.text import clean
from bot.features.standup.domain.checkins import Asked
from bot.teams.plans import FollowUp

LONGEST = 40_000
_NUMBERED = re.compile(r"^\s*([0-9]{1,2})[.)]\s*(.*)$")
_BULLET = re.compile(r"^\s*[-*•–—]\s+")
# What people write when there is nothing to say, without the marks around it.
_NOTHING = frozenset(
    "no|none|nope|nothing|nil|null|n/a|na|all good|no blockers|no blocker|nothing at all|not really|all clear"
    "|nein|nichts|keine|non|rien|aucun|nada|ninguno|nenhum|ні|нi|нема|немає|нічого|нет|нету|ничего|brak|nie".split(
        "|"
    )
)


def says_nothing(text: str) -> bool:
    """Whether the answer only says that there is nothing: empty, dashes, “no”."""
    bare = text.strip().strip(" .!-–—_*~:)(👍✅🎉").casefold()
    return not bare or bare in _NOTHING


def tidy(text: str) -> str:
    """The answer without what cannot be shown."""
    return clean(text).strip()[:LONGEST]


def follow_ups_due(asked: Asked, answers: Sequence[str]) -> list[int]:
    """The places in `Asked.follow_ups` that these answers make due."""
    return [place for place, one in enumerate(asked.follow_ups) if _is_due(one, answers)]


def _is_due(follow_up: FollowUp, answers: Sequence[str]) -> bool:
    text = answers[follow_up.after - 1] if follow_up.after <= len(answers) else ""
    if says_nothing(text) and not follow_up.when:
        return False
    return not follow_up.when or any(word.casefold() in text.casefold() for word in follow_up.when)


def taken_over(asked: Asked, before: Asked, answers: Sequence[str]) -> tuple[str, ...]:
    """The answers of another time to the questions that are asked now; "" to those that are new."""
    known = dict(zip(before.all_questions, answers, strict=False))
    return tuple(known.get(question, "") for question in asked.all_questions)


def whole(text: str, questions: int) -> list[str] | None:
    """The answers of one message, from the first question on: by numbered lines, or as many paragraphs as questions.

    None where it is neither. Where the numbers end early, the rest is still to be asked.
    """
    if questions == 1:
        return [text]
    numbered = _by_numbers(text, questions)
    if numbered is not None:
        return numbered
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return paragraphs if len(paragraphs) == questions else None


def _by_numbers(text: str, questions: int) -> list[str] | None:
    found: dict[int, list[str]] = {}
    current = 0
    for line in text.splitlines():
        match = _NUMBERED.match(line)
        if match and int(match[1]) == current + 1 <= questions:
            current += 1
            found[current] = [match[2]]
        elif match and int(match[1]) == questions + 1 == current + 1:
            # More numbers than questions: a list within one answer.
            return None
        elif current:
            found[current].append(line)
        elif line.strip():
            return None
    return ["\n".join(lines).strip() for lines in found.values()] if len(found) > 1 else None


def items(text: str) -> list[str]:
    """The single things of a list, where every line is one; else the whole text."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(_BULLET.match(line) for line in lines):
        return [_BULLET.sub("", line).strip() for line in lines]
    return [text.strip()]
