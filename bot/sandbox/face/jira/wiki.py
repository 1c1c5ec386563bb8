"""Data Center's wiki markup as HTML: headings, lists, quotes, panels, code, links, marks, escapes.

What is not known here stays the text that it is. Escapes follow `bot.sandbox.jira.wiki`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from bot.sandbox.face.jira.links import Headings, Place, href, issue_address, link, words
from bot.sandbox.jira import wiki

# Code is taken out first and stands between these, so that nothing in it is markup.
_OPEN, _SHUT = "\ue000", "\ue001"
_HIDDEN = re.compile(f"{_OPEN}(\\d+){_SHUT}")
_FRAME = re.compile(r"\{(?P<kind>quote|panel)(?::[^}\n]*)?\}")
_HEADING = re.compile(r"\s*h([1-6])\.\s+(.*)")
_QUOTED = re.compile(r"\s*bq\.\s+(.*)")
_RULE = re.compile(r"\s*-{4,5}\s*")
_ITEM = re.compile(r"\s*([*#]{1,12}|-)\s+(.+)")
_TAGS = {"*": "strong", "_": "em", "-": "s", "+": "u", "^": "sup", "~": "sub"}
_INLINE = re.compile(
    r"\{\{(?P<mono>.{1,1000}?)\}\}"
    r"|\{(?P<brace>[*_\-+^~])\}(?P<braced>.{1,1000}?)\{(?P=brace)\}"
    r"|\{color(?::(?P<colour>[^}\n]{0,40}))\}(?P<coloured>.{0,1000}?)\{color\}"
    r"|\[(?P<link>[^\[\]\n]{1,3000})\]"
    r"|\?\?(?P<cite>.{1,1000}?)\?\?"
    r"|(?P<address>https?://[^\s<>\"'|\[\]{}]+)"
    r"|(?<!\w)(?P<sign>[*_\-+^~])(?=\S)(?P<signed>.{1,1000}?)(?<=\S)(?P=sign)(?!\w)"
    r"|[ ]?(?P<break>\\\\)(?!\\)[ ]?"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|[a-z]{3,20}")
_DEPTH = 8


def draw(place: Place, text: str) -> Markup:
    """Wiki markup as HTML."""
    return _Drawing(place).draw(text)


@dataclass(kw_only=True)
class _Item:
    """A line of a list; `sign` tells by its length how deep it is, by its last character of which kind."""

    sign: str
    lines: list[str] = field(default_factory=list[str])


class _Drawing:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._headings = Headings()
        self._code: list[str] = []
        # By the last group of `_INLINE` that a construct fills.
        self._kinds: dict[str, Callable[[re.Match[str], int], Markup]] = {
            "mono": lambda hit, _: Markup("<code>{}</code>").format(_let_go(hit["mono"])),
            "braced": lambda hit, depth: _within(_TAGS[hit["brace"]], self._inline(hit["braced"], depth)),
            "signed": lambda hit, depth: _within(_TAGS[hit["sign"]], self._inline(hit["signed"], depth)),
            "cite": lambda hit, depth: _within("cite", self._inline(hit["cite"], depth)),
            "break": lambda hit, depth: Markup("<br>"),
            "address": lambda hit, depth: self._words(hit["address"]),
            "coloured": self._coloured,
            "link": self._link,
        }

    def draw(self, text: str) -> Markup:
        bare = re.sub(f"[{_OPEN}{_SHUT}]", "\ufffd", text.replace("\r\n", "\n"))
        return self._framed(_hold(wiki.CODE.sub(self._hide, bare)))

    def _hide(self, hit: re.Match[str]) -> str:
        self._code.append(hit.group(2).strip("\n"))
        return f"\n{_OPEN}{len(self._code) - 1}{_SHUT}\n"

    def _framed(self, text: str) -> Markup:
        """Quotes and panels, which reach from one sign to the next of the same kind."""
        drawn: list[Markup] = []
        at = 0
        while (opening := _FRAME.search(text, at)) is not None:
            closing = next(
                (h for h in _FRAME.finditer(text, opening.end()) if h["kind"] == opening["kind"]), None
            )
            if closing is None:
                break
            inside = self._framed(text[opening.end() : closing.start()])
            drawn += [self._blocks(text[at : opening.start()]), _frame(opening["kind"], inside)]
            at = closing.end()
        return Markup("").join([*drawn, self._blocks(text[at:])])

    def _blocks(self, text: str) -> Markup:
        drawn: list[Markup] = []
        said: list[str] = []
        items: list[_Item] = []

        def end() -> None:
            if said:
                drawn.append(Markup("<p>{}</p>").format(self._lines(said)))
            if items:
                drawn.append(self._list(items, 1))
            said.clear()
            items.clear()

        for line in text.split("\n"):
            item = _ITEM.fullmatch(line)
            block = None if item else self._block(line)
            if item is not None:
                if said:
                    end()
                items.append(_Item(sign=item[1], lines=[item[2]]))
            elif block is not None or not line.strip():
                end()
                drawn.append(block or Markup(""))
            else:
                (items[-1].lines if items else said).append(line)
        end()
        return Markup("").join(drawn)

    def _block(self, line: str) -> Markup | None:
        """A block that is one line long."""
        if hidden := _HIDDEN.fullmatch(line):
            return Markup("<pre><code>{}</code></pre>").format(self._code[int(hidden[1])])
        if heading := _HEADING.fullmatch(line):
            return self._headings.draw(int(heading[1]), self._inline(heading[2]))
        if quoted := _QUOTED.fullmatch(line):
            return Markup("<blockquote><p>{}</p></blockquote>").format(self._inline(quoted[1]))
        return Markup("<hr>") if _RULE.fullmatch(line) else None

    def _lines(self, lines: list[str]) -> Markup:
        return Markup("<br>").join(self._inline(line) for line in lines)

    def _list(self, items: list[_Item], depth: int) -> Markup:
        """Items at least `depth` deep; deeper ones belong to the one before them."""
        drawn: list[Markup] = []
        while items:
            tag = _kind_at(items[0], depth)
            rows: list[Markup] = []
            while items and _kind_at(items[0], depth) == tag:
                rows.append(self._row(items, depth))
            drawn.append(Markup(f"<{tag}>{{}}</{tag}>").format(Markup("").join(rows)))
        return Markup("").join(drawn)

    def _row(self, items: list[_Item], depth: int) -> Markup:
        own = self._lines(items.pop(0).lines) if len(items[0].sign) <= depth else Markup("")
        deeper: list[_Item] = []
        while items and len(items[0].sign) > depth:
            deeper.append(items.pop(0))
        return Markup("<li>{}{}</li>").format(own, self._list(deeper, depth + 1))

    def _inline(self, text: str, depth: int = 0) -> Markup:
        if depth > _DEPTH:
            return escape(_let_go(text))
        drawn: list[Markup] = []
        end = 0
        for hit in _INLINE.finditer(text):
            drawn += [self._words(text[end : hit.start()]), self._kinds[str(hit.lastgroup)](hit, depth + 1)]
            end = hit.end()
        return Markup("").join([*drawn, self._words(text[end:])])

    def _coloured(self, hit: re.Match[str], depth: int) -> Markup:
        inner, colour = self._inline(hit["coloured"], depth), str(hit["colour"]).lower()
        if not _COLOUR.fullmatch(colour):
            return inner
        return Markup('<span class="coloured" style="border-color: {}">{}</span>').format(colour, inner)

    def _link(self, hit: re.Match[str], depth: int) -> Markup:
        label, _, target = _let_go(hit["link"]).rpartition("|")
        if target.startswith("~"):
            return self._mention(target[1:])
        if target in self._place.site.stored:
            return Markup('<a href="{}">{}</a>').format(issue_address(target), label or target)
        if href(self._place, target):
            return link(self._place, target, label)
        return escape(_let_go(hit.group()))

    def _mention(self, name: str) -> Markup:
        found = next((one for one in self._place.site.accounts.values() if one.name == name), None)
        return Markup('<span class="mention">@{}</span>').format(found.display_name if found else name)

    def _words(self, text: str) -> Markup:
        return words(self._place, _let_go(text))


def _within(tag: str, inner: Markup) -> Markup:
    return Markup(f"<{tag}>{{}}</{tag}>").format(inner)


def _frame(kind: str, inside: Markup) -> Markup:
    if kind == "quote":
        return _within("blockquote", inside)
    return Markup('<div class="panel note"><div>{}</div></div>').format(inside)


def _kind_at(item: _Item, depth: int) -> str:
    return "ol" if item.sign[min(depth, len(item.sign)) - 1] == "#" else "ul"


def _hold(text: str) -> str:
    """Escaped characters as private ones, so that they look like no markup."""
    held = wiki.ESCAPED.sub(lambda hit: _held(ord(hit[1])), text)
    return wiki.ENTITY.sub(_held_entity, held)


def _held_entity(hit: re.Match[str]) -> str:
    number = int(hit[1]) if hit[1] else ord({"amp": "&", "lt": "<", "gt": ">"}[hit[2]])
    return _held(number) if number <= 0x10FFFF else hit[0]


def _held(number: int) -> str:
    if chr(number) in (_OPEN, _SHUT):
        return "\ufffd"
    return chr(wiki.HELD_BACK + number if number < 0x7F else number)


def _let_go(text: str) -> str:
    first = wiki.HELD_BACK
    return "".join(chr(ord(one) - first) if first <= ord(one) < first + 0x7F else one for one in text)
