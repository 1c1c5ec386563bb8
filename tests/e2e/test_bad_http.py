"""Calls that Slack never made, or made badly: what the running bot's door answers, and that nothing comes of it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.features.requests.models import requests
from tests.e2e.office import Office, open_office
from tests.support.loglines import log_lines

pytestmark = pytest.mark.asyncio(loop_scope="module")

CANARY = "canary-4711 with a secret"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MEGABYTE = 1024 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    directory = tmp_path_factory.mktemp("office")
    async with open_office(f"sqlite:///{directory}/frontdesk.db", directory, with_jira=False) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=15)) as session:
        yield session


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call and how its genuine form is spoilt. `age` in seconds; `headers` replace or (None) remove."""

    body: bytes = b""
    kind: str = FORM
    age: int = 0
    signed: bool = True
    headers: dict[str, str | None] = field(default_factory=dict[str, str | None])


def command(text: str = CANARY, **more: str) -> bytes:
    """A slash command's body."""
    fields = {
        "command": "/ask-team", "text": f"payments {text}", "team_id": "T0SANDBOX1", "user_id": "U0ANA00001",
        "channel_id": "C0GENERAL1", "channel_name": "general", "trigger_id": "1.2.abc",
    }  # fmt: skip
    return urlencode(fields | more).encode()


