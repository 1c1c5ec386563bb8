"""To whom duty passed, what was left for them, and who may see it in a calendar."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select, update

from bot.features.rotation.handed import Handoff, Note
from bot.features.rotation.models import rotation_handoffs, rotation_notes

MOST_NOTES = 10
# In handoffs: with quiet nights or weekends one person's time on duty has many.
_LONGEST_STINT = 60


def last_of_teams(connection: Connection, team_ids: Collection[int]) -> Mapping[int, Handoff]:
    """The last handoff of each of these teams."""
    handoffs = rotation_handoffs
    newest = (
        select(handoffs.c.team_id, func.max(handoffs.c.number).label("number"))
        .where(handoffs.c.team_id.in_(team_ids))
        .group_by(handoffs.c.team_id)
        .subquery()
    )
    same = and_(handoffs.c.team_id == newest.c.team_id, handoffs.c.number == newest.c.number)
    rows = connection.execute(select(handoffs).join(newest, same))
    return {row.team_id: _handoff(row) for row in rows}


def last_of(connection: Connection, team_id: int) -> Handoff | None:
    """The team's last handoff."""
    return last_of_teams(connection, [team_id]).get(team_id)


def by_id(connection: Connection, handoff_id: int) -> Handoff | None:
    """The handoff of this id."""
    row = connection.execute(select(rotation_handoffs).where(rotation_handoffs.c.id == handoff_id)).first()
    return None if row is None else _handoff(row)


def add(
    connection: Connection,
    team_id: int,
    *,
    last: Handoff | None,
    person: str,
    at: datetime,
    until: datetime | None,
    previous: str,
) -> Handoff:
    """The one after `last`; a twin of us that was faster makes this fail by its unique number."""
    values = {
        "team_id": team_id,
        "number": last.number + 1 if last else 1,
        "person": person,
        "at": at,
        "until": until,
        "previous": previous,
    }
    return _handoff(
        connection.execute(insert(rotation_handoffs).values(**values).returning(rotation_handoffs)).one()
    )


def accept(connection: Connection, handoff_id: int, now: datetime) -> bool:
    """Whoever has it now has read the pack; whether that is news."""
    handoffs = rotation_handoffs
    fresh = update(handoffs).where(handoffs.c.id == handoff_id, handoffs.c.accepted_at.is_(None))
    return connection.execute(fresh.values(accepted_at=now)).rowcount == 1


def pack_posted(connection: Connection, handoff_id: int, channel: str, ts: str) -> None:
    """Where the pack stands."""
    this = rotation_handoffs.c.id == handoff_id
    connection.execute(update(rotation_handoffs).where(this).values(pack_channel=channel, pack_ts=ts))


def add_note(connection: Connection, team_id: int, author: str, text: str, now: datetime) -> None:
    """A note for whoever is next."""
    connection.execute(insert(rotation_notes).values(team_id=team_id, author=author, text=text, at=now))


def notes_since(connection: Connection, team_id: int, since: datetime) -> list[Note]:
    """The last notes since then, the oldest first."""
    query = (
        select(rotation_notes)
        .where(rotation_notes.c.team_id == team_id, rotation_notes.c.at >= since)
        .order_by(rotation_notes.c.at.desc(), rotation_notes.c.id.desc())
        .limit(MOST_NOTES)
    )
    rows = connection.execute(query).all()
    return [Note(author=row.author, text=row.text, at=row.at) for row in reversed(rows)]


def last_person(connection: Connection, team_id: int) -> str:
    """Who was on duty last, be it now; empty where nobody ever was."""
    handoffs = rotation_handoffs
    query = select(handoffs.c.person).where(handoffs.c.team_id == team_id, handoffs.c.person != "")
    return connection.scalar(query.order_by(handoffs.c.number.desc()).limit(1)) or ""


def begin_of_stint(connection: Connection, handoff: Handoff) -> datetime | None:
    """When whoever was on duty before this handoff's person had got it; None: nobody was.

    Hours without anybody in between do not count.
    """
    handoffs = rotation_handoffs
    query = (
        select(handoffs.c.person, handoffs.c.at)
        .where(handoffs.c.team_id == handoff.team_id, handoffs.c.number < handoff.number)
        .order_by(handoffs.c.number.desc())
        .limit(_LONGEST_STINT)
    )
    giver, began = "", None
    for row in connection.execute(query):
        if row.person in ("", handoff.person) and not giver:
            continue
        giver = giver or row.person
        if row.person not in ("", giver):
            break
        began = row.at if row.person else began
    return began


def _handoff(row: Row[Any]) -> Handoff:
    return Handoff(
        id=row.id,
        team_id=row.team_id,
        number=row.number,
        person=row.person,
        at=row.at,
        until=row.until,
        previous=row.previous,
        accepted_at=row.accepted_at,
        pack_channel=row.pack_channel,
        pack_ts=row.pack_ts,
    )
