"""Others who ask for the same: who may join what, what follows, and what is counted."""

from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.requests.domain import Door, Origin
from bot.features.requests.service import joining, queue
from bot.features.requests.service.intake import Filed
from bot.features.requests.service.joining import Joined
from bot.features.requests.store.askers import askers_of, deflected
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ANA, BOB, STRANGER, new, outsider
from tests.support.clock import MONDAY

pytestmark = pytest.mark.by_turns

CARL = "U0CARL0001"
ONE = {"request_id": 1, "user": STRANGER}


async def join(office: Queue, user_id: str = STRANGER, request_id: int = 1) -> Joined:
    return await office.transactions.run(joining.join, request_id, outsider(user_id))


async def told(office: Queue) -> list[dict[str, Any]]:
    return await office.wishes("request.joined_notice")


async def test_who_joins_is_greeted_and_the_team_reads_of_it(office: Queue, filed: Filed) -> None:
    joined = await join(office)
    assert (joined.people, joined.again) == (2, False)
    assert await office.wishes("request.joined") == [ONE]
    assert await office.wishes("request.joined_line") == [ONE]
    assert await office.wishes("request.refresh") == [{"request_id": 1}]


async def test_who_joins_twice_is_one_asker_and_nothing_more_is_sent(office: Queue, filed: Filed) -> None:
    await join(office)
    again = await join(office)
    assert (again.people, again.again) == (2, True)
    assert len(await office.wishes("request.joined")) == 1
    assert await office.database.read(askers_of, 1) == [STRANGER]


async def test_several_who_join_are_all_told_each_in_their_own_order(office: Queue, filed: Filed) -> None:
    for user_id in (STRANGER, CARL):
        await join(office, user_id)
    await office.do(queue.claim, 1)
    line = (await office.history(1))[-1].id
    await office.transactions.run(joining.pass_on, 1, line)
    await office.transactions.run(joining.pass_on, 1, line)
    assert sorted(wish["user"] for wish in await told(office)) == sorted([STRANGER, CARL])
    lanes = {row["lane"] for row in await office.waiting() if row["kind"] == "request.joined_notice"}
    assert lanes == {f"joined:1:{STRANGER}", f"joined:1:{CARL}"}


async def test_where_nobody_joined_nothing_is_passed_on(office: Queue, filed: Filed) -> None:
    await office.do(queue.claim, 1)
    await office.transactions.run(joining.pass_on, 1, 1)
    assert await told(office) == []


async def test_the_requester_has_nothing_to_join(office: Queue, filed: Filed) -> None:
    with pytest.raises(UserError, match="#1 is yours already"):
        await join(office, ANA)


async def test_who_filed_it_for_somebody_else_may_join(office: Queue) -> None:
    await office.file(new(filed_by=BOB))
    assert (await join(office, BOB)).people == 2


async def test_a_closed_request_is_not_joined(office: Queue, filed: Filed) -> None:
    await office.do(queue.resolve, 1)
    with pytest.raises(UserError, match="closed in the meantime: it is Resolved"):
        await join(office)
    assert await office.database.read(askers_of, 1) == []


@pytest.mark.parametrize("use_case", [joining.join, joining.helped])
async def test_what_somebody_cannot_see_they_can_neither_join_nor_be_helped_by(
    office: Queue, use_case: Any
) -> None:
    await office.file(new(origin=Origin(door=Door.DIRECT, channel="D0ANA00001", ts="1.1", private=True)))
    with pytest.raises(UserError, match="does not exist, or you cannot see it"):
        await office.transactions.run(use_case, 1, outsider())


async def test_each_person_counts_once_for_each_answer_that_helped(office: Queue) -> None:
    for _ in range(2):
        await office.file()
    await office.file(new(team_id=2))
    for user_id, request_id in ((STRANGER, 1), (STRANGER, 1), (CARL, 1), (CARL, 3)):
        await office.transactions.run(joining.helped, request_id, outsider(user_id))
    await join(office, CARL, 2)
    counted = await office.database.read(deflected, [1], MONDAY)
    assert (counted.joined, counted.helped) == (1, 2)
