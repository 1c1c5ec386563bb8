"""What one value of the teams file may be. Each check returns the value in its one form or raises ValueError in words."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from bot.core import calendar
from bot.teams.holidays import is_place
from bot.teams.settings import END_OF_DAY

MAX_LENGTH = timedelta(weeks=8)
# Slack shows at most 75 characters of an option and 2000 of a label: https://docs.slack.dev/reference/block-kit
OPTION = 75
# Command words and numbers come first where a team may be named.
RESERVED = frozenset(
    "all away help list mine new-team next override report resume settings skip stats status swap today tomorrow until when".split()
)

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")


def show(text: str) -> str:
    """The value in quotes, on one line, cut where it is long."""
    short = text if len(text) <= 40 else text[:39] + "…"
    return '"' + short.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _slack_id(first: str, what: str, example: str) -> Callable[[str], str]:
    pattern = re.compile(rf"[{first}][A-Z0-9]{{1,30}}")
    letters = " or ".join(first)

    def check(text: str) -> str:
        if pattern.fullmatch(text):
            return text
        raise ValueError(
            f"{show(text)} is not the id of a {what}: it begins with {letters}, such as {example}"
        )

    return check


user_id = _slack_id("UW", "person", "U0ALICE001")
channel_id = _slack_id("CG", "channel", "C0TRIAGE01")
group_id = _slack_id("S", "user group", "S0PAYMENTS")


def key(text: str) -> str:
    """A team's key: a-z, 0-9 and -, and no word or number that commands use."""
    if not _KEY.fullmatch(text):
        raise ValueError(f"{show(text)} is not a key: use a-z, 0-9 and -, at most 40, such as payments")
    if text in RESERVED or text.isdecimal():
        raise ValueError(f"{show(text)} means something else in commands: choose another key")
    return text


def line(most: int) -> Callable[[str], str]:
    """One line of text of at most so many characters."""

    def check(text: str) -> str:
        clean = text.strip()
        if not clean or len(clean) > most or "\n" in clean or "\t" in clean or _BIDI.search(clean):
            raise ValueError(f"{show(text)} does not fit: write one line of 1 to {most} characters")
        return clean

    return check


def zone(text: str) -> str:
    """The name of a time zone."""
    if calendar.find_zone(text) is None:
        raise ValueError(f"{show(text)} is not a time zone: write a name such as Europe/Kyiv or UTC")
    return text


def time(text: str) -> str:
    """A wall time, as `09:30`."""
    try:
        return calendar.parse_time(text).strftime("%H:%M")
    except ValueError as error:
        raise ValueError(f'{show(text)} is not a time: write "00:00" to "23:59"') from error


def end_time(text: str) -> str:
    """A wall time, or the end of the day."""
    return END_OF_DAY if text == END_OF_DAY else time(text)


def duration(text: str) -> str:
    """A length of time, as `15m`."""
    try:
        length = calendar.parse_duration(text)
    except ValueError as error:
        raise ValueError(
            f"{show(text)} is not a length of time: write a number and m, h, d or w, such as 15m, 4h or 2d"
        ) from error
    if length > MAX_LENGTH:
        raise ValueError(f"{show(text)} is too long: at most {calendar.format_duration(MAX_LENGTH)}")
    return calendar.format_duration(length)


def working_days(text: str) -> str:
    """A number of working days, as `3d`; at most 60."""
    found = re.fullmatch(r"([0-9]{1,2}) ?d", text)
    if found and 1 <= int(found[1]) <= 60:
        return f"{int(found[1])}d"
    raise ValueError(f"{show(text)} is not a number of working days: write 1d to 60d, such as 3d")


def weekdays(text: str) -> str:
    """Days of the week, as `mon-fri`."""
    try:
        return calendar.format_weekdays(calendar.parse_weekdays(text))
    except ValueError as error:
        raise ValueError(f"{show(text)} are not weekdays: write mon-fri, mon-sun or mon,wed-fri") from error


def weekday(text: str) -> int:
    """A day of the week, Monday 0."""
    try:
        return calendar.parse_weekday(text)
    except ValueError as error:
        raise ValueError(f"{show(text)} is not a weekday: write monday to sunday") from error


