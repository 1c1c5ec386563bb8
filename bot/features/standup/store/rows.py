"""Rounds, check-ins and summaries by their keys."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.features.standup.domain.checkins import Asked, Checkin, Round, State, answer_to
from bot.features.standup.models import standup_checkins, standup_rounds
from bot.outbox.unit_of_work import upsert
from bot.teams.plans import FollowUp

# The longest that a check-in stays open is six days (the teams file).
_LONGEST_OPEN = timedelta(days=7)
# Somebody's last plan is sought in so many of their check-ins.
MOST_LOOKED_AT = 6


def ensure_round(
    connection: Connection,
    *,
    team_id: int,
    series: str,
    name: str,
    day: date,
    period: date,
    asked: Asked,
    channel: str,
    closes_at: datetime,
    now: datetime,
) -> Round:
    """The round of this day, made if there is none yet; who comes second finds the first one's."""
    insert = upsert(connection, standup_rounds).values(
        team_id=team_id,
        series=series,
        name=name,
        day=day,
        period=period,
        asked=asdict(asked),
        channel=channel,
        closes_at=closes_at,
        created_at=now,
    )
    connection.execute(insert.on_conflict_do_nothing(index_elements=["team_id", "series", "day"]))
    found = find_round(connection, team_id, series, day)
    assert found is not None
    return found


def find_round(connection: Connection, team_id: int, series: str, day: date) -> Round | None:
    """The team's round of this check-in on this day."""
    row = connection.execute(
        select(standup_rounds).where(
            standup_rounds.c.team_id == team_id,
            standup_rounds.c.series == series,
            standup_rounds.c.day == day,
        )
    ).first()
    return None if row is None else round_of(row)


def round_by_id(connection: Connection, round_id: int, *, lock: bool = False) -> Round:
    """The round. With `lock`, nobody else changes it until we commit."""
    query = select(standup_rounds).where(standup_rounds.c.id == round_id)
    return round_of(connection.execute(query.with_for_update() if lock else query).one())


def close_round(connection: Connection, round_id: int, now: datetime) -> bool:
    """Closes it; whether it was open until now."""
    done = connection.execute(
        update(standup_rounds)
        .where(standup_rounds.c.id == round_id, standup_rounds.c.closed_at.is_(None))
        .values(closed_at=now, changed_at=None)
        .returning(standup_rounds.c.id)
    )
    return done.first() is not None


def round_changed(connection: Connection, round_id: int, now: datetime) -> None:
    """The round has to be looked at, if it is open: nobody may be left to wait for."""
    this = standup_rounds.c.id == round_id
    connection.execute(
        update(standup_rounds).where(this, standup_rounds.c.closed_at.is_(None)).values(changed_at=now)
    )


def round_looked_at(connection: Connection, round_id: int) -> None:
    """The round was looked at as it is now."""
    connection.execute(update(standup_rounds).where(standup_rounds.c.id == round_id).values(changed_at=None))


def rounds_of(connection: Connection, team_id: int, series: str, period: date) -> list[Round]:
    """The rounds that one summary is about, day by day."""
    query = select(standup_rounds).where(
        standup_rounds.c.team_id == team_id,
        standup_rounds.c.series == series,
        standup_rounds.c.period == period,
    )
    return [round_of(row) for row in connection.execute(query.order_by(standup_rounds.c.day))]


def rounds_between(connection: Connection, team_id: int, series: str, first: date, last: date) -> list[Round]:
    """The rounds of a series on these days, both included."""
    query = select(standup_rounds).where(
        standup_rounds.c.team_id == team_id,
        standup_rounds.c.series == series,
        standup_rounds.c.day >= first,
        standup_rounds.c.day <= last,
    )
    return [round_of(row) for row in connection.execute(query.order_by(standup_rounds.c.day))]


@dataclass(frozen=True, kw_only=True)
class NewCheckin:
    """One person's part of a round that is about to be made."""

    user_id: str
    day: date
    zone: str
    opens_at: datetime
    closes_at: datetime
    remind_at: datetime | None
    state: State
    note: str = ""
    ask_by: datetime | None = None


