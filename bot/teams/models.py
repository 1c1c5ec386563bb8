"""Tables of the teams, of who is in which user group, and of people's profiles as Slack last told them."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from bot.db.base import BigId, Json, UTCDateTime, metadata

teams = Table(
    "teams",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("workspace_id", String(20), nullable=False, server_default=""),
    Column("key", String(40), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("settings", Json, nullable=False),
    Column("position", Integer, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

user_group_members = Table(
    "user_group_members",
    metadata,
    Column("group_id", String(40), primary_key=True),
    Column("user_id", String(40), primary_key=True),
    Index("ix_user_group_members_user_id", "user_id"),
)

people = Table(
    "people",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("profile", Json, nullable=False),
    Column("fetched_at", UTCDateTime, nullable=False),
)
