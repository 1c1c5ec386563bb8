"""Inputs 1 to 25 of the list as one table: what the door answers, what it counts, and that nothing is stored."""

import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY
from sqlalchemy import Connection, func, select

from bot.outbox.models import inbox, outbox
from tests.e2e.office import Office, open_office
from tests.support.loglines import log_lines

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
CANARY = "canary-of-the-door"
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One hostile call: what is sent, how its genuine form is spoilt, the status and the reason that is counted.

    `age` in seconds; `headers` replace what a genuine call has.
    """

    status: int
    reason: str
    body: bytes
    kind: str = FORM
    age: int = 0
    secret: bool = True
    signed_as: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


def _command(trigger: str = "9.9.door") -> bytes:
    fields = {
        "command": "/ask-team", "text": f"payments {CANARY}", "team_id": "T0SANDBOX1", "user_id": "U0ANA00001",
        "channel_id": "C0GENERAL1", "channel_name": "general", "trigger_id": trigger,
    }  # fmt: skip
    return urlencode(fields).encode()


def _event(text: str) -> bytes:
    inner = {"type": "message", "text": text, "user": "U0ANA00001", "channel": "C0ASKPAY01", "ts": "9.9",
             "channel_type": "channel"}  # fmt: skip
    return json.dumps(
        {"type": "event_callback", "team_id": "T0SANDBOX1", "event_id": "Ev9", "event": inner}
    ).encode()


GOOD = _command()
THE_TABLE: dict[int, Bad] = {
    1: Bad(status=401, reason="unsigned", body=GOOD, secret=False),
    2: Bad(status=401, reason="bad_signature", body=GOOD, headers={SIGNATURE: "v0=" + "ab" * 32}),
    3: Bad(status=401, reason="bad_signature", body=GOOD, headers={SIGNATURE: "v1=" + "ab" * 32}),
    4: Bad(status=401, reason="bad_signature", body=GOOD, headers={SIGNATURE: ""}),
    5: Bad(status=401, reason="stale", body=GOOD, age=301),
    6: Bad(status=401, reason="stale", body=GOOD, age=-302),
    7: Bad(status=401, reason="bad_timestamp", body=GOOD, headers={STAMP: "abc"}),
    8: Bad(status=401, reason="bad_timestamp", body=GOOD, headers={STAMP: ""}),
    9: Bad(status=401, reason="bad_timestamp", body=GOOD, headers={STAMP: "1" * 5000}),
    10: Bad(status=401, reason="bad_signature", body=GOOD, headers={SIGNATURE: "v0=ünï"}),
    11: Bad(status=401, reason="bad_signature", body=GOOD[:-1] + b"X", signed_as=GOOD),
    14: Bad(
        status=401,
        reason="bad_signature",
        body=_event(CANARY).replace(b": ", b":"),
        signed_as=_event(CANARY),
        kind=JSON,
    ),
    15: Bad(status=400, reason="malformed", body=b'{"event": ', kind=JSON),
    16: Bad(status=400, reason="malformed", body=b"[1, 2]", kind=JSON),
    17: Bad(status=400, reason="malformed", body=b"null", kind=JSON),
    18: Bad(status=400, reason="malformed", body=b'"words"', kind=JSON),
    19: Bad(status=400, reason="malformed", body=b'{"text": "\xff\xfe"}', kind=JSON),
    20: Bad(status=400, reason="malformed", body=b"[" * 100_000, kind=JSON),
    21: Bad(status=413, reason="too_large", body=b"x" * (2 * MEGABYTE)),
    23: Bad(
        status=415,
        reason="encoded",
        body=gzip.compress(b"\0" * (10 * MEGABYTE)),
        headers={"Content-Encoding": "gzip"},
    ),
    24: Bad(
        status=401,
        reason="unsigned",
        body=b'{"type": "url_verification", "challenge": "x"}',
        kind=JSON,
        secret=False,
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    directory = tmp_path_factory.mktemp("office")
    async with open_office(f"sqlite:///{directory}/frontdesk.db", directory, with_jira=False) as opened:
        yield opened


def _headers(office: Office, bad: Bad) -> dict[str, str]:
    stamp = int(office.clock.now().timestamp()) - bad.age
    genuine = {"Content-Type": bad.kind, STAMP: str(stamp)}
    if bad.secret:
        genuine[SIGNATURE] = office.box.sign(bad.signed_as or bad.body, stamp)
    return genuine | bad.headers


async def _stored(office: Office) -> list[int]:
    def count(connection: Connection) -> list[int]:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (inbox, outbox)]

    return await office.product.database.read(count)


def _counted(reason: str) -> float:
    return REGISTRY.get_sample_value("frontdesk_rejected_requests_total", {"reason": reason}) or 0.0


async def _post(office: Office, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, Any]:
    url = f"{office.running.address}/slack/events"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.read(), answer.headers


@pytest.mark.parametrize("number", THE_TABLE)
async def test_the_door_answers_counts_and_stores_nothing(office: Office, number: int) -> None:
    bad = THE_TABLE[number]
    before = await _stored(office), _counted(bad.reason)
    with log_lines() as log:
        status, body, headers = await _post(office, bad.body, _headers(office, bad))
    assert (status, body) == (bad.status, b"")
    assert "Server" not in headers
    assert (await _stored(office), _counted(bad.reason) - 1) == before
    assert [line["reason"] for line in log.events("slack.rejected")] == [bad.reason]
    assert not log.errors
    assert CANARY not in log.text


async def test_the_same_call_unspoilt_is_let_in(office: Office) -> None:
    good = Bad(status=200, reason="", body=GOOD, age=-298)
    status, body, _ = await _post(office, good.body, _headers(office, good))
    assert (status, b"#1" in body) == (200, True)


async def test_an_event_sent_again_with_its_signature_has_no_second_effect(office: Office) -> None:
    headers = _headers(office, Bad(status=200, reason="", body=_event("Sent again"), kind=JSON))
    assert (await _post(office, _event("Sent again"), headers))[0] == 200
    once = await office.count()
    assert (await _post(office, _event("Sent again"), headers))[0] == 200
    assert await office.count() == once
