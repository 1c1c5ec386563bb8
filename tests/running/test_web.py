"""What the HTTP side answers to those who are not Slack."""

import aiohttp
import pytest

from bot.running import Running
from tests.running.conftest import Start
from tests.support.locks import held_for_writing
from tests.support.waiting import until


@pytest.fixture
async def running(start_bot: Start, tmp_path: object) -> Running:
    found = await start_bot(f"sqlite:///{tmp_path}/frontdesk.db")
    await found.wait_ready()
    return found


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/slack/events", 401),
        ("GET", "/tiny/webhook", 405),
        ("POST", "/jira/webhook", 404),
        ("GET", "/nothing/here", 404),
        ("GET", "/..%2f..%2fetc/passwd", 404),
        ("GET", "/", 404),
        ("POST", "/healthz", 405),
    ],
)
async def test_what_is_not_ours_gets_a_plain_refusal(
    running: Running, http: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with http.request(method, f"{running.address}{path}") as answer:
        text = await answer.text()
        assert answer.status == status
        assert "Server" not in answer.headers
        assert "Traceback" not in text


async def test_a_slice_is_called_at_its_own_path(running: Running, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{running.address}/tiny/webhook", data=b"hello") as answer:
        assert answer.status == 200
        assert await answer.text() == "heard hello"


async def test_metrics_are_prometheus_text_with_our_names(
    running: Running, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{running.address}/metrics") as answer:
        text = await answer.text()
    assert answer.content_type == "text/plain"
    assert "frontdesk_db_up 1.0" in text
    assert 'frontdesk_loop_last_tick_seconds{loop="relay"}' in text


async def test_metrics_alone_tell_how_long_the_database_is_away(
    running: Running, http: aiohttp.ClientSession, tmp_path: object
) -> None:
    async def figure() -> float:
        async with http.get(f"{running.address}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        (line,) = (line for line in lines if line.startswith("frontdesk_db_unreachable_seconds "))
        return float(line.split()[1])

    async def is_away() -> bool:
        return await figure() > 0

    async def is_back() -> bool:
        return await figure() == 0

    assert await is_back()
    async with held_for_writing(f"{tmp_path}/frontdesk.db"):
        await until(is_away)
    await until(is_back)


async def test_a_kind_of_work_is_there_with_nought_before_its_first_end(
    running: Running, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{running.address}/metrics") as answer:
        text = await answer.text()
    assert 'frontdesk_jobs_total{kind="tiny.post",result="doubtful"} 0.0' in text
    assert 'frontdesk_requests_total{kind="view_closed",result="too_slow"} 0.0' in text


async def test_healthz_names_the_loops_that_stand_still(
    running: Running, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{running.address}/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"alive": True, "standing_still": []}


async def test_a_body_of_two_megabytes_is_refused(running: Running, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{running.address}/slack/events", data=b"x" * 2 * 1024 * 1024) as answer:
        assert answer.status == 413


async def test_a_compressed_body_is_refused_unread(running: Running, http: aiohttp.ClientSession) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    async with http.post(f"{running.address}/slack/events", data=b"\x1f\x8b", headers=headers) as answer:
        assert answer.status == 415
