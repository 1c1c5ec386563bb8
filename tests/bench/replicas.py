"""What a second bot on the same Postgres adds: `/ask-team` through the proxy that ships, with one behind it and with two.

Both share the machine with Postgres, the load and the sink: how to read the figures is in README.md.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from tests.bench.ack import Side, not_once
from tests.bench.load import Order, Seen
from tests.bench.servers import SECRET, Server, database, load, product, telling
from tests.support.haproxy import haproxy_before

CONNECTIONS = (4, 16, 64)


async def measure(bots: Sequence[Server], *, seconds: float) -> dict[int, Side]:
    """One spell for each number of connections, through the proxy with these bots behind it."""
    ports = [int(bot.address.rsplit(":", 1)[1]) for bot in bots]
    sides: dict[int, Side] = {}
    async with haproxy_before(ports[0], ports[-1]) as address:
        for count in CONNECTIONS:
            order = Order(
                address=address, secret=SECRET, connections=count, seconds=seconds, people=20,
                label=f"{len(bots)}x{count}", expect="#",
            )  # fmt: skip
            seen: Seen = await asyncio.to_thread(load, order)
            sides[count] = Side(spells=[seen])
    return sides


def lines(number: int, sides: dict[int, Side]) -> list[str]:
    """A row of the table for each number of connections."""
    return [
        f"| {number} | {count} | {side.per_second:.0f} | {side.wait(50):.0f} | {side.wait(99):.0f} | {len(side.errors)} |"
        for count, side in sides.items()
    ]


def main() -> int:
    """Prints a table; 1 if a call failed or an acknowledged request is not stored exactly once."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=8.0)
    seconds = options.parse_args().seconds
    rows: list[str] = []
    wrong: list[str] = []
    for number in (1, 2):
        # A database of its own for each: what one spell left to be delivered would slow the next.
        with database("postgres") as url, telling("tests.bench.sink") as sink, ExitStack() as stack:
            bots = [stack.enter_context(product(url, sink.address)) for _ in range(number)]
            sides = asyncio.run(measure(bots, seconds=seconds))
            rows += lines(number, sides)
            spells = [seen for side in sides.values() for seen in side.spells]
            wrong += [error for seen in spells for error in seen.errors]
            wrong += not_once(url, [text for seen in spells for text in seen.acknowledged])
    print(
        "| bots | connections | calls/s | p50 ms | p99 ms | failed |\n| --- | --- | --- | --- | --- | --- |"
    )
    print("\n".join([*rows, *wrong[:10]]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
