"""A line after a slash command of teams: which team it names, which word, and the rest. Pure."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.errors import UserError
from bot.teams.domain import Team
from bot.teams.roster import Teams

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Line:
    """The team that is named (None: none is), the word ("" where there is none), and the rest."""

    team: Team | None
    word: str
    rest: str


def parse_line(text: str, teams: Teams, command: str, words: Sequence[str]) -> Line:
    """A team's key or name, then one of the words. Raises UserError for a word that is not among them."""
    team, rest = _leading_team(text.strip(), teams)
    word, more = (*rest.split(None, 1), "", "")[:2]
    word = word.casefold()
    if word and word not in words:
        close = difflib.get_close_matches(word, [*words, *(one.key for one in teams.active)], n=1)
        hint = f"Did you mean `{command} {close[0]}`? " if close else ""
        raise UserError(f"I do not know that word. {hint}`{command} help` lists what there is.")
    return Line(team=team, word=word, rest=more.strip())


def _leading_team(text: str, teams: Teams) -> tuple[Team | None, str]:
    for match in sorted(re.finditer(r"\S+", text), key=lambda found: -found.end()):
        name = text[: match.end()].rstrip(":,")
        team = teams.by_word(name) if match.end() <= LONGEST_NAME else None
        if team is not None:
            return team, text[match.end() :].strip()
    return None, text
