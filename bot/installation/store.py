"""Statements about installations and the states of those under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.installation.models import install_states, installations
from bot.outbox.unit_of_work import upsert

SEAT = 1
# Slack tells times in whole seconds, by a clock of its own.
WHOLE_SECONDS = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The workspace that is served. `sealed_token` is None after Slack has taken the token back.

    `uninstalled_at`: since when the app is known to be removed; None where only the token is gone.
    """

    workspace_id: str
    workspace_name: str
    sealed_token: str | None
    installed_at: datetime
    uninstalled_at: datetime | None = None


def served(connection: Connection) -> Installed | None:
    """The workspace in the seat."""
    row = connection.execute(select(installations).where(installations.c.seat == SEAT)).one_or_none()
    if row is None:
        return None
    return Installed(
        workspace_id=row.workspace_id,
        workspace_name=row.workspace_name,
        sealed_token=row.sealed_token,
        installed_at=row.installed_at,
        uninstalled_at=row.uninstalled_at,
    )


def keep(connection: Connection, installed: Installed, *, only: str | None) -> bool:
    """Stores it; False where another workspace has the seat. With `only` whoever sat there before makes room."""
    if only == installed.workspace_id:
        connection.execute(delete(installations).where(installations.c.workspace_id != only))
    values = {
        "workspace_id": installed.workspace_id,
        "seat": SEAT,
        "workspace_name": installed.workspace_name,
        "sealed_token": installed.sealed_token,
        "installed_at": installed.installed_at,
        "uninstalled_at": None,
    }
    taking = upsert(connection, installations).values(**values)
    # Of two workspaces at once the second meets the first one's seat, and changes nothing.
    row = connection.execute(
        taking.on_conflict_do_update(
            index_elements=["seat"],
            set_=values,
            where=installations.c.workspace_id == installed.workspace_id,
        ).returning(installations.c.workspace_id)
    ).one_or_none()
    return row is not None


def seal_again(connection: Connection, workspace_id: str, *, old: str, new: str) -> None:
    """Replaces a ciphertext, unless another one stands there by now."""
    connection.execute(
        update(installations)
        .where(installations.c.workspace_id == workspace_id, installations.c.sealed_token == old)
        .values(sealed_token=new)
    )


def erase_token(connection: Connection, workspace_id: str, *, told_at: datetime | None) -> bool:
    """Takes the token away, unless it is newer than the event that tells of its end."""
    query = update(installations).where(
        installations.c.workspace_id == workspace_id, installations.c.sealed_token.is_not(None)
    )
    if told_at is not None:
        query = query.where(installations.c.installed_at <= told_at + WHOLE_SECONDS)
    done = connection.execute(query.values(sealed_token=None).returning(installations.c.workspace_id))
    return done.one_or_none() is not None


def note_removed(
    connection: Connection, workspace_id: str, *, told_at: datetime | None, now: datetime
) -> Installed | None:
    """The app was removed, unless it was installed again since; the workspace if that is news."""
    query = update(installations).where(
        installations.c.workspace_id == workspace_id,
        installations.c.sealed_token.is_(None),
        installations.c.uninstalled_at.is_(None),
    )
    if told_at is not None:
        query = query.where(installations.c.installed_at <= told_at + WHOLE_SECONDS)
    is_news = connection.execute(query.values(uninstalled_at=now)).rowcount == 1
    return served(connection) if is_news else None


def begin(
    connection: Connection,
    state_hash: str,
    browser_hash: str,
    *,
    now: datetime,
    expires_at: datetime,
    most: int,
) -> bool:
    """Keeps a state, and forgets those that are over; False where `most` are under way."""
    connection.execute(delete(install_states).where(install_states.c.expires_at <= now))
    if (connection.scalar(select(func.count()).select_from(install_states)) or 0) >= most:
        return False
    values = {"state_hash": state_hash, "browser_hash": browser_hash, "expires_at": expires_at}
    connection.execute(insert(install_states).values(**values))
    return True


def spend(connection: Connection, state_hash: str, browser_hash: str, *, now: datetime) -> bool:
    """Whether this browser's state was there and good; it is not there any more. One statement: nobody else can."""
    gone = connection.execute(
        delete(install_states)
        .where(
            install_states.c.state_hash == state_hash,
            install_states.c.browser_hash == browser_hash,
            install_states.c.expires_at > now,
        )
        .returning(install_states.c.state_hash)
    )
    return gone.one_or_none() is not None
