"""Slack's words as HTML: mrkdwn, plain text with emoji, links, mentions and dates, as one person sees them.

What the marks mean: https://docs.slack.dev/messaging/formatting-message-text. Everything people wrote is escaped.
"""

import html
import re
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import emoji as emoji_names
from markupsafe import Markup, escape

from bot.sandbox.face import addresses
from bot.sandbox.face.blocks.surface import Surface
from bot.sandbox.slack.written import emoji_name

_PRE = re.compile(r"\n?```\n?([\s\S]+?)\n?```\n?")
_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<tag>[^<>\n]+)>|:(?P<emoji>[a-z0-9_+'-]+):"
    # An address that nobody has marked, without the stop of the sentence that it ends.
    r"|(?P<bare>\bhttps?://[^\s<>`]*[^\s<>`.,;:!?'\")\]}*_~])"
)
_EMOJI = re.compile(r":([a-z0-9_+'-]+):")
_NAME = re.compile(r"[a-z0-9_+'-]+")
_MARKS = tuple(
    (re.compile(rf"(?<![\w{m}]){m}(?=\S)([^{m}\n]*\S){m}(?![\w{m}])"), tag)
    for m, tag in ((r"\*", "b"), ("_", "i"), ("~", "s"))
)
_BROADCASTS = ("here", "channel", "everyone")
_PLACE = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})")
_DATE = re.compile(r"\{(\w+)\}")
# Stands for a piece that is HTML already; people's text cannot contain it.
_HELD = "\x00{}\x00"
_HELD_AGAIN = re.compile("\x00(\\d+)\x00")
# Slack's own names where the emoji package has only those of others.
_LARGE = re.compile(r"large_(yellow|orange|green|purple|brown)_(circle|square)")


@lru_cache(2048)
def emoji(name: str) -> str:
    """The picture of an emoji's name; an unknown name stays as it is written."""
    known = _LARGE.sub(r"\1_\2", name)
    return emoji_names.emojize(f":{known}:", language="alias") if known == name else emoji(known)


def emoji_called(given: str) -> str:
    """The name of an emoji that is given as `tada`, `:tada:` or its picture; "" when there is none."""
    plain_name = emoji_name(given.strip())
    named = (
        plain_name if plain_name.isascii() else emoji_names.demojize(plain_name, language="alias").strip(":")
    )
    return named if _NAME.fullmatch(named) and emoji(named) != f":{named}:" else ""


def named_emoji(shown: str) -> str:
    """Text or HTML in which names such as `:eyes:` have become pictures."""
    return _EMOJI.sub(lambda found: emoji(found[1]), shown)


def plain(text: str, *, with_emoji: bool = True) -> Markup:
    """A plain text object: escaped, with pictures for names of emoji."""
    return Markup(escape(named_emoji(text) if with_emoji else text))


def mrkdwn(text: str, at: Surface) -> Markup:
    """Slack's mrkdwn as this person sees it."""
    parts: list[Markup] = []
    end = 0
    for found in _PRE.finditer(text):
        parts += [_prose(text[end : found.start()], at), Markup("<pre>{}</pre>").format(_decoded(found[1]))]
        end = found.end()
    return Markup("").join([*parts, _prose(text[end:], at)])


def link(address: str, words: str | Markup, at: Surface) -> Markup:
    """A link; those to messages of this workspace lead inside the demo, unsafe ones are only words."""
    if place := inside(address, at):
        return Markup('<a href="{}">{}</a>').format(place, words)
    if urlsplit_scheme(address) not in ("http", "https", "mailto"):
        return Markup(escape(words))
    return Markup('<a href="{}" target="_blank" rel="noreferrer noopener">{}</a>').format(address, words)


def urlsplit_scheme(address: str) -> str:
    """The scheme of an address; empty when it is none."""
    try:
        return urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return ""


def person(user_id: str, at: Surface) -> Markup:
    """A mention of somebody."""
    account = at.world.people.get(user_id)
    mine = " mine" if user_id == at.me.id else ""
    name = account.display_name if account else user_id
    return Markup('<span class="mention{}">@{}</span>').format(mine, name)


def channel(channel_id: str, at: Surface, words: str = "") -> Markup:
    """A mention of a channel, leading there when this person may see it."""
    found = at.world.channels.get(channel_id)
    if found is None or not found.name or (found.is_private and at.me.id not in found.members):
        return Markup('<span class="mention">#{}</span>').format(words or "private-channel")
    return Markup('<a class="mention" href="{}">#{}</a>').format(
        addresses.place(at.me, channel_id), found.name
    )


def group(group_id: str, at: Surface) -> Markup:
    """A mention of a user group."""
    found = at.world.groups.get(group_id)
    mine = " mine" if found and at.me.id in found.users else ""
    return Markup('<span class="mention{}">@{}</span>').format(mine, found.handle if found else group_id)


def broadcast(name: str) -> Markup:
    """`@here`, `@channel`, `@everyone`."""
    return Markup('<span class="mention mine">@{}</span>').format(name)


