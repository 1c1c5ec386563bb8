"""What says who is on duty, of many teams in a few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select

from bot.core.calendar import instant
from bot.features.rotation import domain
from bot.features.rotation.domain import Absence, Era, Override, Rotation, Skip
from bot.features.rotation.models import rotation_changes, rotation_eras, rotation_leavers
from bot.features.rotation.standing import Standing
from bot.features.rotation.store.plans import plan_of, values_of
from bot.outbox.unit_of_work import upsert
from bot.teams import absences, choices, holidays, presence, zones
from bot.teams.domain import Team
from bot.teams.models import teams
from bot.teams.presence import Choices, Known, zone_on
from bot.teams.settings import team_of

# So far back changes are read where only the present matters: longer than any clock is wrong by.
LATELY = timedelta(days=2)
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class _Facts:
    eras: Mapping[int, Sequence[Era]]
    overrides: Mapping[int, Sequence[Override]]
    skips: Mapping[int, Sequence[Skip]]
    away: Sequence[presence.Absence]
    zones: Mapping[str, Sequence[Known]]
    choices: Mapping[str, Choices]
    gone: frozenset[str]


def of_teams(
    connection: Connection, some: Collection[Team], since: datetime, *, history: bool = False
) -> dict[int, Standing]:
    """The standing of each team with a rotation, true from `since` on.

    With `history`, people who have left since then count as they did then.
    """
    ours = {team.id: team for team in some if team.rotation is not None}
    if not ours:
        return {}
    facts = _facts(connection, ours, since, history=history)
    return {team.id: _standing(team, facts) for team in ours.values()}


def of_team(connection: Connection, team: Team, since: datetime, *, history: bool = False) -> Standing | None:
    """The standing of this team; None without a rotation."""
    return of_teams(connection, [team], since, history=history).get(team.id)


def _facts(connection: Connection, ours: Mapping[int, Team], since: datetime, *, history: bool) -> _Facts:
    eras = _eras(connection, ours)
    people = {
        member
        for id, team in ours.items()
        for plan in (team.rotation, *(era.plan for era in eras.get(id, ())))
        if plan is not None
        for member in plan.members
    }
    overrides, skips = _changes(connection, ours, since)
    people |= {one.person for ones in overrides.values() for one in ones}
    first_day = (since - _DAY).date()
    return _Facts(
        eras=eras,
        overrides=overrides,
        skips=skips,
        away=absences.of_people(connection, people, first_day, date.max),
        zones=zones.of_people(connection, people),
        choices=choices.of_people(connection, people),
        gone=frozenset() if history else leavers(connection),
    )


def _eras(connection: Connection, ours: Collection[int]) -> dict[int, list[Era]]:
    query = select(rotation_eras).where(rotation_eras.c.team_id.in_(ours))
    found: dict[int, list[Era]] = defaultdict(list)
    for row in connection.execute(query.order_by(rotation_eras.c.team_id, rotation_eras.c.begins)):
        found[row.team_id].append(Era(begins=row.begins, plan=plan_of(row.plan), first=row.first))
    return found


def _changes(
    connection: Connection, ours: Collection[int], since: datetime
) -> tuple[dict[int, list[Override]], dict[int, list[Skip]]]:
    changes = rotation_changes
    query = select(changes).where(
        changes.c.team_id.in_(ours), changes.c.withdrawn_at.is_(None), changes.c.end_at > since
    )
    overrides: dict[int, list[Override]] = defaultdict(list)
    skips: dict[int, list[Skip]] = defaultdict(list)
    for row in connection.execute(query.order_by(changes.c.id)):
        if row.kind == "skip":
            skips[row.team_id].append(skip_of(row))
        else:
            overrides[row.team_id].append(override_of(row))
    return overrides, skips


def override_of(row: Any) -> Override:
    """The override that a row holds."""
    return Override(
        id=row.id,
        person=row.person,
        start=row.start_at,
        end=row.end_at,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def skip_of(row: Any) -> Skip:
    """The skip that a row holds."""
    return Skip(id=row.id, person=row.person, start=row.start_at, until=row.end_at)


def _standing(team: Team, facts: _Facts) -> Standing:
    assert team.rotation is not None
    kept = tuple(facts.eras.get(team.id, ()))
    eras = kept or (domain.first_era(team.rotation),)
    people = {member for era in eras for member in era.plan.members}
    overrides = tuple(facts.overrides.get(team.id, ()))
    people |= {one.person for one in overrides}
    away = [_away(one, facts, team) for one in facts.away if one.user_id in people]
    places = tuple((member, _places(team, facts.choices, member)) for member in sorted(people))
    return Standing(
        team=team,
        rotation=Rotation(eras=eras, gone=facts.gone, is_off=_Holidays(places)),
        overrides=overrides,
        absences=(*away, *facts.skips.get(team.id, ())),
        is_kept=bool(kept),
    )


def _away(one: presence.Absence, facts: _Facts, team: Team) -> Absence:
    """The days of an absence, on the person's own calendar."""
    history = facts.zones.get(one.user_id, ())
    last = min(one.last_day, date.max - _DAY)

    def zone(day: date) -> ZoneInfo:
        return zone_on(history, day, otherwise=team.zone)

    return Absence(
        person=one.user_id,
        start=instant(one.first_day, time(0), zone(one.first_day)),
        end=instant(last + _DAY, time(0), zone(last)),
    )


