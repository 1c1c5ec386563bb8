"""How far each team's old texts have been erased, and since when the app is removed

Revision: 0015
After: 0014

Policy. The release before this one goes on working on the new tables while replicas are exchanged: add, fill, and
take away one release later. Small locks: on Postgres an index on a table with rows is made in a migration of its
own (the table here is new: nobody waits for it). SQLite alters a table only by writing it anew:
`with op.batch_alter_table(…)`. No import from the bot: this file must mean the same in years. Write it by hand after
autogenerate, for SQLite and Postgres alike; a test upgrades over rows, compares with the tables and goes back down.
What cannot go back raises in `downgrade` and says why.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "retention_marks",
        sa.Column("team_id", _ID, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", _ID, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_retention_marks_team_id_teams")),
        sa.PrimaryKeyConstraint("team_id", "what", name=op.f("pk_retention_marks")),
    )
    with op.batch_alter_table("installations") as installations:
        installations.add_column(sa.Column("uninstalled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_requests_team_closed_at",
        "requests",
        ["team_id", "closed_at", "id"],
        unique=False,
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_requests_team_closed_at", table_name="requests")
    with op.batch_alter_table("installations") as installations:
        installations.drop_column("uninstalled_at")
    op.drop_table("retention_marks")
