"""The installation by OAuth, and refused attempts

Revision: 0011
After: 0010

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

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "installations",
        sa.Column("workspace_id", sa.String(40), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("workspace_name", sa.Text(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.Column("installed_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_installations")),
        sa.UniqueConstraint("seat", name=op.f("uq_installations_seat")),
    )
    op.create_table(
        "install_states",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_install_states")),
    )
    op.create_index("ix_install_states_expires_at", "install_states", ["expires_at"], unique=False)
    op.create_table(
        "refused_attempts",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("workspace_id", sa.String(40), nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_attempts")),
    )
    op.create_index("ix_refused_attempts_at", "refused_attempts", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_refused_attempts_at", table_name="refused_attempts")
    op.drop_table("refused_attempts")
    op.drop_index("ix_install_states_expires_at", table_name="install_states")
    op.drop_table("install_states")
    op.drop_table("installations")
