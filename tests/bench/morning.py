"""How long after its time the last of 200 people gets the prompt of a check-in.

Against the soonest that Slack's limits allow, and against a bare `slack_sdk` client that posts the same messages.
How to read it is in README.md.
"""

import argparse
import asyncio
import json
import urllib.request
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from time import sleep
from typing import Any

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import stopwatch
from tests.bench.limits import Limits
from tests.bench.morning_bot import Morning, people_of
from tests.bench.servers import Server, database, telling

PEOPLE = 200
LATENCY = 0.1
# What the bot takes for granted, and a workspace that takes only a few at once.
AS_ASSUMED = Limits(at_once=200, a_minute=300, latency=LATENCY)
STRICTER = Limits(at_once=20, a_minute=300, latency=LATENCY)
# As many as the bot has under way.
AT_ONCE = 16
MOST_RETRIES = 1000
LONGEST = 120.0


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Seconds from the prompt time to the first and the last message, how many were refused, and what was posted."""

    first: float
    last: float
    refused: int
    posts: Sequence[Mapping[str, Any]]


def _seen(sink: Server) -> Any:
    with urllib.request.urlopen(sink.address.removesuffix("api/") + "seen", timeout=10) as answer:
        return json.load(answer)


def _spell(sink: Server, began: float) -> Spell:
    seen = _seen(sink)
    times = [one["at"] - began for one in seen["taken"]] or [float("nan")]
    return Spell(
        first=min(times),
        last=max(times),
        refused=seen["refused"],
        posts=[one["sent"] for one in seen["taken"]],
    )


def ours(kind: str, limits: Limits, people: int) -> Spell:
    """A morning of the product. What it sends is left to come for one second after the last prompt."""
    with (
        database(kind) as url,
        telling("tests.bench.sink", json.dumps(asdict(limits))) as sink,
        telling("tests.bench.morning_bot", json.dumps(_order(url, sink, people))) as bot,
    ):
        began = float(bot.address)
        until = began + LONGEST
        while stopwatch() < until and len(_seen(sink)["taken"]) < people:
            sleep(0.25)
        sleep(1)
        return _spell(sink, began)


def _order(url: str, sink: Server, people: int) -> dict[str, Any]:
    return asdict(Morning(database_url=url, slack_api_url=sink.address, people=people))


def bare(limits: Limits, posts: Sequence[Mapping[str, Any]]) -> Spell:
    """The same messages from a client that begins at once and obeys Retry-After."""
    with telling("tests.bench.sink", json.dumps(asdict(limits))) as sink:
        began = stopwatch()
        asyncio.run(_post_all(sink.address, posts))
        return _spell(sink, began)


async def _post_all(address: str, posts: Sequence[Mapping[str, Any]]) -> None:
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RETRIES)]
    client = AsyncWebClient(token="xoxb-bench", base_url=address, retry_handlers=handlers)
    turn = asyncio.Semaphore(AT_ONCE)

    async def post(message: Mapping[str, Any]) -> None:
        async with turn:
            await client.api_call("chat.postMessage", json=dict(message))

    await asyncio.gather(*map(post, posts))


def faults(spell: Spell, people: int) -> list[str]:
    """What makes a run worthless: somebody was not asked, or more than once."""
    got = Counter(post["channel"] for post in spell.posts)
    wanted = people_of(Morning(database_url="", slack_api_url="", people=people))
    return [f"{user_id} was asked {got[user_id]} times" for user_id in wanted if got[user_id] != 1]


def line(limits: Limits, ours: Sequence[Spell], bare: Sequence[Spell], people: int) -> str:
    """Medians of the spells; absolute figures behind the ratios."""
    last, plain = median(one.last for one in ours), median(one.last for one in bare)
    best = limits.best(people)
    against_best = f"{last / best:>8.2f}" if best else f"{'–':>8}"
    refused = [f"{median(one.refused for one in side):.0f}" for side in (ours, bare)]
    first = median(one.first for one in ours)
    return (
        f"{limits!s:<26} {against_best} {last / plain:>8.2f}   {first:.2f}, {last:.2f} / {best:.2f} / {plain:.2f}"
        f"   {refused[0]} / {refused[1]}"
    )


def measure(kind: str, limits: Limits, people: int, rounds: int) -> list[str]:
    """Prints the line of one kind of database and limits; returns the faults."""
    sides: tuple[list[Spell], list[Spell]] = ([], [])
    for _ in range(rounds):
        sides[0].append(ours(kind, limits, people))
        sides[1].append(bare(limits, sides[0][-1].posts))
    print(line(limits, *sides, people), flush=True)
    return [f"{kind}: {fault}" for side in sides for spell in side for fault in faults(spell, people)]


def main() -> None:
    """Measures, prints the tables and ends with 1 if somebody was not asked exactly once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--smoke", action="store_true", help="40 people, one round on SQLite: that it works")
    chosen = parser.parse_args()
    kinds = ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,)
    people, rounds, all_limits = PEOPLE, chosen.rounds, (AS_ASSUMED, STRICTER)
    if chosen.smoke:
        kinds, people, rounds, all_limits = ("sqlite",), 40, 1, (AS_ASSUMED,)
    wrong: list[str] = []
    for kind in kinds:
        print(f"\n{kind}: {people} people are asked at 09:00; seconds from then to the last prompt received")
        print(
            f"{'limits':<26} {'/ best':>8} {'/ bare':>8}   first, last / best / bare   refused: product / bare"
        )
        for limits in all_limits:
            wrong += measure(kind, limits, people, rounds)
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
