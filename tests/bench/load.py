"""Many people typing `/ask-team` at once, in a process of its own: a closed loop over plain sockets.

Every call is signed before the watch starts, and no two are alike, so nothing is answered as a repetition.
"""

import asyncio
import hashlib
import hmac
import json
import sys
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode, urlsplit

from bot.core.clock import SystemClock, stopwatch
from tests.bench.sink import WORKSPACE

# More than any of the servers answers in a second on one core.
MOST_A_SECOND = 8000
LAST_ANSWERS = 10.0


@dataclass(frozen=True, kw_only=True)
class Order:
    """What one process has to do. `label` makes its texts differ from everybody else's."""

    address: str
    secret: str
    connections: int
    seconds: float
    people: int
    label: str
    expect: str


@dataclass(kw_only=True)
class Seen:
    """What came of it. `waits` are milliseconds; `acknowledged` the texts that were answered as recorded."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list[float])
    acknowledged: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])


def text_of(label: str, number: int) -> str:
    """The text of one call; it is also the summary of the request that is looked for afterwards."""
    return f"Refund stuck for order {label}-{number}"


def signed(order: Order, number: int, stamp: str) -> bytes:
    """One call as Slack sends it: https://docs.slack.dev/interactivity/implementing-slash-commands"""
    person = f"U0BENCH{number % order.people:03d}"
    form = {
        "token": "unused",
        "team_id": WORKSPACE,
        "team_domain": "bench",
        "channel_id": "C0GENERAL1",
        "channel_name": "general",
        "user_id": person,
        "user_name": "ana",
        "command": "/ask-team",
        "text": f"payments {text_of(order.label, number)}",
        "api_app_id": "A0BENCH001",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T0BENCH001/1/bench",
        "trigger_id": f"13345224609.738474920.{order.label}{number}",
    }
    body = urlencode(form).encode()
    digest = hmac.new(order.secret.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256)
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: {urlsplit(order.address).netloc}\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nAccept: application/json,*/*\r\n"
        "Accept-Encoding: gzip,deflate\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest.hexdigest()}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Person(asyncio.Protocol):
    """One connection: sends the next call as soon as the last one is answered."""

    def __init__(self, order: Order, calls: "Calls", seen: Seen) -> None:
        self._order = order
        self._calls = calls
        self._seen = seen
        self._got = b""
        self._number = 0
        self._asked = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        call = self._calls.next()
        if call is None:
            self._transport.close()
            return
        self._number, raw = call
        self._got = b""
        self._asked = stopwatch()
        self._transport.write(raw)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, gap, body = self._got.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        self._seen.waits.append((stopwatch() - self._asked) * 1000)
        text = text_of(self._order.label, self._number)
        if b" 200 " in head[:16] and self._order.expect.encode() in body:
            self._seen.acknowledged.append(text)
        else:
            self._seen.errors.append(f"{head[:15].decode()} {body[:100].decode(errors='replace')}")
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._seen.errors.append(type(exc).__name__)
        if not self.done.done():
            self.done.set_result(None)


class Calls:
    """Ready-made calls, handed out until the time is over."""

    def __init__(self, order: Order) -> None:
        stamp = str(int(SystemClock().now().timestamp()))
        most = int(MOST_A_SECOND * order.seconds)
        self._calls = [(number, signed(order, number, stamp)) for number in range(most)]
        self._until = stopwatch() + order.seconds

    def next(self) -> tuple[int, bytes] | None:
        if stopwatch() >= self._until or not self._calls:
            return None
        return self._calls.pop()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def run(order: Order) -> Seen:
    """Keeps all connections busy for the ordered time, then waits for the last answers."""
    seen = Seen()
    calls = Calls(order)
    parts = urlsplit(order.address)
    loop = asyncio.get_running_loop()
    began = stopwatch()
    persons: list[Person] = []
    for _ in range(order.connections):
        _, person = await loop.create_connection(
            lambda: Person(order, calls, seen), parts.hostname or "127.0.0.1", parts.port or 80
        )
        persons.append(person)
    _, open_still = await asyncio.wait(
        [person.done for person in persons], timeout=order.seconds + LAST_ANSWERS
    )
    seen.seconds = stopwatch() - began
    seen.errors.extend("no answer" for _ in open_still)
    return seen


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Order(**json.loads(sys.argv[1])))))))
