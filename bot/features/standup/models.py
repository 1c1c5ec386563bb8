"""Tables of check-ins: a round is one check-in of a team on one day, a row of `standup_checkins` one person's part."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
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

# Up to when openings of a check-in have been looked for: what opened after it and is over by now was missed.
standup_looks = Table(
    "standup_looks",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True),
    Column("series", String(100), primary_key=True),
    Column("looked_until", UTCDateTime, nullable=False),
)

# `period`: the first day that its summary is about; `closes_at`: when the summary is due. `changed_at`: since when
# somebody is known to have had their say whose word may have been the last one; empty once that was looked at.
standup_rounds = Table(
    "standup_rounds",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("series", String(100), nullable=False),
    Column("name", String(100), nullable=False),
    Column("day", Date, nullable=False),
    Column("period", Date, nullable=False),
    Column("asked", Json, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("closes_at", UTCDateTime, nullable=False),
    Column("closed_at", UTCDateTime),
    Column("changed_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("team_id", "series", "day"),
    Index("ix_standup_rounds_open", "closes_at",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_standup_rounds_changed_at", "changed_at",
          sqlite_where=text("changed_at IS NOT NULL"), postgresql_where=text("changed_at IS NOT NULL")),
    Index("ix_standup_rounds_period", "team_id", "series", "period"),
)  # fmt: skip

# `remind_at` and `settle_at` are emptied when their moment has been dealt with, or will not come any more. Whoever is
# asked by `ask_by` is asked on time; it is empty where nobody was due: they joined meanwhile, or asked for it themselves.
standup_checkins = Table(
    "standup_checkins",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("round_id", BigId, ForeignKey("standup_rounds.id"), nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("day", Date, nullable=False),
    Column("zone", String(60), nullable=False),
    Column("opens_at", UTCDateTime, nullable=False),
    Column("closes_at", UTCDateTime, nullable=False),
    Column("remind_at", UTCDateTime),
    Column("settle_at", UTCDateTime),
    Column("ask_by", UTCDateTime),
    Column("state", String(12), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("answers", Json, nullable=False),
    Column("asking", Integer),
    Column("suggested", Json),
    Column("shuffle", String(16), nullable=False),
    Column("prompt_channel", String(40)),
    Column("prompt_ts", String(40)),
    Column("reminder_channel", String(40)),
    Column("reminder_ts", String(40)),
    Column("reminded_at", UTCDateTime),
    Column("answered_at", UTCDateTime),
    Column("is_late", Boolean, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("round_id", "user_id"),
    Index("ix_standup_checkins_user_id_opens_at", "user_id", "opens_at"),
    Index("ix_standup_checkins_prompt", "prompt_channel", "prompt_ts"),
    Index("ix_standup_checkins_remind_at", "remind_at",
          sqlite_where=text("remind_at IS NOT NULL"), postgresql_where=text("remind_at IS NOT NULL")),
    Index("ix_standup_checkins_settle_at", "settle_at",
          sqlite_where=text("settle_at IS NOT NULL"), postgresql_where=text("settle_at IS NOT NULL")),
)  # fmt: skip

# The message in the team's channel about one period of a check-in; `ts` is empty until it is posted.
standup_summaries = Table(
    "standup_summaries",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("series", String(100), nullable=False),
    Column("period", Date, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("ts", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("team_id", "series", "period"),
)

# Messages in a summary's thread: somebody's answers (`checkin_id`), in parts where they are long, or more blockers.
standup_posts = Table(
    "standup_posts",
    metadata,
    Column("summary_id", BigId, ForeignKey("standup_summaries.id"), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("checkin_id", BigId, ForeignKey("standup_checkins.id")),
    Column("ts", String(40), nullable=False),
    Index("ix_standup_posts_checkin_id", "checkin_id"),
)

# What is in somebody's way. `how`: solved, withdrawn (no longer in the answer), resolved (its request was).
standup_blockers = Table(
    "standup_blockers",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("checkin_id", BigId, ForeignKey("standup_checkins.id"), nullable=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("series", String(100), nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("raised_at", UTCDateTime, nullable=False),
    Column("closed_at", UTCDateTime),
    Column("closed_by", String(40)),
    Column("how", String(20)),
    Column("request_id", BigId),
    Column("number", Integer),
    Index("ix_standup_blockers_checkin_id", "checkin_id"),
    Index("ix_standup_blockers_request_id", "request_id"),
    Index("ix_standup_blockers_user_id_open", "user_id",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_standup_blockers_team_id_raised_at", "team_id", "raised_at"),
)  # fmt: skip
