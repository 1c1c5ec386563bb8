"""Tables of the installation by OAuth. Secrets are sealed or hashed; nothing here can be used by a reader."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from bot.db.base import UTCDateTime, metadata

installations = Table(
    "installations",
    metadata,
    Column("workspace_id", String(40), primary_key=True),
    # One workspace for now: there is one seat, and the first one takes it.
    Column("seat", Integer, nullable=False, unique=True),
    Column("workspace_name", Text, nullable=False),
    # Empty once Slack has taken the token back: the workspace keeps its seat, for the data is its own.
    Column("sealed_token", Text),
    Column("installed_at", UTCDateTime, nullable=False),
    # When Slack told that the app was removed, not only its token taken back: so long after that the data goes.
    Column("uninstalled_at", UTCDateTime),
)

install_states = Table(
    "install_states",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Index("ix_install_states_expires_at", "expires_at"),
)
