"""Statements over reports. Each takes a connection; none commits."""

from datetime import date, datetime

from sqlalchemy import Connection, delete, exists, select

from bot.features.reports.models import report_stops, report_weeks
from bot.outbox.unit_of_work import upsert


def first_of_week(connection: Connection, team_id: int, week: date, now: datetime) -> bool:
    """Whether nobody has settled the team's report of this Monday yet; from now on it is."""
    insert = upsert(connection, report_weeks).values(team_id=team_id, week=week, at=now)
    settled = insert.on_conflict_do_nothing().returning(report_weeks.c.team_id)
    return connection.execute(settled).first() is not None


def is_stopped(connection: Connection, team_id: int, user_id: str) -> bool:
    """Whether this person wants no weekly report of the team."""
    stop = (report_stops.c.team_id == team_id) & (report_stops.c.user_id == user_id)
    return bool(connection.scalar(select(exists().where(stop))))


def stop(connection: Connection, team_id: int, user_id: str, now: datetime) -> None:
    """No weekly report of this team for this person; repeatable."""
    insert = upsert(connection, report_stops).values(team_id=team_id, user_id=user_id, at=now)
    connection.execute(insert.on_conflict_do_nothing())


def start(connection: Connection, team_id: int, user_id: str) -> None:
    """The weekly report again; repeatable."""
    connection.execute(
        delete(report_stops).where(report_stops.c.team_id == team_id, report_stops.c.user_id == user_id)
    )
