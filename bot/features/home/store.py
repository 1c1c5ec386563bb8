"""Queries on who has opened the tab, and where they are in it."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from bot.features.home.domain import Tab
from bot.features.home.models import home_tabs


def last_opened(connection: Connection, user_id: str) -> datetime | None:
    """When this person was here last; the row is ours alone until the transaction ends. None: never."""
    query = select(home_tabs.c.opened_at).where(home_tabs.c.user_id == user_id).with_for_update()
    return connection.scalar(query)


def first_visit(connection: Connection, user_id: str, now: datetime) -> None:
    """They open the tab for the first time. Raises IntegrityError where a twin of us was faster."""
    connection.execute(insert(home_tabs).values(user_id=user_id, opened_at=now, is_new=True))


def opened(connection: Connection, user_id: str, now: datetime, *, first_pages: bool) -> None:
    """They open it again; with `first_pages`, every section is on its first page."""
    values: dict[str, object] = {"opened_at": now, "is_new": False}
    if first_pages:
        values["places"] = None
    connection.execute(update(home_tabs).where(home_tabs.c.user_id == user_id).values(**values))


def welcomed(connection: Connection, user_id: str) -> None:
    """They know now what this is."""
    connection.execute(update(home_tabs).where(home_tabs.c.user_id == user_id).values(is_new=False))


def tab_of(connection: Connection, user_id: str) -> Tab:
    """Where this person is in their tab."""
    query = select(home_tabs.c.is_new, home_tabs.c.places).where(home_tabs.c.user_id == user_id)
    row = connection.execute(query).first()
    return Tab(is_new=row.is_new, places=dict(row.places or {})) if row else Tab()


def keep_places(connection: Connection, user_id: str, places: Mapping[str, str], now: datetime) -> None:
    """They have turned to these pages."""
    changed = update(home_tabs).where(home_tabs.c.user_id == user_id)
    connection.execute(changed.values(places=dict(places), opened_at=now))


def looked_since(connection: Connection, user_ids: Collection[str], since: datetime) -> list[str]:
    """Those of them who have opened the tab since then."""
    return list(
        connection.scalars(
            select(home_tabs.c.user_id).where(
                home_tabs.c.user_id.in_(user_ids), home_tabs.c.opened_at >= since
            )
        )
    )


def anybody_looked_since(connection: Connection, since: datetime) -> bool:
    """Whether there is anybody at all who has opened the tab since then."""
    return bool(connection.scalar(select(exists().where(home_tabs.c.opened_at >= since))))