def date(seconds: float, form: str, at: Surface) -> str:
    """A date by Slack's tokens, such as `{date_short} at {time}`, in the person's zone; "" when there is no such date."""
    zone = ZoneInfo(at.me.tz)
    try:
        then = datetime.fromtimestamp(seconds, zone)
    except (ValueError, OverflowError, OSError):
        return ""
    now = at.world.clock.now().astimezone(zone)
    return _DATE.sub(lambda found: _date_part(found[1], then, now), form)


def _prose(text: str, at: Surface) -> Markup:
    """Text without code blocks: quoted lines apart, everything else as it stands."""
    blocks: list[Markup] = []
    for quoted, lines in _grouped(text.replace("\x00", "").split("\n")):
        words = Markup("\n").join(_inline(line, at) for line in lines)
        blocks.append(Markup("<blockquote>{}</blockquote>").format(words) if quoted else words)
    return Markup("").join(blocks)


def _grouped(lines: list[str]) -> list[tuple[bool, list[str]]]:
    found: list[tuple[bool, list[str]]] = []
    for line in lines:
        quoted = line.startswith(("&gt;", ">"))
        words = re.sub(r"^(&gt;|>) ?", "", line) if quoted else line
        if found and found[-1][0] == quoted:
            found[-1][1].append(words)
        else:
            found.append((quoted, [words]))
    return found


def _inline(line: str, at: Surface) -> Markup:
    held: list[Markup] = []

    def hold(found: re.Match[str]) -> str:
        held.append(_token(found, at))
        return _HELD.format(len(held) - 1)

    words = str(_decoded(_TOKEN.sub(hold, line)))
    for mark, tag in _MARKS:
        words = mark.sub(rf"<{tag}>\1</{tag}>", words)
    return Markup(_HELD_AGAIN.sub(lambda found: str(held[int(found[1])]), words))


def _token(found: re.Match[str], at: Surface) -> Markup:
    if code := found["code"]:
        return Markup("<code>{}</code>").format(_decoded(code))
    if name := found["emoji"]:
        return Markup(escape(emoji(name)))
    if bare := found["bare"]:
        return link(html.unescape(bare), html.unescape(bare), at)
    return _tag(found["tag"], at)


def _tag(marked: str, at: Surface) -> Markup:
    target, _, words = marked.partition("|")
    if target.startswith("@"):
        return person(target[1:], at)
    if target.startswith("#"):
        return channel(target[1:], at, words)
    if target.startswith("!subteam^"):
        return group(target.removeprefix("!subteam^"), at)
    if target.startswith("!date^"):
        return _tagged_date(target, words, at)
    if target.startswith("!"):
        return broadcast(target[1:]) if target[1:] in _BROADCASTS else plain(html.unescape(words or target))
    address = html.unescape(target)
    if not words and not urlsplit_scheme(address):
        return plain(f"<{address}>")
    shown = plain(html.unescape(words or target.removeprefix("mailto:")))
    return link(address, shown, at)


def _tagged_date(target: str, fallback: str, at: Surface) -> Markup:
    parts = target.split("^")
    if len(parts) < 3 or not parts[1].isdecimal():
        return Markup(escape(html.unescape(fallback)))
    words = date(int(parts[1]), html.unescape(parts[2]), at) or html.unescape(fallback)
    return link(html.unescape(parts[3]), words, at) if len(parts) > 3 else Markup(escape(words))


def _decoded(text: str) -> Markup:
    """Slack's three escapes undone, then everything escaped for HTML."""
    return Markup(escape(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))


def inside(address: str, at: Surface) -> str:
    """Where in the demo a link to a message of this workspace leads; "" for all other links."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    found = _PLACE.fullmatch(parts.path)
    if parts.hostname != f"{at.world.domain}.slack.com" or not found:
        return ""
    thread = parse_qs(parts.query).get("thread_ts", [""])[0]
    return addresses.place(at.me, found["channel"], thread=thread, at=f"{found['seconds']}.{found['rest']}")


def _date_part(token: str, then: datetime, now: datetime) -> str:
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((then.date() - now.date()).days, "")
    date = f"{then:%B} {_ordinal(then.day)}, {then.year}"
    forms = {
        "date_num": f"{then:%Y-%m-%d}",
        "date": date,
        "date_slash": f"{then:%m/%d/%Y}",
        "date_short": f"{then:%b} {then.day}, {then.year}",
        "date_long": f"{then:%A}, {date}",
        "day_divider_pretty": near.capitalize() or f"{then:%A}, {then:%B} {_ordinal(then.day)}",
        "time": f"{then:%H:%M}",
        "time_secs": f"{then:%H:%M:%S}",
        "ago": _ago(then - now),
    }
    if token.endswith("_pretty") and token not in forms:
        return near or forms.get(token.removesuffix("_pretty"), f"{{{token}}}")
    return forms.get(token, f"{{{token}}}")


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _ago(apart: timedelta) -> str:
    seconds = abs(apart.total_seconds())
    sizes = (("day", 86400), ("hour", 3600), ("minute", 60))
    unit, size = next(((unit, size) for unit, size in sizes if seconds >= size), ("", 1))
    if not unit:
        return "now"
    count = int(seconds // size)
    words = f"{count} {unit}{'s' if count > 1 else ''}"
    return f"in {words}" if apart > timedelta(0) else f"{words} ago"
