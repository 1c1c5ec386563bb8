"""Tables of the teams, of who is in which user group, and of people's profiles as Slack last told them."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from bot.db.base import BigId, Json, UTCDateTime, metadata

# `pinned_by`: the teams file that a team is read from; NULL where it is set up in Slack. What a release before this
# one adds came from a file, of a name that it does not tell.
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
    Column("pinned_by", Text, server_default="a teams file"),
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

# From the first to the last day, both included, on the person's own calendar.
absences = Table(
    "absences",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", String(40), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("set_by", String(40), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_absences_user_id_last_day", "user_id", "last_day"),
)

# Every time zone that somebody's profile has had, and when the bot came to know of it.
person_zones = Table(
    "person_zones",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("known_at", UTCDateTime, primary_key=True),
    Column("zone", String(60), nullable=False),
)

# What people have chosen for themselves; `holidays` NULL: as their team's file says.
person_choices = Table(
    "person_choices",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("reminders", Boolean, nullable=False),
    Column("holidays", Json),
    Column("updated_at", UTCDateTime, nullable=False),
)
