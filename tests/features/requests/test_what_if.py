"""The dry run of priority rules says what then happens to the same requests."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import update

from bot.features.requests import store
from bot.features.requests.models import request_history
from bot.features.requests.store.asked import LAST
from bot.teams.domain import Priority, PriorityRule, RequestType, Source, Team
from bot.teams.what_if import Repriced, what_if
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, ANA, new, request, team

BUGS_FIRST = (PriorityRule(type=RequestType.BUG, component="Billing", priority=Priority.URGENT),)
BOSS_FIRST = (PriorityRule(source=Source.MANAGEMENT, priority=Priority.HIGH),)


def _ruled(*rules: PriorityRule) -> Team:
    return team(priority_rules=rules)


async def _ask_all(office: Queue, ours: Team, seed: int) -> list[Priority]:
    """Thirty requests that are the same for the same seed, filed one after the other: what each of them got."""
    chance = random.Random(seed)
    got: list[Priority] = []
    for number in range(30):
        asked = new(
            f"Thing {number} of {ours.priority_rules}"[:200],
            urgency=chance.choice(list(Priority)),
            type=chance.choice(list(RequestType)),
            component=chance.choice([None, "Billing", "Checkout"]),
            asking_as=chance.choice([None, *Source]),
        )
        filed = await office.file(
            asked,
            team=ours,
            known_source=chance.choice(list(Source)),
            by_team_member=chance.choice([True, False]),
            limit=1000,
        )
        got.append((await office.now(filed.request_id)).priority)
    return got


async def test_the_dry_run_is_what_happens_to_the_same_requests_filed_afterwards(office: Queue) -> None:
    chance = random.Random(7)
    before, after = _ruled(*_some_rules(chance)), _ruled(*_some_rules(chance))
    was = await _ask_all(office, before, seed=3)
    asked = await office.transactions.read(store.asked_lately, 1, lambda _person: False)
    said = {one.number: (one.before, one.after) for one in what_if(before, after, asked).changed}

    then = await _ask_all(office, after, seed=3)

    happened = {
        number: (old, new)
        for number, (old, new) in enumerate(zip(was, then, strict=True), start=1)
        if old is not new
    }
    assert said == happened
    assert len(said) > 3


def _some_rules(chance: random.Random) -> Sequence[PriorityRule]:
    shapes = list(
        itertools.product(
            [None, *RequestType], [None, "Billing", "Checkout"], [None, *Source], [None, *Priority]
        )
    )
    return [
        PriorityRule(
            type=kind,
            component=component,
            source=source,
            urgency=urgency,
            priority=chance.choice(list(Priority)),
        )
        for kind, component, source, urgency in chance.sample(shapes[1:], 25)
    ]


async def test_the_dry_run_believes_whom_the_rules_believed_at_filing(office: Queue) -> None:
    asked = {"asking_as": Source.MANAGEMENT, "urgency": Priority.LOW}
    claimed = await office.file(new("The boss says so", **asked), by_team_member=False)
    vouched = await office.file(new("The boss did say so", **asked, filed_by=ALICE), by_team_member=True)

    # Membership may have changed since: what was written down counts.
    seen = await office.transactions.read(store.asked_lately, 1, lambda person: person == ANA)

    found = what_if(_ruled(), _ruled(*BOSS_FIRST), seen)
    assert [one.number for one in found.changed] == [vouched.number]
    assert (await office.now(claimed.request_id)).priority is Priority.LOW


async def test_requests_of_an_older_release_are_seen_by_who_is_in_the_team_now(office: Queue) -> None:
    asked = {"asking_as": Source.MANAGEMENT, "urgency": Priority.LOW}
    await office.file(new("Mine", **asked, filed_by=ALICE), by_team_member=True)
    await office.file(new("Theirs", **asked), by_team_member=False)
    await office.database.write(
        lambda connection: connection.execute(update(request_history).values(facts={"door": "command"}))
    )
    seen = await office.transactions.read(store.asked_lately, 1, lambda person: person == ALICE)
    assert [(one.number, one.source) for one in seen] == [(2, Source.OTHER), (1, Source.MANAGEMENT)]


async def test_the_last_hundred_of_the_team_are_looked_at(office: Queue) -> None:
    rows = [request(number=number, type=RequestType.BUG) for number in range(1, LAST + 6)]
    await office.fill([*rows, request(number=LAST + 6, team_id=2)], component="Billing")
    seen = await office.transactions.read(store.asked_lately, 1, lambda _person: False)
    found = what_if(_ruled(), _ruled(*BUGS_FIRST), seen)
    assert (found.looked_at, len(found.changed), found.changed[-1].number) == (LAST, LAST, 6)
    assert found.changed[0] == Repriced(
        number=LAST + 5,
        before=Priority.NORMAL,
        after=Priority.URGENT,
        rule="Bug of component Billing is Urgent",
    )


async def test_the_same_rules_change_nothing(office: Queue) -> None:
    await office.file()
    seen = await office.transactions.read(store.asked_lately, 1, lambda _person: False)
    ours = _ruled(*BUGS_FIRST)
    assert what_if(ours, replace(ours, name="Paying"), seen).changed == ()
