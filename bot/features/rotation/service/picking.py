"""Finding somebody for hours, where nobody is named."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.features.rotation import domain
from bot.features.rotation.domain import Pick, Shift
from bot.features.rotation.handed import CountOpen
from bot.features.rotation.store import standing as store
from bot.teams.domain import Team

# Whoever was not on duty for so long is as rested as anybody.
LATELY = timedelta(days=92)


def pick(connection: Connection, team: Team, how: Pick, start: datetime, count_open: CountOpen) -> str:
    """Somebody who is there at the start and is not on duty then anyway. Raises UserError where there is nobody."""
    standing = store.of_team(connection, team, start - LATELY)
    found = None
    if standing is not None:
        shift = standing.on_duty(start)
        here = domain.there(standing.rotation, standing.absences, start)
        people = [person for person in here if shift is None or person != shift.person]
        last = {
            piece.person: piece.end
            for piece in standing.shifts(start - LATELY, start)
            if isinstance(piece, Shift)
        }
        found = domain.pick(how, people, last=last, open=count_open(connection, team.id))
    if found is None:
        raise UserError("Nobody else is there then. Name somebody with @, or ask with `/rotation cover`.")
    return found
