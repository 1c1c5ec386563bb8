"""What a command's words are: how they are declared, what was probably meant by an unknown one. Pure."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.teams.domain import Team
from bot.teams.roster import Teams

LONGEST_WORD = 40
# From so much likeness on (difflib, 0 to 1) a word is taken for a mistyped one.
LIKE = 0.6
# A team's name in front of a request's text has to be nearer: the text itself may begin with such a word.
VERY_LIKE = 0.8


class Role(IntEnum):
    """Who somebody is to a team, or an admin of the workspace; whoever is more may do what those below may."""

    ANYBODY = 0
    MEMBER = 1
    LEAD = 2
    ADMIN = 3


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to write a word: the line after the command, and what that does.

    Placeholders: `{team}`, its key where it has to be named; `{colleague}`, a member's name; `{said}`, what somebody
    might ask this team; in `does` also `{queue}`, the team's name.
    """

    line: str
    does: str
    who: Role = Role.ANYBODY


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word after a command; `name` is "" for the command alone. `also`: what people write for it, never understood.

    `is_example`: it stands for others of its kind, such as `12` for every number.
    """

    name: str
    forms: tuple[Form, ...]
    also: tuple[str, ...] = ()
    is_example: bool = False


def _every(_team: Team) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """All words of a command, in the order of its help. `takes_text`: what is no word is a request's text.

    `concerns` tells which teams the command is about.
    """

    command: str
    words: tuple[Word, ...]
    closing: str = ""
    takes_text: bool = False
    concerns: Callable[[Team], bool] = _every

    @property
    def names(self) -> tuple[str, ...]:
        """The words that are understood, `help` among them."""
        return tuple(word.name for word in self.words if word.name and not word.is_example)

    @property
    def usage_hint(self) -> str:
        """What Slack shows beside the command while it is typed: the manifest's `usage_hint`."""
        if self.takes_text:
            return "[team] [what you need] | help"
        return f"[{' | '.join(word.name for word in self.words if word.name)}]"


def word(name: str, does: str, *, line: str = "", who: Role = Role.ANYBODY, also: str = "") -> Word:
    """A word with one way to write it; `also` is a list with spaces between."""
    return Word(name=name, forms=(Form(line=line or name, does=does, who=who),), also=tuple(also.split()))


def closest(typed: str, known: Iterable[str], *, like: float = LIKE) -> str | None:
    """The known word that was probably meant: two letters that changed places first, then by likeness."""
    wanted = typed.casefold()[:LONGEST_WORD]
    words = list(dict.fromkeys(known))
    swapped = {wanted[:at] + wanted[at + 1] + wanted[at] + wanted[at + 2 :] for at in range(len(wanted) - 1)}
    for one in words:
        if one.casefold() in swapped:
            return one
    folded = {one.casefold(): one for one in words}
    found = difflib.get_close_matches(wanted, folded, n=1, cutoff=like)
    return folded[found[0]] if found else None


def closest_team(typed: str, teams: Sequence[Team], *, like: float = LIKE) -> Team | None:
    """The team whose key or name was probably meant by these words."""
    found = closest(typed, [name for team in teams for name in (team.key, team.name)], like=like)
    return next((team for team in teams if found in (team.key, team.name)), None)


def meant(
    typed: str, own: Vocabulary, others: Sequence[Vocabulary], teams: Teams, named: Team | None = None
) -> str:
    """The whole line that was probably meant by a line that is not understood; "" where nothing is near.

    `named` is the team that the line begins with; `typed` what follows it. Nothing of what was typed is repeated.
    """
    words = typed.split()
    if not words:
        return ""
    first = words[0]
    # Whoever thinks of the word first names the team behind it: it is kept, where it belongs.
    behind = closest_team(words[1], teams.active, like=VERY_LIKE) if len(words) == 2 else None
    about = named or behind
    team = f"{about.key} " if about else ""
    found = _known(first, own)
    if found is not None:
        return f"{own.command} {team}{found}".rstrip()
    for other in others:
        if first.casefold() in other.names and not other.takes_text:
            return f"{other.command} {team}{first.casefold()}"
    near_word = closest(first, own.names)
    near_team = None if named else closest_team(first, teams.active)
    if near_team and not (near_word and _likeness(first, near_word) >= _likeness(first, near_team.key)):
        follows = _known(words[1], own) or closest(words[1], own.names) if len(words) > 1 else ""
        return f"{own.command} {near_team.key} {follows or ''}".rstrip()
    return f"{own.command} {team}{near_word}" if near_word else ""


def begins_known(typed: str, own: Vocabulary) -> bool:
    """Whether a line begins with a word that the command understands, so that only the rest of it is unclear."""
    return any(first.casefold() in own.names for first in typed.split()[:1])


def _known(typed: str, vocabulary: Vocabulary) -> str | None:
    """The word itself, or the one that people write so; "" is the command alone, None nothing."""
    wanted = typed.casefold()
    for one in vocabulary.words:
        if wanted and not one.is_example and wanted in (one.name, *one.also):
            return one.name
    return None


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.casefold()[:LONGEST_WORD], other.casefold()).ratio()
