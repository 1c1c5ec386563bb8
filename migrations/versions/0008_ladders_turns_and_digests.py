"""Ladders, turns and digests

Revision: 0008
After: 0007

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

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Open requests of the release before get their ladders from the bot: by when, only it can reckon.
    op.create_table(
        "escalations",
        sa.Column("request_id", _ID, autoincrement=False, nullable=False),
        sa.Column("team_id", _ID, nullable=False),
        sa.Column("phase", sa.String(20), nullable=False),
        sa.Column("priority", sa.String(20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("began_at", _AT, nullable=False),
        sa.Column("since", _AT, nullable=False),
        sa.Column("posted_at", _AT, nullable=True),
        sa.Column("due_at", _AT, nullable=True),
        sa.Column("holder", sa.String(40), nullable=True),
        sa.Column("asked", sa.String(40), nullable=True),
        sa.Column("seen_by", sa.String(40), nullable=True),
        sa.Column("seen_step", sa.Integer(), nullable=True),
        sa.Column("passed", _JSON, nullable=False),
        sa.Column("note", _JSON, nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_escalations_team_id_teams")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_escalations")),
    )
    op.create_index(
        "ix_escalations_due_at",
        "escalations",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "escalation_teams",
        sa.Column("team_id", _ID, autoincrement=False, nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_escalation_teams_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_escalation_teams")),
    )
    op.create_table(
        "escalation_turns",
        sa.Column("team_id", _ID, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_escalation_turns_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_escalation_turns")),
    )
    op.create_table(
        "escalation_digests",
        sa.Column("team_id", _ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_escalation_digests_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "day", name=op.f("pk_escalation_digests")),
    )


def downgrade() -> None:
    op.drop_table("escalation_digests")
    op.drop_table("escalation_turns")
    op.drop_table("escalation_teams")
    op.drop_index("ix_escalations_due_at", table_name="escalations")
    op.drop_table("escalations")
