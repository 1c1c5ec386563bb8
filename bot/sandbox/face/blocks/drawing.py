"""What the templates of blocks and elements ask for: words, names, states, pictures, figures of charts."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, UndefinedError, pass_environment
from markupsafe import Markup

from bot.sandbox.face.blocks import charts, rich, words
from bot.sandbox.face.blocks.surface import Surface, key_of
from bot.sandbox.slack import render
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.state import KINDS, initial_state
from bot.sandbox.slack.wire import Json, is_list, is_object, object_in, objects_in

_OWN_MACHINE = frozenset(("127.0.0.1", "localhost", "::1"))
_ICONS = {"trash": "🗑"}
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")
# What a select of conversations calls each kind.
_FILTERS = {"channel": "public", "group": "private", "im": "im", "mpim": "mpim"}
# What drawing raises when a field is not of the type that Slack asks for.
_MALFORMED = (
    TypeError,
    ValueError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    UndefinedError,
)


class Loose(dict[str, Any]):
    """JSON of a bot, in which what is absent reads as nothing; templates are strict about their own names only."""

    def __missing__(self, name: str) -> None:
        return None


def loose(value: Any) -> Any:
    """This JSON with every object in it made loose."""
    if is_object(value):
        return Loose({name: loose(inner) for name, inner in value.items()})
    return [loose(inner) for inner in value] if is_list(value) else value


def as_json(value: Any) -> str:
    """JSON for people to read."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def listed(value: Any) -> list[Json]:
    """The objects of a list that may be absent. Raises TypeError for anything else: nothing is left out silently."""
    if value is None:
        return []
    if not is_list(value) or len(found := objects_in(value)) != len(value):
        raise TypeError("this is no list of objects")
    return found


@pass_environment
def guarded(environment: Environment, given: Any, at: Surface, kind: str = "block") -> Markup:
    """One block or attachment as HTML; an error with its JSON when it cannot be drawn, so that no page breaks."""
    macros: Any = environment.get_template("blocks.html").module
    try:
        drawn = macros.known_block if kind == "block" else macros.known_attachment
        return Markup(drawn(loose(given), at))
    except _MALFORMED:
        return Markup(macros.broken(given, kind))


def install(environment: Environment) -> None:
    """Give the templates their filters and names."""
    environment.filters.update(  # pyright: ignore[reportUnknownMemberType]
        words=text_object,
        mrkdwn=words.mrkdwn,
        plain=words.plain,
        emoji=words.emoji,
        emojis=words.named_emoji,
        rich=rich.rich_text,
        markdown=rich.markdown,
        objects=listed,
        guarded=guarded,
        loose=loose,
        as_json=as_json,
    )
    environment.globals.update(  # pyright: ignore[reportUnknownMemberType]
        key_of=key_of,
        held=held,
        choices=choices,
        is_loaded=is_loaded,
        icon_of=icon_of,
        rows_of=rows_of,
        is_for=is_for,
        sides_of=sides_of,
        safe_link=safe_link,
        color_of=color_of,
        question_of=question_of,
        link_of=link_of,
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
        return [{"label": "", "options": places_of(element, at)}]
    groups = listed(element.get("option_groups"))
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


def places_of(element: Json, at: Surface) -> list[Json]:
    """Every conversation that this person may choose: public channels, and what else the select's filter lets in."""
    anything = str(element["type"]).endswith("conversations_select")
    wanted = object_in(element.get("filter")).get("include") if anything else ["public"]
    found = [
        {"value": c.id, "text": _place_name(c, at)}
        for c in at.world.channels.values()
        if not c.archived
        and (c.kind == "channel" or at.me.id in c.members)
        and (not is_list(wanted) or _FILTERS[c.kind] in wanted)
    ]
    return sorted(found, key=lambda place: str(place["text"]))


def rows_of(block: Json) -> list[list[Json]]:
    """The rows of a table, each a list of cells."""
    rows = block.get("rows")
    if not is_list(rows) or not all(is_list(row) for row in rows):
        raise TypeError("a table has rows of cells")
    return [listed(row) for row in rows]


def sides_of(block: Json) -> list[str]:
    """To which side each column of a table leans; what is not said leans left."""
    settings = block.get("column_settings")
    asked = [object_in(setting).get("align") for setting in settings] if is_list(settings) else []
    sides = [side if side in ("left", "center", "right") else "left" for side in asked]
    return [*sides, *["left"] * 20]


def is_for(element: Json, at: Surface) -> bool:
    """Whether this person sees the element; some buttons are for a few only."""
    people = element.get("visible_to_user_ids")
    return not is_list(people) or at.me.id in people


def question_of(element: Json, at: Surface) -> str:
    """What an element asks before it is used, as JSON for the script; empty when it asks nothing."""
    confirm = element.get("confirm")
    if not is_object(confirm):
        return ""
    asked = {name: render.mrkdwn(at.world, _text(confirm.get(name))) for name in ("title", "text")}
    answers = {
        "yes": _text(confirm.get("confirm")) or "Yes",
        "no": _text(confirm.get("deny")) or "Cancel",
        "danger": confirm.get("style") == "danger",
    }
    return json.dumps(asked | answers)


def link_of(address: Any, at: Surface) -> Markup:
    """The attributes of a link with this address: messages of this workspace open inside the demo, others elsewhere."""
    if inside := words.inside(str(address or ""), at):
        return Markup('href="{}"').format(inside)
    return Markup('href="{}" target="_blank" rel="noreferrer noopener"').format(safe_link(address))


def safe_link(address: Any) -> str:
    """The address when a browser may follow it, else one that leads nowhere."""
    return str(address) if words.urlsplit_scheme(str(address or "")) in ("http", "https", "mailto") else "#"


def color_of(name: Any) -> str:
    """The colour of an attachment's bar."""
    known = {"good": "#2eb67d", "warning": "#ecb22e", "danger": "#e01e5a"}
    value = known.get(str(name), str(name or ""))
    value = value if value.startswith("#") else f"#{value}"
    return value if _COLOR.fullmatch(value) else "#868686"


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


def _place_name(channel: Channel, at: Surface) -> str:
    if channel.name:
        return f"#{channel.name}"
    others = [at.world.people[one].real_name for one in channel.members if one != at.me.id]
    return ", ".join(others) or at.me.real_name


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
        for option in listed(owner.get("options"))
    ]


def _text(text: Any) -> str:
    return words.named_emoji(str(object_in(text).get("text", "")))
