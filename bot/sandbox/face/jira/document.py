"""Cloud's rich text as HTML: every kind of node that the site accepts; any other is shown as such, never dropped."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from markupsafe import Markup, escape

from bot.sandbox.face.jira.links import Headings, Place, link, words

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PLAIN_MARKS = {"strong": "strong", "em": "em", "strike": "s", "underline": "u"}
_PANELS = {"info": "ℹ️", "note": "📝", "warning": "⚠️", "success": "✅", "error": "❌"}

# Parts inside parts are drawn so far down; nobody writes deeper lists than that.
DEEPEST = 40

Node = Mapping[str, Any]


def draw(place: Place, document: Node) -> Markup:
    """A document as HTML."""
    return _Drawing(place).children(document)


def attrs_of(node: Node) -> Mapping[str, Any]:
    """A node's or mark's attributes, none where they are missing or something else."""
    found = node.get("attrs")
    return cast(Mapping[str, Any], found) if isinstance(found, dict) else {}


class _Drawing:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._headings = Headings()
        self._depth = 0
        self._kinds: dict[str, Callable[[Node], Markup]] = {
            "paragraph": self._in("p"),
            "bulletList": self._in("ul"),
            "listItem": self._in("li"),
            "blockquote": self._in("blockquote"),
            "heading": self._heading,
            "orderedList": self._numbers,
            "codeBlock": self._code,
            "panel": self._panel,
            "rule": lambda _: Markup("<hr>"),
            "text": self._text,
            "hardBreak": lambda _: Markup("<br>"),
            "mention": self._mention,
            "emoji": self._emoji,
            "inlineCard": lambda node: link(self._place, str(attrs_of(node).get("url", ""))),
            "status": self._status,
            "date": self._date,
        }

    def children(self, node: Node) -> Markup:
        if self._depth == DEEPEST:
            return Markup('<span class="unknown">This part lies too deep inside others to be shown.</span>')
        self._depth += 1
        drawn = Markup("").join(self._node(child) for child in _content(node))
        self._depth -= 1
        return drawn

    def _node(self, node: Node) -> Markup:
        draw_it = self._kinds.get(str(node.get("type")))
        if draw_it is None:
            return Markup('<span class="unknown">Unknown part of a document: {}</span>').format(
                node.get("type")
            )
        return draw_it(node)

    def _in(self, tag: str) -> Callable[[Node], Markup]:
        return lambda node: Markup(f"<{tag}>{{}}</{tag}>").format(self.children(node))

    def _heading(self, node: Node) -> Markup:
        level = attrs_of(node).get("level")
        return self._headings.draw(level if isinstance(level, int) else 1, self.children(node))

    def _numbers(self, node: Node) -> Markup:
        order = attrs_of(node).get("order")
        first = order if isinstance(order, int) else 1
        return Markup('<ol start="{}">{}</ol>').format(first, self.children(node))

    def _code(self, node: Node) -> Markup:
        return Markup("<pre><code>{}</code></pre>").format(
            "".join(str(child.get("text", "")) for child in _content(node))
        )

    def _panel(self, node: Node) -> Markup:
        kind = str(attrs_of(node).get("panelType"))
        sign = _PANELS.get(kind, "")
        frame = Markup('<div class="panel {}"><span role="img" aria-label="{}">{}</span><div>{}</div></div>')
        return frame.format(kind, kind, sign, self.children(node))

    def _text(self, node: Node) -> Markup:
        marks = _listed(node.get("marks"))
        text = str(node.get("text", ""))
        address = next((attrs_of(mark).get("href") for mark in marks if mark.get("type") == "link"), None)
        in_code = any(mark.get("type") == "code" for mark in marks)
        drawn = (
            link(self._place, str(address), text)
            if address
            else escape(text)
            if in_code
            else self._words(text)
        )
        for mark in marks:
            drawn = _marked(mark, drawn)
        return drawn

    def _words(self, text: str) -> Markup:
        return words(self._place, text)

    def _mention(self, node: Node) -> Markup:
        attrs = attrs_of(node)
        account = self._place.site.accounts.get(str(attrs.get("id")))
        name = str(attrs.get("text") or (account.display_name if account else attrs.get("id")))
        return Markup('<span class="mention">@{}</span>').format(name.removeprefix("@"))

    def _emoji(self, node: Node) -> Markup:
        attrs = attrs_of(node)
        return escape(str(attrs.get("text") or attrs.get("shortName")))

    def _status(self, node: Node) -> Markup:
        return Markup('<span class="lozenge">{}</span>').format(str(attrs_of(node).get("text", "")))

    def _date(self, node: Node) -> Markup:
        written = str(attrs_of(node).get("timestamp", ""))
        try:
            day = datetime.fromtimestamp(int(written) / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            return escape(written)
        return Markup('<time datetime="{:%Y-%m-%d}">{}</time>').format(day, f"{day.day} {day:%b %Y}")


def _marked(mark: Node, inner: Markup) -> Markup:
    kind, attrs = str(mark.get("type")), attrs_of(mark)
    if kind in _PLAIN_MARKS:
        tag = _PLAIN_MARKS[kind]
        return Markup(f"<{tag}>{{}}</{tag}>").format(inner)
    if kind == "code":
        return Markup("<code>{}</code>").format(inner)
    if kind == "subsup":
        tag = "sub" if attrs.get("type") == "sub" else "sup"
        return Markup(f"<{tag}>{{}}</{tag}>").format(inner)
    if kind == "textColor" and _COLOUR.fullmatch(str(attrs.get("color", ""))):
        # Coloured below instead of in the letters, which stay readable on every background.
        return Markup('<span class="coloured" style="border-color: {}">{}</span>').format(
            attrs["color"], inner
        )
    return inner


def _content(node: Node) -> list[Node]:
    return _listed(node.get("content"))


def _listed(found: Any) -> list[Node]:
    return (
        [cast(Node, one) for one in cast(list[Any], found) if isinstance(one, dict)]
        if isinstance(found, list)
        else []
    )
