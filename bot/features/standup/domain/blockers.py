"""What counts as a blocker in an answer, and which of the known ones it means. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.features.standup.domain.answers import items, says_nothing
from bot.features.standup.domain.checkins import Blocker

MOST = 10
LONGEST = 3000


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a person's answer does to their blockers: texts of new ones, and known ones that are in the way no more."""

    new: tuple[str, ...]
    withdrawn: tuple[Blocker, ...]


def named_in(answer: str) -> list[str]:
    """The blockers of an answer; none where it says that there is nothing."""
    if says_nothing(answer):
        return []
    found = [one[:LONGEST] for one in items(answer) if not says_nothing(one)]
    return list(dict.fromkeys(found))[:MOST]


def compare(
    answer: str, known: Sequence[Blocker], checkin_id: int, raised: Sequence[Blocker] = ()
) -> Changes:
    """The answer of this check-in against the person's open blockers, and all that it has `raised` before.

    The same words mean the same blocker: one that was solved since does not come up anew because some other words
    of the answer change. Those that this check-in named before and names no more are withdrawn, unless they have
    become requests.
    """
    named = {_bare(one): one for one in named_in(answer)}
    before = {_bare(one.text) for one in (*known, *raised)}
    return Changes(
        new=tuple(text for bare, text in named.items() if bare not in before),
        withdrawn=tuple(
            one
            for one in known
            if one.checkin_id == checkin_id and one.request_id is None and _bare(one.text) not in named
        ),
    )


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def age_words(raised: date, today: date) -> str:
    """How long it has been in the way: `today`, `1 day`, `3 days`."""
    days = (today - raised).days
    if days <= 0:
        return "today"
    return "1 day" if days == 1 else f"{days} days"


def first_line(blocker: Blocker) -> str:
    """The blocker in one line."""
    return next((line.strip() for line in blocker.text.splitlines() if line.strip()), "")


def oldest_first(found: Iterable[Blocker]) -> list[Blocker]:
    """In the order in which they came up."""
    return sorted(found, key=lambda one: (one.raised_at, one.id))
