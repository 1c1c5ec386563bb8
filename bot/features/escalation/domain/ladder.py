"""One request's ladder: what is waited for, until when, and who is asked then. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.threads import ThreadRef
from bot.teams.domain import Priority, SplitOfWork, Team, after_days, at_work, claim_due


class Stand(StrEnum):
    """Where a request stands, as far as this slice tells its states apart."""

    NEW = "new"
    HELD = "held"
    WAITING = "waiting"
    ASLEEP = "asleep"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What this slice knows of a request. `state` is the word on the screen; `card` where its card stands."""

    id: int
    number: int
    team_id: int
    stand: Stand
    state: str
    priority: Priority
    assignee: str | None
    on_duty: str | None
    summary: str
    created_at: datetime
    updated_at: datetime
    card: ThreadRef | None = None

    @property
    def label(self) -> str:
        """`#12`."""
        return f"#{self.number}"


class Phase(StrEnum):
    """What a ladder waits for: a claim, a move of the claim's holder, the holder's answer, or nothing."""

    UNCLAIMED = "unclaimed"
    HELD = "held"
    ASKED = "asked"
    RESTING = "resting"


# The step of what nobody was told of yet: it came back to the queue, or its card came late.
UNTOLD = -1
# What comes so long after its time came late: who was on duty then may be so no more, nor may anybody work.
LATE = timedelta(minutes=5)


class Rung(StrEnum):
    """Who is asked when nobody has claimed."""

    ON_DUTY = "on_duty"
    NEXT = "next"
    LEAD = "lead"


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """A request's ladder. (`run`, `step`) names each thing that is said; both only grow.

    Step 0 is the first word, in the card's thread; at `UNTOLD` it is still to be said. `began_at`: since when it
    waits for somebody, which is what the requester's promise counts from; `since`: when this step began. `due_at` is
    when it is looked at next, at the latest when its time has come. `posted_at`: since when the card can be seen.
    `passed` gave it back, or were silent.
    """

    request_id: int
    team_id: int
    phase: Phase
    priority: Priority
    began_at: datetime
    since: datetime
    due_at: datetime | None
    run: int = 1
    step: int = 0
    posted_at: datetime | None = None
    holder: str | None = None
    asked: str | None = None
    seen_by: str | None = None
    seen_step: int | None = None
    passed: tuple[str, ...] = ()
    note: Mapping[str, object] | None = None

    @property
    def seen_now(self) -> bool:
        """Whether somebody has seen the present step and asked for quiet."""
        return self.seen_step == self.step and self.seen_by is not None


def begun(standing: Standing, now: datetime, *, since: datetime | None = None) -> Ladder:
    """The ladder of a request that has none. It is looked at at once; an unclaimed one counts from `since`."""
    phase = _PHASES[standing.stand]
    return Ladder(
        request_id=standing.id,
        team_id=standing.team_id,
        phase=phase,
        priority=standing.priority,
        began_at=since or now,
        since=since or now,
        due_at=None if phase is Phase.RESTING else now,
        posted_at=now if standing.card else None,
        holder=standing.assignee if phase is Phase.HELD else None,
    )


_PHASES = {
    Stand.NEW: Phase.UNCLAIMED,
    Stand.HELD: Phase.HELD,
    Stand.WAITING: Phase.RESTING,
    Stand.ASLEEP: Phase.RESTING,
    Stand.CLOSED: Phase.RESTING,
}


def follows(ladder: Ladder, standing: Standing) -> bool:
    """Whether the ladder waits for what this request needs: a release that knows no ladders may have moved it."""
    phase = Phase.HELD if ladder.phase is Phase.ASKED else ladder.phase
    same = phase is _PHASES[standing.stand] and ladder.priority is standing.priority
    return same and (phase is not Phase.HELD or ladder.holder == standing.assignee)


def moved(ladder: Ladder, standing: Standing, now: datetime) -> Ladder:
    """The ladder after a move of its request. Whoever holds one has moved it; an unclaimed one goes on as it was."""
    ladder = replace(ladder, priority=standing.priority)
    match _PHASES[standing.stand]:
        case Phase.UNCLAIMED if ladder.phase is Phase.UNCLAIMED:
            return replace(ladder, due_at=now)
        case Phase.UNCLAIMED:
            left_by = ladder.holder if ladder.phase in (Phase.HELD, Phase.ASKED) else None
            back = replace(_next_run(ladder, now), phase=Phase.UNCLAIMED, step=UNTOLD, began_at=now)
            return replace(without(back, left_by), holder=None)
        case Phase.HELD | Phase.ASKED:
            if ladder.holder == standing.assignee and ladder.phase in (Phase.HELD, Phase.ASKED):
                return replace(ladder, phase=Phase.HELD, since=now, due_at=now)
            return replace(_next_run(ladder, now), phase=Phase.HELD, holder=standing.assignee, note=None)
        case Phase.RESTING:
            return replace(ladder, phase=Phase.RESTING, due_at=None)


