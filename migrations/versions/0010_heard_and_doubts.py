"""When the bot last heard, and since when a doubt has had no answer

Revision: 0010
After: 0009

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

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("pushed_at", _AT, nullable=True),
        sa.Column("post_id", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard")),
    )
    # A column without a default is added in place, on SQLite too: no row is written anew.
    op.add_column("outbox", sa.Column("looking_since", _AT, nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "looking_since")
    op.drop_table("heard")
