"""Queries on summaries and the messages in their threads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.features.standup.domain.checkins import Round
from bot.features.standup.models import standup_posts, standup_summaries
from bot.outbox.unit_of_work import upsert


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The message in the team's channel about one period of a check-in. `ts` None: not posted yet."""

    id: int
    team_id: int
    series: str
    period: date
    channel: str
    ts: str | None


_COLUMNS = [standup_summaries.c[name] for name in Summary.__dataclass_fields__]


def add(connection: Connection, round_: Round, now: datetime) -> Summary:
    """The summary of this round's period, made if there is none."""
    values = {
        "team_id": round_.team_id,
        "series": round_.series,
        "period": round_.period,
        "channel": round_.channel,
        "created_at": now,
    }
    insert = upsert(connection, standup_summaries).values(**values)
    connection.execute(insert.on_conflict_do_nothing(index_elements=["team_id", "series", "period"]))
    found = find(connection, round_.team_id, round_.series, round_.period)
    assert found is not None
    return found


def find(connection: Connection, team_id: int, series: str, period: date) -> Summary | None:
    """The summary of this period, where there is one."""
    table = standup_summaries
    query = select(*_COLUMNS).where(
        table.c.team_id == team_id, table.c.series == series, table.c.period == period
    )
    row = connection.execute(query).first()
    return None if row is None else _summary(row)


def posted_since(connection: Connection, team_id: int, series: str, period: date, most: int) -> list[Summary]:
    """The newest summaries of a series that stand in the channel, none older than this period's."""
    table = standup_summaries
    query = select(*_COLUMNS).where(
        table.c.team_id == team_id,
        table.c.series == series,
        table.c.period >= period,
        table.c.ts.is_not(None),
    )
    found = connection.execute(query.order_by(table.c.period.desc()).limit(most))
    return [_summary(row) for row in found]


def by_id(connection: Connection, summary_id: int) -> Summary:
    """The summary."""
    row = connection.execute(select(*_COLUMNS).where(standup_summaries.c.id == summary_id)).one()
    return _summary(row)


def _summary(row: Row[Any]) -> Summary:
    return Summary(**{name: getattr(row, name) for name in Summary.__dataclass_fields__})


def posted(connection: Connection, summary_id: int, channel: str, ts: str) -> None:
    """It stands there now."""
    this = standup_summaries.c.id == summary_id
    connection.execute(update(standup_summaries).where(this).values(channel=channel, ts=ts))


def add_post(connection: Connection, summary_id: int, name: str, checkin_id: int | None, ts: str) -> None:
    """A message of this name stands in the summary's thread."""
    values = {"summary_id": summary_id, "name": name, "checkin_id": checkin_id, "ts": ts}
    insert = upsert(connection, standup_posts).values(**values)
    connection.execute(insert.on_conflict_do_nothing())


def post(connection: Connection, summary_id: int, name: str) -> str | None:
    """The `ts` of the message of this name in the thread."""
    table = standup_posts
    return connection.scalar(select(table.c.ts).where(table.c.summary_id == summary_id, table.c.name == name))


def posts_of(connection: Connection, summary_id: int) -> list[str]:
    """The names of the messages in the thread."""
    table = standup_posts
    return list(connection.scalars(select(table.c.name).where(table.c.summary_id == summary_id)))
