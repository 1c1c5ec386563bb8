"""Tables of ladders, turns and digests."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, text

from bot.db.base import BigId, Json, UTCDateTime, metadata

# A request has one row for ever: what is said of it is named by `run` and `step`.
escalations = Table(
    "escalations",
    metadata,
    Column("request_id", BigId, primary_key=True, autoincrement=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("priority", String(20), nullable=False),
    Column("run", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("began_at", UTCDateTime, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("posted_at", UTCDateTime),
    Column("due_at", UTCDateTime),
    Column("holder", String(40)),
    Column("asked", String(40)),
    Column("seen_by", String(40)),
    Column("seen_step", Integer),
    Column("passed", Json, nullable=False),
    Column("note", Json),
    Index("ix_escalations_due_at", "due_at",
          sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
)  # fmt: skip

# How often a team's work was given out; whoever gives some holds this row, so that nobody is chosen twice at once.
escalation_teams = Table(
    "escalation_teams",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("turns", Integer, nullable=False),
)

# The last turn of each person.
escalation_turns = Table(
    "escalation_turns",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("user_id", String(40), primary_key=True),
    Column("turn", Integer, nullable=False),
)

# A day's digest, once; also where there was nothing to say.
escalation_digests = Table(
    "escalation_digests",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)