@dataclass(frozen=True)
class _Holidays:
    """Whether a day is a public holiday of somebody's but not of everybody's: then whoever has the turn keeps it."""

    places: tuple[tuple[str, tuple[str, ...]], ...]

    def __call__(self, person: str, day: date) -> bool:
        found = next((places for member, places in self.places if member == person), ())
        return _is_holiday(found, day) and not all(_is_holiday(places, day) for _, places in self.places)


def _is_holiday(places: Sequence[str], day: date) -> bool:
    return bool(places) and holidays.name_of(places, day) is not None


def _places(team: Team, chosen: Mapping[str, Choices], person: str) -> tuple[str, ...]:
    own = chosen.get(person)
    if own is not None and own.holidays is not None:
        return own.holidays
    planned = team.people.get(person)
    return planned.holidays if planned and planned.holidays else team.holidays


def team_now(connection: Connection, team: Team) -> Team:
    """The team as its file says by now. Until the transaction ends nobody else changes who is on duty for it."""
    query = select(teams.c.active, teams.c.settings).where(teams.c.id == team.id)
    # Rows that refer to the team may still be added.
    row = connection.execute(query.with_for_update(key_share=True)).first()
    return team if row is None else team_of(row.settings, id=team.id, active=row.active)


def replace_eras(connection: Connection, team_id: int, eras: Iterable[Era]) -> None:
    """The team's plans and since when each is in force."""
    connection.execute(delete(rotation_eras).where(rotation_eras.c.team_id == team_id))
    for era in eras:
        row = {"team_id": team_id, "begins": era.begins, "plan": values_of(era.plan), "first": era.first}
        connection.execute(insert(rotation_eras).values(**row))


def eras_of(connection: Connection, team_id: int) -> tuple[Era, ...]:
    """The team's plans, the first one first."""
    return tuple(_eras(connection, [team_id]).get(team_id, ()))


def leavers(connection: Connection) -> frozenset[str]:
    """People of rotations who have left the workspace."""
    return frozenset(connection.scalars(select(rotation_leavers.c.user_id)))


def replace_leavers(connection: Connection, gone: Collection[str], now: datetime) -> None:
    """These people have left, nobody else has."""
    connection.execute(delete(rotation_leavers).where(rotation_leavers.c.user_id.not_in(gone)))
    for user_id in gone:
        row = upsert(connection, rotation_leavers).values(user_id=user_id, left_at=now.astimezone(UTC))
        connection.execute(row.on_conflict_do_nothing())
