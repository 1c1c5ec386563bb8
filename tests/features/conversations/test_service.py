"""Use cases over a real database: what is kept and what is asked for."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.messages import Deleted
from bot.core.threads import RequestThread
from bot.db.engine import Database
from bot.features.conversations import service, store
from bot.features.conversations.domain import KeptMessage, Reach
from bot.features.conversations.events import MessageChanged, MessageKept
from bot.features.conversations.models import conversation_messages
from bot.features.conversations.service import Requests
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.features.conversations.make import ASKER, CARD, REPORT, deleted, edited, spoken
from tests.support.clock import MovableClock


class Desk:
    """The use cases on one database, between two known threads."""

    def __init__(self, database: Database, card: RequestThread, asker: RequestThread) -> None:
        self.transactions = Transactions(database, MovableClock().now, lambda: None)
        self.places = {CARD: card, ASKER: asker}
        self.heard: list[tuple[int, str, str]] = []
        self.told: list[tuple[str, str, bool]] = []
        self.transactions.subscribe({MessageKept: [self._tell], MessageChanged: [self._tell]})
        self.requests = Requests(find_thread=self._find, heard=self._hear)

    def _find(self, _: Connection, channel: str, thread_ts: str) -> RequestThread | None:
        return self.places.get((channel, thread_ts))

    def _hear(self, _: UnitOfWork, request_id: int, author: str, text: str) -> None:
        self.heard.append((request_id, author, text))

    def _tell(self, _: UnitOfWork, event: Any) -> None:
        self.told.append((type(event).__name__, event.message.text, event.message.is_shown))

    async def hear(self, *args: Any, **more: Any) -> KeptMessage | None:
        return await self.transactions.run(service.hear, spoken(*args, **more), self.requests)

    async def edit(self, *args: Any, **more: Any) -> None:
        await self.transactions.run(service.edit, edited(*args, **more))

    async def delete(self, wanted: Deleted) -> None:
        await self.transactions.run(service.delete, wanted, self.requests)

    async def mirrored(self, message: KeptMessage, version: int | None) -> None:
        await self.transactions.run(service.mirrored, message.id, CARD[0], "400.000001", version)

    async def kept(self, message: KeptMessage) -> KeptMessage:
        found = await self.transactions.read(store.by_id, message.id)
        assert found is not None
        return found

    async def wishes(self) -> list[tuple[str, str | None]]:
        query = select(outbox.c.kind, outbox.c.lane).order_by(outbox.c.id)
        return [(row[0], row[1]) for row in await self.transactions.read(lambda c: c.execute(query).all())]

    async def kinds(self) -> list[str]:
        return [kind.removeprefix("conversation.") for kind, _ in await self.wishes()]


@pytest.fixture
def desk(database: Database, card_thread: RequestThread, asker_thread: RequestThread) -> Desk:
    return Desk(database, card_thread, asker_thread)


async def test_what_the_asker_says_goes_to_the_cards_thread_and_is_heard_by_the_request(desk: Desk) -> None:
    message = await desk.hear("It still fails", files=(REPORT,))
    assert message is not None
    assert (await desk.kept(message)).files == (REPORT,)
    assert await desk.wishes() == [("conversation.mirror", "card:12")]
    assert desk.heard == [(12, "U0ANA00001", "It still fails")]


async def test_what_the_team_says_goes_to_the_askers_thread(desk: Desk) -> None:
    await desk.hear("On it", place=CARD, author="U0ALICE001")
    assert await desk.wishes() == [("conversation.mirror", "asker:12")]
    assert desk.heard == []


async def test_a_message_delivered_twice_is_kept_and_heard_once(desk: Desk) -> None:
    assert await desk.hear() is not None
    assert await desk.hear() is None
    assert await desk.kinds() == ["mirror"]
    assert len(desk.heard) == 1


async def test_a_message_reported_under_a_second_time_is_kept_once(desk: Desk) -> None:
    await desk.hear(ts="200.000001", client_msg_id="same")
    await desk.hear(ts="221.000001", client_msg_id="same")
    await desk.hear(ts="222.000001")
    await desk.hear(ts="223.000001")
    assert await desk.kinds() == ["mirror"] * 3


async def test_a_thread_of_no_request_is_passed_by(desk: Desk) -> None:
    assert await desk.hear(place=("C0GENERAL1", "1.000001")) is None
    assert await desk.kinds() == []


async def test_an_aside_of_the_team_is_kept_but_not_mirrored(desk: Desk) -> None:
    message = await desk.hear("// who knows this?", place=CARD)
    assert message is not None and message.reach is Reach.TEAM
    assert await desk.kinds() == []


async def test_of_others_in_a_private_place_not_a_word_is_kept(
    desk: Desk, database: Database, asker_thread: RequestThread
) -> None:
    desk.places[ASKER] = replace(asker_thread, private=True)
    message = await desk.hear("the secret", author="U0BOSS0001", files=(REPORT,))
    await desk.edit("the other secret")
    assert message is not None
    rows = await database.read(lambda c: c.execute(select(conversation_messages)).mappings().all())
    assert "secret" not in str(rows) and "report" not in str(rows)
    assert await desk.kinds() == []


async def test_an_edit_changes_the_words_and_asks_for_one_refresh(desk: Desk) -> None:
    message = await desk.hear("one")
    assert message is not None
    await desk.mirrored(message, 1)
    await desk.edit("two", at="300.000001")
    await desk.edit("three", at="300.000002")
    assert (await desk.kept(message)).text == "three"
    assert await desk.kinds() == ["mirror", "refresh"]


async def test_an_edit_before_the_counterpart_stands_asks_for_nothing_more(desk: Desk) -> None:
    message = await desk.hear("one")
    assert message is not None
    await desk.edit("two")
    assert await desk.kinds() == ["mirror"]


async def test_a_counterpart_that_shows_an_older_version_is_refreshed_at_once(desk: Desk) -> None:
    message = await desk.hear("one")
    assert message is not None
    await desk.edit("two")
    await desk.mirrored(message, message.version)
    assert await desk.kinds() == ["mirror", "refresh"]


async def test_a_counterpart_that_shows_nobody_knows_what_is_refreshed(desk: Desk) -> None:
    message = await desk.hear("one")
    assert message is not None
    await desk.mirrored(message, None)
    assert await desk.kinds() == ["mirror", "refresh"]


async def test_edits_out_of_order_leave_the_newest_words(desk: Desk) -> None:
    message = await desk.hear("one")
    assert message is not None
    await desk.edit("three", at="300.000002")
    await desk.edit("two", at="300.000001")
    assert (await desk.kept(message)).text == "three"


async def test_an_edit_of_an_unknown_message_changes_nothing(desk: Desk) -> None:
    await desk.edit("two")
    assert await desk.kinds() == []


async def test_an_aside_without_its_strokes_goes_to_the_asker(desk: Desk) -> None:
    await desk.hear("// aside", place=CARD)
    await desk.edit("for you too", place=CARD)
    assert await desk.wishes() == [("conversation.mirror", "asker:12")]


async def test_a_message_made_an_aside_is_covered_on_the_other_side(desk: Desk) -> None:
    message = await desk.hear("hello", place=CARD)
    assert message is not None
    await desk.mirrored(message, 1)
    await desk.edit("// hello", place=CARD)
    assert not (await desk.kept(message)).is_shown
    assert await desk.kinds() == ["mirror", "refresh"]


async def test_a_deleted_messages_words_are_erased(desk: Desk, database: Database) -> None:
    message = await desk.hear("my password is hunter2", files=(REPORT,))
    assert message is not None
    await desk.mirrored(message, 1)
    await desk.delete(deleted())
    await desk.delete(deleted())
    rows = await database.read(lambda c: c.execute(select(conversation_messages)).mappings().all())
    assert "hunter2" not in str(rows) and "report" not in str(rows)
    assert await desk.kinds() == ["mirror", "refresh"]


async def test_a_message_deleted_before_it_was_heard_never_appears(desk: Desk) -> None:
    await desk.delete(deleted())
    assert await desk.hear() is None
    assert await desk.kinds() == []
    assert desk.heard == []


async def test_a_deletion_elsewhere_leaves_no_trace(desk: Desk, database: Database) -> None:
    await desk.delete(deleted(place=("C0GENERAL1", "1.000001")))
    await desk.delete(Deleted(channel=ASKER[0], ts=ASKER[1], thread_ts=ASKER[1]))
    rows = await database.read(lambda c: c.execute(select(conversation_messages)).all())
    assert rows == []


async def test_an_edit_after_the_deletion_brings_nothing_back(desk: Desk) -> None:
    message = await desk.hear("secret")
    assert message is not None
    await desk.delete(deleted())
    await desk.edit("secret again", at="999.000001")
    assert (await desk.kept(message)).text == ""


async def test_who_spoke_in_vain_is_told_once_in_their_own_thread(desk: Desk) -> None:
    message = await desk.hear("On it", place=CARD)
    assert message is not None
    await desk.transactions.run(service.not_delivered, message.id)
    await desk.transactions.run(service.not_delivered, message.id)
    assert (await desk.wishes())[1:] == [("conversation.undelivered", "card:12")]


async def test_the_others_hear_of_each_message_and_each_change_once(desk: Desk) -> None:
    await desk.hear("Order 123")
    await desk.hear("Order 123")
    await desk.edit("Order 124")
    await desk.edit("Order 124", at="300.000001")
    await desk.delete(deleted())
    await desk.delete(deleted())
    assert desk.told == [
        ("MessageKept", "Order 123", True),
        ("MessageChanged", "Order 124", True),
        ("MessageChanged", "", False),
    ]


async def test_the_others_hear_that_an_aside_is_not_for_them(desk: Desk) -> None:
    await desk.hear("// Between us", place=CARD)
    await desk.edit("For all", place=CARD)
    assert desk.told == [("MessageKept", "// Between us", False), ("MessageChanged", "For all", True)]