def headers_of(office: Office, call: Call) -> dict[str, str]:
    """The headers of a call, genuine but for what is spoilt."""
    stamp = int(office.clock.now().timestamp()) - call.age
    signature = office.box.sign(call.body, stamp) if call.signed else ""
    given: dict[str, str | None] = {
        "Content-Type": call.kind, "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": signature or None, **call.headers,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


async def send(office: Office, http: aiohttp.ClientSession, call: Call) -> tuple[int, str]:
    """Status and text of the answer."""
    url = f"{office.running.address}/slack/events"
    async with http.post(url, data=call.body, headers=headers_of(office, call)) as answer:
        text = await answer.text()
        assert "Server" not in answer.headers
        assert "text/html" not in answer.content_type
        return answer.status, text


async def count(office: Office) -> int:
    """How many requests there are."""
    return await office.product.database.read(
        lambda c: c.scalar(select(func.count()).select_from(requests)) or 0
    )


def event(**inner: Any) -> bytes:
    """An event's body."""
    return json.dumps({"type": "event_callback", "team_id": "T0SANDBOX1", "event": inner}).encode()


UNBELIEVED = {
    "without a signature": Call(body=command(), signed=False),
    "with an empty signature": Call(body=command(), headers={"X-Slack-Signature": ""}),
    "with a signature of another scheme": Call(
        body=command(), headers={"X-Slack-Signature": "v1=" + "0" * 64}
    ),
    "with a wrong signature": Call(body=command(), headers={"X-Slack-Signature": "v0=" + "0" * 64}),
    "with letters of other alphabets in the signature": Call(
        body=command(), headers={"X-Slack-Signature": "v0=ünïcödé"}
    ),
    "301 seconds old": Call(body=command(), age=301),
    "of the future": Call(body=command(), age=-302),
    "without a timestamp": Call(body=command(), headers={"X-Slack-Request-Timestamp": None}),
    "with an empty timestamp": Call(body=command(), headers={"X-Slack-Request-Timestamp": ""}),
    "with words for a timestamp": Call(body=command(), headers={"X-Slack-Request-Timestamp": "abc"}),
    "with a timestamp of 5,000 digits": Call(
        body=command(), headers={"X-Slack-Request-Timestamp": "1" * 5000}
    ),
    "with a timestamp in other digits": Call(body=command(), headers={"X-Slack-Request-Timestamp": "١٢٣"}),
    "with broken JSON, unsigned": Call(body=b"{", kind=JSON, signed=False),
    "nested without end, unsigned": Call(body=b"[" * 100_000, kind=JSON, signed=False),
    "to verify an address, unsigned": Call(
        body=b'{"type": "url_verification", "challenge": "x"}', kind=JSON, signed=False
    ),
    "that asks about certificates inside an event, unsigned": Call(
        body=b'{"a": "&ssl_check=1&b"}', kind=JSON, signed=False
    ),
}


@pytest.mark.parametrize("name", UNBELIEVED)
async def test_a_call_that_is_not_slacks_is_refused(
    office: Office, http: aiohttp.ClientSession, name: str
) -> None:
    before = await count(office)
    with log_lines() as log:
        status, text = await send(office, http, UNBELIEVED[name])
    assert (status, text) == (401, "")
    assert await count(office) == before
    assert not log.errors
    assert CANARY not in log.text


async def test_a_body_changed_after_signing_is_refused(office: Office, http: aiohttp.ClientSession) -> None:
    body = event(type="message", text="x")
    signature = office.box.sign(body, int(office.clock.now().timestamp()))
    spaced = json.dumps(json.loads(body), indent=1).encode()
    for changed in (body.replace(b'"x"', b'"y"'), spaced):
        call = Call(body=changed, kind=JSON, headers={"X-Slack-Signature": signature})
        assert (await send(office, http, call))[0] == 401


async def test_two_signatures_are_refused_even_if_one_is_good(office: Office) -> None:
    call = Call(body=command())
    good = headers_of(office, call)
    lines = [f"{name}: {value}" for name, value in good.items()]
    for bad in (
        f"X-Slack-Signature: v0={'0' * 64}",
        f"X-Slack-Request-Timestamp: {good['X-Slack-Request-Timestamp']}",
    ):
        for order in ([*lines, bad], [bad, *lines]):
            assert await spoken(office, order, call.body) == 401


async def spoken(office: Office, headers: list[str], body: bytes) -> int:
    """The status for exactly these header lines, which an HTTP client would not send."""
    host, port = office.running.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = [
        "POST /slack/events HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    writer.write("\r\n".join([*head, *headers, "", ""]).encode() + body)
    status = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    return int(status.split()[1])


async def test_a_call_of_299_seconds_ago_is_accepted(office: Office, http: aiohttp.ClientSession) -> None:
    before = await count(office)
    call = Call(body=command("An old one", trigger_id="1.2.old"), age=299)
    status, text = await send(office, http, call)
    assert status == 200
    assert "#" in json.loads(text)["text"]
    assert await count(office) == before + 1


async def test_a_replayed_command_is_answered_and_files_nothing_more(
    office: Office, http: aiohttp.ClientSession
) -> None:
    call = Call(body=command("Sent twice", trigger_id="1.2.twice"))
    headers = headers_of(office, call)
    answers: list[str] = []
    for _ in range(2):
        async with http.post(
            f"{office.running.address}/slack/events", data=call.body, headers=headers
        ) as answer:
            assert answer.status == 200
            answers.append((await answer.json())["text"])
        after = await count(office)
    number = answers[0].split("*")[1]
    assert number in answers[1]
    assert await count(office) == after


MALFORMED = {
    "broken JSON": Call(body=b'{"type": ', kind=JSON),
    "a JSON list": Call(body=b"[]", kind=JSON),
    "null": Call(body=b"null", kind=JSON),
    "a JSON string": Call(body=b'"x"', kind=JSON),
    "nothing at all": Call(body=b"", kind=JSON),
    "bytes that are no text": Call(body=b'{"a": "\xff\xfe"}', kind=JSON),
    "JSON nested 100,000 deep": Call(body=b'{"a":' * 100_000, kind=JSON),
    "a number of 10,000 digits": Call(body=b'{"a": ' + b"1" * 10_000 + b"}", kind=JSON),
    "a form with a broken payload": Call(body=b"payload=%7B"),
    "a form with a payload that is a list": Call(body=b"payload=%5B%5D"),
    "a form with an empty payload": Call(body=b"payload="),
    "a form without a command": Call(body=b"a=b"),
    "an empty form": Call(body=b""),
    "a command of nobody": Call(body=command(user_id="")),
    "a payload without a person": Call(body=urlencode({"payload": '{"type": "block_actions"}'}).encode()),
    "a payload with a number for a person": Call(
        body=urlencode({"payload": '{"type": "shortcut", "user": 7}'}).encode()
    ),
    "a click on nothing": Call(
        body=urlencode({"payload": '{"type": "block_actions", "user": {"id": "U1"}, "actions": []}'}).encode()
    ),
    "a click on a word": Call(
        body=urlencode(
            {"payload": '{"type": "block_actions", "user": {"id": "U1"}, "actions": ["x"]}'}
        ).encode()
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_cannot_be_read_is_refused_without_a_trace(
    office: Office, http: aiohttp.ClientSession, name: str
) -> None:
    before = await count(office)
    with log_lines() as log:
        status, text = await send(office, http, MALFORMED[name])
    assert (status, text) == (400, "")
    assert not log.errors
    assert await count(office) == before


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""])
async def test_another_content_type_is_refused(
    office: Office, http: aiohttp.ClientSession, kind: str
) -> None:
    assert (await send(office, http, Call(body=command(), kind=kind)))[0] == 415


async def test_a_body_just_below_a_megabyte_is_read(office: Office, http: aiohttp.ClientSession) -> None:
    body = event(type="message", text="", user="U0ANA00001")
    body = body.replace(b'"text": ""', b'"text": "' + b"x" * (MEGABYTE - len(body)) + b'"')
    assert len(body) == MEGABYTE
    assert (await send(office, http, Call(body=body, kind=JSON)))[0] == 200


@pytest.mark.parametrize("signed", [True, False])
async def test_a_body_of_two_megabytes_is_refused(
    office: Office, http: aiohttp.ClientSession, signed: bool
) -> None:
    call = Call(body=b"x" * (2 * MEGABYTE), kind=JSON, signed=signed)
    assert (await send(office, http, call))[0] == 413


async def test_a_large_body_of_unknown_length_is_refused(office: Office, http: aiohttp.ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield b"x" * (MEGABYTE // 16)

    async with http.post(f"{office.running.address}/slack/events", data=pieces()) as answer:
        assert answer.status == 413


async def test_a_compressed_body_is_refused_unopened(office: Office, http: aiohttp.ClientSession) -> None:
    bomb = gzip.compress(b"\0" * 10 * MEGABYTE)
    call = Call(body=bomb, kind=JSON, headers={"Content-Encoding": "gzip"})
    assert (await send(office, http, call))[0] == 415


async def test_callers_who_send_a_byte_now_and_then_are_dropped_and_hold_up_nobody(
    office: Office, http: aiohttp.ClientSession
) -> None:
    async def crawl() -> int:
        host, port = office.running.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        answer = asyncio.ensure_future(reader.readline())
        for _ in range(9):
            done, _ = await asyncio.wait({answer}, timeout=1)
            if done:
                break
            writer.write(b"x")
        writer.close()
        return int((await answer).split()[1])

    crawling = [asyncio.create_task(crawl()) for _ in range(200)]
    # Everybody has connected once the first second is over.
    await asyncio.wait(crawling, timeout=1)
    assert not any(task.done() for task in crawling)
    status, text = await send(office, http, Call(body=command("Meanwhile", trigger_id="1.2.meanwhile")))
    assert (status, "#" in text) == (200, True)
    assert not any(task.done() for task in crawling)
    assert set(await asyncio.gather(*crawling)) == {408}


async def test_a_certificate_check_needs_no_signature_and_does_nothing(
    office: Office, http: aiohttp.ClientSession
) -> None:
    before = await count(office)
    call = Call(body=b"ssl_check=1&" + command(), signed=False)
    assert await send(office, http, call) == (200, "")
    assert await count(office) == before


async def test_the_address_is_verified_as_json_whatever_the_challenge(
    office: Office, http: aiohttp.ClientSession
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "<script>alert(1)</script>"}).encode()
    status, text = await send(office, http, Call(body=body, kind=JSON))
    assert (status, json.loads(text)) == (200, {"challenge": "<script>alert(1)</script>"})


async def test_refusals_are_counted_by_reason_and_say_nothing_of_people(
    office: Office, http: aiohttp.ClientSession
) -> None:
    await send(office, http, Call(body=command(), signed=False))
    async with http.get(f"{office.running.address}/metrics") as answer:
        text = await answer.text()
    assert 'frontdesk_rejected_requests_total{reason="unsigned"}' in text
    for secret in (CANARY, "U0ANA00001", office.box.bot_token, office.box.signing_secret):
        assert secret not in text
