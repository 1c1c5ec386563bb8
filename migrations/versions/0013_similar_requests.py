"""Similar requests: their words, others who ask for the same, whom an answer helped

Revision: 0013
After: 0012

Policy. The release before this one goes on working on the new tables while replicas are exchanged: add, fill, and
take away one release later. Small locks: on Postgres an index on a table with rows is made in a migration of its
own. SQLite alters a table only by writing it anew: `with op.batch_alter_table(…)`. No import from the bot: this
file must mean the same in years. Write it by hand after autogenerate, for SQLite and Postgres alike; a test
upgrades over rows, compares with the tables and goes back down. What cannot go back raises in `downgrade` and says
why.

On SQLite writing `requests` anew takes its triggers along: whoever does so later makes the three below again.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)
_ADD = (
    "INSERT INTO request_search (rowid, summary, details) "
    "VALUES (new.id, new.summary, substr(new.details, 1, 1000));"
)
_TAKE = (
    "INSERT INTO request_search (request_search, rowid, summary, details) "
    "VALUES ('delete', old.id, old.summary, substr(old.details, 1, 1000));"
)
_ON_SQLITE = (
    "CREATE VIRTUAL TABLE request_search USING fts5("
    "summary, details, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO request_search (rowid, summary, details) "
    "SELECT id, summary, substr(details, 1, 1000) FROM requests",
    f"CREATE TRIGGER tr_requests_search_add AFTER INSERT ON requests BEGIN {_ADD} END",
    f"CREATE TRIGGER tr_requests_search_take AFTER DELETE ON requests BEGIN {_TAKE} END",
    "CREATE TRIGGER tr_requests_search_change AFTER UPDATE OF summary, details ON requests "
    "WHEN old.summary <> new.summary OR old.details <> new.details "
    f"BEGIN {_TAKE} {_ADD} END",
)
_WORDS = (
    "to_tsvector('simple'::regconfig, translate(new.summary || ' ' || \"left\"(new.details, 1000), "
    "'-_./:@#&=?+~', '            '))"
)
_FILL = f"INSERT INTO request_search (request_id, words) SELECT new.id, {_WORDS} FROM requests AS new"
_ON_POSTGRES = (
    "CREATE TABLE request_search (request_id bigint NOT NULL, words tsvector NOT NULL, "
    "CONSTRAINT pk_request_search PRIMARY KEY (request_id))",
    _FILL,
    "CREATE INDEX ix_request_search_words ON request_search USING gin (words) WITH (fastupdate = off)",
    "ANALYZE request_search",
    # Until here others file as ever. From here on they wait, for as long as little takes.
    "ALTER TABLE request_search ADD CONSTRAINT fk_request_search_request_id_requests "
    "FOREIGN KEY (request_id) REFERENCES requests (id) ON DELETE CASCADE",
    "CREATE OR REPLACE FUNCTION feed_request_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"INSERT INTO request_search (request_id, words) VALUES (new.id, {_WORDS}) "
    "ON CONFLICT (request_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$",
    "CREATE TRIGGER tr_requests_search_add AFTER INSERT ON requests "
    "FOR EACH ROW EXECUTE FUNCTION feed_request_search()",
    "CREATE TRIGGER tr_requests_search_change AFTER UPDATE OF summary, details ON requests "
    "FOR EACH ROW WHEN (old.summary <> new.summary OR old.details <> new.details) "
    "EXECUTE FUNCTION feed_request_search()",
    # What came or changed meanwhile; clocks differ, and an hour's worth is soon done.
    f"{_FILL} WHERE new.updated_at > now() - interval '1 hour' "
    "OR NOT EXISTS (SELECT FROM request_search AS had WHERE had.request_id = new.id) "
    "ON CONFLICT (request_id) DO UPDATE SET words = excluded.words",
)
_AWAY_ON_POSTGRES = (
    "DROP TRIGGER tr_requests_search_add ON requests",
    "DROP TRIGGER tr_requests_search_change ON requests",
    "DROP FUNCTION feed_request_search()",
    "DROP TABLE request_search",
)
_AWAY_ON_SQLITE = (
    "DROP TRIGGER tr_requests_search_add",
    "DROP TRIGGER tr_requests_search_take",
    "DROP TRIGGER tr_requests_search_change",
    "DROP TABLE request_search",
)


def upgrade() -> None:
    for statement in _here(_ON_SQLITE, _ON_POSTGRES):
        op.execute(sa.text(statement.replace(":", "\\:")))
    op.create_table(
        "request_askers",
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("joined_at", _AT, nullable=False),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("thread_ts", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_askers_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_askers")),
    )
    op.create_index("ix_request_askers_user_id", "request_askers", ["user_id"], unique=False)
    op.create_index("ix_request_askers_joined_at", "request_askers", ["joined_at"], unique=False)
    op.create_table(
        "request_helped",
        sa.Column("request_id", _ID, nullable=False),
        sa.Column("user_id", sa.String(40), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_helped_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "user_id", name=op.f("pk_request_helped")),
    )
    op.create_index("ix_request_helped_at", "request_helped", ["at"], unique=False)


def downgrade() -> None:
    for statement in _here(_AWAY_ON_SQLITE, _AWAY_ON_POSTGRES):
        op.execute(sa.text(statement))
    op.drop_index("ix_request_helped_at", table_name="request_helped")
    op.drop_table("request_helped")
    op.drop_index("ix_request_askers_joined_at", table_name="request_askers")
    op.drop_index("ix_request_askers_user_id", table_name="request_askers")
    op.drop_table("request_askers")


def _here(sqlite: Sequence[str], postgres: Sequence[str]) -> Sequence[str]:
    return postgres if op.get_bind().dialect.name == "postgresql" else sqlite
