"""Tables of requests, their threads, their history and their numbers."""

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from bot.db.base import BigId, Json, UTCDateTime, beside, metadata

request_numbers = Table(
    "request_numbers",
    metadata,
    Column("workspace_id", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("workspace_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("team_id", BigId, ForeignKey("teams.id"), nullable=False),
    Column("summary", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("type", String(20), nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("priority", String(20), nullable=False),
    Column("priority_rank", Integer, nullable=False),
    Column("priority_rule", Text),
    Column("component", String(200)),
    Column("source", String(20), nullable=False),
    Column("asking_as", String(20), nullable=False),
    Column("requester", String(40), nullable=False),
    Column("filed_by", String(40), nullable=False),
    Column("door", String(20), nullable=False),
    Column("origin_channel", String(40)),
    Column("origin_ts", String(40)),
    Column("origin_thread_ts", String(40)),
    Column("private", Boolean, nullable=False),
    # The command or form that it came by: the same one again finds this request.
    Column("filed_key", String(200)),
    Column("line", String(200)),
    Column("state", String(20), nullable=False),
    Column("assignee", String(40)),
    Column("snooze_until", UTCDateTime),
    Column("duplicate_of", BigId, ForeignKey("requests.id")),
    Column("reason", Text),
    Column("on_duty", String(40)),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("claimed_at", UTCDateTime),
    Column("closed_at", UTCDateTime),
    # What it turned out to be, once somebody has said so; by when somebody was to take it.
    Column("category", String(20)),
    Column("promised_at", UTCDateTime),
    UniqueConstraint("workspace_id", "number"),
    UniqueConstraint("workspace_id", "origin_channel", "origin_ts"),
    UniqueConstraint("workspace_id", "filed_key"),
    Index("ix_requests_filed_by_created_at", "filed_by", "created_at"),
    Index("ix_requests_filed_by_line", "filed_by", "line"),
    Index("ix_requests_open", "team_id", "priority_rank", "created_at", "id",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_requests_team_number", "team_id", "number"),
    Index("ix_requests_team_created_at", "team_id", "created_at"),
    Index("ix_requests_team_closed_at", "team_id", "closed_at", "id",
          sqlite_where=text("closed_at IS NOT NULL"), postgresql_where=text("closed_at IS NOT NULL")),
    Index("ix_requests_assignee_open", "assignee",
          sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    Index("ix_requests_requester_closed_at", "requester", "closed_at", "id"),
    Index("ix_requests_snooze_until", "snooze_until",
          sqlite_where=text("snooze_until IS NOT NULL"), postgresql_where=text("snooze_until IS NOT NULL")),
    Index("ix_requests_duplicate_of", "duplicate_of"),
)  # fmt: skip

# A thread belongs to one request: the card's, or the one in which its requester is talked to.
request_threads = Table(
    "request_threads",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("thread_ts", String(40), primary_key=True),
    Column("request_id", BigId, ForeignKey("requests.id"), nullable=False),
    Column("side", String(10), nullable=False),
    UniqueConstraint("request_id", "side"),
)

request_history = Table(
    "request_history",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("request_id", BigId, ForeignKey("requests.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(40)),
    Column("move", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("facts", Json, nullable=False),
    Index("ix_request_history_actor_at", "actor", "at"),
)

# What a person wrote to the bot or mentioned it with, kept until they decide to file it.
intake_offers = Table(
    "intake_offers",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("ts", String(40), primary_key=True),
    Column("thread_ts", String(40)),
    Column("user_id", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("door", String(20), nullable=False),
    Column("private", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Index("ix_intake_offers_created_at", "created_at"),
)

# Others who ask for the same: told of every change, as the requester is. `channel` and `thread_ts`: where, once known.
request_askers = Table(
    "request_askers",
    metadata,
    Column("request_id", BigId, ForeignKey("requests.id"), primary_key=True),
    Column("user_id", String(40), primary_key=True),
    Column("joined_at", UTCDateTime, nullable=False),
    Column("channel", String(40)),
    Column("thread_ts", String(40)),
    Index("ix_request_askers_user_id", "user_id"),
    Index("ix_request_askers_joined_at", "joined_at"),
)

# Whom the answer to an old request helped, so that they filed nothing.
request_helped = Table(
    "request_helped",
    metadata,
    Column("request_id", BigId, ForeignKey("requests.id"), primary_key=True),
    Column("user_id", String(40), primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Index("ix_request_helped_at", "at"),
)

# The words of requests are found by an index that each database keeps by itself, so that no statement is added to
# filing and the release before this one feeds it too. See docs/decisions/0022-similar.md.
SEARCH = "request_search"
SEARCHED_DETAILS = 1000
_NEW, _OLD = (
    f"{row}.id, {row}.summary, substr({row}.details, 1, {SEARCHED_DETAILS})" for row in ("new", "old")
)
_ADD = f"INSERT INTO {SEARCH} (rowid, summary, details) VALUES ({_NEW});"
_TAKE = f"INSERT INTO {SEARCH} ({SEARCH}, rowid, summary, details) VALUES ('delete', {_OLD});"
ON_SQLITE = (
    # Without content and sizes of its own it holds words only, and no text of anybody.
    f"CREATE VIRTUAL TABLE {SEARCH} USING fts5("
    "summary, details, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER tr_requests_search_add AFTER INSERT ON requests BEGIN {_ADD} END",
    f"CREATE TRIGGER tr_requests_search_take AFTER DELETE ON requests BEGIN {_TAKE} END",
    "CREATE TRIGGER tr_requests_search_change AFTER UPDATE OF summary, details ON requests "
    "WHEN old.summary <> new.summary OR old.details <> new.details "
    f"BEGIN {_TAKE} {_ADD} END",
)
# Postgres reads `order-123` and addresses as one word each; without these signs it is the words in them.
_WORDS = (
    f"to_tsvector('simple'::regconfig, translate(new.summary || ' ' || \"left\"(new.details, {SEARCHED_DETAILS}), "
    "'-_./:@#&=?+~', '            '))"
)
# PostgreSQL's page "GIN Tips and Tricks": a list of what is not in the index yet would be read through by each look.
ON_POSTGRES = (
    f"CREATE TABLE {SEARCH} (request_id bigint NOT NULL, words tsvector NOT NULL, "
    f"CONSTRAINT pk_{SEARCH} PRIMARY KEY (request_id))",
    f"CREATE INDEX ix_{SEARCH}_words ON {SEARCH} USING gin (words) WITH (fastupdate = off)",
    f"ALTER TABLE {SEARCH} ADD CONSTRAINT fk_{SEARCH}_request_id_requests "
    "FOREIGN KEY (request_id) REFERENCES requests (id) ON DELETE CASCADE",
    f"CREATE OR REPLACE FUNCTION feed_{SEARCH}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"INSERT INTO {SEARCH} (request_id, words) VALUES (new.id, {_WORDS}) "
    "ON CONFLICT (request_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$",
    "CREATE TRIGGER tr_requests_search_add AFTER INSERT ON requests "
    f"FOR EACH ROW EXECUTE FUNCTION feed_{SEARCH}()",
    "CREATE TRIGGER tr_requests_search_change AFTER UPDATE OF summary, details ON requests "
    "FOR EACH ROW WHEN (old.summary <> new.summary OR old.details <> new.details) "
    f"EXECUTE FUNCTION feed_{SEARCH}()",
)
beside.update([SEARCH, *(f"{SEARCH}_{part}" for part in ("data", "idx", "docsize", "config"))])
for _dialect, _statements in (("sqlite", ON_SQLITE), ("postgresql", ON_POSTGRES)):
    for _statement in _statements:
        event.listen(
            requests, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        )
