"""What the templates of blocks and elements ask for: words, names, states, pictures, figures of charts."""

from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from bot.sandbox.face import charts, rich, words
from bot.sandbox.face.surface import Surface, key_of
from bot.sandbox.slack.state import KINDS, initial_state
from bot.sandbox.slack.wire import Json, is_list, is_object, object_in, objects_in

_OWN_MACHINE = frozenset(("127.0.0.1", "localhost", "::1"))
_ICONS = {"trash": "🗑", "edit": "✎", "star": "★", "copy": "⧉", "refresh": "↻"}


class Loose(dict[str, Any]):
    """JSON of a bot, in which what is absent reads as nothing; templates are strict about their own names only."""

    def __missing__(self, name: str) -> None:
        return None


def loose(value: Any) -> Any:
    """This JSON with every object in it made loose."""
    if is_object(value):
        return Loose({name: loose(inner) for name, inner in value.items()})
    return [loose(inner) for inner in value] if is_list(value) else value


def install(environment: Environment) -> None:
    """Give the templates their filters and names."""
    environment.filters.update(  # pyright: ignore[reportUnknownMemberType]
        words=text_object,
        mrkdwn=words.mrkdwn,
        plain=words.plain,
        emoji=words.emoji,
        rich=rich.rich_text,
        markdown=rich.markdown,
        objects=objects_in,
        loose=loose,
    )
    environment.globals.update(  # pyright: ignore[reportUnknownMemberType]
        key_of=key_of,
        held=held,
        choices=choices,
        is_loaded=is_loaded,
        icon_of=icon_of,
        people_of=people_of,
        places_of=places_of,
        chart=charts.chart,
        id_of=id_of,
    )


def text_object(text: Any, at: Surface) -> Markup:
    """A text object, or a plain string where Slack takes one."""
    if not is_object(text):
        return words.plain(str(text or ""))
    shown = str(text.get("text", ""))
    kind = text.get("type")
    if kind == "mrkdwn":
        return words.mrkdwn(shown, at)
    if kind == "rich_text":
        return rich.rich_text(text, at)
    if kind == "raw_number":
        return words.plain(str(shown or text.get("value", "")))
    return words.plain(shown, with_emoji=text.get("emoji") is not False)


def held(element: Json, block: Json, at: Surface) -> Any:
    """What stands in an input now: text, a value, an id, or a list of these."""
    key = (str(block.get("block_id")), str(element.get("action_id")))
    state = at.typed.get(key) or initial_state(element)
    found = state.get(KINDS[str(element["type"])][0])
    if is_list(found):
        return [_value(item) for item in found]
    if element["type"] == "rich_text_input":
        return _typed_rich(object_in(found))
    return _value(found)


def choices(element: Json, at: Surface) -> list[Json]:
    """The options of a select as groups of value and text: `[{"label", "options": [{"value", "text", "description"}]}]`."""
    kind = str(element["type"])
    if kind.endswith("users_select"):
        return [{"label": "", "options": people_of(at)}]
    if kind.endswith(("conversations_select", "channels_select")):
        return [{"label": "", "options": places_of(at)}]
    groups = objects_in(element.get("option_groups"))
    if groups:
        return [{"label": _text(group.get("label")), "options": _options(group)} for group in groups]
    return [{"label": "", "options": _options(element)}]


def people_of(at: Surface) -> list[Json]:
    """Everybody who can be chosen."""
    people = at.world.people.values()
    return [
        {"value": p.id, "text": f"{p.real_name} (@{p.name})"}
        for p in people
        if not p.deleted and not p.is_bot
    ]


def places_of(at: Surface) -> list[Json]:
    """Every channel that this person may choose."""
    found = [c for c in at.world.channels.values() if c.name and not c.archived]
    return [{"value": c.id, "text": f"#{c.name}"} for c in found if not c.is_private or at.me.id in c.members]


def is_loaded(address: Any) -> bool:
    """Whether a picture comes from this machine; the demo fetches nothing from others."""
    try:
        parts = urlsplit(str(address or ""))
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _OWN_MACHINE


def icon_of(name: Any) -> str:
    """A sign for an icon button."""
    return _ICONS.get(str(name), "◆")


def id_of(block: Json, element: Json, at: Surface) -> str:
    """An id for this element on the page."""
    return f"{at.prefix}{key_of(block, element)}"


def _value(found: Any) -> Any:
    return str(found.get("value", "")) if is_object(found) else found


def _typed_rich(block: Json) -> str:
    return "\n".join(
        "".join(str(piece.get("text", "")) for piece in objects_in(element.get("elements")))
        for element in objects_in(block.get("elements"))
    )


def _options(owner: Json) -> list[Json]:
    return [
        {
            "value": str(option.get("value", "")),
            "text": _text(option.get("text")),
            "object": option.get("text"),
            "description": option.get("description"),
        }
        for option in objects_in(owner.get("options"))
    ]


def _text(text: Any) -> str:
    return words.named_emoji(str(object_in(text).get("text", "")))
