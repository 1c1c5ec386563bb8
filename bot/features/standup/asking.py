"""What a line after `/standup` means: which team, which word, which days, whom. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from bot.core.calendar import parse_coming_date, parse_date
from bot.core.errors import UserError
from bot.teams.lines import Line, parse_line
from bot.teams.roster import Teams
from bot.teams.words import STANDUP

UNTIL_WHEN = "Until when? Write the last day, such as 2026-12-04, tomorrow or friday."
ONE_PERSON = (
    "Begin with the person, one at a time, then the days: `/standup away @somebody 2026-12-01 2026-12-04 reason`. "
    "In the reason write names without @."
)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class Away:
    """Who is away from when until when. `person` None: whoever writes."""

    person: str | None
    first: date
    last: date
    reason: str


def parse(text: str, teams: Teams) -> Line:
    """A team's key or name, then a word. Raises UserError for a word that is not known."""
    return parse_line(text, teams, STANDUP)


def parse_skip(rest: str, today: date) -> tuple[date | None, str]:
    """The last day of `until DATE` (None: only today), and the reason. Raises UserError."""
    words = rest.split()
    if words[:1] and words[0].casefold() == "until":
        last, used = _day_of(words[1:], today)
        if last < today:
            raise UserError(
                f"{last} is in the past. Write the last day that you leave out, such as tomorrow."
            )
        return last, " ".join(words[1 + used :])
    if words[:1] and words[0].casefold() == "today":
        return None, " ".join(words[1:])
    if _begins_with_day(words, today):
        day = " ".join(words[: _day_of(words, today)[1]])
        raise UserError(
            f"`/standup skip` leaves out today's. For another day write `/standup away {day} to {day}`."
        )
    return None, " ".join(words)


def parse_other(rest: str) -> str | None:
    """The person who is named first; None where nobody is."""
    found = _MENTION.match(rest)
    return found[1] if found else None


def parse_away(rest: str, today: date) -> Away:
    """`[@somebody] [from DAY] [to|until] DAY [reason]`. Raises UserError.

    Somebody stands first: a name in a reason must not send that person away.
    """
    mention = _MENTION.match(rest)
    words = rest[mention.end() if mention else 0 :].split()
    if _MENTION.search(" ".join(words)):
        raise UserError(ONE_PERSON)
    first, last, words = _span(words, today)
    if last < today:
        raise UserError(f"{last} is in the past. Write the last day of the absence.")
    return Away(person=mention[1] if mention else None, first=first, last=last, reason=" ".join(words))


def _span(words: list[str], today: date) -> tuple[date, date, list[str]]:
    """The first and the last day, and the words after them. One day alone is the last one."""
    keyword, words = _keyword(words)
    day, words = _taken(words, today)
    if keyword == "until":
        return min(today, day), day, words
    again, rest = _keyword(words)
    if again == "until" or _begins_with_day(rest, today):
        last, rest = _taken(rest, today)
        return day, last, rest
    if keyword == "from":
        raise UserError(UNTIL_WHEN)
    return min(today, day), day, words


def _keyword(words: list[str]) -> tuple[str, list[str]]:
    first = words[0].casefold() if words else ""
    if first in ("until", "till", "to", "through", "-", "–"):
        return "until", words[1:]
    return ("from", words[1:]) if first == "from" else ("", words)


def _taken(words: list[str], today: date) -> tuple[date, list[str]]:
    day, used = _day_of(words, today)
    return day, words[used:]


def _begins_with_day(words: list[str], today: date) -> bool:
    """Whether a day is meant here, be it one that there is not."""
    try:
        return bool(words) and bool(_day_of(words, today))
    except UserError:
        return bool(_DATE.match(words[0]))


def _day_of(words: list[str], today: date) -> tuple[date, int]:
    if not words:
        raise UserError(UNTIL_WHEN)
    two = " ".join(words[:2]).casefold()
    if two.startswith("next ") and len(words) > 1:
        return parse_date(two, today), 2
    return parse_coming_date(words[0], today), 1
