"""Who has opened the Home tab: nobody else needs a view."""

from sqlalchemy import Column, String, Table

from bot.db.base import UTCDateTime, metadata

home_tabs = Table(
    "home_tabs",
    metadata,
    Column("user_id", String(40), primary_key=True),
    Column("opened_at", UTCDateTime, nullable=False),
)
