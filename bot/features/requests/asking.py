"""What a typed line means: which team, what text, or which form. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.teams import words as vocabularies
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import VERY_LIKE, closest_team


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What `/ask-team …` asks for. `team` is None where none is meant or several could be.

    `nearly`: the first word is almost this team's name, and no other team is meant.
    """

    kind: Literal["help", "form", "file"]
    team: Team | None = None
    text: str = ""
    nearly: Team | None = None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What `/triage …` asks for. Of an unknown word `rest` is what was typed, without the team."""

    kind: Literal["open", "mine", "next", "all", "stats", "settings", "new-team", "help", "one", "unknown"]
    team: Team | None = None
    number: int = 0
    rest: str = ""


_LOOKS = vocabularies.TRIAGE.names


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
    if default is None:
        nearly = closest_team(words[0].rstrip(":,"), teams.active, like=VERY_LIKE)
        return Ask(kind="form", text=text.strip(), nearly=nearly)
    return Ask(kind="file", team=default, text=text.strip())


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
        named, after = _leading_team(rest.strip()[len("settings ") :], teams)
        if named is not None and not after:
            return Look(kind="settings", team=named)
    number = re.fullmatch(r"#?(\d+)", word)
    if number:
        return Look(kind="one", number=min(int(number[1][:12]), 2**31 - 1))
    if not word:
        return Look(kind="open", team=team)
    for kind in _LOOKS:
        if word == kind:
            return Look(kind=kind, team=team)  # pyright: ignore[reportArgumentType]
    return Look(kind="unknown", team=team, rest=rest)
