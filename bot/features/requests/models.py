"""Tables of requests, their threads, their history and their numbers."""

from sqlalchemy import (
    Boolean,
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

request_numbers = Table(
    "request_numbers",
    metadata,
    Column("workspace_id", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("workspace_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("summary", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("priority", String(20), nullable=False),
    Column("priority_rank", Integer, nullable=False),
    Column("priority_rule", Text),
    Column("component", String(200)),
    Column("source", String(20), nullable=False),
    Column("asking_as", String(20), nullable=False),
    Column("requester", String(40), nullable=False),
    Column("filed_by", String(40), nullable=False),
    Column("door", String(20), nullable=False),
    Column("origin_channel", String(40)),
    Column("origin_ts", String(40)),
    Column("origin_thread_ts", String(40)),
    Column("private", Boolean, nullable=False),
    # The command or form that it came by: the same one again finds this request.
    Column("filed_key", String(200)),
    Column("line", String(200)),
    Column("state", String(20), nullable=False),
    Column("assignee", String(40)),
    Column("snooze_until", UTCDateTime),
    Column("duplicate_of", BigId, ForeignKey("requests.id")),
    Column("reason", Text),
    Column("on_duty", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("claimed_at", UTCDateTime),
    Column("closed_at", UTCDateTime),
    UniqueConstraint("workspace_id", "number"),
    UniqueConstraint("workspace_id", "origin_channel", "origin_ts"),
    UniqueConstraint("workspace_id", "filed_key"),
    Index("ix_requests_filed_by_created_at", "filed_by", "created_at"),
    Index("ix_requests_filed_by_line", "filed_by", "line"),
    Index("ix_requests_open", "team_id", "priority_rank", "created_at", "id",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_requests_team_number", "team_id", "number"),
    Index("ix_requests_team_created_at", "team_id", "created_at"),
    Index("ix_requests_team_closed_at", "team_id", "closed_at", "id",
          sqlite_where=text("closed_at IS NOT NULL"), postgresql_where=text("closed_at IS NOT NULL")),
    Index("ix_requests_assignee_open", "assignee",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_requests_snooze_until", "snooze_until",
          sqlite_where=text("snooze_until IS NOT NULL"), postgresql_where=text("snooze_until IS NOT NULL")),
    Index("ix_requests_duplicate_of", "duplicate_of"),
)  # fmt: skip

# A thread belongs to one request: the card's, or the one in which its requester is talked to.
request_threads = Table(
    "request_threads",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("thread_ts", String(40), primary_key=True),
    Column("request_id", BigId, ForeignKey("requests.id"), nullable=False),
    Column("side", String(10), nullable=False),
    UniqueConstraint("request_id", "side"),
)

request_history = Table(
    "request_history",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("request_id", BigId, ForeignKey("requests.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(40)),
    Column("move", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("facts", Json, nullable=False),
    Index("ix_request_history_actor_at", "actor", "at"),
)

# What a person wrote to the bot or mentioned it with, kept until they decide to file it.
intake_offers = Table(
    "intake_offers",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("ts", String(40), primary_key=True),
    Column("thread_ts", String(40)),
    Column("user_id", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("door", String(20), nullable=False),
    Column("private", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_intake_offers_created_at", "created_at"),
)
