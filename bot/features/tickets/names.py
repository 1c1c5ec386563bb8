"""What people are called, for text that leaves Slack. Nobody is called by it."""

import asyncio
import re
from collections.abc import Iterable

from bot.teams.directory import Directory

MOST_AUTHORS = 100
MOST_MENTIONED = 10
UNKNOWN = "somebody"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")


async def names_of(directory: Directory, authors: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Names by id: of up to 100 authors and of the first 10 people mentioned; the rest is `somebody`."""
    wanted = list(dict.fromkeys(author for author in authors if author))[:MOST_AUTHORS]
    mentioned = list(dict.fromkeys(one for text in texts for one in _PERSON.findall(text)))
    asked = [one for one in mentioned if one not in wanted]
    wanted += asked[:MOST_MENTIONED]
    people = await asyncio.gather(*(directory.person(user_id) for user_id in wanted))
    known = {person.id: person.real_name or person.name for person in people if person.is_known}
    return dict.fromkeys(mentioned, UNKNOWN) | known
