"""Tables of reports: which weeks are settled, and who wants none."""

from sqlalchemy import Column, Date, ForeignKey, String, Table

from bot.db.base import BigId, UTCDateTime, metadata

# The report of the weeks before this Monday, once for each team; also where it was too late or there was nothing to say.
report_weeks = Table(
    "report_weeks",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("week", Date, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)

# Leads who have stopped their team's weekly report.
report_stops = Table(
    "report_stops",
    metadata,
    Column("team_id", BigId, ForeignKey("teams.id"), primary_key=True, autoincrement=False),
    Column("user_id", String(40), primary_key=True),
    Column("at", UTCDateTime, nullable=False),
)
