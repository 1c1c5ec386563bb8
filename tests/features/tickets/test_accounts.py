"""Who somebody of Slack is in Jira is asked once a day, by their address."""

import pytest

from bot.features.tickets.accounts import NOBODY, REMEMBERED, Accounts
from bot.outbox.outcomes import Later
from tests.features.tickets.complete import allow
from tests.features.tickets.conftest import Desk
from tests.support.waiting import until


class Stopwatch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def accounts(desk: Desk, watch: Stopwatch) -> Accounts:
    assert desk.deps.jira is not None
    return Accounts(desk.deps.directory, desk.deps.jira, watch)


async def has_address(desk: Desk) -> bool:
    return bool((await desk.deps.directory.person(desk.person("bob").id)).email)


def asked(desk: Desk) -> int:
    return sum(record.operation == "user_search" for record in desk.site.journal)


async def test_somebody_is_found_by_address_and_remembered_for_a_day(desk: Desk) -> None:
    allow(desk)
    watch = Stopwatch()
    known = accounts(desk, watch)
    for _ in range(2):
        person = await known.of(desk.person("bob").id, desk.box.team_id)
        assert person is not None
        assert person.name == "Bob Marsh"
    assert asked(desk) == 1
    watch.now = REMEMBERED + 1
    await known.of(desk.person("bob").id, desk.box.team_id)
    assert asked(desk) == 2


async def test_somebody_without_an_account_is_asked_about_again_within_the_day(desk: Desk) -> None:
    allow(desk)
    watch = Stopwatch()
    known = accounts(desk, watch)
    for _ in range(2):
        assert await known.of(desk.person("ana").id, desk.box.team_id) is None
    assert asked(desk) == 1
    watch.now = NOBODY + 1
    await known.of(desk.person("ana").id, desk.box.team_id)
    assert asked(desk) == 2


async def test_nobody_and_bots_are_nobody_in_jira(desk: Desk) -> None:
    allow(desk)
    known = accounts(desk, Stopwatch())
    assert await known.of(None, desk.box.team_id) is None
    assert await known.of(desk.box.bot_user_id, desk.box.team_id) is None
    assert asked(desk) == 0


async def test_a_jira_that_may_not_tell_is_one_that_knows_nobody(desk: Desk) -> None:
    allow(desk)
    desk.site.faults.add(operation="user_search", kind="status", status=403)
    assert await accounts(desk, Stopwatch()).of(desk.person("bob").id, desk.box.team_id) is None


async def test_while_jira_is_away_nothing_is_concluded(desk: Desk) -> None:
    allow(desk)
    known = accounts(desk, Stopwatch())
    # A profile that comes late is a stranger's without an address until then.
    await until(lambda: has_address(desk))
    desk.site.down = True
    with pytest.raises(Later):
        await known.of(desk.person("bob").id, desk.box.team_id)
    desk.site.down = False
    assert await known.of(desk.person("bob").id, desk.box.team_id) is not None


async def test_the_address_of_another_companys_person_is_not_believed(desk: Desk) -> None:
    allow(desk)
    assert await accounts(desk, Stopwatch()).of(desk.person("bob").id, "T0ELSEWHERE") is None
    assert asked(desk) == 0
