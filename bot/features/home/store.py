"""Queries on who has opened the tab."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bot.features.home.models import home_tabs
from bot.outbox.unit_of_work import upsert


def opened(connection: Connection, user_id: str, now: datetime) -> None:
    """This person has opened the tab."""
    insert = upsert(connection, home_tabs).values(user_id=user_id, opened_at=now)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["user_id"], set_={"opened_at": insert.excluded.opened_at}
        )
    )


def have_opened(connection: Connection, user_ids: Sequence[str]) -> list[str]:
    """Those of them who ever have."""
    return list(connection.scalars(select(home_tabs.c.user_id).where(home_tabs.c.user_id.in_(user_ids))))
