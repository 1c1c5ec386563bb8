"""What people are called and who can be asked, looked up together so that nobody waits for one after the other."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from bot.teams.directory import Directory


async def askable(directory: Directory, user_ids: Sequence[str]) -> list[str]:
    """Those of these people who can be asked: who has left and bots are passed over."""
    people = await asyncio.gather(*map(directory.person, user_ids))
    return [person.id for person in people if not person.deleted and not person.is_bot]


async def names_of(directory: Directory, user_ids: Iterable[str]) -> Mapping[str, str]:
    """The name of each of these people; their id where Slack cannot tell it."""
    people = await asyncio.gather(*(directory.person(user_id) for user_id in dict.fromkeys(user_ids)))
    return {person.id: person.name for person in people}
