"""A team's people as they are now, looked up together so that nobody waits for one after the other."""

import asyncio

from bot.core.text import clean, cut
from bot.feature import Deps
from bot.features.escalation.service.around import Around, people_of
from bot.teams.domain import SplitOfWork, Team

LONGEST = 80


async def around(deps: Deps, team: Team) -> Around:
    """The team with its members, and who of those that it may ask has left."""
    members = (await deps.directory.teams()).members_of(team)
    # Only where work goes to each in turn does it matter who of all members is there.
    concerned = people_of(team, members if team.split_of_work is SplitOfWork.ROUND_ROBIN else ())
    people = await asyncio.gather(*map(deps.directory.person, concerned))
    gone = frozenset(person.id for person in people if person.deleted or person.is_bot)
    names = {
        person.id: cut(" ".join(clean(person.name).split()), LONGEST) for person in people if person.is_known
    }
    return Around(team=team, members=members, gone=gone, names=names)
