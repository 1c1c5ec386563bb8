"""When two requests look alike: which words of a text count, and how much of them is shared. Pure.

No language is known here beyond a few words that say nothing. Endings are cut off, so that *refunds* finds *refund*;
where writing has no spaces, a run of signs is found by how it begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from bot.features.requests.domain import State

MOST_TERMS = 6
MOST_OPEN, MOST_SOLVED = 3, 2
# As much of the shorter one's words is shared, by their weight, before two look alike.
ALIKE = 0.5
VERY_ALIKE = 0.7
SAME_TEAM = 0.15
_SHORTEST = 4
_LONGEST = 30
_WORD = re.compile(r"[^\W_]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SAY_NOTHING = frozenset(
    "a an and are as at be but by can cannot could do does for from get has have help hello how i if in is it its me my "
    "need no not of on or our please she so still that the their them there they this to us was we what when where "
    "which who why will with would you your "
    "aber auch auf aus bei bitte das dass dem den der die ein eine einen er es für hat hallo ich im ist kann mein mit "
    "nach nicht oder sich sie sind und uns von was wie wir zu zum zur "
    "але або бо будь був в вже ви від він вона вони все для до є з за зі і із й його коли ласка ми мене мені можна на не "
    "нас них по при про та так там то треба у це цей цього чи що щоб я як який".split()
)


@dataclass(frozen=True, kw_only=True)
class Term:
    """The beginning of a word that counts, in small letters; `whole`: only the very word is meant."""

    stem: str
    whole: bool

    @property
    def weight(self) -> int:
        """Longer words say more, and numbers most: they name an order, a code of an error."""
        return len(self.stem) + (4 if any(sign.isdigit() for sign in self.stem) else 0)

    def is_in(self, text: str) -> bool:
        """Whether a word of this folded text is meant."""
        return _pattern(self.stem, self.whole).search(text) is not None


@lru_cache(maxsize=500)
def _pattern(stem: str, whole: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_]){re.escape(folded(stem))}" + (r"(?![^\W_])" if whole else ""))


@dataclass(frozen=True, kw_only=True)
class Found:
    """A request that shares words, which whoever looks may read; `details` is how they begin.

    `is_mine`: they asked for it. `concerns_me`: that, or they filed it or work its queue.
    """

    id: int
    number: int
    team_id: int
    summary: str
    details: str
    state: State
    requester: str
    assignee: str | None
    created_at: datetime
    closed_at: datetime | None
    is_mine: bool
    concerns_me: bool


@dataclass(frozen=True, kw_only=True)
class LookAlikes:
    """The best of each kind, the most alike first."""

    open: tuple[Found, ...] = ()
    solved: tuple[Found, ...] = ()

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(one.id for one in (*self.open, *self.solved))


def folded(text: str) -> str:
    """The text with neither case nor accents."""
    if text.isascii():
        return text.lower()
    return _ACCENT.sub("", unicodedata.normalize("NFKD", text.casefold()))


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, in their order, each once."""
    return tuple(dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", text).lower())))


def terms(text: str) -> tuple[Term, ...]:
    """What to look for: at most 6 terms, the weightiest. None for a text that says nothing yet."""
    found = dict.fromkeys(term for word in words_of(text) if (term := _term(word)))
    return tuple(sorted(found, key=lambda term: -term.weight)[:MOST_TERMS])


def _term(word: str) -> Term | None:
    word = word[:_LONGEST]
    if _NO_SPACES.match(word):
        return Term(stem=word[:2], whole=False) if len(word) > 1 else None
    if len(word) < 2 or word in _SAY_NOTHING:
        return None
    if len(word) < _SHORTEST or any(sign.isdigit() for sign in word):
        return Term(stem=word, whole=True)
    return Term(stem=word[: max(_SHORTEST, len(word) - 2)], whole=False)


def together(wanted: Sequence[Term]) -> list[tuple[Term, ...]]:
    """Which terms must stand in a text at once to be looked at: any two, or the only one."""
    return list(combinations(wanted, 2)) if len(wanted) > 1 else [(term,) for term in wanted]


def likeness(wanted: Sequence[Term], summary: str, details: str = "") -> float:
    """How much is shared, from 0 to 1: of the words looked for, or of the summary's own where it is shorter.

    What only the details say counts half.
    """
    said, more = folded(summary), folded(details)
    shared = 0.0
    for term in wanted:
        if term.is_in(said):
            shared += term.weight
        elif term.is_in(more):
            shared += term.weight / 2
    least = min(sum(term.weight for term in side) for side in (wanted, _all_terms(summary)))
    return min(shared / least, 1.0) if least else 0.0


def _all_terms(text: str) -> list[Term]:
    return [term for word in words_of(text) if (term := _term(word))]


def best(
    wanted: Sequence[Term], found: Iterable[Found], team_id: int | None = None, *, least: float = ALIKE
) -> LookAlikes:
    """Of these, newest first, the most alike; those of this team are preferred."""
    rated = [(likeness(wanted, one.summary, one.details), one) for one in found]
    alike = [
        (shared + (SAME_TEAM if one.team_id == team_id else 0), one)
        for shared, one in rated
        if shared >= least
    ]
    ordered = [one for _, one in sorted(alike, key=lambda pair: -pair[0])]
    still_open = [one for one in ordered if one.state.is_open]
    solved = [one for one in ordered if one.state is State.RESOLVED]
    return LookAlikes(open=tuple(still_open[:MOST_OPEN]), solved=tuple(solved[:MOST_SOLVED]))
