"""The register of the time zones that people's profiles have had."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from bot.outbox.unit_of_work import upsert
from bot.teams.models import person_zones
from bot.teams.presence import Known


def of_people(connection: Connection, user_ids: Collection[str]) -> Mapping[str, tuple[Known, ...]]:
    """The history of each of these people who has one."""
    query = select(person_zones).where(person_zones.c.user_id.in_(user_ids))
    found: dict[str, list[Known]] = defaultdict(list)
    for row in connection.execute(query.order_by(person_zones.c.user_id, person_zones.c.known_at)):
        found[row.user_id].append(Known(zone=row.zone, known_at=row.known_at))
    return {user_id: tuple(history) for user_id, history in found.items()}


def learn(connection: Connection, user_id: str, zone: str, now: datetime) -> bool:
    """Writes the zone down if it is another than the last one; whether it is."""
    last = connection.scalar(
        select(person_zones.c.zone)
        .where(person_zones.c.user_id == user_id)
        .order_by(person_zones.c.known_at.desc())
        .limit(1)
    )
    if last == zone:
        return False
    insert = upsert(connection, person_zones).values(user_id=user_id, zone=zone, known_at=now)
    connection.execute(insert.on_conflict_do_nothing())
    return True
