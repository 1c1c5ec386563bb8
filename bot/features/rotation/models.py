"""Tables of the rotation: plans that have been in force, changes to them, who was told what, addresses of calendars."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.db.base import BigId, Json, UTCDateTime, metadata

# A plan is in force from `begins` until the next one of its team begins.
rotation_eras = Table(
    "rotation_eras",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True),
    Column("begins", UTCDateTime, primary_key=True),
    Column("plan", Json, nullable=False),
    Column("first", Integer, nullable=False),
)

# `kind` is `override` (this person has it) or `skip` (this person is left out). Two that trade share a `pair`.
rotation_changes = Table(
    "rotation_changes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("person", String(40), nullable=False),
    Column("start_at", UTCDateTime, nullable=False),
    Column("end_at", UTCDateTime, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("made_by", String(40), nullable=False),
    Column("pair", String(40)),
    Column("withdrawn_at", UTCDateTime),
    Index("ix_rotation_changes_standing", "end_at",
          sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
    Index("ix_rotation_changes_team_id_end_at", "team_id", "end_at"),
)  # fmt: skip

# Each time that duty passed to somebody. `person` empty: to nobody.
rotation_handoffs = Table(
    "rotation_handoffs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("person", String(40), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("until", UTCDateTime),
    Column("previous", String(40), nullable=False, server_default=""),
    Column("accepted_at", UTCDateTime),
    Column("pack_channel", String(40)),
    Column("pack_ts", String(40)),
    UniqueConstraint("team_id", "number"),
)

# What whoever is on duty leaves for the next.
rotation_notes = Table(
    "rotation_notes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("author", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("ix_rotation_notes_team_id_at", "team_id", "at"),
)

# Somebody asks the channel to take these hours of theirs. `ask_at` is empty once it is settled.
rotation_covers = Table(
    "rotation_covers",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("person", String(40), nullable=False),
    Column("start_at", UTCDateTime, nullable=False),
    Column("end_at", UTCDateTime, nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("made_by", String(40), nullable=False),
    Column("times_asked", Integer, nullable=False, server_default="0"),
    Column("ask_at", UTCDateTime),
    Column("taken_by", String(40)),
    Column("closed_at", UTCDateTime),
    Column("channel", String(40)),
    Column("ts", String(40)),
    Index("ix_rotation_covers_ask_at", "ask_at",
          sqlite_where=text("ask_at IS NOT NULL"), postgresql_where=text("ask_at IS NOT NULL")),
    Index("ix_rotation_covers_team_id_end_at", "team_id", "end_at"),
)  # fmt: skip

# Hours that nobody is left for, told to the lead ahead.
rotation_gaps = Table(
    "rotation_gaps",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True),
    Column("start_at", UTCDateTime, primary_key=True),
    Column("end_at", UTCDateTime, nullable=False),
    Column("told_at", UTCDateTime, nullable=False),
)

# People of rotations who have left the workspace.
rotation_leavers = Table(
    "rotation_leavers",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("left_at", UTCDateTime, nullable=False),
)

# The secret part of a calendar's address. `team_id` with `user_id` empty: a whole rotation; the other way round: one
# person's turns in all teams.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("secret", String(64), primary_key=True),
    Column("team_id", BigId, ForeignKey("teams.id")),
    Column("user_id", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("team_id"),
    UniqueConstraint("user_id"),
)
