"""Home in pages, and requests by requester

Revision: 0016
After: 0015

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

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # The index comes first: what follows only notes new columns of a small table, and holds no lock meanwhile.
    op.create_index(
        "ix_requests_requester_closed_at", "requests", ["requester", "closed_at", "id"], unique=False
    )
    # Whoever has opened the tab before knows it.
    op.add_column("home_tabs", sa.Column("is_new", sa.Boolean(), server_default=sa.false(), nullable=False))
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.add_column("home_tabs", sa.Column("places", json, nullable=True))


def downgrade() -> None:
    op.drop_column("home_tabs", "places")
    op.drop_column("home_tabs", "is_new")
    op.drop_index("ix_requests_requester_closed_at", table_name="requests")
