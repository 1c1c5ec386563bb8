"""Which requests look alike to whom, on both databases; hostile words, other languages, many rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.core.leavers import ERASED
from bot.features.requests.domain import Door, Origin, Request, State
from bot.features.requests.likeness import LookAlikes, terms
from bot.features.requests.models import requests
from bot.features.requests.rights import Acting
from bot.features.requests.service import queue
from bot.features.requests.service.queue import Edit
from bot.features.requests.store.similar import LOOKED_AT, candidates, forget_words, look_alikes, settle_words
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ANA, BOB, STRANGER, acting, new, outsider, request
from tests.support.clock import MONDAY

PRIVATE = Origin(door=Door.FORM, channel="D0ANA00001", private=True)


async def alike(office: Queue, words: str, by: Acting | None = None, **more: Any) -> LookAlikes:
    return await office.database.read(look_alikes, by or outsider(), words, **more)


async def numbers(office: Queue, words: str, by: Acting | None = None) -> list[int]:
    found = await alike(office, words, by)
    return [one.number for one in (*found.open, *found.solved)]


@pytest.mark.parametrize(
    ("there", "typed"),
    [
        ("Refund stuck for order 123", "my refunds are stuck again"),
        ("Повернення коштів зависло", "зависло повернення"),
        ("ПОВЕРНЕННЯ КОШТІВ ЗАВИСЛО", "повернень коштів"),
        ("Rückerstattung hängt fest", "rückerstattungen hängen"),
        ("退款卡住了", "退款失败"),
        ("https://pay.example.com/orders/991 shows error-500", "orders error 500"),
        ("Refund (stuck): 'order' \"123\" AND NOT NEAR", "refund stuck"),
    ],
)
async def test_the_same_wish_in_other_words_is_found(office: Queue, there: str, typed: str) -> None:
    await office.file(new(there))
    await office.file(new("Coffee machine leaks"))
    assert await numbers(office, typed) == [1]


@pytest.mark.by_turns
@pytest.mark.parametrize("typed", ["", " ", "r", "?", "the", "stuck 124", "coffee order"])
async def test_nothing_is_found_where_too_little_is_shared(office: Queue, typed: str) -> None:
    await office.file(new("Refund stuck for order 123"))
    assert await numbers(office, typed) == []


@pytest.mark.by_turns
@pytest.mark.parametrize(
    "typed",
    [
        '"refund" stuck', "refund' stuck", "refund* OR stuck", "NEAR(refund stuck)", "summary:refund AND stuck",
        "refund & | ! stuck", "(refund stuck", "refund:* <-> stuck", "\\refund\\ stuck", "refund\x00stuck", "-refund ^stuck",
        "refund 💥 stuck \ud83d", "%refund% _stuck_",
    ],
)  # fmt: skip
async def test_signs_of_a_query_language_are_only_signs(office: Queue, typed: str) -> None:
    await office.file(new("Refund stuck for order 123"))
    assert await numbers(office, typed) == [1]


async def test_what_was_erased_looks_like_nothing(office: Queue) -> None:
    await office.fill([request(number=1, summary=ERASED), request(number=2, summary="Account was erased")])
    assert await numbers(office, "erased") == [2]


async def test_what_the_details_say_is_found_too(office: Queue) -> None:
    await office.file(new("Login broken", details="The page shows AADSTS50011 at once"))
    assert await numbers(office, "login AADSTS50011") == [1]


async def test_an_edited_text_is_found_by_its_new_words_only(office: Queue) -> None:
    filed = await office.file(new("Refund stuck for order 123"))
    edit = Edit(author=ANA, event="ev:1", at="1")
    await office.transactions.run(queue.edited, filed.request_id, "Coffee machine leaks", "", edit)
    assert await numbers(office, "refund stuck") == []
    assert await numbers(office, "coffee machine") == [1]


async def test_a_request_that_is_taken_away_is_not_found(office: Queue) -> None:
    await office.fill([request(id=1, number=1)])
    await office.database.write(lambda c: c.execute(requests.delete()))
    await office.fill([request(id=2, number=2, summary="Coffee machine leaks")])
    assert await numbers(office, "refund stuck order") == []
    assert await numbers(office, "coffee machine") == [2]


async def test_open_ones_come_before_solved_ones_and_declined_ones_never(office: Queue) -> None:
    for _ in range(6):
        await office.file()
    for request_id, move, *more in (
        (1, queue.resolve), (2, queue.resolve), (3, queue.resolve), (4, queue.decline, "No")
    ):  # fmt: skip
        await office.do(move, request_id, *more)
    found = await alike(office, "refund stuck")
    assert [one.number for one in found.open] == [6, 5]
    assert [one.number for one in found.solved] == [3, 2]


async def test_at_most_three_open_ones_are_shown_and_those_of_the_team_first(office: Queue) -> None:
    for team_id in (2, 1, 1, 1, 1):
        await office.file(new(team_id=team_id))
    found = await alike(office, "refund stuck", team_id=2)
    assert [one.number for one in found.open] == [1, 5, 4]


@pytest.mark.by_turns
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (outsider(), []),
        (outsider(ANA), [1]),
        (acting(BOB), [1]),
        (acting(BOB, works=(2,)), []),
        (acting(STRANGER, works=(), admin=True), [1]),
    ],
)
async def test_what_came_from_a_private_place_is_shown_to_those_concerned_only(
    office: Queue, who: Acting, sees: list[int]
) -> None:
    await office.file(new(origin=PRIVATE))
    assert await numbers(office, "refund stuck", who) == sees


async def test_guests_find_nothing_but_their_own(office: Queue) -> None:
    await office.file(new())
    await office.file(new(requester=STRANGER))
    assert await numbers(office, "refund stuck", replace(outsider(), outside=True)) == [2]


async def test_another_workspace_finds_nothing(office: Queue) -> None:
    await office.file(new())
    assert await numbers(office, "refund stuck", replace(acting(), workspace_id="T0OTHER001")) == []


def _many(count: int) -> Sequence[Request]:
    made = [request(id=n, number=n, summary=f"Refund stuck for order {n}") for n in range(1, count + 1)]
    return [replace(one, state=State.RESOLVED, closed_at=MONDAY + timedelta(hours=1)) for one in made]


async def test_of_many_that_share_words_only_the_newest_are_read(office: Queue) -> None:
    await office.fill(list(_many(LOOKED_AT + 50)))

    def read(connection: Connection) -> int:
        return len(connection.execute(candidates(connection, outsider(), terms("refund stuck"))).all())

    assert await office.database.read(read) == LOOKED_AT


async def test_what_somebody_may_not_read_hides_nothing_from_them(office: Queue) -> None:
    older = replace(next(iter(_many(1))), id=1, number=1)
    private = [replace(one, id=n, number=n, origin=PRIVATE) for n, one in enumerate(_many(LOOKED_AT + 50), 2)]
    await office.fill([older, *private])
    assert await numbers(office, "refund stuck") == [1]


async def test_the_index_of_words_is_used_and_no_table_is_read_through(office: Queue, backend: str) -> None:
    await office.fill(list(_many(500)))

    def plan(connection: Connection) -> str:
        query = candidates(connection, outsider(), terms("coffee 991"))
        asked = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN" if backend == "postgres" else "EXPLAIN QUERY PLAN"
        if backend == "postgres":
            # Few rows are read through sooner than any index; with many it must be able to do without.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        # The driver reads signs of its own in the statement.
        statement = text(f"{explain} {asked}".replace(":", "\\:").replace("%%", "%"))
        return "\n".join(str(tuple(row)) for row in connection.execute(statement))

    found = await office.database.read(plan)
    assert ("ix_request_search_words" if backend == "postgres" else "VIRTUAL TABLE INDEX") in found, found
    assert "Seq Scan" not in found and "SCAN requests" not in found, found


@pytest.mark.parametrize("forget", [forget_words, settle_words])
async def test_nothing_is_left_of_erased_words(
    office: Queue, backend: str, forget: Callable[[Connection], None]
) -> None:
    filed = await office.file(new("Hunter2 is my password"))
    await office.file(new("Coffee machine leaks"))
    edit = Edit(author=ANA, event="ev:1", at="1", gone=True)
    await office.transactions.run(queue.edited, filed.request_id, "(deleted by its author)", "", edit)
    await office.database.write(forget)
    assert await numbers(office, "hunter2 password") == []
    assert await numbers(office, "coffee machine") == [2]
    if backend == "sqlite":
        kept = text("SELECT count(*) FROM request_search_data WHERE instr(hex(block), hex('unter2'))")
        assert await office.database.read(lambda c: c.execute(kept).scalar_one()) == 0
        there = text("SELECT count(*) FROM request_search_data WHERE instr(hex(block), hex('coffee'))")
        assert await office.database.read(lambda c: c.execute(there).scalar_one()) == 1
