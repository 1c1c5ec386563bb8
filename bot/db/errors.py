"""When the database cannot be used just now, as one error, whatever the driver raised."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseUnavailable(Exception):
    """The database did not answer, or cannot store. The transaction may or may not have been committed."""


def means_unavailable(error: BaseException) -> bool:
    """Whether this says "no database just now" rather than "bad statement"."""
    if isinstance(error, (OSError, TimeoutError, PoolTimeout, DisconnectionError)):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        original = error.orig
        return isinstance(original, (OSError, TimeoutError)) or _named(error, original)
    # asyncpg raises some of its own errors past SQLAlchemy.
    return not isinstance(error, SQLAlchemyError) and type(error).__module__.startswith("asyncpg")


@contextmanager
def as_unavailable() -> Generator[None]:
    """Whatever says "no database just now" leaves this block as DatabaseUnavailable."""
    try:
        yield
    except Exception as error:
        if means_unavailable(error):
            raise DatabaseUnavailable(type(error).__name__) from error
        raise


_WORDS = (
    "unable to open database",
    "database is locked",
    "database or disk is full",
    "disk i/o error",
    "readonly database",
    "read-only transaction",
    "connection is closed",
    "connection was closed",
    "connection does not exist",
    "the database system is",
    "terminating connection",
    "idle-in-transaction timeout",
    "due to statement timeout",
    "too many clients",
    "cannot connect",
    "connection refused",
)


def _named(error: DBAPIError, original: object) -> bool:
    text = f"{error} {original}".lower()
    return any(word in text for word in _WORDS)
