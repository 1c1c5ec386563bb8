"""Whose turn it is by the plans alone: overrides, absences and days off are not known here."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.features.rotation.domain.handoffs import number_at, start_of
from bot.features.rotation.domain.values import Era
from bot.teams.plans import RotationPlan

BEGINNING = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a turn under one plan. `order`: its owner, then who follows; `plan` None: nothing has begun yet."""

    start: datetime
    end: datetime
    plan: RotationPlan | None
    order: tuple[str, ...]

    @property
    def owner(self) -> str | None:
        """Whose turn it is; None where the plan has nobody."""
        return self.order[0] if self.order else None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """From one handoff to the next. It has several parts where the plan was changed while somebody kept their turn."""

    parts: tuple[Part, ...]

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.parts[0].start

    @property
    def end(self) -> datetime:
        """When the next one begins."""
        return self.parts[-1].end

    @property
    def owner(self) -> str | None:
        """Whose turn it is."""
        return self.parts[0].owner


def turn_at(eras: tuple[Era, ...], at: datetime) -> Turn:
    """The turn that this instant lies in; before the first plan, and without any, one of nobody."""
    index = bisect_right(eras, at, key=lambda era: era.begins) - 1
    if index < 0:
        until = eras[0].begins if eras else FOREVER
        return Turn(parts=(Part(start=BEGINNING, end=until, plan=None, order=()),))
    part = _part(eras, index, at)
    return Turn(parts=(*_parts_before(eras, index, part), part, *_parts_after(eras, index, part)))


def turns_from(eras: tuple[Era, ...], at: datetime) -> Iterator[Turn]:
    """The turn of this instant and all that come after it, without end; take what you need."""
    turn = turn_at(eras, at)
    yield turn
    while turn.end < FOREVER:
        turn = turn_at(eras, turn.end)
        yield turn


def _part(eras: tuple[Era, ...], index: int, at: datetime) -> Part:
    era = eras[index]
    plan = era.plan
    until = eras[index + 1].begins if index + 1 < len(eras) else FOREVER
    number = max(number_at(plan, at), 0)
    step = number - max(number_at(plan, era.begins), 0)
    place = (era.first + step) % len(plan.members) if plan.members else 0
    return Part(
        start=max(start_of(plan, number), era.begins),
        end=min(start_of(plan, number + 1), until),
        plan=plan,
        order=plan.members[place:] + plan.members[:place],
    )


def _parts_before(eras: tuple[Era, ...], index: int, part: Part) -> tuple[Part, ...]:
    found: list[Part] = []
    while part.start == eras[index].begins and _goes_on(eras, index):
        index -= 1
        part = _part(eras, index, part.start - _INSTANT)
        found.insert(0, part)
    return tuple(found)


def _parts_after(eras: tuple[Era, ...], index: int, part: Part) -> tuple[Part, ...]:
    found: list[Part] = []
    while index + 1 < len(eras) and part.end == eras[index + 1].begins and _goes_on(eras, index + 1):
        index += 1
        part = _part(eras, index, part.end)
        found.append(part)
    return tuple(found)


def _goes_on(eras: tuple[Era, ...], index: int) -> bool:
    """Whether the plan came into force in the middle of a turn that its owner kept."""
    if index == 0:
        return False
    era = eras[index]
    if start_of(era.plan, max(number_at(era.plan, era.begins), 0)) == era.begins:
        return False
    before = _part(eras, index - 1, era.begins - _INSTANT)
    return before.owner == _part(eras, index, era.begins).owner
