"""What a typed line means: which team, what text, or which form. Pure."""

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from bot.teams.domain import Team
from bot.teams.roster import Teams


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What `/ask-team …` asks for. `team` is None where none is meant or several could be."""

    kind: Literal["help", "form", "file"]
    team: Team | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What `/triage …` asks for."""

    kind: Literal["open", "mine", "next", "all", "stats", "settings", "new-team", "help", "one", "unknown"]
    team: Team | None = None
    number: int = 0
    suggestion: str = ""


_LOOKS = ("mine", "next", "all", "stats", "settings", "new-team", "help")


def parse_ask(text: str, teams: Teams, channel_id: str) -> Ask:
    """First word a team's key or name; without it the channel's team, or the only one."""
    words = text.split()
    if [word.casefold() for word in words] == ["help"]:
        return Ask(kind="help")
    default = teams.of_channel(channel_id) or teams.only()
    team, rest = _leading_team(text, teams)
    if team is not None:
        return Ask(kind="file" if rest else "form", team=team, text=rest)
    if not words:
        return Ask(kind="form", team=default)
    return Ask(kind="file" if default else "form", team=default, text=text.strip())


def _leading_team(text: str, teams: Teams) -> tuple[Team | None, str]:
    stripped = text.strip()
    for match in sorted(re.finditer(r"\S+", stripped), key=lambda found: -found.end()):
        if match.start() > 80:
            continue
        team = teams.by_word(stripped[: match.end()].rstrip(":,"), removed=True)
        if team is not None:
            return team, stripped[match.end() :].strip()
    return None, stripped


def parse_look(text: str, teams: Teams) -> Look:
    """A word of the queue's vocabulary, a number, a team, or a team and a word."""
    team, rest = _leading_team(text, teams)
    word = rest.strip().casefold()
    if team is None and word.startswith("settings "):
        # Whoever opens settings thinks of the word first.
        team, rest = _leading_team(rest.strip()[len("settings ") :], teams)
        word = "settings" if team is not None and not rest else word
    number = re.fullmatch(r"#?(\d+)", word)
    if number:
        return Look(kind="one", number=min(int(number[1][:12]), 2**31 - 1))
    if not word:
        return Look(kind="open", team=team)
    for kind in _LOOKS:
        if word == kind:
            return Look(kind=kind, team=team)  # pyright: ignore[reportArgumentType]
    close = difflib.get_close_matches(word, [*_LOOKS, *(known.key for known in teams.active)], n=1)
    return Look(kind="unknown", suggestion=close[0] if close else "")
