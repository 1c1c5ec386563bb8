"""Keys of the teams file that no field of a form shows, as text in the file's own words, and back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import yaml

from bot.core.errors import UserError
from bot.teams.yaml_tree import ListNode, MapNode, Node, Scalar, Unreadable, parse

# Slack takes so much as the first text of an input (Block Kit reference, plain-text input).
LONGEST = 3000


class _Plain(yaml.SafeDumper):
    """Without `&` and `*` for what stands twice: people read this."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(values: Mapping[str, Any]) -> str:
    """These keys as they would stand in the file; empty for none."""
    if not values:
        return ""
    # The stubs know only the slowest dumper of all.
    text: str = yaml.dump(
        dict(values), Dumper=_Plain, sort_keys=False, allow_unicode=True, default_flow_style=None, width=200
    )
    return text.strip()


def read(
    text: str, *, field: str, known: Collection[str] | None, shown: Collection[str] = ()
) -> dict[str, Any]:
    """The keys of this text with their values as they are written.

    `known` are those allowed here (None: any), `shown` those that have a field of their own. Raises UserError beside
    the field.
    """
    try:
        node = parse(text)
    except Unreadable as error:
        raise UserError(f"Line {error.line or 1}: {error.words}", field=field) from error
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return {}
    if not isinstance(node, MapNode):
        raise UserError("Write one key with its value on each line, such as `key: value`.", field=field)
    found = _mapping(node, field)
    for key in found:
        if key in shown:
            raise UserError(f"{key} has a field of its own above: take it out here.", field=field)
        if known is not None and key not in known:
            raise UserError(
                f"{key[:40]}: this key is not known. Allowed are {', '.join(known)}.", field=field
            )
    return found


def _mapping(node: MapNode, field: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.entries:
        if key.text in found:
            raise UserError(f"Line {key.line}: {key.text[:40]} stands twice: keep one.", field=field)
        found[key.text] = _plain(value, field)
    return found


def _plain(node: Node, field: str) -> Any:
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case ListNode():
            return [_plain(item, field) for item in node.items]
        case MapNode():
            return _mapping(node, field)


def listed(value: object) -> list[Any]:
    """What stands under a key that takes one value or a list of them."""
    if value is None:
        return []
    return [*cast("Sequence[Any]", value)] if isinstance(value, (list, tuple)) else [value]


def lines(text: object) -> list[str]:
    """The lines of a field that takes one thing on each, without empty ones."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def words(text: object) -> list[str]:
    """The words of a field that takes several, with commas or spaces between them."""
    return str(text or "").replace(",", " ").split()


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys that say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
