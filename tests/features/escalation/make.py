"""Ladders and teams for tests; 23 November 2026 is a Monday, and Kyiv is two hours ahead of UTC then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import WorkingHours, parse_time, parse_weekdays
from bot.core.threads import ThreadRef
from bot.features.escalation.domain.ladder import Ladder, Phase, Stand, Standing
from bot.teams.domain import Priority, Team
from tests.teams.make import payments

KYIV = ZoneInfo("Europe/Kyiv")
MINUTE = timedelta(minutes=1)
CARD = ThreadRef(channel="C0TRIAGE01", thread_ts="1.1")


def at(text: str) -> datetime:
    """The instant at which Kyiv's clocks show this."""
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


def team(*, days: str = "mon-fri", hours: str = "09:00-18:00", zone: ZoneInfo = KYIV, **changes: Any) -> Team:
    """Payments with these working hours."""
    begins, _, ends = hours.partition("-")
    working = WorkingHours(
        days=parse_weekdays(days), from_=parse_time(begins), to=parse_time(ends), zone=zone
    )
    return replace(payments(), **{"id": 1, "working_hours": working, **changes})


def standing(**changes: Any) -> Standing:
    """Request #12, new since Monday noon, its card posted."""
    plain = Standing(
        id=12,
        number=12,
        team_id=1,
        stand=Stand.NEW,
        state="New",
        priority=Priority.NORMAL,
        assignee=None,
        on_duty="U0ALICE001",
        summary="Refund stuck",
        created_at=at("2026-11-23T12:00"),
        updated_at=at("2026-11-23T12:00"),
        card=CARD,
    )
    return replace(plain, **changes)


def ladder(since: str = "2026-11-23T12:00", **changes: Any) -> Ladder:
    """Request #12 waits for a claim since then, and its card was posted at once."""
    begins = at(since)
    plain = Ladder(
        request_id=12,
        team_id=1,
        phase=Phase.UNCLAIMED,
        priority=Priority.NORMAL,
        began_at=begins,
        since=begins,
        due_at=begins,
        posted_at=begins,
    )
    return replace(plain, **changes)
