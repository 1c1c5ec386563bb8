"""Check-ins and absences

Revision: 0004
After: 0003

Policy. The release before this one goes on working on the new tables while replicas are exchanged: add, fill, and
take away one release later. Small locks: on Postgres an index on a table with rows is made in a migration of its
own. SQLite alters a table only by writing it anew: `with op.batch_alter_table(…)`. No import from the bot: this
file must mean the same in years. Write it by hand after autogenerate, for SQLite and Postgres alike; a test
upgrades over rows, compares with the tables and goes back down. What cannot go back raises in `downgrade` and says
why.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("set_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_user_id_last_day", "absences", ["user_id", "last_day"], unique=False)
    op.create_table(
        "home_tabs",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_home_tabs")),
    )
    op.create_table(
        "person_choices",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("holidays", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_person_choices")),
    )
    op.create_table(
        "person_zones",
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "known_at", name=op.f("pk_person_zones")),
    )
    op.create_table(
        "standup_looks",
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_standup_looks_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "series", name=op.f("pk_standup_looks")),
    )
    op.create_table(
        "standup_rounds",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_standup_rounds_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_rounds")),
        sa.UniqueConstraint("team_id", "series", "day", name=op.f("uq_standup_rounds_team_id_series_day")),
    )
    op.create_index(
        "ix_standup_rounds_open",
        "standup_rounds",
        ["closes_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_standup_rounds_period", "standup_rounds", ["team_id", "series", "period"], unique=False
    )
    op.create_table(
        "standup_summaries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_standup_summaries_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_summaries")),
        sa.UniqueConstraint(
            "team_id", "series", "period", name=op.f("uq_standup_summaries_team_id_series_period")
        ),
    )
    op.create_table(
        "standup_checkins",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settle_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asking", sa.Integer(), nullable=True),
        sa.Column("suggested", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("shuffle", sa.String(length=16), nullable=False),
        sa.Column("prompt_channel", sa.String(length=40), nullable=True),
        sa.Column("prompt_ts", sa.String(length=40), nullable=True),
        sa.Column("reminder_channel", sa.String(length=40), nullable=True),
        sa.Column("reminder_ts", sa.String(length=40), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["standup_rounds.id"], name=op.f("fk_standup_checkins_round_id_standup_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_checkins")),
        sa.UniqueConstraint("round_id", "user_id", name=op.f("uq_standup_checkins_round_id_user_id")),
    )
    op.create_index(
        "ix_standup_checkins_prompt", "standup_checkins", ["prompt_channel", "prompt_ts"], unique=False
    )
    op.create_index(
        "ix_standup_checkins_remind_at",
        "standup_checkins",
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_index(
        "ix_standup_checkins_settle_at",
        "standup_checkins",
        ["settle_at"],
        unique=False,
        sqlite_where=sa.text("settle_at IS NOT NULL"),
        postgresql_where=sa.text("settle_at IS NOT NULL"),
    )
    op.create_index(
        "ix_standup_checkins_user_id_opens_at", "standup_checkins", ["user_id", "opens_at"], unique=False
    )
    op.create_table(
        "standup_blockers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("checkin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=True),
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkin_id"],
            ["standup_checkins.id"],
            name=op.f("fk_standup_blockers_checkin_id_standup_checkins"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_standup_blockers_team_id_teams")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standup_blockers")),
    )
    op.create_index("ix_standup_blockers_checkin_id", "standup_blockers", ["checkin_id"], unique=False)
    op.create_index("ix_standup_blockers_request_id", "standup_blockers", ["request_id"], unique=False)
    op.create_index(
        "ix_standup_blockers_team_id_raised_at", "standup_blockers", ["team_id", "raised_at"], unique=False
    )
    op.create_index(
        "ix_standup_blockers_user_id_open",
        "standup_blockers",
        ["user_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "standup_posts",
        sa.Column("summary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("checkin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkin_id"], ["standup_checkins.id"], name=op.f("fk_standup_posts_checkin_id_standup_checkins")
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"],
            ["standup_summaries.id"],
            name=op.f("fk_standup_posts_summary_id_standup_summaries"),
        ),
        sa.PrimaryKeyConstraint("summary_id", "name", name=op.f("pk_standup_posts")),
    )
    op.create_index("ix_standup_posts_checkin_id", "standup_posts", ["checkin_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_standup_posts_checkin_id", table_name="standup_posts")
    op.drop_table("standup_posts")
    op.drop_index(
        "ix_standup_blockers_user_id_open",
        table_name="standup_blockers",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_standup_blockers_team_id_raised_at", table_name="standup_blockers")
    op.drop_index("ix_standup_blockers_request_id", table_name="standup_blockers")
    op.drop_index("ix_standup_blockers_checkin_id", table_name="standup_blockers")
    op.drop_table("standup_blockers")
    op.drop_index("ix_standup_checkins_user_id_opens_at", table_name="standup_checkins")
    op.drop_index(
        "ix_standup_checkins_settle_at",
        table_name="standup_checkins",
        sqlite_where=sa.text("settle_at IS NOT NULL"),
        postgresql_where=sa.text("settle_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_standup_checkins_remind_at",
        table_name="standup_checkins",
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.drop_index("ix_standup_checkins_prompt", table_name="standup_checkins")
    op.drop_table("standup_checkins")
    op.drop_table("standup_summaries")
    op.drop_index("ix_standup_rounds_period", table_name="standup_rounds")
    op.drop_index(
        "ix_standup_rounds_open",
        table_name="standup_rounds",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_table("standup_rounds")
    op.drop_table("standup_looks")
    op.drop_table("person_zones")
    op.drop_table("person_choices")
    op.drop_table("home_tabs")
    op.drop_index("ix_absences_user_id_last_day", table_name="absences")
    op.drop_table("absences")
