"""Duty passes on: found out by looking, told once, whoever looks first."""

from datetime import datetime, timedelta

from bot.core.errors import UserError
from bot.core.text import clean, cut
from bot.features.rotation import domain
from bot.features.rotation.domain import Gap, Shift, Why
from bot.features.rotation.events import DutyPassed
from bot.features.rotation.handed import Handoff
from bot.features.rotation.service.standings import standing_of
from bot.features.rotation.standing import Standing
from bot.features.rotation.store import handoffs
from bot.features.rotation.store import standing as store
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

# A change that begins at once was announced as such; the handoff itself need not be.
JUST_NOW = timedelta(seconds=90)
# The first turn that the bot sees is told as news only if it began within this.
STALE = timedelta(minutes=10)
# So far ahead the lead hears that nobody is left.
AHEAD = timedelta(days=14)
LONGEST_NOTE = 1_500


def follow_plan(uow: UnitOfWork, team: Team) -> None:
    """The team's plan of now is in force from now on; what was in force stays known."""
    assert team.rotation is not None
    eras = store.eras_of(uow.connection, team.id)
    wanted = domain.next_eras(eras or (domain.first_era(team.rotation),), team.rotation, uow.now)
    if wanted != eras:
        store.replace_eras(uow.connection, team.id, wanted)


def hand_over(uow: UnitOfWork, team: Team) -> bool:
    """If somebody else is on duty than at the last look, that is written down and told. Whether it is."""
    standing = store.of_team(uow.connection, team, uow.now - store.LATELY)
    last = handoffs.last_of(uow.connection, team.id)
    shift = standing.on_duty(uow.now) if standing else None
    person = shift.person if shift else ""
    if person == (last.person if last else ""):
        return False
    until = shift.end if shift else None
    handoff = handoffs.add(uow.connection, team.id, last=last, person=person, at=uow.now, until=until)
    show(uow, team)
    uow.emit(DutyPassed(team_id=team.id, person=person or None))
    if standing is not None:
        _tell(uow, standing, handoff, shift)
    return True


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
    if shift is None or shift.why is Why.TURN:
        return False
    return any(
        one.person == shift.person and one.start <= now < one.end and now - one.made_at < JUST_NOW
        for one in standing.overrides
    )


def show(uow: UnitOfWork, team: Team) -> None:
    """The user group and the channel's topic go by who is on duty."""
    group = team.rotation.user_group if team.rotation else None
    if group:
        group_touched(uow, group)
    uow.enqueue(
        "rotation.topic", {"channel": team.triage_channel}, merge=f"rotation:topic:{team.triage_channel}"
    )


def group_touched(uow: UnitOfWork, group: str) -> None:
    """The members of this user group are compared with who is on duty, and put right."""
    uow.enqueue("rotation.group", {"group": group}, merge=f"rotation:group:{group}")


def look_ahead(uow: UnitOfWork, team: Team) -> list[Gap]:
    """Hours of the next two weeks for which nobody is left are told to the lead, once."""
    standing = store.of_team(uow.connection, team, uow.now - store.LATELY)
    if standing is None:
        return []
    news: list[Gap] = []
    for gap in standing.gaps(uow.now, uow.now + AHEAD):
        # The window moves on, and so do the ends of a long gap: what overlaps with what was told is the same one.
        if handoffs.known_gap(uow.connection, team.id, gap.start, gap.end):
            continue
        handoffs.tell_gap(uow.connection, team.id, gap.start, gap.end, uow.now)
        payload = {"team_id": team.id, "start": gap.start.isoformat()}
        uow.enqueue("rotation.gap", payload, once=f"rotation:{team.id}:gap:{gap.start.isoformat()}")
        news.append(gap)
    return news


def accept(uow: UnitOfWork, handoff_id: int, user_id: str) -> Handoff:
    """Whoever took over has read the pack. Raises UserError."""
    found = handoffs.by_id(uow.connection, handoff_id)
    if found is None:
        raise UserError("That handover is not known any more. `/rotation pack` shows the present one.")
    if found.person != user_id:
        raise UserError("This handover is somebody else's.")
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
