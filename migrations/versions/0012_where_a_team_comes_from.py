"""Where a team comes from: a teams file, or Slack

Revision: 0012
After: 0011

Policy. The release before this one goes on working on the new tables while replicas are exchanged: add, fill, and
take away one release later. Small locks: on Postgres an index on a table with rows is made in a migration of its
own. SQLite alters a table only by writing it anew: `with op.batch_alter_table(…)`. No import from the bot: this
file must mean the same in years. Write it by hand after autogenerate, for SQLite and Postgres alike; a test
upgrades over rows, compares with the tables and goes back down. What cannot go back raises in `downgrade` and says
why.

Every team there is came from a file, and so does what the release before this one adds from now on: the column's
own default says so. Only a team set up in Slack is written with NULL.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A new column with a default fills the rows that exist, without a lock worth naming, on both databases.
    op.add_column("teams", sa.Column("pinned_by", sa.Text(), server_default="a teams file", nullable=True))


def downgrade() -> None:
    op.drop_column("teams", "pinned_by")
