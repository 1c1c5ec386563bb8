"""Public holidays of countries and their regions, from the `holidays` package.

A place is a country by its ISO code, such as `UA`, or a region of one, such as `DE-BY`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

_PLACE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


@cache
def _supported() -> Mapping[str, list[str]]:
    # Loading the package costs a tenth of a second: only where somebody has holidays.
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=False)


def is_place(text: str) -> bool:
    """Whether the holidays of this place are known."""
    found = _PLACE.fullmatch(text)
    if found is None or found[1] not in _supported():
        return False
    return found[2] is None or found[2] in _supported()[found[1]]


def countries() -> list[str]:
    """The codes of all countries whose holidays are known, in their order."""
    return sorted(code for code in _supported() if _PLACE.fullmatch(code))


def name_of(places: Iterable[str], day: date) -> str | None:
    """What is celebrated on this day in the first of these places that celebrates; None on a working day."""
    for place in places:
        name = _of_year(place, day.year).get(day)
        if name:
            return name
    return None


@cache
def _of_year(place: str, year: int) -> Mapping[date, str]:
    from holidays import country_holidays

    country, _, region = place.partition("-")
    if not is_place(place):
        return {}
    days = country_holidays(country, subdiv=region or None, years=year, language="en_US")
    return {day: str(name) for day, name in days.items()}
