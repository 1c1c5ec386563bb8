"""rich_text blocks and Slack's markdown block as HTML: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from bot.sandbox.face.blocks import words
from bot.sandbox.face.blocks.surface import Surface
from bot.sandbox.slack.wire import Json, object_in, objects_in

_TASK = re.compile(r"\[([ xX])\] ")
_STYLES = (("bold", "b"), ("italic", "i"), ("strike", "s"), ("underline", "u"), ("code", "code"))


def rich_text(block: Json, at: Surface) -> Markup:
    """All elements of a rich_text block; lists that follow each other by indent are nested."""
    parts: list[Markup] = []
    for element in objects_in(block.get("elements")):
        parts.append(_element(element, at))
    return Markup("").join(parts)


def _element(element: Json, at: Surface) -> Markup:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, at)
    inside = Markup("").join(_piece(piece, at) for piece in objects_in(element.get("elements")))
    match kind:
        case "rich_text_section":
            return Markup('<div class="text">{}</div>').format(inside)
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(inside)
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(inside)
        case _:
            return unknown("rich text", element)


def _list(element: Json, at: Surface) -> Markup:
    ordered = element.get("style") == "ordered"
    items = Markup("").join(
        Markup("<li>{}</li>").format(_element(item, at)) for item in objects_in(element.get("elements"))
    )
    start = Markup(' start="{}"').format(_count(element.get("offset")) + 1) if ordered else ""
    indent = min(_count(element.get("indent")), 8)
    return Markup('<{0}{1} style="margin-left: {2}em">{3}</{0}>').format(
        "ol" if ordered else "ul", start, indent * 1.5, items
    )


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _piece(piece: Json, at: Surface) -> Markup:
    drawn = _PIECES.get(str(piece.get("type")))
    shown = drawn(piece, at) if drawn else unknown("rich text", piece)
    style = object_in(piece.get("style"))
    for name, tag in _STYLES:
        if style.get(name):
            shown = Markup("<{0}>{1}</{0}>").format(tag, shown)
    return shown


def unknown(where: str, found: Json) -> Markup:
    """A kind that Slack's reference does not have: shown, never dropped."""
    return Markup('<span class="unknown-block">Slack knows no {} “{}”</span>').format(
        where, found.get("type")
    )


def _link(piece: Json, at: Surface) -> Markup:
    address = str(piece.get("url", ""))
    return words.link(address, words.plain(str(piece.get("text") or address)), at)


def _date(piece: Json, at: Surface) -> Markup:
    stamp = piece.get("timestamp")
    if not isinstance(stamp, int | float):
        return Markup(escape(str(piece.get("fallback", ""))))
    shown = words.date(stamp, str(piece.get("format", "{date_num} {time}")), at) or str(piece.get("fallback"))
    return words.link(str(piece["url"]), shown, at) if piece.get("url") else Markup(escape(shown))


def _color(piece: Json, at: Surface) -> Markup:
    value = str(piece.get("value", ""))
    known = value.startswith("#") and value[1:].isalnum() and len(value) <= 9
    chip = Markup('<span class="chip" style="background: {}"></span>').format(value) if known else Markup("")
    return chip + Markup(escape(value))


def _text(piece: Json, at: Surface) -> Markup:
    return Markup(escape(str(piece.get("text", ""))))


def _emoji(piece: Json, at: Surface) -> Markup:
    return Markup(escape(words.emoji(str(piece.get("name", "")))))


_PIECES: dict[str, Callable[[Json, Surface], Markup]] = {
    "text": _text,
    "link": _link,
    "emoji": _emoji,
    "user": lambda piece, at: words.person(str(piece.get("user_id")), at),
    "usergroup": lambda piece, at: words.group(str(piece.get("usergroup_id")), at),
    "channel": lambda piece, at: words.channel(str(piece.get("channel_id")), at),
    "broadcast": lambda piece, at: words.broadcast(str(piece.get("range"))),
    "team": lambda piece, at: Markup('<span class="mention">@{}</span>').format(at.world.team_name),
    "date": _date,
    "color": _color,
}


def markdown(text: str, at: Surface) -> Markup:
    """Slack's markdown block: standard Markdown, HTML in it shown as words, pictures as their words."""
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

    def opened(
        self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        address = str(tokens[index].attrGet("href") or "")
        tag = str(words.link(address, "", at)).removesuffix("</a>")
        return tag or "<a>"

    reader.add_render_rule("link_open", opened)
    reader.add_render_rule("image", _picture)
    # A message's headings are no headings of the page around it.
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    reader.add_render_rule("text", _task_or_text)
    rendered: Any = reader.render(text)
    return Markup(rendered)


def _picture(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return str(escape(tokens[index].content))


def _heading(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    return f'<p class="b-heading {token.tag}">' if token.nesting == 1 else "</p>\n"


def _task_or_text(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """The text of a token; a task's box at its beginning as a sign with words for those who do not see it."""
    text = tokens[index].content
    box = _TASK.match(text) if index == 0 else None
    if box is None:
        return str(words.plain(text))
    done = box[1] in "xX"
    sign = Markup('<span role="img" aria-label="{}">{}</span> {}')
    return str(sign.format("done" if done else "to do", "☑" if done else "☐", words.plain(text[box.end() :])))
