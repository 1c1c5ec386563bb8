"""What a thread shows of a comment that somebody wrote in Jira. People's text calls nobody."""

from bot.core.text import Document, clean
from bot.features.in_step.domain import KnownComment
from bot.slack import spoken
from bot.slack.blocks import Message


def shown(comment: KnownComment, body: Document, url: str) -> Message:
    """The comment under its author's name; `url` leads to the issue, for what does not fit."""
    fits, left_out = spoken.fitting(body)
    blocks = spoken.under_name(f"{_name(comment)} in Jira", spoken.or_excuse(fits.blocks))
    if left_out:
        blocks.append(spoken.more(left_out, url, "Read the whole comment"))
    if comment.is_edited:
        blocks = spoken.marked_as_edited(blocks)
    return spoken.said(Document(blocks=tuple(blocks)))


def tombstone(comment: KnownComment) -> Message:
    """What stands where a comment was."""
    if comment.is_deleted:
        return spoken.remark(f"{_name(comment)} deleted this comment in Jira.")
    return spoken.remark(f"{_name(comment)} wrote a comment in Jira that is not for everybody any more.")


def _name(comment: KnownComment) -> str:
    return " ".join(clean(comment.author).split()) or "Somebody"
