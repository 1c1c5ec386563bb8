"""Identifiers that look like Slack's and are the same in every run."""

import itertools
import uuid


def make_id(letter: str, name: str, taken: "set[str] | frozenset[str]" = frozenset()) -> str:
    """Ten characters: `make_id("U", "ana")` is `U0ANA00001`; counts on while the id is taken."""
    stem = "".join(c for c in name.upper() if c.isascii() and c.isalnum())[:7]
    for serial in itertools.count(1):
        number = str(serial)
        found = letter + "0" + stem[: 8 - len(number)].ljust(8 - len(number), "0") + number
        if found not in taken:
            return found
    raise AssertionError("unreachable")


class Serials:
    """Numbers that never repeat within one workspace."""

    def __init__(self) -> None:
        self._next = itertools.count(1)

    def number(self) -> int:
        """The next number."""
        return next(self._next)

    def make(self, prefix: str) -> str:
        """An id such as `Ev00000007`."""
        return f"{prefix}{self.number():08d}"

    def unique(self) -> str:
        """A random id that nobody can guess."""
        return str(uuid.uuid4())
