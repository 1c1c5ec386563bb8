"""Links in Jira's texts: which addresses are safe, which lead to other pages of the demo, which words are issue keys."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from markupsafe import Markup, escape

from bot.sandbox.face import addresses
from bot.sandbox.jira.model import Account
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.places import can_see
from bot.sandbox.slack.people import Account as SlackAccount
from bot.sandbox.slack.world import World

SAFE = frozenset(("http", "https", "mailto"))
FIRST_READER = "alice"
_WORD = re.compile(
    r"(?P<address>https?://[^\s<>\"'|\[\]{}]+)|(?<![\w-])(?P<key>[A-Z][A-Z0-9_]{1,20}-\d{1,9})(?![\w-])"
)
_MESSAGE = re.compile(r"/archives/(?P<channel>\w+)(?:/p(?P<whole>\d{1,12})(?P<part>\d{6}))?/?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a text stands: on which site, beside which workspace, before whose eyes."""

    site: JiraSite
    world: World
    reader: Account


def link(place: Place, url: str, label: str = "") -> Markup:
    """A link with this label; an address that is not safe to open is shown in words instead."""
    words = label if label.strip() else url
    target = href(place, url)
    if target is None:
        return escape(words) if words == url else escape(f"{words} ({url})")
    away = Markup("") if target.startswith("/") else Markup(' rel="noopener noreferrer"')
    return Markup('<a href="{}"{}>{}</a>').format(target, away, words)


def href(place: Place, url: str) -> str | None:
    """Where a link leads: into the demo for messages and issues of it; None when it should lead nowhere."""
    try:
        parts = urlsplit(url.strip())
        inside = _message(place, url) if parts.netloc == f"{place.world.domain}.slack.com" else ""
    except ValueError:
        return None
    if parts.scheme not in SAFE or (parts.scheme != "mailto" and not parts.netloc) or inside is None:
        return None
    return inside or _issue(place, url) or url.strip()


def issue_address(key: str) -> str:
    """The face's page about an issue."""
    return f"/jira/browse/{quote(key, safe='')}"


def words(place: Place, text: str) -> Markup:
    """Plain text as HTML, in which addresses and keys of issues that exist are links and lines are kept."""
    drawn: list[Markup] = []
    end = 0
    for hit in _WORD.finditer(text):
        drawn += [_lines(text[end : hit.start()]), _linked(place, hit)]
        end = hit.end()
    return Markup("").join([*drawn, _lines(text[end:])])


def _linked(place: Place, hit: re.Match[str]) -> Markup:
    if hit["address"]:
        url = hit["address"].rstrip(".,;:!?)")
        return link(place, url) + escape(hit["address"][len(url) :])
    if hit["key"] not in place.site.stored:
        return escape(hit["key"])
    return Markup('<a href="{}">{}</a>').format(issue_address(hit["key"]), hit["key"])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def _issue(place: Place, url: str) -> str:
    key = url.strip().removeprefix(f"{place.site.base_url}/browse/").upper()
    return issue_address(key) if place.site.base_url and key in place.site.stored else ""


def _message(place: Place, url: str) -> str | None:
    """A message of the workspace before the eyes of somebody who can see it; None when nobody can."""
    parts = urlsplit(url.strip())
    hit = _MESSAGE.fullmatch(parts.path)
    channel = place.world.channels.get(hit["channel"]) if hit else None
    if hit is None or channel is None:
        return None
    people = (one for one in _readers(place, channel.members) if can_see(one, channel))
    reader = next(people, None)
    if reader is None:
        return None
    asked = parse_qs(parts.query).get("thread_ts", [""])[0]
    at = asked or (f"{hit['whole']}.{hit['part']}" if hit["whole"] else "")
    return addresses.place(reader, channel.id, thread=asked, at=at)


def _readers(place: Place, members: list[str]) -> list[SlackAccount]:
    """Who could look: the person at this Jira, Alice, the members."""
    people = [one for one in place.world.people.values() if not (one.is_bot or one.deleted)]
    same = [one for one in people if one.email and one.email == place.reader.email]
    first = [one for one in people if one.name == FIRST_READER]
    return [*same, *first, *(one for one in people if one.id in members)]


class Headings:
    """Levels for the headings of one text below a section's, so that none is left out on the way down."""

    def __init__(self) -> None:
        self._last = 2

    def draw(self, wanted: int, inner: Markup) -> Markup:
        """A heading; `wanted` is its level in its own text, from 1."""
        if not inner.striptags().strip():
            return Markup("<p></p>")
        self._last = min(wanted + 2, self._last + 1, 6)
        return Markup("<h{0}>{1}</h{0}>").format(self._last, inner)
