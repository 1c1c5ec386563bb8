"""Whether people were asked on time: what the service indicators are counted from."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, String, case, cast, func, literal, select

from bot.features.standup.domain.checkins import State
from bot.features.standup.models import standup_checkins, standup_rounds
from bot.outbox.models import outbox

# A day of somebody's check-in begins within so much of the day of UTC that it has the same date as.
_ZONES = timedelta(days=1)


def ends(connection: Connection, start: datetime, end: datetime) -> Mapping[tuple[str, str], int]:
    """How the asking went of whoever was due from `start` on and before `end`; who is still on the way is left out."""
    this = standup_checkins.c
    # The rounds of these days are few, and lead to their check-ins by an index.
    days = standup_rounds.c.day.between((start - _ZONES).date(), (end + _ZONES).date())
    prompt = outbox.c.dedup == literal("standup:prompt:") + cast(this.id, String)
    query = (
        select(_END, func.count())
        .select_from(standup_rounds)
        .join(standup_checkins, this.round_id == standup_rounds.c.id)
        .outerjoin(outbox, prompt)
        .where(days, this.ask_by.is_not(None), this.opens_at >= start, this.opens_at < end)
        .group_by(_END)
    )
    return {("prompt", end): count for end, count in connection.execute(query) if end is not None}


_END = case(
    (standup_checkins.c.state == State.MISSED.value, "missed"),
    ((outbox.c.result == "done") & (outbox.c.closed_at <= standup_checkins.c.ask_by), "on_time"),
    (outbox.c.result == "done", "late"),
    # Whoever answered before the question came was not left out; nobody was asked whose time ran out.
    ((outbox.c.result == "stale") & (outbox.c.closed_at < standup_checkins.c.closes_at), None),
    (outbox.c.result.is_not(None), "not_asked"),
)
