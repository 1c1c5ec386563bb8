"""Reads a tree key by key and remembers every problem with its line and key, instead of stopping at the first."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.teams.checks import show
from bot.teams.yaml_tree import ListNode, MapNode, Node, Scalar

T = TypeVar("T")
D = TypeVar("D")

Check = Callable[[str], T]

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(kw_only=True)
class Problems:
    """What is wrong with one file, and on which line each key stands. `places`: the same by path, without lines."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    places: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def add(self, path: str, words: str, line: int | None = None) -> None:
        """Remembers a problem; without a line, the one where the path or the nearest key above it stands."""
        line = line or self._line_of(path)
        self.places.append((path, words))
        self.found.append((line, f"{self.file}:{line}: {path}: {words}"))

    def _line_of(self, path: str) -> int:
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)

    def report(self) -> list[str]:
        """One line for each problem, in the order of the file."""
        return [text for _, text in sorted(self.found, key=lambda problem: problem[0])]


class Table:
    """One mapping of the file, of which these keys are allowed; None allows every key."""

    def __init__(self, node: MapNode, path: str, problems: Problems, allowed: Sequence[str] | None) -> None:
        self.path = path
        self.problems = problems
        self._values: dict[str, Node] = {}
        self._places: dict[tuple[str, object], str] = {}
        problems.lines.setdefault(path, node.line)
        for key, value in node.entries:
            self._take(key, value, allowed)

    def _take(self, key: Scalar, value: Node, allowed: Sequence[str] | None) -> None:
        path = self.at(key.text if _PLAIN.fullmatch(key.text) else show(key.text))
        if allowed is not None and key.text not in allowed:
            self.problems.add(path, f"this key is not known{_guess(key.text, allowed)}", key.line)
        elif key.text in self._values:
            first = self.problems.lines[path]
            self.problems.add(path, f"stands twice, first on line {first}: keep one", key.line)
        else:
            self.problems.lines[path] = key.line
            self._values[key.text] = value

    def at(self, key: str) -> str:
        """The path of one key of this mapping."""
        return f"{self.path}.{key}" if self.path else key

    def place(self, key: str, value: object) -> str:
        """The path of this value in the list that `values` read under this key."""
        return self._places[key, value]

    def keys(self) -> list[str]:
        """The allowed keys that are there, in the order of the file."""
        return list(self._values)

    def has(self, key: str) -> bool:
        """Whether the key is there and not left empty."""
        value = self._values.get(key)
        return value is not None and not (isinstance(value, Scalar) and value.is_null)

    def _node(self, key: str, required: str | None) -> Node | None:
        if self.has(key):
            return self._values[key]
        if required is not None:
            self.problems.add(self.at(key), f"is missing: write {required}")
        return None

    def value(self, key: str, check: Check[T], default: D, *, required: str | None = None) -> T | D:
        """The checked value; the default where it is missing or wrong. `required` says what to write."""
        node = self._node(key, required)
        return default if node is None else self._checked(node, self.at(key), check, default)

    def values(self, key: str, check: Check[T], *, required: str | None = None, most: int = 1000) -> list[T]:
        """The checked values of a list without repetitions; those that are wrong are left out."""
        path = self.at(key)
        checked: list[T] = []
        items = self._items(self._node(key, required), path, "a list such as [first, second]")
        if len(items) > most:
            self.problems.add(path, f"has {len(items)} entries: at most {most} are allowed")
        for number, item in enumerate(items):
            place = f"{path}[{number}]"
            self.problems.lines[place] = item.line
            value = self._checked(item, place, check, None)
            if value is not None and value in checked:
                self.problems.add(place, f"{show(str(value))} is listed twice: keep one")
            elif value is not None:
                self._places[key, value] = place
                checked.append(value)
        if required is not None and not items and self.has(key):
            self.problems.add(path, f"is empty: write {required}")
        return checked

    def one_or_more(self, key: str, check: Check[T], *, most: int) -> list[T]:
        """The checked value under this key, or those of a list; empty where it is missing or wrong."""
        if not isinstance(self._values.get(key), Scalar):
            return self.values(key, check, most=most)
        value = self.value(key, check, None)
        return [] if value is None else [value]

    def table(
        self, key: str, allowed: Sequence[str] | None, *, required: str | None = None
    ) -> "Table | None":
        """The mapping under this key; None where it is missing or no mapping."""
        node = self._node(key, required)
        return None if node is None else self._table(node, self.at(key), allowed)

    def tables(self, key: str, allowed: Sequence[str]) -> "list[Table]":
        """The mappings listed under this key."""
        path = self.at(key)
        items = self._items(self._node(key, None), path, "a list: begin each entry with a dash")
        found = [self._table(item, f"{path}[{number}]", allowed) for number, item in enumerate(items)]
        return [table for table in found if table is not None]

    def _table(self, node: Node, path: str, allowed: Sequence[str] | None) -> "Table | None":
        if isinstance(node, MapNode):
            return Table(node, path, self.problems, allowed)
        which = f": {', '.join(allowed)}" if allowed else ""
        self.problems.add(path, f"must be keys with values{which}", node.line)
        return None

    def _items(self, node: Node | None, path: str, wanted: str) -> Sequence[Node]:
        if node is None or isinstance(node, ListNode):
            return node.items if node else ()
        self.problems.add(path, f"must be {wanted}", node.line)
        return ()

    def _checked(self, node: Node, path: str, check: Check[T], default: D) -> T | D:
        if not isinstance(node, Scalar):
            self.problems.add(path, "must be one value, not a list or keys", node.line)
            return default
        try:
            return check(node.text)
        except ValueError as error:
            self.problems.add(path, str(error), node.line)
            return default


def _guess(word: str, allowed: Sequence[str]) -> str:
    close = difflib.get_close_matches(word.lower(), allowed, n=1)
    return f": did you mean {close[0]}?" if close else f": allowed are {', '.join(allowed)}"
