"""A line after a slash command of teams: which team it names, which word, and the rest. Pure."""

import re
from dataclasses import dataclass

from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import Vocabulary
from bot.teams.words import unknown

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Line:
    """The team that is named (None: none is), the word ("" where there is none), and the rest."""

    team: Team | None
    word: str
    rest: str


def parse_line(text: str, teams: Teams, vocabulary: Vocabulary) -> Line:
    """A team's key or name, then one of the words. Raises UserError for a word that is not among them."""
    team, rest = _leading_team(text.strip(), teams)
    word, more = (*rest.split(None, 1), "", "")[:2]
    word = word.casefold()
    if word and word not in vocabulary.names:
        raise unknown(vocabulary, rest, teams, team)
    return Line(team=team, word=word, rest=more.strip())


def _leading_team(text: str, teams: Teams) -> tuple[Team | None, str]:
    for match in sorted(re.finditer(r"\S+", text), key=lambda found: -found.end()):
        name = text[: match.end()].rstrip(":,")
        team = teams.by_word(name) if match.end() <= LONGEST_NAME else None
        if team is not None:
            return team, text[match.end() :].strip()
    return None, text
