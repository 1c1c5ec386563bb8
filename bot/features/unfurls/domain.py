"""Which links become a card: pure rules over addresses and teams."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.teams.domain import Team

MOST_LINKS = 5
# A card that comes minutes later only disturbs.
FRESH = timedelta(minutes=2)
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class IssueLink:
    """An address in a message, as Slack gave it, and the issue that it leads to."""

    url: str
    key: str

    @property
    def project(self) -> str:
        """The issue's project."""
        return project_of(self.key)


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """A message with links to issues."""

    channel: str
    ts: str
    links: tuple[IssueLink, ...]

    def only(self, projects: frozenset[str]) -> "Pasted":
        """The same with the links to these projects' issues, at most five, each issue once."""
        by_key: dict[str, IssueLink] = {}
        for link in self.links:
            if link.project in projects:
                by_key.setdefault(link.key, link)
        return replace(self, links=tuple(by_key.values())[:MOST_LINKS])


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a card says. Of an issue that not everybody may see only the key is shown."""

    key: str
    url: str
    summary: str
    status: str
    assignee: str
    is_restricted: bool


def issue_in(url: str, site: str) -> str | None:
    """The key of the issue that an address on this Jira leads to; None for any other address."""
    # Slack has been seen to hand on addresses with `&` escaped.
    there, home = _split(unescape(url)), _split(site)
    if there is None or home is None or there.username is not None or _place(there) != _place(home):
        return None
    base = home.path.rstrip("/")
    path = there.path.rstrip("/")
    if not (path + "/").startswith(base + "/"):
        return None
    chosen = parse_qs(there.query).get("selectedIssue")
    words = path.removeprefix(base).split("/")
    if chosen:
        key = chosen[0]
    elif len(words) == 3 and words[1] == "browse":
        key = words[2]
    else:
        return None
    return key.upper() if key.isascii() and _KEY.fullmatch(key.upper()) else None


def projects_in(teams: Sequence[Team], channel: str) -> frozenset[str]:
    """The projects whose issues may be shown in this channel: those of its teams that have turned it on."""
    return frozenset(
        team.jira.project
        for team in teams
        if team.active and team.jira and team.jira.unfurl and channel in {*team.channels, *team.open_channels}
    )


def project_of(key: str) -> str:
    """The project of an issue, by its key."""
    return key.rpartition("-")[0]


def is_late(asked: datetime, now: datetime) -> bool:
    """Whether a card asked for then is no longer worth showing."""
    return now - asked > FRESH


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _place(parts: SplitResult) -> tuple[str | None, int | None]:
    """Host and port; a port that goes without saying is none, as people leave it out."""
    port = parts.port
    return parts.hostname, None if port == _DEFAULT_PORTS[parts.scheme] else port
