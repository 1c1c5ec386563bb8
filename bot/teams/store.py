"""Queries on teams, user groups and profiles. What they mean is in `domain` and `people`."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, delete, select

from bot.outbox.unit_of_work import upsert
from bot.teams.domain import Team
from bot.teams.models import people, teams, user_group_members
from bot.teams.people import Person, person_of
from bot.teams.settings import team_of


def all_teams(connection: Connection) -> list[Team]:
    """Every team there ever was, in the order of the file; those taken out of it are not active."""
    rows = connection.execute(
        select(teams.c.id, teams.c.active, teams.c.settings).order_by(teams.c.position, teams.c.id)
    )
    return [team_of(settings, id=id, active=active) for id, active, settings in rows]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A team as it lies there. `pinned_by` names the file that it is read from; None: it is set up in Slack."""

    id: int
    key: str
    active: bool
    settings: Mapping[str, Any]
    pinned_by: str | None
    position: int


def lock(connection: Connection) -> None:
    """Nobody else changes teams until this transaction ends: two at once could both take one key or channel."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE teams IN SHARE ROW EXCLUSIVE MODE")


def rows(connection: Connection, workspace_id: str = "") -> dict[str, Row]:
    """Every team's row by its key, in the order of the file."""
    wanted = [teams.c[name] for name in ("id", "key", "active", "settings", "pinned_by", "position")]
    found = connection.execute(
        select(*wanted).where(teams.c.workspace_id == workspace_id).order_by(teams.c.position, teams.c.id)
    )
    return {row.key: Row(**row._mapping) for row in found}  # pyright: ignore[reportPrivateUsage]


def settings_texts(connection: Connection) -> list[tuple[int, bool, str]]:
    """Every team's id, whether it is active and its settings as they lie there, in the order of the file."""
    rows = connection.execute(
        select(teams.c.id, teams.c.active, cast(teams.c.settings, Text)).order_by(
            teams.c.position, teams.c.id
        )
    )
    return [(id, active, text) for id, active, text in rows]


def groups_of_people(connection: Connection) -> Mapping[str, frozenset[str]]:
    """For each person in any known user group, the groups."""
    found: dict[str, set[str]] = {}
    for group_id, user_id in connection.execute(select(user_group_members)):
        found.setdefault(user_id, set()).add(group_id)
    return {user_id: frozenset(groups) for user_id, groups in found.items()}


def members_of_groups(
    connection: Connection, group_ids: Collection[str], *, others: bool = False
) -> frozenset[str]:
    """Everybody who is known to be in one of these groups, or, with `others`, in any but these."""
    column = user_group_members.c.group_id
    wanted = column.not_in(group_ids) if others else column.in_(group_ids)
    return frozenset(connection.scalars(select(user_group_members.c.user_id).where(wanted)))


def replace_group(connection: Connection, group_id: str, user_ids: Iterable[str]) -> None:
    """Exactly these people are in the group from now on."""
    connection.execute(delete(user_group_members).where(user_group_members.c.group_id == group_id))
    rows = [{"group_id": group_id, "user_id": user_id} for user_id in sorted(set(user_ids))]
    if rows:
        # Another replica may be storing the same group just now.
        insert = upsert(connection, user_group_members).on_conflict_do_nothing()
        connection.execute(insert, rows)


def keep_groups(connection: Connection, group_ids: Collection[str]) -> None:
    """Forgets every group but these."""
    connection.execute(delete(user_group_members).where(user_group_members.c.group_id.not_in(group_ids)))


def find_person(connection: Connection, user_id: str) -> tuple[Person, datetime] | None:
    """The profile as it was last told, and when."""
    row = connection.execute(
        select(people.c.profile, people.c.fetched_at).where(people.c.user_id == user_id)
    ).first()
    return None if row is None else (person_of(row.profile), row.fetched_at)


def names_of(connection: Connection, user_ids: Collection[str]) -> Mapping[str, str]:
    """What those of these people are called whose profiles are known."""
    rows = connection.execute(select(people.c.profile).where(people.c.user_id.in_(user_ids)))
    return {person.id: person.name for person in (person_of(row.profile) for row in rows)}


def keep_person(connection: Connection, person: Person, now: datetime) -> None:
    """Remembers the profile."""
    insert = upsert(connection, people).values(user_id=person.id, profile=asdict(person), fetched_at=now)
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"profile": insert.excluded.profile, "fetched_at": insert.excluded.fetched_at},
        )
    )


def forget_person(connection: Connection, user_id: str) -> None:
    """Drops the profile, so that it is asked for again."""
    connection.execute(delete(people).where(people.c.user_id == user_id))


def teams_by_settings(connection: Connection) -> list[tuple[str, Mapping[str, Any]]]:
    """The key and the settings of each active team."""
    active = (
        select(teams.c.key, teams.c.settings).where(teams.c.active).order_by(teams.c.position, teams.c.id)
    )
    return [(key, settings) for key, settings in connection.execute(active)]
