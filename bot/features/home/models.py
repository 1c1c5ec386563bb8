"""Who has opened the Home tab, and where they are in it: nobody else needs a view."""

from sqlalchemy import Boolean, Column, String, Table, false

from bot.db.base import Json, UTCDateTime, metadata

home_tabs = Table(
    "home_tabs",
    metadata,
    Column("user_id", String(40), primary_key=True),
    # When they last opened it, or turned a page.
    Column("opened_at", UTCDateTime, nullable=False),
    # Whether the first visit still goes on, in which they are told what this is.
    Column("is_new", Boolean, nullable=False, server_default=false()),
    # By section, the page that they have turned to.
    Column("places", Json),
)
