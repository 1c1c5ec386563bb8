"""Runs migrations on the connection that `bot.migrate` hands over; it owns the transaction and the lock."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, DefaultClause
from sqlalchemy.sql.elements import False_, True_

from bot.db.base import UTCDateTime, beside, metadata


def render(kind: str, obj: Any, found: Any) -> str | Literal[False]:
    """Migrations name the database's own types and defaults, not ours: they must read the same in years."""
    if kind == "type" and isinstance(obj, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, JSON):
        found.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind == "server_default" and isinstance(obj, DefaultClause) and isinstance(obj.arg, (False_, True_)):
        return "sa.false()" if isinstance(obj.arg, False_) else "sa.true()"
    return False


def is_described(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether autogenerate is to look at it: not at what a full-text index consists of."""
    return kind != "table" or name not in beside


def run(connection: Connection) -> None:
    """Everything that is asked for, inside the caller's transaction."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render,
        include_name=is_described,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
