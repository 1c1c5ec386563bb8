"""Addresses of calendars: whoever knows the secret in one may read it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.features.rotation.models import calendar_feeds


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A whole rotation's (`team_id`) or one person's (`user_id`)."""

    secret: str
    team_id: int | None
    user_id: str | None


def by_secret(connection: Connection, secret: str) -> Feed | None:
    """The feed at this address."""
    row = connection.execute(select(calendar_feeds).where(calendar_feeds.c.secret == secret)).first()
    return None if row is None else Feed(secret=row.secret, team_id=row.team_id, user_id=row.user_id)


def of_team(connection: Connection, team_id: int, now: datetime, *, renew: bool) -> Feed:
    """The rotation's address; with `renew` another one than before."""
    this = calendar_feeds.c.team_id == team_id
    return _feed(connection, this, {"team_id": team_id}, now, renew=renew)


def of_person(connection: Connection, user_id: str, now: datetime, *, renew: bool) -> Feed:
    """The person's address; with `renew` another one than before."""
    this = calendar_feeds.c.user_id == user_id
    return _feed(connection, this, {"user_id": user_id}, now, renew=renew)


def _feed(
    connection: Connection, this: ColumnElement[bool], owner: dict[str, object], now: datetime, *, renew: bool
) -> Feed:
    if renew:
        connection.execute(delete(calendar_feeds).where(this))
    row = connection.execute(select(calendar_feeds).where(this)).first()
    if row is None:
        values = {"secret": secrets.token_urlsafe(32), "created_at": now, **owner}
        row = connection.execute(insert(calendar_feeds).values(**values).returning(calendar_feeds)).one()
    return Feed(secret=row.secret, team_id=row.team_id, user_id=row.user_id)
