"""Another program holds the SQLite file: people are told in time, and what they were told stays true."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.features.requests.models import requests
from bot.sandbox.screen import Answer
from tests.e2e.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(
        f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, with_jira=False, patience=None
    ) as opened:
        yield opened


@contextmanager
def held(office: Office) -> Iterator[None]:
    """The file is locked for writing until the block ends."""
    with closing(sqlite3.connect(str(office.product.database.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def _requests(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(requests)) or 0


async def test_what_was_said_not_to_be_recorded_is_not_recorded_later(office: Office) -> None:
    ana = office.person("ana")
    with held(office):
        answer = await ana.runs("/ask-team payments Refund stuck for order 123")
        assert isinstance(answer, Answer)
        assert "Not recorded" in answer.text
        assert "Refund stuck for order 123" in answer.text
    # The next write comes after whatever still waited for the lock.
    again = await ana.runs("/ask-team payments Another thing")
    assert isinstance(again, Answer)
    assert "#1" in again.text
    assert await office.product.database.read(_requests) == 1


async def test_a_list_can_be_read_all_the_same(office: Office) -> None:
    with held(office):
        answer = await office.person("alice").runs("/triage", in_="#triage-payments")
    assert isinstance(answer, Answer)
    assert "no open requests" in answer.text


async def test_a_claim_that_was_said_not_to_have_happened_does_not_happen_later(office: Office) -> None:
    card = await office.asks("Refund stuck for order 123")
    with held(office):
        answer = await card.click("Claim", by=office.person("alice"))
        assert isinstance(answer, Answer)
        assert "nothing was changed" in answer.text
    await office.asks("Another thing")
    assert "New" in (await card.now()).text
    taken = await office.person("bob").runs("/triage next", in_="#triage-payments")
    assert isinstance(taken, Answer)
    assert "Refund stuck" in taken.text
