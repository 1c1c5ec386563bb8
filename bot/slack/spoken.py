"""Somebody's words under their name, in a message of the bot's. People's text calls nobody.

Documentation of the limits: https://docs.slack.dev/reference/methods/chat.postMessage.
"""

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
from bot.slack import mrkdwn, rich_text
from bot.slack.blocks import FALLBACK, Message

# A whole message may hold about 11,000 characters over all its blocks; names, files and marks need some of them.
LONGEST = 8_000
MOST_BLOCKS = 300
_BOLD: frozenset[Mark] = frozenset({"bold"})
_ITALIC: frozenset[Mark] = frozenset({"italic"})


def said(document: Document) -> Message:
    """The document as a message that nobody is called by."""
    return Message(text=_fallback(plain(document)), blocks=[rich_text.write(document)])


def remark(words: str) -> Message:
    """A sentence of ours that stands where somebody's words were."""
    return said(Document(blocks=(Paragraph(children=(Text(text=clean(words), marks=_ITALIC),)),)))


def fitting(document: Document) -> tuple[Document, int]:
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
    shown = Document(blocks=tuple(kept))
    return shown, len(whole) - len(plain(shown))


def under_name(speaker: str, body: tuple[Block, ...]) -> list[Block]:
    """The blocks after `NAME:`, on one line with the first words where they are running text."""
    name: Inline = Text(text=f"{clean(speaker)}:", marks=_BOLD)
    first = body[0] if body else None
    if isinstance(first, Paragraph):
        return [Paragraph(children=(name, Text(text=" "), *first.children)), *body[1:]]
    return [Paragraph(children=(name,)), *body]


def or_excuse(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks, or words for a message of which nothing can be shown."""
    return body or (Paragraph(children=(Text(text="something that cannot be shown here", marks=_ITALIC),)),)


def more(left_out: int, whole: str | None, label: str = "Read the whole message") -> Paragraph:
    """That characters were left out, with the address of the whole text where there is one to follow."""
    words = Text(text=f"… ({left_out} more)")
    if whole is None or not is_web(whole):
        return Paragraph(children=(words,))
    return Paragraph(children=(words, Text(text=" "), Link(url=whole, label=label)))


def marked_as_edited(blocks: list[Block]) -> list[Block]:
    """The blocks with a mark at their end that they read differently once."""
    mark: Inline = Text(text="(edited)", marks=_ITALIC)
    last = blocks[-1]
    if isinstance(last, Paragraph):
        return [*blocks[:-1], Paragraph(children=(*last.children, Text(text=" "), mark))]
    return [*blocks, Paragraph(children=(mark,))]


def _fallback(text: str) -> str:
    """As much as fits once it is escaped, which can make it five times as long."""
    keep = FALLBACK
    while len(escaped := mrkdwn.escape(cut(text, keep))) > FALLBACK:
        keep -= 250
    return escaped


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
