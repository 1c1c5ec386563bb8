"""A joint: what the other slices tell the settings about plans that are not in force yet.

Like `bot.joints`, only the composition root uses it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.features import requests, rotation, setup, standup
from bot.teams import store
from bot.teams.domain import Team, works_queue
from bot.teams.plans import StandupPlan
from bot.teams.what_if import WhatIf, what_if

SHIFTS = 6
CHECKINS = 4


def _priorities(connection: Connection, before: Team, after: Team) -> WhatIf:
    groups = store.groups_of_people(connection)

    def is_ours(person: str) -> bool:
        return works_queue(before, person, groups.get(person, frozenset()))

    return what_if(before, after, requests.asked_lately(connection, before.id, is_ours))


def _shifts(
    connection: Connection, team: Team, before: Team | None, now: datetime
) -> Sequence[setup.ComingShift]:
    found = rotation.next_shifts(connection, team, before, now, SHIFTS)
    return [
        setup.ComingShift(
            start=one.start, end=one.end, person=one.person if isinstance(one, rotation.Shift) else None
        )
        for one in found
    ]


def _checkins(
    connection: Connection, team: Team, plan: StandupPlan, reader: str, now: datetime
) -> Sequence[setup.ComingCheckin]:
    found = standup.next_ones(connection, team, plan, reader, now, CHECKINS)
    return [setup.ComingCheckin(at=one.opens_at, off=one.off) for one in found]


PLANS = setup.Ahead(priorities=_priorities, shifts=_shifts, checkins=_checkins)
