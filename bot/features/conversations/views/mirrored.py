"""What the other thread shows of a message. People's text calls nobody, and links lead where they say.

Documentation of the limits: https://docs.slack.dev/reference/methods/chat.postMessage.
"""

from collections.abc import Mapping

from bot.core.text import (
    Block,
    CodeBlock,
    Document,
    Inline,
    Link,
    Mark,
    Paragraph,
    Quote,
    Text,
    clean,
    cut,
    is_web,
    plain,
)
from bot.core.text_hygiene import boundary
from bot.features.conversations.domain import KeptMessage, SharedFile
from bot.slack import mrkdwn, rich_text
from bot.slack.blocks import FALLBACK, Message

# A whole message may hold about 11,000 characters over all its blocks; names, files and marks need some of them.
LONGEST = 8_000
MOST_BLOCKS = 300
MOST_FILES = 10
_BOLD: frozenset[Mark] = frozenset({"bold"})
_ITALIC: frozenset[Mark] = frozenset({"italic"})


def mirrored(message: KeptMessage, speaker: str, names: Mapping[str, str], whole: str | None) -> Message:
    """The message under its speaker's name. `names` says what ids in it are called.

    `whole` is the original's address, where those who read this may follow it.
    """
    body, left_out = _fitting(mrkdwn.read(message.text, names))
    blocks = _under_name(speaker, _body_or_excuse(body, message))
    if left_out:
        blocks.append(_more(left_out, whole))
    if message.edited_at is not None:
        blocks = _marked_as_edited(blocks)
    return _said(Document(blocks=(*blocks, *_file_lines(message.files))))


def is_cut(message: KeptMessage, names: Mapping[str, str]) -> bool:
    """Whether it is too long to be shown whole."""
    return _fitting(mrkdwn.read(message.text, names))[1] > 0


def tombstone(speaker: str) -> Message:
    """What stands where a message was."""
    words = f"{clean(speaker)} deleted this message."
    return _said(Document(blocks=(Paragraph(children=(Text(text=words, marks=_ITALIC),)),)))


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


def _said(document: Document) -> Message:
    return Message(text=_fallback(plain(document)), blocks=[rich_text.write(document)])


def _fallback(text: str) -> str:
    """As much as fits once it is escaped, which can make it five times as long."""
    keep = FALLBACK
    while len(escaped := mrkdwn.escape(cut(text, keep))) > FALLBACK:
        keep -= 250
    return escaped


def _under_name(speaker: str, body: tuple[Block, ...]) -> list[Block]:
    name: Inline = Text(text=f"{clean(speaker)}:", marks=_BOLD)
    first = body[0] if body else None
    if isinstance(first, Paragraph):
        return [Paragraph(children=(name, Text(text=" "), *first.children)), *body[1:]]
    return [Paragraph(children=(name,)), *body]


def _body_or_excuse(body: Document, message: KeptMessage) -> tuple[Block, ...]:
    if body.blocks or message.files:
        return body.blocks
    return (Paragraph(children=(Text(text="something that cannot be shown here", marks=_ITALIC),)),)


def _more(left_out: int, whole: str | None) -> Paragraph:
    words = Text(text=f"… ({left_out} more)")
    if whole is None or not is_web(whole):
        return Paragraph(children=(words,))
    return Paragraph(children=(words, Text(text=" "), Link(url=whole, label="Read the whole message")))


def _marked_as_edited(blocks: list[Block]) -> list[Block]:
    mark: Inline = Text(text="(edited)", marks=_ITALIC)
    last = blocks[-1]
    if isinstance(last, Paragraph):
        return [*blocks[:-1], Paragraph(children=(*last.children, Text(text=" "), mark))]
    return [*blocks, Paragraph(children=(mark,))]


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


def _fitting(document: Document) -> tuple[Document, int]:
    """As much of the document as fits, and how many characters are left out."""
    whole = plain(document)
    if len(document.blocks) > MOST_BLOCKS:
        document = Document(blocks=(Paragraph(children=(Text(text=whole),)),))
    if len(whole) <= LONGEST:
        return document, 0
    kept: list[Block] = []
    room = LONGEST
    for block in document.blocks:
        length = len(plain(Document(blocks=(block,))))
        if length > room:
            kept += _beginning(block, room)
            break
        kept.append(block)
        room -= length + 2
    fitting = Document(blocks=tuple(kept))
    return fitting, len(whole) - len(plain(fitting))


def _beginning(block: Block, room: int) -> list[Block]:
    text = _text_of(block)
    words = text[: boundary(text, min(max(room, 0), len(text)))]
    if not words.strip():
        return []
    if isinstance(block, CodeBlock):
        return [CodeBlock(text=words)]
    inner = Paragraph(children=(Text(text=words),))
    return [Quote(blocks=(inner,))] if isinstance(block, Quote) else [inner]


def _text_of(block: Block) -> str:
    if isinstance(block, CodeBlock):
        return block.text
    return plain(Document(blocks=block.blocks if isinstance(block, Quote) else (block,)))
