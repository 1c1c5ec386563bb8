"""Use cases of words over a real database: what is kept, what travels, what is asked for."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.core.files import FileRef
from bot.core.messages import Deleted, Edited, SharedFile, Spoken
from bot.core.threads import IssueThreads, ThreadRef
from bot.db.engine import Database
from bot.features.in_step import word as rules
from bot.features.in_step import words, words_store
from bot.features.in_step.word import Word
from bot.outbox.models import outbox
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from tests.support.clock import MovableClock

THREAD = ThreadRef(channel="C0GENERAL1", thread_ts="100.000001")
LOG = SharedFile(
    name="a.log", permalink="https://x.slack.com/a", size=3, mimetype="text/plain", id="F1", url="u"
)


class Desk:
    """The use cases on one database, with one ticket."""

    def __init__(self, database: Database) -> None:
        self.transactions = Transactions(database, MovableClock().now, lambda: None)
        self.request_id: int | None = None
        self.told_until: str | None = None
        self.wanted: list[str] = []
        self.tickets = words.Tickets(
            of_ticket=lambda _, __: self.ticket,
            of_request=lambda _, request_id: self.ticket if request_id == self.request_id else None,
            of_thread=self._of_thread,
            want_files=self._want,
        )

    @property
    def ticket(self) -> IssueThreads:
        return IssueThreads(
            ticket_id=7,
            issue_id="10001",
            key="PAY-1",
            url="http://jira/browse/PAY-1",
            request_id=self.request_id,
            number=self.request_id,
            team_id=1,
            private=False,
            asked_by="U0ALICE001",
            threads=(("thread", THREAD),),
            told_until=self.told_until,
        )

    def _of_thread(self, _: Connection, channel: str, thread_ts: str) -> IssueThreads | None:
        here = ThreadRef(channel=channel, thread_ts=thread_ts) == THREAD and self.request_id is None
        return self.ticket if here else None

    def _want(self, _: UnitOfWork, __: int, files: Sequence[FileRef]) -> None:
        self.wanted += [file.name for file in files]

    async def says(self, text: str, ts: str = "200.000001", *, shown: bool = True, **more: Any) -> None:
        spoken = Spoken(
            channel=THREAD.channel, thread_ts=THREAD.thread_ts, ts=ts, author="U0ANA00001", text=text, **more
        )
        await self.transactions.run(words.heard, 7, spoken, shown=shown)

    async def edits(self, text: str, at: str, ts: str = "200.000001", *, shown: bool = True) -> None:
        edited = Edited(channel=THREAD.channel, ts=ts, text=text, files=(), at=at)
        await self.transactions.run(words.changed, self.tickets, edited, shown=shown)

    async def deletes(self, ts: str = "200.000001") -> None:
        await self.transactions.run(words.taken_away, gone(ts))

    async def takes(self, batch: str) -> list[str]:
        taken = await self.transactions.run(words.take, self.ticket, batch, self.tickets)
        return [word.text for word in taken]

    async def batch(self, batch: str) -> list[Word]:
        return await self.transactions.read(words_store.of_batch, batch)

    async def wishes(self) -> list[str]:
        """The kinds of all that was asked for; what waits and was asked for again is there once."""
        query = select(outbox.c.kind).order_by(outbox.c.id)
        return list(await self.transactions.read(lambda c: c.scalars(query).all()))


def gone(ts: str = "200.000001") -> Deleted:
    return Deleted(channel=THREAD.channel, ts=ts, thread_ts=THREAD.thread_ts)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


async def test_many_words_ask_for_one_write(desk: Desk) -> None:
    await desk.says("One", "200.000001")
    await desk.says("Two", "200.000002")
    assert await desk.wishes() == ["issue.write"]


async def test_a_message_is_kept_once_by_its_time_and_by_its_client_id(desk: Desk) -> None:
    await desk.says("One", client_msg_id="m1")
    await desk.says("One", client_msg_id="m1")
    await desk.says("One", "200.000002", client_msg_id="m1")
    assert await desk.takes("b1") == ["One"]


async def test_what_may_not_leave_is_kept_without_its_words(desk: Desk) -> None:
    await desk.says("Secret", shown=False, files=(LOG,))
    assert await desk.wishes() == []
    await desk.edits("Still secret", "300.0", shown=False)
    [kept] = await desk.transactions.run(words_store_lock)
    assert (kept.text, kept.files) == ("", ())


def words_store_lock(uow: UnitOfWork) -> list[Word]:
    return words_store.lock(uow.connection, THREAD.channel, "200.000001")


async def test_words_travel_in_the_order_of_their_time(desk: Desk) -> None:
    await desk.says("Second", "200.000002")
    await desk.says("First", "200.000001")
    assert await desk.takes("b1") == ["First", "Second"]


async def test_what_travels_travels_once(desk: Desk) -> None:
    await desk.says("One")
    assert await desk.takes("b1") == ["One"]
    assert await desk.takes("b2") == []
    assert await desk.takes("b1") == ["One"]


async def test_no_more_than_twenty_travel_together_and_the_rest_is_asked_for(desk: Desk) -> None:
    for number in range(25):
        await desk.says(f"{number}", f"200.{number:06d}")
    assert len(await desk.takes("b1")) == 20
    assert await desk.takes("b2") == [str(number) for number in range(20, 25)]


async def test_the_transcript_is_not_taken(desk: Desk) -> None:
    await desk.says("Told", "200.000001")
    await desk.says("New", "200.000002")
    desk.told_until = "200.000001"
    assert await desk.takes("b1") == ["New"]


async def test_files_of_what_travels_are_wanted(desk: Desk) -> None:
    await desk.says("See", files=(LOG,))
    assert desk.wanted == []
    await desk.takes("b1")
    await desk.takes("b1")
    assert desk.wanted == ["a.log"]


async def test_a_change_between_sending_and_its_answer_is_written_anew(desk: Desk) -> None:
    await desk.says("Order 123")
    await desk.takes("b1")
    [sent] = await desk.batch("b1")
    await desk.edits("Order 124", "300.0")
    assert await desk.wishes() == ["issue.write"]
    await desk.transactions.run(words.written, "b1", "900", {str(sent.id): sent.version})
    assert await desk.wishes() == ["issue.write", "issue.rewrite"]


async def test_a_comment_that_was_found_again_is_only_written_anew_if_something_changed(desk: Desk) -> None:
    await desk.says("Order 123")
    await desk.takes("b1")
    await desk.transactions.run(words.written, "b1", "900", None)
    assert await desk.wishes() == ["issue.write"]


async def test_an_older_edit_changes_nothing(desk: Desk) -> None:
    await desk.says("Order 123")
    await desk.edits("Order 125", "300.2")
    await desk.edits("Order 124", "300.1")
    assert await desk.takes("b1") == ["Order 125"]


async def test_an_edit_brings_nothing_back_that_was_deleted(desk: Desk) -> None:
    await desk.says("Secret")
    await desk.deletes()
    await desk.edits("Secret again", "300.0")
    assert await desk.takes("b1") == []


async def test_a_deletion_that_comes_first_is_remembered(desk: Desk) -> None:
    await desk.transactions.run(words.taken_away_in_thread, gone(), desk.tickets)
    await desk.says("Secret")
    assert await desk.takes("b1") == []


async def test_words_that_are_all_hidden_are_let_go_and_start_anew_when_shown(desk: Desk) -> None:
    await desk.says("Ask legal")
    await desk.takes("b1")
    await desk.edits("// Ask legal", "300.1", shown=False)
    assert await desk.takes("b1") == [] and await desk.batch("b1") == []
    await desk.edits("Ask our lawyers", "300.2")
    assert await desk.takes("b2") == ["Ask our lawyers"]


async def test_a_comment_that_was_taken_away_comes_back_when_its_words_do(desk: Desk) -> None:
    await desk.says("Ask legal")
    await desk.takes("b1")
    await desk.transactions.run(words.written, "b1", "900", None)
    await desk.edits("// Ask legal", "300.1", shown=False)
    await desk.transactions.run(words.removed, "b1")
    await desk.edits("Ask our lawyers", "300.2")
    assert await desk.takes("b2") == ["Ask our lawyers"]


async def test_what_jira_refused_is_told_once_to_each_who_spoke(desk: Desk) -> None:
    await desk.says("One", "200.000001")
    await desk.says("Two", "200.000002")
    await desk.takes("b1")
    await desk.transactions.run(words.refused, 7, "b1", "No.", desk.tickets)
    assert (await desk.wishes()).count("issue.words_refused") == 1


async def test_an_outage_is_told_once_an_hour(desk: Desk) -> None:
    await desk.says("One")
    await desk.takes("b1")
    await desk.transactions.run(words.kept, 7, "b1", login=False)
    await desk.transactions.run(words.kept, 7, "b1", login=False)
    assert (await desk.wishes()).count("issue.words_kept") == 1


async def test_a_thread_of_a_request_is_left_to_whoever_keeps_its_talk(desk: Desk) -> None:
    await desk.says("Order 123")
    desk.request_id = 12
    edited = Edited(channel=THREAD.channel, ts="200.000001", text="Order 124", files=(), at="300.0")
    await desk.transactions.run(words.changed_in_thread, edited, desk.tickets)
    await desk.transactions.run(words.taken_away_in_thread, gone(), desk.tickets)
    assert await desk.takes("b1") == ["Order 123"]


def word(text: str = "x", **more: Any) -> Word:
    values: dict[str, Any] = {
        "id": 1, "ticket_id": 7, "channel": "C1", "ts": "1.0", "thread_ts": "0.0", "author": "U1", "files": (),
        "is_shown": True, "is_deleted": False, "edited_at": None, "version": 1, "batch": None,
        "comment_id": None,
    }  # fmt: skip
    return Word(text=text, **(values | more))


def test_one_message_travels_however_long_it_is() -> None:
    assert rules.together([word("x" * 40_000), word("y")]) == [word("x" * 40_000)]


def test_messages_travel_together_as_far_as_they_fit() -> None:
    assert rules.together([word("x" * 12_000), word("y" * 12_000), word("z" * 12_000)]) == [
        word("x" * 12_000), word("y" * 12_000)
    ]  # fmt: skip


def test_nothing_travels_where_nothing_waits() -> None:
    assert rules.together([]) == []
