"""A message of Slack on its way to an issue, and how many of them travel together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.messages import Edited, SharedFile

# What travels in one comment; Jira takes 32,767 characters, names and markup among them.
MOST_TOGETHER = 20
LONGEST_TOGETHER = 25_000
_HEADING = 100


@dataclass(frozen=True, kw_only=True)
class Word:
    """A message as it is kept for one ticket. `version` grows with each change.

    `batch` names the outbox entry that carries it, `comment_id` the comment in Jira once it is there.
    """

    id: int
    ticket_id: int
    channel: str
    ts: str
    thread_ts: str
    author: str
    text: str
    files: tuple[SharedFile, ...]
    is_shown: bool
    is_deleted: bool
    edited_at: str | None
    version: int
    batch: str | None
    comment_id: str | None


def changes_something(word: Word, edited: Edited, *, shown: bool) -> bool:
    """False for an edit that is older than the last one, of what was deleted, or that changes nothing."""
    if word.is_deleted or (word.edited_at is not None and edited.at <= word.edited_at):
        return False
    if not shown:
        return word.is_shown
    return not word.is_shown or (edited.text, edited.files) != (word.text, word.files)


def together(waiting: Sequence[Word]) -> list[Word]:
    """The first of them, as many as fit one comment; at least one."""
    chosen: list[Word] = []
    room = LONGEST_TOGETHER
    for word in waiting[:MOST_TOGETHER]:
        room -= len(word.text) + _HEADING * (1 + len(word.files))
        if chosen and room < 0:
            break
        chosen.append(word)
    return chosen
