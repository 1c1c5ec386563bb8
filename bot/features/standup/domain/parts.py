"""Somebody's answers in messages: what fits into one, and how many they take. Pure."""

from bot.core.text import pieces
from bot.features.standup.domain.checkins import Asked, Checkin

# A section of Slack's holds 3,000 characters, a message about 11,000 in all its blocks.
LONGEST_PIECE = 2900
LONGEST_PART = 8000

# Blockers in one message, each with its line and its buttons.
BLOCKERS_AT_ONCE = 12

Part = list[tuple[str, str]]


def blocker_messages(count: int) -> int:
    """How many messages below the summary so many blockers need, beside those that it shows itself."""
    return max(0, -(-count // BLOCKERS_AT_ONCE) - 1)


def parts(checkin: Checkin, asked: Asked) -> list[Part]:
    """Questions and answers in the order asked; a question is "" above the continuation of its answer."""
    found: list[Part] = [[]]
    room = LONGEST_PART
    for question, answer in zip(asked.all_questions, checkin.answers, strict=False):
        for number, piece in enumerate(pieces(answer, LONGEST_PIECE)):
            length = len(piece) + len(question)
            if room < length:
                found.append([])
                room = LONGEST_PART
            found[-1].append(("" if number else question, piece))
            room -= length
    return [part for part in found if part]
