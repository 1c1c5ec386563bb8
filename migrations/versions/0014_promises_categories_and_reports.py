"""Promises and categories of requests, weekly reports and who wants none

Revision: 0014
After: 0013

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

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Columns without a default are added in place, on SQLite too: no row is written anew.
    op.add_column("requests", sa.Column("category", sa.String(20), nullable=True))
    op.add_column("requests", sa.Column("promised_at", _AT, nullable=True))
    op.create_table(
        "report_weeks",
        sa.Column("team_id", _ID, autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "week", name=op.f("pk_report_weeks")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_report_weeks_team_id_teams")),
    )
    op.create_table(
        "report_stops",
        sa.Column("team_id", _ID, autoincrement=False, nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_report_stops")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_report_stops_team_id_teams")),
    )


def downgrade() -> None:
    op.drop_table("report_stops")
    op.drop_table("report_weeks")
    op.drop_column("requests", "promised_at")
    op.drop_column("requests", "category")
