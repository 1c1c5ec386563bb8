"""Duty passes on: found out by looking, told once, whoever looks first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.features.rotation import domain
from bot.features.rotation.ahead import compare, gaps_ahead
from bot.features.rotation.domain import Gap, Shift
from bot.features.rotation.events import DutyPassed
from bot.features.rotation.handed import Handoff
from bot.features.rotation.service.standings import standing_of
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import gaps, handoffs
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

# A change that begins at once was announced as such; the handoff itself need not be.
JUST_NOW = timedelta(seconds=90)
# The first turn that the bot sees is told as news only if it began within this.
STALE = timedelta(minutes=10)
LONGEST_NOTE = 1_500
_INSTANT = timedelta(microseconds=1)


def follow_plan(uow: UnitOfWork, team: Team) -> None:
    """The team's plan of now is in force from now on; what was in force stays known."""
    # What a twin of us has read a second ago may be the file of before.
    team = store.team_now(uow.connection, team)
    if not team.active or team.rotation is None:
        return
    eras = store.eras_of(uow.connection, team.id)
    wanted = domain.next_eras(eras or (domain.first_era(team.rotation),), team.rotation, uow.now)
    if wanted != eras:
        store.replace_eras(uow.connection, team.id, wanted)
        # Another user group, or another wish about the topic.
        show(uow, team)


def hand_over(uow: UnitOfWork, team: Team) -> bool:
    """If somebody else is on duty than at the last look, that is written down and told. Whether it is."""
    team = store.team_now(uow.connection, team)
    standing = store.of_team(uow.connection, team, uow.now - store.LATELY) if team.active else None
    last = handoffs.last_of(uow.connection, team.id)
    shift = standing.on_duty(uow.now) if standing else None
    person = shift.person if shift else ""
    if person == (last.person if last else ""):
        return False
    until = standing.until(shift) if standing and shift else None
    before = handoffs.last_person(uow.connection, team.id)
    handoff = handoffs.add(
        uow.connection, team.id, last=last, person=person, at=uow.now, until=until,
        previous=before if before != person else "",
    )  # fmt: skip
    show(uow, team)
    uow.emit(DutyPassed(team_id=team.id, person=person or None))
    if standing is not None and not (shift and before == person and _only_rested(standing, shift)):
        _tell(uow, standing, handoff, shift)
    return True


def _only_rested(standing: Standing, shift: Shift) -> bool:
    """Whether nobody need have been on duty just before: a weekend in the middle of somebody's week is no handoff."""
    just_before = standing.shifts(shift.start - _INSTANT, shift.start)
    return all(isinstance(piece, Gap) and piece.why == "no_slot" for piece in just_before)


def _tell(uow: UnitOfWork, standing: Standing, handoff: Handoff, shift: Shift | None) -> None:
    team = standing.team
    if not handoff.previous and handoff.number == 1 and shift is not None and uow.now - shift.start > STALE:
        # The bot has only just come to know of this rotation: that is no news to anybody.
        return
    payload = {"handoff_id": handoff.id, "team_id": team.id}
    if not _was_announced(standing, shift, uow.now):
        uow.enqueue("rotation.handoff", payload, once=f"rotation:{team.id}:handoff:{handoff.number}",
                    lane=f"rotation:{team.id}")  # fmt: skip
    if shift is not None:
        uow.enqueue("rotation.pack", payload, once=f"rotation:{team.id}:pack:{handoff.number}")


def _was_announced(standing: Standing, shift: Shift | None, now: datetime) -> bool:
    """Whether the channel has just been told of a change by which this person is on duty."""
    return shift is not None and any(
        one.person == shift.person and one.start <= now < one.end and now - one.made_at < JUST_NOW
        for one in standing.overrides
    )


def show(uow: UnitOfWork, team: Team) -> None:
    """The user group and the channel's topic go by who is on duty."""
    group = team.rotation.user_group if team.rotation else None
    if group:
        group_touched(uow, group)
    topic_touched(uow, team.triage_channel)


def topic_touched(uow: UnitOfWork, channel: str) -> None:
    """The channel's topic is compared with who is on duty there, and put right."""
    uow.enqueue("rotation.topic", {"channel": channel}, merge=f"rotation:topic:{channel}")


def group_touched(uow: UnitOfWork, group: str) -> None:
    """The members of this user group are compared with who is on duty, and put right."""
    uow.enqueue("rotation.group", {"group": group}, merge=f"rotation:group:{group}")


def look_ahead(uow: UnitOfWork, team: Team) -> None:
    """Hours of the next two weeks for which nobody is left are told to the lead, once."""
    team = store.team_now(uow.connection, team)
    standing = store.of_team(uow.connection, team, uow.now - store.LATELY)
    if standing is None:
        return
    ahead = compare(gaps_ahead(standing, uow.now), gaps.of_teams(uow.connection, [team.id], uow.now))
    gaps.forget(uow.connection, team.id, [one.start for one in ahead.over])
    for gap in ahead.longer:
        gaps.lengthen(uow.connection, team.id, gap.start, gap.end)
    for gap in ahead.news:
        gaps.keep(uow.connection, team.id, gap.start, gap.end, uow.now)
    if ahead.news:
        spans = [[gap.start.isoformat(), gap.end.isoformat()] for gap in ahead.news]
        once = f"rotation:{team.id}:gap:{ahead.news[0].start.isoformat()}:{uow.now.isoformat()}"
        uow.enqueue("rotation.gap", {"team_id": team.id, "spans": spans}, once=once)


def need_telling(connection: Connection, teams: Sequence[Team], now: datetime) -> list[Team]:
    """The teams for which `look_ahead` has something to do."""
    standings = store.of_teams(connection, teams, now - store.LATELY)
    known = gaps.of_teams(connection, list(standings), now)
    return [
        standing.team
        for id, standing in standings.items()
        if compare(gaps_ahead(standing, now), [one for one in known if one.team_id == id]).is_news
    ]


def accept(uow: UnitOfWork, handoff_id: int, user_id: str) -> Handoff:
    """Whoever took over has read the pack. Raises UserError."""
    found = handoffs.by_id(uow.connection, handoff_id)
    if found is None:
        raise UserError("That handover is not known any more. `/rotation pack` shows the present one.")
    if found.person != user_id:
        raise UserError("This handover is somebody else's.")
    last = handoffs.last_of(uow.connection, found.team_id)
    if found.accepted_at is None and last is not None and last.number != found.number:
        raise UserError("That handover is over: duty has passed on since. `/rotation` shows who has it now.")
    if handoffs.accept(uow.connection, handoff_id, uow.now):
        payload = {"handoff_id": handoff_id, "team_id": found.team_id}
        uow.enqueue("rotation.pack_now", payload, merge=f"rotation:pack:{handoff_id}")
        if found.previous:
            uow.enqueue("rotation.accepted", payload, once=f"rotation:accepted:{handoff_id}")
    return found


def leave_note(uow: UnitOfWork, team: Team, author: str, text: str) -> None:
    """Keeps a note for whoever is on duty next. Raises UserError."""
    standing_of(uow, team)
    words = clean(text).strip()
    if not words:
        raise UserError(
            "Write the note behind the word: `/rotation note The refund job is paused until Monday`."
        )
    handoffs.add_note(uow.connection, team.id, author, cut(words, LONGEST_NOTE), uow.now)
