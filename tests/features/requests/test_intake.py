"""A request comes in once, whichever door and however often, with a number and no gap."""

import asyncio

import pytest

from bot.core.errors import UserError
from bot.db.engine import Database
from bot.features.requests import store
from bot.features.requests.domain import Door, Move, NewRequest, Origin, State
from bot.outbox.unit_of_work import Transactions
from bot.teams.domain import Priority, RequestType, Source
from tests.features.requests.conftest import Queue
from tests.features.requests.make import ALICE, ANA, BOB, new, team

MESSAGE = Origin(door=Door.CHANNEL, channel="C0ASKPAY01", ts="100.000001")


async def test_a_new_request_is_numbered_and_begins_its_history(office: Queue) -> None:
    filed = await office.file()
    request = await office.now(filed.request_id)
    assert (filed.number, filed.already, request.state) == (1, False, State.NEW)
    assert [(line.move, line.actor) for line in await office.history(request.id)] == [(Move.FILE, ANA)]


async def test_filing_asks_for_card_and_receipt_in_their_lanes(office: Queue) -> None:
    filed = await office.file()
    lanes = {entry["kind"]: entry["lane"] for entry in await office.waiting()}
    assert lanes == {
        "request.card": f"card:{filed.request_id}",
        "request.receipt": f"asker:{filed.request_id}",
    }


@pytest.mark.parametrize("times", [1, 3])
async def test_the_same_call_again_finds_its_request_and_is_answered_alike(office: Queue, times: int) -> None:
    first = await office.file(key="cmd:1")
    assert [await office.file(key="cmd:1") for _ in range(times)] == [first] * times
    assert len(await office.wishes("request.card")) == 1


async def test_the_same_call_is_known_after_days(office: Queue) -> None:
    first = await office.file(key="view:V1")
    office.clock.advance(6 * 86400)
    assert await office.file(key="view:V1") == first


async def test_one_message_gives_one_request_whichever_doors_are_used(office: Queue) -> None:
    first = await office.file(new(origin=MESSAGE))
    by_form = Origin(door=Door.SHORTCUT, channel=MESSAGE.channel, ts=MESSAGE.ts)
    second = await office.file(new(origin=by_form, filed_by=BOB), key="view:V1")
    assert (second.number, second.already) == (first.number, True)


@pytest.mark.parametrize(
    ("line", "channel", "seconds", "already"),
    [
        ("payments Refund stuck", "C0GENERAL1", 59, True),
        ("payments Refund stuck", "C0GENERAL1", 60, False),
        ("payments Refund stuck", "C0RANDOM01", 1, False),
        ("payments Refund stuck!", "C0GENERAL1", 1, False),
        ("orders Refund stuck", "C0GENERAL1", 1, False),
    ],
)
async def test_the_same_line_in_the_same_place_within_a_minute_is_one_request(
    office: Queue, line: str, channel: str, seconds: float, already: bool
) -> None:
    await office.file(new(line="payments Refund stuck"), key="cmd:1")
    office.clock.advance(seconds)
    origin = Origin(door=Door.COMMAND, channel=channel)
    assert (await office.file(new(line=line, origin=origin), key="cmd:2")).already is already


async def test_somebody_elses_same_line_is_their_own_request(office: Queue) -> None:
    await office.file(new(line="payments Refund stuck"))
    assert not (await office.file(new(line="payments Refund stuck", requester=BOB))).already


async def test_long_lines_that_begin_alike_are_two_requests(office: Queue) -> None:
    await office.file(new(line="x" * 3000 + "a"))
    assert not (await office.file(new(line="x" * 3000 + "b"))).already
    assert (await office.file(new(line="x" * 3000 + "a"))).already


async def test_sixteen_at_once_get_sixteen_numbers_without_a_gap(office: Queue) -> None:
    found = await asyncio.gather(*(office.file(new(f"Request {n}"), key=f"cmd:{n}") for n in range(16)))
    assert sorted(filed.number for filed in found) == list(range(1, 17))


@pytest.mark.parametrize("same", ["key", "message", "line"])
async def test_twins_at_once_become_one_request_and_leave_no_gap(office: Queue, same: str) -> None:
    def twin(n: int) -> tuple[NewRequest, str]:
        origin = MESSAGE if same == "message" else Origin(door=Door.COMMAND, channel="C0GENERAL1")
        line = "payments Refund stuck" if same == "line" else None
        return new(origin=origin, line=line), "cmd:same" if same == "key" else f"cmd:{n}"

    pairs = [twin(n) for n in range(8)]
    found = await asyncio.gather(*(office.file(what, key=key) for what, key in pairs))
    assert {filed.number for filed in found} == {1}
    assert (await office.file(new("Another"))).number == 2
    assert len(await office.wishes("request.receipt")) == 2


