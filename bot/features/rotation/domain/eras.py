"""What a changed plan means for whose turn it is."""

from dataclasses import replace
from datetime import datetime

from bot.features.rotation.domain.handoffs import number_at, start_of
from bot.features.rotation.domain.turns import turn_at
from bot.features.rotation.domain.values import Era
from bot.teams.plans import RotationPlan


def first_era(plan: RotationPlan) -> Era:
    """The plan in force from its own start, the first member first."""
    return Era(begins=start_of(plan, 0), plan=plan, first=0)


def next_eras(eras: tuple[Era, ...], plan: RotationPlan, now: datetime) -> tuple[Era, ...]:
    """The eras once this is the plan; the same ones where it is already. What is past stays as it was.

    Whoever has the turn keeps it until the next handoff by the new plan; then it is the turn of who comes after
    them in the new order. A plan that starts in the future begins there, with its first member.
    """
    if eras and eras[-1].plan == plan:
        return eras
    begun = tuple(era for era in eras if era.begins <= now)
    if not begun:
        return (first_era(plan),)
    if start_of(plan, 0) > now:
        return (*begun, first_era(plan))
    last = begun[-1]
    if _same_turns(last.plan, plan):
        return (*begun[:-1], replace(last, plan=plan))
    return (
        begun + _following(last, plan, now) if last.begins < now else begun[:-1] + _at_once(last, plan, now)
    )


def _same_turns(old: RotationPlan, new: RotationPlan) -> bool:
    return replace(old, user_group=new.user_group, topic=new.topic) == new


def _same_handoffs(old: RotationPlan, new: RotationPlan) -> bool:
    return _same_turns(replace(old, members=new.members), new)


def _at_once(last: Era, plan: RotationPlan, now: datetime) -> tuple[Era, ...]:
    """Two changes at one instant: the first of them was in force for no time."""
    found = _following(last, plan, now)
    return found if found[0].begins == now else (last, *found)


def _following(last: Era, plan: RotationPlan, now: datetime) -> tuple[Era, ...]:
    """What comes after an era that has begun: its handoffs first change, then, at the next one, its members."""
    old = turn_at((last,), now).parts[0].order
    owner = old[0] if old else None
    found: tuple[Era, ...] = ()
    if not _same_handoffs(last.plan, plan):
        kept = replace(plan, members=last.plan.members)
        found = (Era(begins=now, plan=kept, first=kept.members.index(owner) if owner else 0),)
    if last.plan.members == plan.members:
        return found
    handoff = start_of(plan, number_at(plan, now) + 1)
    return (*found, Era(begins=handoff, plan=plan, first=_first_of(plan.members, old)))


def _first_of(members: tuple[str, ...], old: tuple[str, ...]) -> int:
    """Who comes after the first of the old order; where they have left it, the first of the old ones who stayed."""
    if old and old[0] in members:
        return (members.index(old[0]) + 1) % len(members)
    return next((members.index(person) for person in old if person in members), 0)
