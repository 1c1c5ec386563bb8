"""What other priority rules would have made of requests. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.teams.domain import Priority, RequestType, Source, Team, priority_of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the rules looked at when a request was filed. `source` is the one that they believed."""

    number: int
    urgency: Priority
    type: RequestType
    component: str | None
    source: Source


@dataclass(frozen=True, kw_only=True)
class Repriced:
    """A request that the rules would give another priority; `rule` in words, None: what was asked for."""

    number: int
    before: Priority
    after: Priority
    rule: str | None


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """How many requests were looked at, and which would get another priority, the newest first."""

    looked_at: int
    changed: tuple[Repriced, ...]


def what_if(before: Team, after: Team, asked: Iterable[Asked]) -> WhatIf:
    """What the rules of the one team give and those of the other would, for the same requests.

    Priorities that somebody set by hand are no matter of rules: they count as the rules gave them.
    """
    changed: list[Repriced] = []
    looked_at = 0
    for one in sorted(asked, key=lambda one: -one.number):
        looked_at += 1
        old, _ = _by_rules(before, one)
        new, rule = _by_rules(after, one)
        if old is not new:
            changed.append(Repriced(number=one.number, before=old, after=new, rule=rule))
    return WhatIf(looked_at=looked_at, changed=tuple(changed))


def _by_rules(team: Team, one: Asked) -> tuple[Priority, str | None]:
    priority, rule = priority_of(
        team, asked=one.urgency, type=one.type, component=one.component, source=one.source
    )
    return priority, rule.words if rule else None
