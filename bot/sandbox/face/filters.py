"""Small words of the templates: times in a zone, a message as its writer typed it."""

import html
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment

from bot.sandbox.slack.world import World

_TAG = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


def install(environment: Environment) -> None:
    """Give the templates their filters."""
    environment.filters.update(instant_in=instant_in, local=local, typed_again=typed_again)  # pyright: ignore[reportUnknownMemberType]


def local(at: datetime, zone: str, form: str = "%H:%M") -> str:
    """An aware instant as a clock in this IANA zone shows it; `form` as in `strftime`."""
    return at.astimezone(ZoneInfo(zone)).strftime(form)


def instant_in(seconds: int, zone: str) -> str:
    """Seconds since 1970 as a field for date and time takes them, in this IANA zone."""
    return local(datetime.fromtimestamp(seconds, UTC), zone, "%Y-%m-%dT%H:%M")


def typed_again(text: str, world: World) -> str:
    """A person's message as they would type it: names for ids, no escapes. The inverse of `written.write`."""
    return html.unescape(_TAG.sub(lambda found: _typed(found, world), text))


def _typed(found: re.Match[str], world: World) -> str:
    sign, target, words = found[1], found[2], found[3]
    if sign == "@":
        return f"@{world.people[target].name}" if target in world.people else f"@{target}"
    if sign == "#":
        return f"#{world.channels[target].name}" if target in world.channels else f"#{words or target}"
    if sign == "!":
        group = world.groups.get(target.removeprefix("subteam^"))
        return f"@{group.handle}" if group else f"@{target}"
    return target
