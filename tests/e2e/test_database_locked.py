"""Another program holds the SQLite file: people are told in time, and what they were told stays true."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.features.requests.models import requests
from bot.sandbox.screen import Answer
from tests.e2e.office import Office, open_office
from tests.support.locks import held_for_writing


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(
        f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, with_jira=False, patience=None
    ) as opened:
        yield opened


def held(office: Office) -> AbstractAsyncContextManager[None]:
    """The file is locked for writing until the block ends."""
    return held_for_writing(str(office.product.database.url.database))


def _requests(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(requests)) or 0


async def test_what_was_said_not_to_be_recorded_is_not_recorded_later(office: Office) -> None:
    ana = office.person("ana")
    async with held(office):
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
    async with held(office):
        answer = await office.person("alice").runs("/triage", in_="#triage-payments")
    assert isinstance(answer, Answer)
    assert "no open requests" in answer.text


async def test_a_claim_that_was_said_not_to_have_happened_does_not_happen_later(office: Office) -> None:
    card = await office.asks("Refund stuck for order 123")
    async with held(office):
        answer = await card.click("Claim", by=office.person("alice"))
        assert isinstance(answer, Answer)
        assert "nothing was changed" in answer.text
    await office.asks("Another thing")
    assert "New" in (await card.now()).text
    taken = await office.person("bob").runs("/triage next", in_="#triage-payments")
    assert isinstance(taken, Answer)
    assert "Refund stuck" in taken.text
