"""The register of what people have chosen for themselves."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from bot.outbox.unit_of_work import upsert
from bot.teams.models import person_choices
from bot.teams.presence import Choices


def of_people(connection: Connection, user_ids: Collection[str]) -> Mapping[str, Choices]:
    """The choices of those of these people who have made any."""
    query = select(person_choices).where(person_choices.c.user_id.in_(user_ids))
    return {
        row.user_id: Choices(
            reminders=row.reminders, holidays=None if row.holidays is None else tuple(row.holidays)
        )
        for row in connection.execute(query)
    }


def choose(connection: Connection, user_id: str, choices: Choices, now: datetime) -> None:
    """These are their choices from now on."""
    kept = {
        "reminders": choices.reminders,
        "holidays": None if choices.holidays is None else list(choices.holidays),
        "updated_at": now,
    }
    insert = upsert(connection, person_choices).values(user_id=user_id, **kept)
    connection.execute(insert.on_conflict_do_update(index_elements=["user_id"], set_=kept))
