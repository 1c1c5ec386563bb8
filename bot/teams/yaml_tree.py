"""YAML text as a tree that remembers lines: scalars stay the text that was written.

YAML's own guesses (`on` is true, `10:00` is 600) are not made. Aliases are followed within a limit; tags are refused.
What the keys mean is not known here.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

try:
    from yaml import CBaseLoader as Loader
except ImportError:
    from yaml import BaseLoader as Loader

MAX_DEPTH = 20
MAX_NODES = 50_000


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """One value as it was written; `is_null` where nothing, `~` or `null` stands without quotes."""

    line: int
    text: str
    is_null: bool


@dataclass(frozen=True, kw_only=True)
class ListNode:
    """A list."""

    line: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, kw_only=True)
class MapNode:
    """A mapping, in its order, duplicate keys included."""

    line: int
    entries: "tuple[tuple[Scalar, Node], ...]"


Node = Scalar | ListNode | MapNode


class Unreadable(Exception):
    """The text is no YAML that we read. `line` counts from 1; None where no line can be named."""

    def __init__(self, line: int | None, words: str) -> None:
        super().__init__(words)
        self.line = line
        self.words = words


@dataclass(kw_only=True)
class _Open:
    """A list or mapping, or the document itself, whose end has not come yet."""

    line: int
    is_map: bool = False
    anchor: str | None = None
    nodes: list[Node] = field(default_factory=list[Node])
    size: int = 1


def parse(text: str) -> Node | None:
    """The tree of the only document; None where there is none. Raises Unreadable."""
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(line, f"this is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "it cannot be read"))
        raise Unreadable(None, f"this is not YAML: {reason}") from error
    return builder.document()


def node_of(value: object) -> Node:
    """The tree that the file would have for this value: mappings, lists, and what `str` says the same of.

    Raises Unreadable for what no file can hold.
    """
    if isinstance(value, Mapping):
        entries = cast(Mapping[str, object], value).items()
        return MapNode(
            line=1, entries=tuple((_checked_scalar(str(key)), node_of(one)) for key, one in entries)
        )
    if isinstance(value, list | tuple):
        return ListNode(line=1, items=tuple(node_of(one) for one in cast(Sequence[object], value)))
    if isinstance(value, bool):
        return _checked_scalar("true" if value else "false")
    return _checked_scalar("" if value is None else str(value), is_null=value is None)


def _checked_scalar(text: str, *, is_null: bool = False, line: int = 1) -> Scalar:
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise Unreadable(line, "a control character stands in this value: take it out")
    return Scalar(line=line, text=text, is_null=is_null)


def _events(text: str) -> Iterator[Any]:
    # The events have no types in any stub.
    return cast(Iterator[Any], yaml.parse(text, Loader=Loader))  # pyright: ignore[reportUnknownMemberType]


class _Builder:
    """Builds the tree without recursion, so that no file can be too deep for it."""

    def __init__(self) -> None:
        self._stack = [_Open(line=1)]
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        line: int = event.start_mark.line + 1
        if getattr(event, "tag", None) is not None:
            raise Unreadable(line, f"tags such as {str(event.tag)[:40]} are not read: leave it out")
        match event:
            case yaml.DocumentStartEvent():
                self._begin_document(line)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._open(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close()
            case yaml.ScalarEvent():
                self._add(_scalar(event, line), 1, event.anchor)
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line)
            case _:
                return

    def document(self) -> Node | None:
        nodes = self._stack[0].nodes
        return nodes[0] if nodes else None

    def _begin_document(self, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            raise Unreadable(line, "a second document begins here: keep one document in the file")

    def _open(self, event: Any, line: int) -> None:
        if len(self._stack) > MAX_DEPTH:
            raise Unreadable(line, f"more than {MAX_DEPTH} levels are not read")
        is_map = isinstance(event, yaml.MappingStartEvent)
        self._stack.append(_Open(line=line, is_map=is_map, anchor=event.anchor))

    def _close(self) -> None:
        done = self._stack.pop()
        node = _map(done) if done.is_map else ListNode(line=done.line, items=tuple(done.nodes))
        self._add(node, done.size, done.anchor)

    def _alias(self, name: str, line: int) -> None:
        if name not in self._anchors:
            raise Unreadable(line, f"*{name[:40]} stands for nothing: no &{name[:40]} ends before this line")
        node, size = self._anchors[name]
        self._add(node, size, None)

    def _add(self, node: Node, size: int, anchor: str | None) -> None:
        parent = self._stack[-1]
        parent.nodes.append(node)
        parent.size += size
        if parent.size > MAX_NODES:
            raise Unreadable(
                node.line, f"more than {MAX_NODES} values are not read (aliases count each time)"
            )
        if anchor is not None:
            self._anchors[anchor] = (node, size)


def _map(done: _Open) -> MapNode:
    entries: list[tuple[Scalar, Node]] = []
    for key, value in zip(done.nodes[::2], done.nodes[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise Unreadable(key.line, "a key must be one word")
        entries.append((key, value))
    return MapNode(line=done.line, entries=tuple(entries))


def _scalar(event: Any, line: int) -> Scalar:
    text: str = event.value
    return _checked_scalar(text, is_null=event.implicit[0] and text in ("", "~", "null"), line=line)
