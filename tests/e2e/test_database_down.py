"""The database goes away while people work: nobody is lied to, nothing is lost, nothing is doubled."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection, func, select

from bot import bootstrap, running
from bot.features.requests.models import requests
from bot.outbox.models import outbox
from bot.sandbox.forms import Form
from bot.sandbox.screen import Answer
from bot.sandbox.story import Sandbox
from tests.e2e.office import ROOT, Office, open_office, settings_for
from tests.support.loglines import log_lines
from tests.support.postgres import PostgresServer
from tests.support.proxy import Proxy, postgres_through_proxy

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("way", ["cut", "freeze"])]

TEXT = "Refund stuck for order 123"


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    name = postgres.create(with_tables=False)
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture
async def proxy_and_office(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[tuple[Proxy, Office]]:
    async with (
        postgres_through_proxy(empty_postgres_url) as (proxy, url),
        open_office(url, tmp_path, with_jira=False, patience=None) as office,
    ):
        yield proxy, office
        await back(proxy)


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    async with Sandbox.start(manifest=manifest) as opened:
        yield opened


def goes_away(proxy: Proxy, way: str) -> None:
    """The server refuses everybody (`cut`), or says nothing more (`freeze`)."""
    if way == "cut":
        proxy.cut()
    else:
        proxy.freeze()


async def back(proxy: Proxy) -> None:
    """It is there again, with new connections: what was under way is lost."""
    proxy.cut()
    proxy.let_go()
    await proxy.listen()


async def filed(office: Office, count: int) -> None:
    """Returns when there are so many requests; raises TimeoutError with how many there are instead."""
    found = -1
    try:
        async with asyncio.timeout(15):
            while found != count:
                found = await office.product.database.read(_requests)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise TimeoutError(f"{found} requests") from None


def _requests(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(requests)) or 0


def _wishes(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.kind == "request.card")) or 0


async def test_a_line_is_answered_with_its_text_and_that_it_was_not_recorded(
    proxy_and_office: tuple[Proxy, Office], way: str
) -> None:
    proxy, office = proxy_and_office
    goes_away(proxy, way)
    with log_lines() as log:
        answer = await office.person("ana").runs(f"/ask-team payments {TEXT}")
    assert isinstance(answer, Answer)
    assert "Not recorded" in answer.text
    assert TEXT in answer.text
    assert not log.errors
    await back(proxy)
    await office.running.wait_ready(15)
    assert await office.product.database.read(_requests) == 0


async def test_a_form_stays_open_with_what_was_typed_and_can_be_sent_when_it_is_back(
    proxy_and_office: tuple[Proxy, Office], way: str
) -> None:
    proxy, office = proxy_and_office
    form = await office.person("ana").runs("/ask-team")
    assert isinstance(form, Form)
    form.fill("Summary", TEXT)
    goes_away(proxy, way)
    refused = await form.submit()
    # That nobody could look for what looks alike is not worth a window of its own.
    assert (await office.person("ana").form()).view is form.view
    assert refused is not None
    assert not refused.failed
    assert any("Storage is unavailable" in words for words in refused.errors.values())
    assert refused.is_open
    assert refused.value("Summary") == TEXT
    await back(proxy)
    await office.running.wait_ready(15)
    assert await refused.submit() is None
    await filed(office, 1)


async def test_a_message_is_refused_and_filed_once_when_slack_sends_it_again(
    proxy_and_office: tuple[Proxy, Office], way: str
) -> None:
    proxy, office = proxy_and_office
    office.box.workspace.courier.retry_delays = (0.5, 4.0, 8.0, 8.0)
    goes_away(proxy, way)
    await office.person("ana").says(TEXT, in_="#ask-payments")
    async with asyncio.timeout(10):
        while not (told := [call for call in office.box.journal.told("event:message") if call.status]):
            await asyncio.sleep(0.02)
    assert told[0].status == 503
    await back(proxy)
    await filed(office, 1)
    await office.box.events_delivered(20)
    assert await office.product.database.read(_requests) == 1
    assert await office.product.database.read(_wishes) == 1


async def test_what_was_acknowledged_before_is_delivered_once_afterwards(
    proxy_and_office: tuple[Proxy, Office], way: str
) -> None:
    proxy, office = proxy_and_office
    late = office.box.faults.add(
        method="chat.postMessage", kind="hang_after", channel="C0TRIAGE01", seconds=0.5
    )
    answer = await office.person("ana").runs(f"/ask-team payments {TEXT}")
    assert isinstance(answer, Answer)
    assert "#1" in answer.text
    async with asyncio.timeout(10):
        while not late.hits:
            await asyncio.sleep(0.02)
    goes_away(proxy, way)
    await asyncio.wait_for(_is_in_trouble(office), 15)
    await back(proxy)
    await office.running.wait_ready(15)
    office.clock.advance(60)
    alice = office.person("alice")
    card = await alice.waits_for(TEXT, in_="#triage-payments", timeout=10)
    await alice.waits_for("on duty", in_="#triage-payments", thread=card, timeout=15)
    cards = [seen for seen in await alice.sees(in_="#triage-payments") if TEXT in seen.text]
    assert len(cards) == 1


async def _is_in_trouble(office: Office) -> None:
    while office.running.parts()["database"] == "ok":
        await asyncio.sleep(0.05)


async def test_it_starts_without_a_database_and_works_when_there_is_one(
    empty_postgres_url: str, tmp_path: Path, way: str, box: Sandbox
) -> None:
    async with postgres_through_proxy(empty_postgres_url) as (proxy, url):
        goes_away(proxy, way)
        run = await running.start(bootstrap.build(settings_for(box, url, "http", None)))
        try:
            box.deliver_by_http(f"{run.address}/slack/events")
            refused = await box.person("ana").runs(f"/ask-team payments {TEXT}")
            assert isinstance(refused, Answer)
            assert TEXT in refused.text
            await back(proxy)
            await run.wait_ready(15)
            answer = await box.person("ana").runs("/triage help")
            assert isinstance(answer, Answer)
            assert "/triage" in answer.text
        finally:
            await run.close()
