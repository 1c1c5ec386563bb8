"""Small checks of Block Kit objects, collecting complaints in Slack's words. The rules per block are in `blocks` and `elements`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.wire import Json, is_list, is_object


@dataclass(kw_only=True)
class Complaints:
    """What is wrong, each with the place in the JSON. `surface` is where the blocks are to stand, empty when anywhere."""

    found: list[str] = field(default_factory=list[str])
    surface: str = ""

    def add(self, pointer: str, words: str) -> None:
        """Note one complaint."""
        self.found.append(f"[ERROR] {words} [json-pointer:{pointer}]")

    def string(
        self, owner: Json, name: str, pointer: str, *, most: int, least: int = 0, needed: bool = False
    ) -> None:
        """A string field of at most `most` characters."""
        value = owner.get(name)
        if value is None:
            if needed:
                self.add(f"{pointer}", f"missing required field: {name}")
            return
        if not isinstance(value, str):
            self.add(f"{pointer}/{name}", "must be a string")
        elif len(value) > most:
            self.add(f"{pointer}/{name}", f"must be less than {most + 1} characters")
        elif len(value) < least:
            self.add(f"{pointer}/{name}", f"must be more than {least - 1} characters")

    def text(
        self,
        owner: Json,
        name: str,
        pointer: str,
        *,
        most: int,
        kinds: tuple[str, ...] = ("plain_text",),
        needed: bool = False,
    ) -> None:
        """A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object."""
        value = owner.get(name)
        if value is None:
            if needed:
                self.add(pointer, f"missing required field: {name}")
            return
        here = f"{pointer}/{name}"
        if not is_object(value):
            self.add(here, "must be an object")
        elif str(value.get("type")) not in kinds:
            self.add(f"{here}/type", f"must be one of: {', '.join(kinds)}")
        else:
            self.string(value, "text", here, most=most, least=1, needed=True)

    def items(
        self, owner: Json, name: str, pointer: str, *, most: int, least: int = 1, needed: bool = True
    ) -> list[Json]:
        """A list of objects; returns those that are objects."""
        value = owner.get(name)
        if value is None:
            if needed:
                self.add(pointer, f"missing required field: {name}")
            return []
        here = f"{pointer}/{name}"
        if not is_list(value):
            self.add(here, "must be an array")
            return []
        if len(value) > most:
            self.add(here, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(here, f"no fewer than {least} items allowed")
        found = [item for item in value if is_object(item)]
        if len(found) != len(value):
            self.add(here, "must contain only objects")
        return found

    def number(
        self, owner: Json, name: str, pointer: str, *, least: int, most: int, needed: bool = False
    ) -> None:
        """A whole number within these bounds."""
        value = owner.get(name)
        if value is None:
            if needed:
                self.add(pointer, f"missing required field: {name}")
        elif isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.add(f"{pointer}/{name}", f"must be between {least} and {most}")

    def flag(self, owner: Json, name: str, pointer: str, *, needed: bool = False) -> None:
        """A field that is true or false."""
        value = owner.get(name)
        if value is None:
            if needed:
                self.add(pointer, f"missing required field: {name}")
        elif not isinstance(value, bool):
            self.add(f"{pointer}/{name}", "must be a boolean")

    def one_of(self, owner: Json, name: str, pointer: str, allowed: Iterable[Any]) -> None:
        """A field that, when present, has one of these values."""
        if owner.get(name) is not None and owner[name] not in allowed:
            self.add(f"{pointer}/{name}", f"must be one of: {', '.join(map(str, allowed))}")

    def unknown(self, owner: Json, pointer: str, known: Iterable[str]) -> None:
        """Fields that Slack does not know here."""
        for name in owner:
            if name not in known:
                self.add(pointer, f"invalid additional property: {name}")
