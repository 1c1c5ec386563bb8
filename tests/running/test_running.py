"""A start, a stop, and what is answered in between when something is missing."""

from pathlib import Path

import aiohttp
import pytest

from bot import migrate
from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.migrate import State
from bot.sandbox.story import Answer, Sandbox
from tests.running.conftest import Start
from tests.support.waiting import until

GONE = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/frontdesk.db"


async def _json(http: aiohttp.ClientSession, url: str) -> tuple[int, dict[str, object]]:
    async with http.get(url) as answer:
        return answer.status, await answer.json()


async def test_a_start_on_an_empty_database_ends_ready(
    start_bot: Start, empty_database_url: str, http: aiohttp.ClientSession
) -> None:
    running = await start_bot(empty_database_url)
    await running.wait_ready()
    status, body = await _json(http, f"{running.address}/readyz")
    assert (status, body["failing"]) == (200, [])


async def test_a_start_brings_the_database_up_to_date(start_bot: Start, sqlite_url: str) -> None:
    running = await start_bot(sqlite_url)
    await running.wait_ready()
    database = Database(sqlite_url)
    assert await migrate.state(database) is State.CURRENT
    await database.close()


async def test_without_migrating_readyz_says_what_is_missing_until_somebody_migrates(
    start_bot: Start, sqlite_url: str, http: aiohttp.ClientSession
) -> None:
    running = await start_bot(sqlite_url, migrate=False)
    await until(lambda: "frontdesk migrate" in running.parts()["migrations"])
    await until(lambda: running.parts()["database"] == "ok")
    status, body = await _json(http, f"{running.address}/readyz")
    assert (status, body["failing"]) == (503, ["migrations"])
    database = Database(sqlite_url)
    await migrate.upgrade(database)
    await database.close()
    await running.wait_ready()


async def test_without_a_database_it_listens_and_names_what_is_missing(
    start_bot: Start, http: aiohttp.ClientSession
) -> None:
    running = await start_bot(GONE)
    await until(lambda: running.parts()["slack"] == "ok")
    status, body = await _json(http, f"{running.address}/readyz")
    assert (status, body["failing"]) == (503, ["database", "migrations"])
    assert (await _json(http, f"{running.address}/healthz"))[0] == 200


async def test_without_a_database_a_command_is_answered_in_words(start_bot: Start, box: Sandbox) -> None:
    await start_bot(GONE)
    answer = await box.person("ana").runs("/ask-team payments Refund stuck for order 123")
    assert isinstance(answer, Answer)
    assert "Refund stuck for order 123" in answer.text
    assert "Not recorded" in answer.text


async def test_before_the_tables_are_there_events_are_refused_so_that_slack_sends_them_again(
    start_bot: Start, box: Sandbox
) -> None:
    await start_bot(GONE)
    await box.person("ana").tells_bot("Refund stuck")
    await until(
        lambda: bool(
            [call for call in box.journal.records if call.direction == "to_bot" and call.status == 503]
        ),
    )


async def test_a_second_run_on_the_same_file_is_refused(start_bot: Start, sqlite_url: str) -> None:
    await start_bot(sqlite_url)
    with pytest.raises(ConfigError, match="runs already"):
        await start_bot(sqlite_url)


async def test_a_port_that_is_taken_is_said_in_words(start_bot: Start, tmp_path: Path) -> None:
    first = await start_bot(f"sqlite:///{tmp_path}/one.db")
    port = int(first.address.rsplit(":", 1)[1])
    with pytest.raises(ConfigError, match="set HOST and PORT"):
        await start_bot(f"sqlite:///{tmp_path}/two.db", port=port)


async def test_after_a_stop_the_file_is_free_and_nothing_listens(
    start_bot: Start, sqlite_url: str, http: aiohttp.ClientSession
) -> None:
    first = await start_bot(sqlite_url)
    await first.wait_ready()
    await first.close()
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(f"{first.address}/healthz")
    second = await start_bot(sqlite_url)
    await second.wait_ready()