async def test_twins_in_two_processes_become_one_request(office: Queue) -> None:
    other = Database(office.url)
    there = Queue(
        url=office.url,
        database=other,
        transactions=Transactions(other, office.clock.now, lambda: None),
        clock=office.clock,
    )
    found = await asyncio.gather(*(desk.file(new(origin=MESSAGE)) for desk in (office, there) * 4))
    await other.close()
    assert {filed.number for filed in found} == {1}


async def test_numbers_count_per_workspace(office: Queue) -> None:
    await office.file()
    elsewhere = await office.file(workspace_id="T0ELSEWHERE")
    assert elsewhere.number == 1


async def test_a_refused_text_uses_no_number(office: Queue) -> None:
    with pytest.raises(UserError, match="Write in a few words"):
        await office.file(new("\u200b \u00a0"))
    assert (await office.file()).number == 1


async def test_more_than_the_limit_in_a_minute_is_refused_and_others_go_on(office: Queue) -> None:
    for n in range(3):
        await office.file(new(f"Request {n}"), limit=3)
    with pytest.raises(UserError, match="Slow down, please: you have filed 3 requests within a minute"):
        await office.file(new("One more"), limit=3)
    assert (await office.file(new("Mine", requester=BOB), limit=3)).number == 4


async def test_a_minute_later_there_is_room_again(office: Queue) -> None:
    await office.file(new("First"), limit=1)
    office.clock.advance(60)
    assert (await office.file(new("Second"), limit=1)).number == 2


async def test_what_is_there_already_counts_for_no_limit(office: Queue) -> None:
    await office.file(new(line="payments Refund stuck"), limit=1)
    assert (await office.file(new(line="payments Refund stuck"), limit=1)).already


async def test_a_team_out_of_the_file_takes_nothing_new(office: Queue) -> None:
    with pytest.raises(UserError, match="takes no new requests any more") as refused:
        await office.file(team=team(active=False))
    assert refused.value.field == "team"


@pytest.mark.parametrize(
    ("known", "said", "by_member", "source", "shown", "priority"),
    [
        (Source.OTHER, None, False, Source.OTHER, Source.OTHER, Priority.NORMAL),
        (Source.MANAGEMENT, None, False, Source.MANAGEMENT, Source.MANAGEMENT, Priority.HIGH),
        # A changed choice is shown, and moves no rule.
        (Source.OTHER, Source.MANAGEMENT, False, Source.OTHER, Source.MANAGEMENT, Priority.NORMAL),
        # A member knows who is asking: the rules believe them, and what is known stays beside it.
        (Source.TEAMMATE, Source.MANAGEMENT, True, Source.TEAMMATE, Source.MANAGEMENT, Priority.HIGH),
    ],
)
async def test_rules_go_by_what_is_known_unless_a_member_files(
    office: Queue,
    known: Source,
    said: Source | None,
    by_member: bool,
    source: Source,
    shown: Source,
    priority: Priority,
) -> None:
    filed = await office.file(new(asking_as=said), known_source=known, by_team_member=by_member)
    request = await office.now(filed.request_id)
    assert (request.source, request.asking_as, request.priority) == (source, shown, priority)


async def test_the_rule_that_set_the_priority_is_kept_in_words(office: Queue) -> None:
    filed = await office.file(new(type=RequestType.BUG, component="Billing", urgency=Priority.LOW))
    request = await office.now(filed.request_id)
    assert (request.priority, request.urgency) == (Priority.URGENT, Priority.LOW)
    assert request.priority_rule == "Bug of component Billing is Urgent"


async def test_a_request_born_in_a_message_talks_in_its_thread(office: Queue) -> None:
    origin = Origin(door=Door.EMOJI, channel="C0ASKPAY01", ts="100.000002", thread_ts="100.000001")
    filed = await office.file(new(origin=origin))
    thread = await office.transactions.read(store.find_thread, "C0ASKPAY01", "100.000001")
    assert thread is not None
    assert (thread.request_id, thread.side) == (filed.request_id, "asker")


async def test_a_thread_that_belongs_to_a_request_keeps_it(office: Queue) -> None:
    first = await office.file(new(origin=MESSAGE))
    reply = Origin(door=Door.EMOJI, channel="C0ASKPAY01", ts="100.000005", thread_ts=MESSAGE.ts)
    await office.file(new("Another", origin=reply))
    thread = await office.transactions.read(store.find_thread, "C0ASKPAY01", "100.000001")
    assert thread is not None and thread.request_id == first.request_id


async def test_forty_thousand_characters_are_stored_whole(office: Queue) -> None:
    filed = await office.file(new("Logs", details="x" * 40_000))
    assert (await office.now(filed.request_id)).details == "x" * 40_000


@pytest.mark.parametrize("text", ["'; DROP TABLE requests;--", "%s %(x)s {0.__class__}", "a\\b", "👩‍👩‍👧‍👦"])
async def test_any_text_is_stored_as_it_is(office: Queue, text: str) -> None:
    filed = await office.file(new(text, filed_by=ALICE))
    assert (await office.now(filed.request_id)).summary == text
