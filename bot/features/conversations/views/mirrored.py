"""What the other thread shows of a message. People's text calls nobody, and links lead where they say."""

from collections.abc import Mapping

from bot.core.messages import SharedFile
from bot.core.text import Block, Document, Inline, Link, Paragraph, Text, clean, is_web
from bot.features.conversations.domain import KeptMessage
from bot.slack import mrkdwn, spoken
from bot.slack.blocks import Message

MOST_FILES = 10


def mirrored(message: KeptMessage, speaker: str, names: Mapping[str, str], whole: str | None) -> Message:
    """The message under its speaker's name. `names` says what ids in it are called.

    `whole` is the original's address, where those who read this may follow it.
    """
    body, left_out = spoken.fitting(mrkdwn.read(message.text, names))
    shown = body.blocks if message.files else spoken.or_excuse(body.blocks)
    blocks = spoken.under_name(speaker, shown)
    if left_out:
        blocks.append(spoken.more(left_out, whole))
    if message.edited_at is not None:
        blocks = spoken.marked_as_edited(blocks)
    return spoken.said(Document(blocks=(*blocks, *_file_lines(message.files))))


def is_cut(message: KeptMessage, names: Mapping[str, str]) -> bool:
    """Whether it is too long to be shown whole."""
    return spoken.fitting(mrkdwn.read(message.text, names))[1] > 0


def tombstone(speaker: str) -> Message:
    """What stands where a message was."""
    return spoken.remark(f"{clean(speaker)} deleted this message.")


def requester_not_reached(requester: str) -> Message:
    """To somebody of the team whose words did not reach the requester."""
    return Message(
        text=mrkdwn.escape(f"{clean(requester)} cannot be reached in Slack: your message was not delivered.")
    )


def team_not_reached() -> Message:
    """To the asker whose words did not reach the team."""
    return Message(
        text="Your message was not delivered: Slack does not let me write in the team's channel. "
        "Please tell somebody of the team directly."
    )


def _file_lines(files: tuple[SharedFile, ...]) -> list[Block]:
    lines: list[Block] = [_file_line(file) for file in files[:MOST_FILES]]
    if len(files) > MOST_FILES:
        lines.append(Paragraph(children=(Text(text=f"… ({len(files) - MOST_FILES} more files)"),)))
    return lines


def _file_line(file: SharedFile) -> Paragraph:
    # Not the tree's own `link`: a file's name looks like an address, and this one leads to Slack's page of it.
    name: Inline = (
        Link(url=file.permalink, label=file.name) if is_web(file.permalink) else Text(text=file.name)
    )
    size = f" ({size_words(file.size)})" if file.size else ""
    return Paragraph(children=(Text(text="File: "), name, Text(text=size)))


def size_words(size: int) -> str:
    """A number of bytes for people: 340 bytes, 92 KB, 1.4 MB."""
    if size < 1_000:
        return "1 byte" if size == 1 else f"{size} bytes"
    if size < 1_000_000:
        return f"{round(size / 1_000)} KB"
    return f"{size / 1_000_000:.1f} MB"