def _next_run(ladder: Ladder, now: datetime) -> Ladder:
    return replace(
        ladder, run=ladder.run + 1, step=0, since=now, due_at=now, asked=None, seen_by=None, seen_step=None
    )


def without(ladder: Ladder, person: str | None) -> Ladder:
    """This person is not given it again."""
    return replace(ladder, passed=tuple(dict.fromkeys((*ladder.passed, *([person] if person else [])))))


def posted(ladder: Ladder, now: datetime) -> Ladder:
    """Its card stands from now on, so somebody can be asked."""
    if ladder.phase is not Phase.UNCLAIMED:
        return replace(ladder, posted_at=now)
    late = ladder.step == 0 and now - ladder.since > LATE
    return replace(ladder, posted_at=now, due_at=now, step=UNTOLD if late else ladder.step)


def rungs(split: SplitOfWork) -> tuple[Rung, ...]:
    """Who is asked at the steps from 1 on."""
    if split is SplitOfWork.LEAD_ASSIGNS:
        return Rung.LEAD, Rung.ON_DUTY, Rung.NEXT
    return Rung.ON_DUTY, Rung.NEXT, Rung.LEAD


def rung_at(split: SplitOfWork, step: int) -> Rung | None:
    """Who is asked at this step; None for the first word, which tells of a request that is new or back."""
    return rungs(split)[step - 1] if 0 < step <= LAST else None


LAST = len(rungs(SplitOfWork.PULL))


def due(ladder: Ladder, team: Team) -> datetime | None:
    """When its time comes: something is said, or it is put back. None: nothing is waited for.

    It falls into the team's working hours, but for an unclaimed Urgent one, which goes by the clock. Of a team that
    was taken out of the file nobody is asked.
    """
    if not team.active:
        return None
    match ladder.phase:
        case Phase.UNCLAIMED:
            return _claim_over(ladder, team)
        case Phase.HELD:
            return at_work(team, after_days(team, ladder.since, team.idle_days))
        case Phase.ASKED:
            return at_work(team, after_days(team, ladder.since, 1))
        case Phase.RESTING:
            return None


def _claim_over(ladder: Ladder, team: Team) -> datetime | None:
    if ladder.posted_at is None or ladder.step >= LAST:
        return None
    over = ladder.since if ladder.step == UNTOLD else claim_due(team, ladder.priority, ladder.since)
    if ladder.step == 0 and over <= ladder.posted_at:
        # The card came late, for nobody saw it: it gets its whole time.
        over = claim_due(team, ladder.priority, ladder.posted_at)
    return over if ladder.priority is Priority.URGENT else at_work(team, over)


def may_speak(ladder: Ladder, team: Team, now: datetime) -> datetime:
    """Now, or when the team works next: what became late is not said at night."""
    by_clock = ladder.phase is Phase.UNCLAIMED and ladder.priority is Priority.URGENT
    return now if by_clock else at_work(team, now)


def told(ladder: Ladder, team: Team, now: datetime, person: str | None) -> Ladder:
    """The first word is said to this person; time that ran out before counts from now."""
    first = replace(ladder, step=0, asked=person)
    over = due(first, team)
    return replace(first, since=now) if over is not None and over <= now else first


def next_step(
    ladder: Ladder, split: SplitOfWork, people: Mapping[Rung, str | None]
) -> tuple[int, str] | None:
    """The step to take now and whom it asks; rungs without anybody are passed over. None: the last is behind."""
    for step, rung in enumerate(rungs(split), start=1):
        person = people.get(rung)
        if step > ladder.step and person is not None:
            return step, person
    return None


def promise(ladder: Ladder, team: Team) -> datetime | None:
    """By when somebody is to take it, as its requester reads it; None where nobody is waited for."""
    if ladder.phase is not Phase.UNCLAIMED or not team.active:
        return None
    return claim_due(team, ladder.priority, ladder.began_at)
