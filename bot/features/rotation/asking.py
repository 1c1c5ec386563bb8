"""What a line after `/rotation` means: which team, which word, whom, from when until when. Pure."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import (
    WEEKDAY_NAMES,
    WEEKDAYS,
    instant,
    local_date,
    parse_coming_date,
    parse_date,
    parse_time,
)
from bot.core.errors import UserError
from bot.features.rotation.domain import Pick
from bot.slack.mrkdwn import escape, unescape
from bot.teams.lines import Line, parse_line
from bot.teams.roster import Teams
from bot.teams.words import ROTATION

WHOM = "Whom? Name one person with @, such as `/rotation {word} @bob`."
READ_NOT = (
    "I cannot read “{text}”. Write a day (2026-12-01, tomorrow, friday), a time (14:00), or both, such as "
    "`2026-12-01 14:00 until 2026-12-02`."
)
# As far ahead as anybody plans.
LONGEST = timedelta(days=400)
TOO_FAR = "That is more than a year away. Choose days within the next 400."
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_DAY = timedelta(days=1)


def parse(text: str, teams: Teams) -> Line:
    """A team's key or name, then a word. Raises UserError for a word that is not known."""
    return parse_line(text, teams, ROTATION)


def parse_person(rest: str, word: str) -> tuple[str, str]:
    """The person named first, and what follows. Raises UserError."""
    found = _MENTION.match(rest)
    if found is None:
        raise UserError(WHOM.format(word=word))
    after = rest[found.end() :].strip()
    if _MENTION.search(after):
        raise UserError("One person at a time, please: name only the one who is to have the hours.")
    return found[1], after


def parse_pick(rest: str) -> tuple[Pick | None, str]:
    """`next`, `rested` or `free` in place of a person, and what follows; None where none of them is said.

    Raises UserError where `next` belongs to a day.
    """
    word, after = (*rest.split(None, 1), "", "")[:2]
    found = next((one for one in Pick if one == word.casefold()), None)
    if found is Pick.NEXT and _is_next_of(after):
        # “Next friday” names a day, not a person.
        raise UserError(WHOM.format(word="override"))
    return found, after.strip() if found else rest


def _is_next_of(after: str) -> bool:
    word = (*after.split(), "")[0].casefold()
    return word == "week" or word in WEEKDAYS or word in {name.lower() for name in WEEKDAY_NAMES}


def parse_span(rest: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """`[FROM] [[to|until] UNTIL]` on the zone's wall clock, in UTC; None where it is not said. Raises UserError.

    A day alone begins at its midnight as FROM and is included whole as UNTIL; a time alone is the next such time.
    """
    before, keyword, after = _split(rest.split())
    if not keyword:
        start, used = _moment(before, now, zone, ends=False)
        after = before[used:]
        if not after:
            _check_from(start, now, zone)
            return start, None
    else:
        start = _whole(before, now, zone, ends=False)
        if not after:
            raise UserError("Until when? Write a day or a time after “until”.")
    _check_from(start, now, zone)
    return start, _whole(after, start or now, zone, ends=True, now=now)


def parse_until(rest: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """`[until] DAY [TIME]`, or nothing. Raises UserError."""
    words = rest.split()
    if words and words[0].casefold() in _UNTIL:
        words = words[1:]
        if not words:
            raise UserError("Until when? Write the last day, such as 2026-12-04, tomorrow or friday.")
    return _whole(words, now, zone, ends=True)


def parse_days(rest: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """`tomorrow`, `friday`, `2026-12-01`, `this week`, `next week`, `weekend`, in UTC; None for nothing. Raises UserError.

    What has begun already is shown from now on.
    """
    words = rest.casefold().removeprefix("on ").split()
    if not words:
        return None
    today = local_date(now, zone)
    first, days = _week(words, today)
    if first is None:
        first, used = _day(words, today, today)
        if used < len(words):
            raise UserError(READ_NOT.format(text=_echo(words)))
    start, end = instant(first, time(0), zone), instant(first + days * _DAY, time(0), zone)
    if end <= now:
        raise UserError(f"{first} is in the past. `/rotation list` shows what comes.")
    if start - now > LONGEST:
        raise UserError(TOO_FAR)
    return max(start, now), end


def _week(words: list[str], today: date) -> tuple[date | None, int]:
    """The first day and how many they are, where a week or a weekend is meant."""
    monday = today - today.weekday() * _DAY
    if words == ["next", "week"]:
        return monday + 7 * _DAY, 7
    if words in (["this", "week"], ["week"]):
        return monday, 7
    if words in (["weekend"], ["this", "weekend"]):
        return monday + 5 * _DAY, 2
    return None, 1


_UNTIL = ("until", "till", "to", "through", "-", "–")


def _split(words: list[str]) -> tuple[list[str], bool, list[str]]:
    if words and words[0].casefold() == "from":
        words = words[1:]
        if not words:
            raise UserError("From when? Write a day or a time after “from”.")
    for number, word in enumerate(words):
        if word.casefold() in _UNTIL:
            return words[:number], True, words[number + 1 :]
    return words, False, []


def _check_from(start: datetime | None, now: datetime, zone: ZoneInfo) -> None:
    if start is not None and local_date(start, zone) < local_date(now, zone):
        raise UserError(
            f"{local_date(start, zone)} is in the past. What has been cannot be changed: begin today or later."
        )
    if start is not None and start - now > LONGEST:
        raise UserError(TOO_FAR)


def _whole(
    words: list[str], near: datetime, zone: ZoneInfo, *, ends: bool, now: datetime | None = None
) -> datetime | None:
    found, used = _moment(words, near, zone, ends=ends, now=now)
    if used < len(words):
        raise UserError(READ_NOT.format(text=_echo(words)))
    return found


def _moment(
    words: list[str], near: datetime, zone: ZoneInfo, *, ends: bool, now: datetime | None = None
) -> tuple[datetime | None, int]:
    """What the first words mean, and how many they are. Times and weekdays are the next ones after `near`."""
    if not words:
        return None, 0
    if words[0].casefold() == "now":
        return now or near, 1
    at = _time(words[0])
    if at is not None:
        return _next(at, near, zone), 1
    day, used = _day(words, local_date(near, zone), local_date(now or near, zone))
    at = _time(words[used]) if used < len(words) else None
    if at is not None:
        return instant(day, at, zone), used + 1
    return instant(day + _DAY if ends else day, time(0), zone), used


def _next(at: time, near: datetime, zone: ZoneInfo) -> datetime:
    day = local_date(near, zone)
    found = instant(day, at, zone)
    return found if found > near else instant(day + _DAY, at, zone)


def _time(word: str) -> time | None:
    try:
        return parse_time(word)
    except ValueError:
        return None


def _day(words: list[str], near: date, today: date) -> tuple[date, int]:
    two = " ".join(words[:2]).casefold()
    try:
        if words[0].casefold() in ("today", "tomorrow"):
            return parse_date(words[0], today), 1
        if two.startswith("next ") and len(words) > 1:
            return parse_date(two, near), 2
        return _bounded(parse_coming_date(words[0], near)), 1
    except UserError as error:
        raise UserError(READ_NOT.format(text=_echo(words[:1]))) from error


def _bounded(day: date) -> date:
    # The first and the last days that there are have no day beside them, which zones need.
    return min(max(day, date.min + timedelta(days=3)), date.max - timedelta(days=3))


def _echo(words: list[str]) -> str:
    """What somebody has written, as it may stand in an answer: nothing in it is markup."""
    return escape(unescape(" ".join(words))[:60])
