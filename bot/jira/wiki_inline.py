"""A line of wiki markup read into inline nodes."""

import html
import re
from collections.abc import Callable, Iterator, Mapping

from bot.core.text import Inline, LineBreak, Mark, Mention, Text, inlines, is_web, link

# Bounded, so that a sign without its counterpart costs little.
_SPAN = "{1,1000}?"
_SIGNS: Mapping[str, Mark] = {"*": "bold", "_": "italic", "-": "strike"}
_SMART = frozenset({"smart-link", "smart-card", "smart-embed"})
_IMAGE_WISHES = re.compile(r"(?:thumbnail|\w+=[\w%.\"]*)(?:,[ ]*(?:thumbnail|\w+=[\w%.\"]*))*")
_UNESCAPED = re.compile(r"\\([!-/:-@\[\]-`{-~])|&(?:#\d{1,7}|amp|lt|gt|quot|apos);")
_DEPTH = 8
_TOKEN = re.compile(
    rf"""
      (?P<break>\\\\[ ]?)
    | (?P<escape>\\[!-/:-@\[\]-`{{-~]|&(?:\#\d{{1,7}}|amp|lt|gt|quot|apos);)
    | \{{\{{(?P<code>[^\n]{_SPAN})\}}\}}
    | (?P<colour>\{{color(?::(?:[a-z]+|\#[0-9a-fA-F]{{3,8}}))?\}})
    | \[~(?P<mention>[^\]\n]{{1,200}})\]
    | \[\^(?P<file>[^\]\n]{{1,300}})\]
    | \[(?:(?P<label>(?:\\.|[^\[\]|\\\n]){{0,1000}})\|)?(?P<url>[^\[\]|\n]{{1,2100}})(?:\|(?P<tip>[^\[\]|\n]{{0,500}}))?\]
    | (?<![\w!])!(?P<image>[^\s!|][^!|\n]{{0,500}})(?:\|(?P<wishes>[^!\n]{{0,200}}))?!(?![\w!])
    | (?P<bare>\bhttps?://(?:\\[!-/:-@\[\]-`{{-~]|[^\s<>"'`|\[\]{{}}\\])+)
    | (?<![\w\\])(?P<sign>[*_+^~-]|\?\?)(?=\S)(?P<marked>[^\n]{_SPAN})(?<=[^\s\\])(?P=sign)(?!\w)
    | \{{(?P<braced>[*_+^~-])\}}(?P<between>[^\n]{_SPAN})\{{(?P=braced)\}}
    """,
    re.VERBOSE,
)
_Marks = frozenset[Mark]
_CODE: _Marks = frozenset({"code"})


def read_inline(markup: str, marks: _Marks = frozenset()) -> tuple[Inline, ...]:
    """Inline nodes with every word of the markup."""
    return tuple(_read(markup, marks, 0))


def _read(markup: str, marks: _Marks, depth: int) -> Iterator[Inline]:
    end = 0
    for hit in _TOKEN.finditer(markup) if depth < _DEPTH else ():
        if hit.start() > end:
            yield Text(text=markup[end : hit.start()], marks=marks)
        yield from _meaning(hit, marks, depth)
        end = hit.end()
    if end < len(markup):
        yield Text(text=markup[end:], marks=marks)


def _meaning(hit: re.Match[str], marks: _Marks, depth: int) -> Iterator[Inline]:
    for name, read in _READERS.items():
        if hit.group(name) is not None:
            yield from read(hit, marks)
            return
    sign = hit.group("sign") or hit.group("braced")
    mark = _SIGNS.get(sign)
    within = hit.group("marked") or hit.group("between")
    yield from _read(within, marks | frozenset[Mark]({mark} if mark else ()), depth + 1)


def _escape(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    return (Text(text=_unescaped(hit.group()), marks=marks),)


def _code(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    return (Text(text=_unescaped(hit.group("code")), marks=marks | _CODE),)


def _mention(hit: re.Match[str], _marks: _Marks) -> tuple[Inline, ...]:
    return (Mention(name=hit.group("mention").removeprefix("accountid:")),)


def _file(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    return (Text(text=f"[{hit.group('file')}]", marks=marks),)


def _link(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    url, label, tip = hit.group("url").strip(), _unescaped(hit.group("label") or "").strip(), hit.group("tip")
    if hit.group("label") is None and not is_web(url):
        # Only words in brackets.
        return (Text(text=_unescaped(hit.group()), marks=marks),)
    after = (Text(text=f" ({tip})", marks=marks),) if tip and tip not in _SMART else ()
    return (*link(url, label, marks), *after)


def _image(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    """Pictures stay in Jira; their names are told."""
    name, wishes = hit.group("image"), hit.group("wishes") or ""
    said = "" if not wishes or _IMAGE_WISHES.fullmatch(wishes) else f" ({wishes})"
    shown = inlines(name, marks) if is_web(name) else (Text(text=f"[{name}]", marks=marks),)
    return (*shown, Text(text=said, marks=marks))


def _bare(hit: re.Match[str], marks: _Marks) -> tuple[Inline, ...]:
    return inlines(_unescaped(hit.group("bare")), marks)


def _unescaped(markup: str) -> str:
    return _UNESCAPED.sub(lambda hit: hit.group(1) or html.unescape(hit.group()), markup)


_READERS: Mapping[str, Callable[[re.Match[str], _Marks], tuple[Inline, ...]]] = {
    "break": lambda _hit, _marks: (LineBreak(),),
    "escape": _escape,
    "code": _code,
    "colour": lambda _hit, _marks: (),
    "mention": _mention,
    "file": _file,
    "url": _link,
    "image": _image,
    "bare": _bare,
}