def day(text: str) -> str:
    """A date, as `2026-11-02`."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError(f"{show(text)} is a day that does not exist") from error
    raise ValueError(f"{show(text)} is not a date: write year-month-day, such as 2026-11-02")


_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def nth_weekday(text: str) -> str:
    """A day of each month, as `first monday` or `last friday`."""
    words = text.lower().split()
    try:
        if len(words) == 2 and words[0] in _NTH:
            return f"{words[0]} {calendar.WEEKDAY_NAMES[calendar.parse_weekday(words[1])].lower()}"
    except ValueError:
        pass  # Told below, with what to write.
    raise ValueError(
        f"{show(text)} is not a day of the month: write first, second, third, fourth or last and a weekday"
    )


def read_nth_weekday(text: str) -> tuple[int, int]:
    """The number (1 to 4, or -1 for the last) and the weekday, Monday 0, of what `nth_weekday` returned."""
    which, weekday = text.split()
    return _NTH[which], calendar.parse_weekday(weekday)


def write_nth_weekday(nth: int, weekday: int) -> str:
    """What `read_nth_weekday` made these numbers of."""
    which = next(word for word, number in _NTH.items() if number == nth)
    return f"{which} {calendar.WEEKDAY_NAMES[weekday].lower()}"


def weeks(text: str) -> int:
    """How many weeks, as `week` or `2 weeks`; at most 12."""
    found = re.fullmatch(r"(?:([0-9]{1,2}) )?weeks?", text.lower())
    number = int(found[1] or 1) if found else 0
    if 1 <= number <= 12:
        return number
    raise ValueError(f"{show(text)} is not a number of weeks: write week, 2 weeks, up to 12 weeks")


def handoff(text: str) -> tuple[str, int]:
    """How often a turn is handed on: `day`, `week` or `month`, and how many weeks; at most 12."""
    word = text.lower()
    try:
        return (word, 1) if word in ("day", "month") else ("week", weeks(word))
    except ValueError as error:
        raise ValueError(f"{show(text)} is not one of day, week, 2 weeks up to 12 weeks, month") from error


def month_day(text: str) -> int:
    """A day of each month; in a shorter month its last."""
    if re.fullmatch(r"[0-9]{1,2}", text) and 1 <= int(text) <= 31:
        return int(text)
    raise ValueError(f"{show(text)} is not a day of the month: write 1 to 31; 31 is always the last")


def web_address(text: str) -> str:
    """An address of a page."""
    if re.fullmatch(r"https?://[^\s<>|]{3,1000}", text):
        return text
    raise ValueError(f"{show(text)} is not an address: it begins with https://")


def holiday_place(text: str) -> str:
    """A country or a region of one, whose public holidays are known."""
    place = text.strip().upper()
    if is_place(place):
        return place
    raise ValueError(
        f"{show(text)} is not a country whose holidays are known: write a code such as UA, or DE-BY for a region"
    )


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    """One of these words, in small letters."""
    words = [str(word) for word in allowed]

    def check(text: str) -> str:
        if text.lower() in words:
            return text.lower()
        raise ValueError(f"{show(text)} is not one of {', '.join(words)}")

    return check


def number(least: int, most: int) -> Callable[[str], int]:
    """A whole number within these limits."""

    def check(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,6}", text) and least <= int(text) <= most:
            return int(text)
        raise ValueError(f"{show(text)} does not fit: write a number from {least} to {most}")

    return check


# 👀 claims a card's request, ✅ resolves it.
_ON_CARDS = ("eyes", "white_check_mark", "heavy_check_mark")


def emoji(text: str) -> str:
    """The name of an emoji, with or without its colons."""
    name = text.strip().strip(":")
    if name in _ON_CARDS:
        raise ValueError(
            f"{show(text)} means something on cards already: choose another emoji, such as ticket"
        )
    if re.fullmatch(r"[^\s:]{1,100}", name):
        return name
    raise ValueError(f"{show(text)} is not an emoji's name: write ticket for :ticket:")


def project(text: str) -> str:
    """The key of a Jira project."""
    if _PROJECT.fullmatch(text):
        return text
    raise ValueError(f"{show(text)} is not a project's key: capital letters and digits, such as PAY")


def label(text: str) -> str:
    """A Jira label: Jira allows no spaces in it."""
    if re.fullmatch(r"\S{1,255}", text):
        return text
    raise ValueError(f"{show(text)} is not a label: Jira allows no spaces, at most 255 characters")


def yes_or_no(text: str) -> bool:
    """`true` or `false`."""
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    raise ValueError(f"{show(text)} is neither true nor false")
