"""What the registers hold about a team's people, in three statements."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from bot.features.standup.domain.people import Calendar
from bot.teams import absences, choices, holidays, zones
from bot.teams.domain import Team


def calendar_of(
    connection: Connection, team: Team, members: Sequence[str], first_day: date, last_day: date
) -> Calendar:
    """The calendar of these members, with the absences that touch these days."""
    return Calendar(
        team=team,
        members=tuple(members),
        holiday=holidays.name_of,
        zones=zones.of_people(connection, members),
        absences=absences.of_people(connection, members, first_day, last_day),
        choices=choices.of_people(connection, members),
    )
