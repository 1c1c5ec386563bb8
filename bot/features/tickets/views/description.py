"""An issue's description as a document: what was typed, the facts, the conversation. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

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
    from_plain,
    is_web,
    paragraph,
)
from bot.core.threads import RequestFacts
from bot.features.tickets.views.transcript import Said
from bot.slack import mrkdwn

# Below Jira's 32,767 characters of one text, with room for the line that counts what is left out.
ROOM = 32_000
_BOLD: frozenset[Mark] = frozenset({"bold"})
_ITALIC: frozenset[Mark] = frozenset({"italic"})
_CLOSED = "The thread could not be read in Slack: what is here may not be all of it."


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a description is made of. `names` says what ids are called; `unread` messages are not among `said`."""

    typed: str
    facts: RequestFacts | None
    asked_by: str
    links: Sequence[tuple[str, str]]
    said: Sequence[Said]
    unread: int
    closed: bool
    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict[str, str])


def description(parts: Parts, size: Callable[[Document], int], room: int = ROOM) -> Document:
    """The whole of it, with as many messages from the beginning as fit in `room`, and a count of the others."""
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
        low, high = (middle, high) if size(_with(parts, messages[:middle])) <= room else (low, middle - 1)
    return _with(parts, messages[:low])


def _with(parts: Parts, messages: Sequence[tuple[Block, ...]]) -> Document:
    left_out = len(parts.said) - len(messages) + parts.unread
    blocks: list[Block] = [*from_plain(parts.typed).blocks, *_facts(parts)]
    if messages or left_out:
        blocks.append(Heading(children=(Text(text=f"Conversation in Slack (times of {parts.zone.key})"),)))
    for message in messages:
        blocks.extend(message)
    if left_out:
        word = "message" if left_out == 1 else "messages"
        blocks.append(paragraph(f"… ({left_out} more {word} in Slack)"))
    if parts.closed:
        blocks.append(Paragraph(children=(Text(text=_CLOSED, marks=_ITALIC),)))
    return Document(blocks=tuple(blocks))


def _facts(parts: Parts) -> list[Block]:
    lines = [*_request(parts), paragraph(f"Issue created from Slack by {_name(parts.asked_by, parts)}")]
    lines += [paragraph(Link(url=url, label=label)) for label, url in parts.links if is_web(url)]
    heading = Heading(children=(Text(text="Where this comes from"),))
    return [heading, Listing(items=tuple((line,) for line in lines))]


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


def _message(said: Said, parts: Parts) -> tuple[Block, ...]:
    at = said.at.astimezone(parts.zone).strftime("%Y-%m-%d %H:%M")
    name = _name(said.author, parts) if said.author else said.signature
    head = Paragraph(children=(Text(text=name, marks=_BOLD), Text(text=f" ({at})")))
    files = tuple(_file(name, url) for name, url in said.files)
    return (head, *mrkdwn.read(said.text, parts.names).blocks, *files)


def _file(name: str, url: str) -> Paragraph:
    # Not the tree's own `link`: a file's name looks like an address, and this one leads to Slack's page of it.
    shown: Inline = Link(url=url, label=name) if is_web(url) else Text(text=name)
    return Paragraph(children=(Text(text="File: "), shown))


def _name(user_id: str, parts: Parts) -> str:
    return parts.names.get(user_id) or "somebody"
