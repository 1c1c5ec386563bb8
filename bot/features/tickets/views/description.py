"""An issue's description as a document: what was typed, the facts, the conversation. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.files import FileRef
from bot.core.text import (
    Block,
    Document,
    Heading,
    Inline,
    Link,
    Listing,
    Mark,
    Paragraph,
    Text,
    cut,
    from_plain,
    is_web,
    paragraph,
    plain,
)
from bot.core.threads import RequestFacts
from bot.features.tickets.views.transcript import Said
from bot.slack import mrkdwn, rich_text
from bot.teams.names import without_channel_names

# Below Jira's 32,767 characters of one text, with room for the line that counts what is left out.
ROOM = 32_000
LONGEST_MESSAGE = 8_000
# The whole of a conversation that does not fit goes along as a file of this name.
WHOLE = "conversation.txt"
_BOLD: frozenset[Mark] = frozenset({"bold"})
_ITALIC: frozenset[Mark] = frozenset({"italic"})
_CLOSED = "The thread could not be read in Slack: what is here may not be all of it."


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a description is made of. `names` says what ids are called; `unread` messages are not among `said`.

    `reporter` and `assignee` are people of Slack; those in `in_words` are not in the issue's fields and are named in
    the text. `left_out` says why a file is not attached, by its id. `takes_files`: what does not fit can be attached.
    """

    typed: str
    facts: RequestFacts | None
    asked_by: str
    links: Sequence[tuple[str, str]]
    said: Sequence[Said]
    unread: int
    closed: bool
    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    reporter: str = ""
    assignee: str = ""
    in_words: frozenset[str] = frozenset({"reporter", "assignee"})
    left_out: Mapping[str, str] = field(default_factory=dict[str, str])
    takes_files: bool = False


@dataclass(frozen=True, kw_only=True)
class Described:
    """A description, and how many messages at hand it has no room for, or not for all of."""

    document: Document
    left_out: int


def description(parts: Parts, size: Callable[[Document], int], room: int = ROOM) -> Described:
    """The whole of it, with as many messages from the beginning as fit in `room`, and a count of the others."""
    head = [*from_plain(parts.typed).blocks, *_facts(parts)]
    return _fitting(head, parts, size, room)


def linked_comment(parts: Parts, size: Callable[[Document], int], room: int = ROOM) -> Described:
    """The comment on an issue that was there before: who linked it, where the talk is, what was said so far."""
    by = f"Linked from Slack by {_name(parts.asked_by, parts)}"
    lines = [paragraph(by), *_request(parts), *_links(parts)]
    return _fitting([Listing(items=tuple((line,) for line in lines))], parts, size, room)


def transcript(parts: Parts) -> str:
    """The whole conversation in plain text, for a file."""
    return "\n\n".join(
        plain(Document(blocks=_message(said, parts, longest=len(said.text)))) for said in parts.said
    )


def _fitting(head: Sequence[Block], parts: Parts, size: Callable[[Document], int], room: int) -> Described:
    messages: list[tuple[Block, ...]] = []
    length = 0
    for said in parts.said:
        if length > room:
            break
        length += len(said.text)
        messages.append(_message(said, parts))
    low, high = 0, len(messages)
    while low < high:
        middle = (low + high + 1) // 2
        fits = size(_with(head, parts, messages[:middle])) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    cut_short = sum(len(said.text) > LONGEST_MESSAGE for said in parts.said[:low])
    return Described(document=_with(head, parts, messages[:low]), left_out=len(parts.said) - low + cut_short)


def _with(head: Sequence[Block], parts: Parts, messages: Sequence[tuple[Block, ...]]) -> Document:
    at_hand = len(parts.said) - len(messages)
    left_out = at_hand + parts.unread
    blocks: list[Block] = [*head]
    if messages or left_out:
        blocks.append(Heading(children=(Text(text=f"Conversation in Slack (times of {parts.zone.key})"),)))
    for message in messages:
        blocks.extend(message)
    if left_out:
        word = "message" if left_out == 1 else "messages"
        whole = f" The conversation goes on in {WHOLE}." if at_hand and parts.takes_files else ""
        blocks.append(paragraph(f"… ({left_out} more {word} in Slack){whole}"))
    if parts.closed:
        blocks.append(Paragraph(children=(Text(text=_CLOSED, marks=_ITALIC),)))
    return Document(blocks=tuple(blocks))


def _facts(parts: Parts) -> list[Block]:
    lines = _request(parts)
    people = (
        ("reporter", "Reported by", parts.reporter),
        ("assignee", "Assigned in Slack to", parts.assignee),
    )
    for role, words, user_id in people:
        if user_id and role in parts.in_words:
            lines.append(paragraph(f"{words} {_name(user_id, parts)}"))
    lines.append(paragraph(f"Issue created from Slack by {_name(parts.asked_by, parts)}"))
    lines += _links(parts)
    heading = Heading(children=(Text(text="Where this comes from"),))
    return [heading, Listing(items=tuple((line,) for line in lines))]


def _links(parts: Parts) -> list[Paragraph]:
    return [paragraph(Link(url=url, label=label)) for label, url in parts.links if is_web(url)]


def _request(parts: Parts) -> list[Paragraph]:
    facts = parts.facts
    if facts is None:
        return []
    filed = "" if facts.filed_by == facts.requester else f", filed by {_name(facts.filed_by, parts)}"
    kind = [facts.type_label, f"priority {facts.priority_label}", f"asked as {facts.asking_as_label}"]
    kind += [f"component {facts.component}"] if facts.component else []
    return [
        paragraph(f"Request #{facts.number} of {_name(facts.requester, parts)}{filed}"),
        paragraph(", ".join(kind)),
    ]


def _message(said: Said, parts: Parts, longest: int = LONGEST_MESSAGE) -> tuple[Block, ...]:
    at = said.at.astimezone(parts.zone).strftime("%Y-%m-%d %H:%M")
    name = _name(said.author, parts) if said.author else said.signature
    head = Paragraph(children=(Text(text=name, marks=_BOLD), Text(text=f" ({at})")))
    files = tuple(_file(file, parts.left_out.get(file.id, "")) for file in said.files)
    return (head, *_words(said, parts.names, longest).blocks, *files)


def _words(said: Said, names: Mapping[str, str], longest: int) -> Document:
    if len(said.text) <= longest:
        written = rich_text.read(said.blocks, names)
        if written.blocks:
            return written
    return mrkdwn.read(cut(without_channel_names(said.text), longest), names)


def _file(file: FileRef, left_out: str) -> Paragraph:
    # Not the tree's own `link`: a file's name looks like an address, and this one leads to Slack's page of it.
    shown: Inline = Link(url=file.page, label=file.name) if is_web(file.page) else Text(text=file.name)
    why = (Text(text=f" (not attached: {left_out})"),) if left_out else ()
    return Paragraph(children=(Text(text="File: "), shown, *why))


def _name(user_id: str, parts: Parts) -> str:
    return parts.names.get(user_id) or "somebody"