def add_checkins(
    connection: Connection, round_id: int, wanted: Sequence[NewCheckin], now: datetime
) -> dict[str, int]:
    """The ids of the new check-ins by person, all made at once; who has one in the round already is left out."""
    if not wanted:
        return {}
    insert = upsert(connection, standup_checkins).on_conflict_do_nothing(
        index_elements=["round_id", "user_id"]
    )
    made = connection.execute(
        insert.returning(standup_checkins.c.user_id, standup_checkins.c.id),
        [_new_row(round_id, one, now) for one in wanted],
    )
    return {row.user_id: row.id for row in made}


def _new_row(round_id: int, new: NewCheckin, now: datetime) -> dict[str, Any]:
    is_asked = new.state is State.ASKED
    return {
        "round_id": round_id,
        "user_id": new.user_id,
        "day": new.day,
        "zone": new.zone,
        "opens_at": new.opens_at,
        "closes_at": new.closes_at,
        "remind_at": new.remind_at if is_asked else None,
        "settle_at": new.closes_at if is_asked else None,
        "ask_by": new.ask_by,
        "state": new.state.value,
        "note": new.note,
        "answers": [],
        "shuffle": secrets.token_hex(8),
        "is_late": False,
        "updated_at": now,
    }


def checkin_by_id(connection: Connection, checkin_id: int, *, lock: bool = False) -> Checkin | None:
    """The check-in; None where there is none. With `lock`, nobody else changes it until we commit."""
    query = select(standup_checkins).where(standup_checkins.c.id == checkin_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else checkin_of(row)


def of_prompt(connection: Connection, channel: str, ts: str) -> Checkin | None:
    """The check-in whose prompt this message is."""
    query = select(standup_checkins).where(
        standup_checkins.c.prompt_channel == channel, standup_checkins.c.prompt_ts == ts
    )
    row = connection.execute(query).first()
    return None if row is None else checkin_of(row)


def asking(connection: Connection, user_id: str, now: datetime) -> list[Checkin]:
    """Their check-ins that ask now and are not answered, the newest first."""
    query = select(standup_checkins).where(
        standup_checkins.c.user_id == user_id,
        standup_checkins.c.opens_at > now - _LONGEST_OPEN,
        standup_checkins.c.opens_at <= now,
        standup_checkins.c.closes_at > now,
        standup_checkins.c.state == State.ASKED.value,
    )
    return [checkin_of(row) for row in connection.execute(query.order_by(standup_checkins.c.opens_at.desc()))]


def has_successor(connection: Connection, checkin: Checkin, now: datetime) -> bool:
    """Whether the person was asked again in the same series since: then this one is over for good."""
    this = standup_rounds.alias("this")
    query = (
        select(standup_checkins.c.id)
        .join(standup_rounds, standup_rounds.c.id == standup_checkins.c.round_id)
        .join(this, (this.c.team_id == standup_rounds.c.team_id) & (this.c.series == standup_rounds.c.series))
        .where(
            this.c.id == checkin.round_id,
            standup_checkins.c.user_id == checkin.user_id,
            standup_checkins.c.opens_at > checkin.opens_at,
            standup_checkins.c.opens_at <= now,
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def answered_before(
    connection: Connection, team_id: int, user_id: str, before: datetime, *, series: str | None = None
) -> tuple[Round, Checkin] | None:
    """The last check-in that this person answered in the team (in this series) and that opened before then."""
    query = (
        select(standup_checkins)
        .join(standup_rounds, standup_rounds.c.id == standup_checkins.c.round_id)
        .where(
            standup_rounds.c.team_id == team_id,
            standup_checkins.c.user_id == user_id,
            standup_checkins.c.state == State.ANSWERED.value,
            standup_checkins.c.opens_at < before,
        )
    )
    if series is not None:
        query = query.where(standup_rounds.c.series == series)
    row = connection.execute(query.order_by(standup_checkins.c.opens_at.desc()).limit(1)).first()
    if row is None:
        return None
    checkin = checkin_of(row)
    return round_by_id(connection, checkin.round_id), checkin


def last_plan(
    connection: Connection, team_id: int, user_id: str, before: datetime, *, series: str, alone: bool
) -> tuple[Round, Checkin] | None:
    """The last check-in of this person in the team in which they said what is next.

    Of any series; anonymous words never come up in another one's form, and with `alone` no other's in this one's.
    """
    query = (
        select(standup_checkins)
        .join(standup_rounds, standup_rounds.c.id == standup_checkins.c.round_id)
        .where(
            standup_rounds.c.team_id == team_id,
            standup_checkins.c.user_id == user_id,
            standup_checkins.c.state == State.ANSWERED.value,
            standup_checkins.c.opens_at < before,
        )
    )
    for row in connection.execute(query.order_by(standup_checkins.c.opens_at.desc()).limit(MOST_LOOKED_AT)):
        checkin = checkin_of(row)
        round_ = round_by_id(connection, checkin.round_id)
        if round_.series != series and (alone or round_.asked.anonymous):
            continue
        if answer_to(round_.asked, checkin.answers, round_.asked.plan_question):
            return round_, checkin
    return None


def checkins_of(connection: Connection, round_ids: Collection[int]) -> list[Checkin]:
    """Everybody's check-ins in these rounds, in the order in which they were made."""
    query = select(standup_checkins).where(standup_checkins.c.round_id.in_(round_ids))
    return [checkin_of(row) for row in connection.execute(query.order_by(standup_checkins.c.id))]


def change_checkin(connection: Connection, checkin_id: int, now: datetime, **values: Any) -> None:
    """Writes these columns; a `State` or a tuple as it is kept. Whoever has had their say may have been the last."""
    kept = {name: _kept(value) for name, value in values.items()}
    changed = connection.execute(
        update(standup_checkins)
        .where(standup_checkins.c.id == checkin_id)
        .values(**kept, updated_at=now)
        .returning(standup_checkins.c.round_id)
    ).first()
    state = values.get("state")
    if changed is not None and isinstance(state, State) and state.is_final:
        round_changed(connection, changed.round_id, now)


def _kept(value: Any) -> Any:
    if isinstance(value, State):
        return value.value
    return [*value] if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType]


def round_of(row: Row[Any]) -> Round:
    """From a row of `standup_rounds`."""
    return Round(
        id=row.id,
        team_id=row.team_id,
        series=row.series,
        name=row.name,
        day=row.day,
        period=row.period,
        asked=_asked_of(row.asked),
        channel=row.channel,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
    )


def _asked_of(kept: Mapping[str, Any]) -> Asked:
    follow_ups = tuple(
        FollowUp(after=one["after"], ask=one["ask"], when=tuple(one["when"]))
        for one in kept.get("follow_ups", ())
    )
    return Asked(
        questions=tuple(kept["questions"]),
        blocker_question=kept.get("blocker_question"),
        plan_question=kept.get("plan_question"),
        done_question=kept.get("done_question"),
        follow_ups=follow_ups,
        anonymous=kept.get("anonymous", False),
        weekly_summary=kept.get("weekly_summary", False),
        digest=kept.get("digest", False),
    )


def checkin_of(row: Row[Any]) -> Checkin:
    """From a row of `standup_checkins`."""
    return Checkin(
        id=row.id,
        round_id=row.round_id,
        user_id=row.user_id,
        day=row.day,
        zone=row.zone,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        state=State(row.state),
        note=row.note,
        answers=tuple(row.answers),
        asking=row.asking,
        suggested=row.suggested or {},
        shuffle=row.shuffle,
        prompt_channel=row.prompt_channel,
        prompt_ts=row.prompt_ts,
        reminder_channel=row.reminder_channel,
        reminder_ts=row.reminder_ts,
        reminded_at=row.reminded_at,
        answered_at=row.answered_at,
        is_late=row.is_late,
        updated_at=row.updated_at,
    )
