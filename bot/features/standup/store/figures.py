"""What figures are made of: the check-ins of a team since a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, select

from bot.features.standup.domain.checkins import Checkin, Round
from bot.features.standup.models import standup_checkins, standup_rounds
from bot.features.standup.store.rows import checkin_of, round_of


def since(
    connection: Connection, team_id: int, first: date, now: datetime
) -> Mapping[str, tuple[Sequence[Round], list[Checkin]]]:
    """By series: its rounds, oldest first, and everybody's check-ins that are answered or whose time is over."""
    rounds = [
        round_of(row)
        for row in connection.execute(
            select(standup_rounds)
            .where(standup_rounds.c.team_id == team_id, standup_rounds.c.day >= first)
            .order_by(standup_rounds.c.day)
        )
    ]
    by_id = {one.id: one for one in rounds}
    found: dict[str, tuple[list[Round], list[Checkin]]] = {}
    for one in rounds:
        found.setdefault(one.series, ([], []))[0].append(one)
    query = select(standup_checkins).where(
        standup_checkins.c.round_id.in_(
            select(standup_rounds.c.id).where(
                standup_rounds.c.team_id == team_id, standup_rounds.c.day >= first
            )
        ),
        (standup_checkins.c.closes_at <= now) | standup_checkins.c.answered_at.is_not(None),
    )
    for row in connection.execute(query):
        checkin = checkin_of(row)
        found[by_id[checkin.round_id].series][1].append(checkin)
    return found
