"""Tickets in full, and in step

Revision: 0002
After: 0001

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

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "jira_issues",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("issue_id", sa.String(length=40), nullable=False),
        sa.Column("issue_key", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.String(length=120), server_default="", nullable=False),
        sa.Column("status_id", sa.String(length=40), server_default="", nullable=False),
        sa.Column("category", sa.String(length=20), server_default="", nullable=False),
        sa.Column("assignee", sa.String(length=200), nullable=True),
        sa.Column("resolution", sa.String(length=120), nullable=True),
        sa.Column("is_restricted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comments_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comments_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jira_issues")),
        sa.UniqueConstraint("issue_id", name=op.f("uq_jira_issues_issue_id")),
    )
    op.create_index("ix_jira_issues_issue_key", "jira_issues", ["issue_key"], unique=False)
    op.create_index("ix_jira_issues_looked_at", "jira_issues", ["looked_at"], unique=False)
    op.create_table(
        "slack_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("thread_ts", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("client_msg_id", sa.String(length=80), nullable=True),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("edited_at", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("batch", sa.String(length=200), nullable=True),
        sa.Column("comment_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slack_words")),
        sa.UniqueConstraint("ticket_id", "channel", "ts", name=op.f("uq_slack_words_ticket_id_channel_ts")),
        sa.UniqueConstraint(
            "ticket_id",
            "channel",
            "client_msg_id",
            name=op.f("uq_slack_words_ticket_id_channel_client_msg_id"),
        ),
    )
    op.create_index("ix_slack_words_batch", "slack_words", ["batch"], unique=False)
    op.create_index("ix_slack_words_channel_ts", "slack_words", ["channel", "ts"], unique=False)
    op.create_index("ix_slack_words_ticket_id_batch", "slack_words", ["ticket_id", "batch"], unique=False)
    op.create_table(
        "jira_comments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("issue_row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_row"], ["jira_issues.id"], name=op.f("fk_jira_comments_issue_row_jira_issues")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jira_comments")),
        sa.UniqueConstraint("issue_row", "comment_id", name=op.f("uq_jira_comments_issue_row_comment_id")),
    )
    op.create_table(
        "ticket_files",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mimetype", sa.String(length=100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attachment_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_files_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_files")),
        sa.UniqueConstraint("ticket_id", "file_id", name=op.f("uq_ticket_files_ticket_id_file_id")),
    )
    op.create_table(
        "jira_comment_posts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("comment_row", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("ts", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_row"],
            ["jira_comments.id"],
            name=op.f("fk_jira_comment_posts_comment_row_jira_comments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jira_comment_posts")),
        sa.UniqueConstraint(
            "comment_row", "ticket_id", "side", name=op.f("uq_jira_comment_posts_comment_row_ticket_id_side")
        ),
    )
    op.add_column("tickets", sa.Column("issue_id", sa.String(length=40), nullable=True))
    op.add_column("tickets", sa.Column("is_linked", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(
        "tickets",
        sa.Column("fields", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    )
    op.add_column(
        "tickets",
        sa.Column("complaints", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    )
    op.add_column("tickets", sa.Column("told_until", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("tickets", "told_until")
    op.drop_column("tickets", "complaints")
    op.drop_column("tickets", "fields")
    op.drop_column("tickets", "is_linked")
    op.drop_column("tickets", "issue_id")
    op.drop_table("jira_comment_posts")
    op.drop_table("ticket_files")
    op.drop_table("jira_comments")
    op.drop_index("ix_slack_words_ticket_id_batch", table_name="slack_words")
    op.drop_index("ix_slack_words_channel_ts", table_name="slack_words")
    op.drop_index("ix_slack_words_batch", table_name="slack_words")
    op.drop_table("slack_words")
    op.drop_index("ix_jira_issues_looked_at", table_name="jira_issues")
    op.drop_index("ix_jira_issues_issue_key", table_name="jira_issues")
    op.drop_table("jira_issues")
