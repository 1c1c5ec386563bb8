"""What it costs to acknowledge `/ask-team` only once it is stored, against a Bolt app that stores nothing.

Figures are ratios of one run: both sides in turns, same machine, same load. How to read them is in README.md.
"""

import argparse
import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles

from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.features.requests.models import requests
from tests.bench.load import Order, Seen
from tests.bench.servers import SECRET, Server, database, load, product, telling

PEOPLE = 20
CONNECTIONS = (16, 64)
WARM_UP = 1.0
# What each side answers; anything else counts as an error.
BARE, OURS = "Recorded.", "is with *Payments*"


@dataclass(kw_only=True)
class Side:
    """Everything seen of one server at one number of connections, over all rounds."""

    spells: list[Seen] = field(default_factory=list[Seen])

    @property
    def errors(self) -> list[str]:
        return [error for seen in self.spells for error in seen.errors]

    @property
    def per_second(self) -> float:
        return sum(len(seen.acknowledged) for seen in self.spells) / sum(seen.seconds for seen in self.spells)

    def wait(self, percent: int) -> float:
        """Milliseconds within which this share of the answers came."""
        waits = [wait for seen in self.spells for wait in seen.waits]
        return quantiles(waits, n=100)[percent - 1] if len(waits) > 1 else float("nan")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One database: both sides at each number of connections, and the texts that must be stored."""

    kind: str
    bare: dict[int, Side]
    ours: dict[int, Side]
    acknowledged: list[str]


def measure(kind: str, url: str, *, seconds: float, rounds: int, connections: Sequence[int]) -> Measured:
    """Alternates bare and ours, so that whatever drifts on the machine meets both."""
    bare: dict[int, Side] = defaultdict(Side)
    ours: dict[int, Side] = defaultdict(Side)
    with (
        telling("tests.bench.sink") as sink,
        telling("tests.bench.bare", SECRET) as plain,
        product(url, sink.address) as frontdesk,
    ):
        warm = [
            _spell(plain, BARE, CONNECTIONS[0], WARM_UP, "warm"),
            _spell(frontdesk, OURS, CONNECTIONS[0], WARM_UP, "warm"),
        ]
        frontdesk.pause()
        for number in range(rounds):
            for count in connections:
                label = f"{number}x{count}"
                bare[count].spells.append(_spell(plain, BARE, count, seconds, label))
                frontdesk.go_on()
                ours[count].spells.append(_spell(frontdesk, OURS, count, seconds, label))
                frontdesk.pause()
    stored = [warm[1], *(seen for side in ours.values() for seen in side.spells)]
    texts = [text for seen in stored for text in seen.acknowledged]
    return Measured(kind=kind, bare=bare, ours=ours, acknowledged=texts)


def _spell(server: Server, expect: str, connections: int, seconds: float, label: str) -> Seen:
    order = Order(
        address=server.address, secret=SECRET, connections=connections, seconds=seconds, people=PEOPLE,
        label=label, expect=expect,
    )  # fmt: skip
    return load(order)


def not_once(url: str, acknowledged: Sequence[str]) -> list[str]:
    """The acknowledged texts that the database does not hold exactly once."""
    stored = Counter(asyncio.run(_summaries(url)))
    twice = [text for text, times in stored.items() if times > 1]
    return [text for text in acknowledged if text not in stored] + twice


async def _summaries(url: str) -> list[str]:
    opened = Database(url)
    try:
        return await opened.read(_all_summaries)
    finally:
        await opened.close()


def _all_summaries(connection: Connection) -> list[str]:
    return list(connection.scalars(select(requests.c.summary)))


def table(measured: Measured) -> str:
    """Ratios first; absolute figures for orientation behind them."""
    lines = [
        f"\n{measured.kind}: stored, then acknowledged / bare Bolt that only acknowledges",
        f"{'connections':>11} {'throughput':>11} {'p50':>7} {'p99':>7} {'errors':>7}   per second, p50 ms, p99 ms",
    ]
    for count, ours in measured.ours.items():
        bare = measured.bare[count]
        absolute = " / ".join(
            f"{side.per_second:.0f}, {side.wait(50):.1f}, {side.wait(99):.1f}" for side in (ours, bare)
        )
        lines.append(
            f"{count:>11} {ours.per_second / bare.per_second:>11.2f} {ours.wait(50) / bare.wait(50):>7.2f}"
            f" {ours.wait(99) / bare.wait(99):>7.2f} {len(ours.errors) + len(bare.errors):>7}   {absolute}"
        )
    return "\n".join(lines)


def faults(measured: Measured, missing: Sequence[str]) -> list[str]:
    """What makes the run worthless: errors, nothing measured, or an acknowledged request that is not there once."""
    sides = [*measured.bare.values(), *measured.ours.values()]
    found = [
        f"error: {error} ({times} times)"
        for error, times in Counter(e for s in sides for e in s.errors).items()
    ]
    found += [f"not stored exactly once: {text}" for text in missing[:10]]
    if not measured.acknowledged:
        found.append("nothing was acknowledged")
    return found


def main() -> None:
    """Measures, prints the tables and ends with 1 if an acknowledged request is not stored exactly once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each spell")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument(
        "--smoke", action="store_true", help="2 seconds, one round: that it works, not how fast"
    )
    chosen = parser.parse_args()
    kinds = ("sqlite", "postgres") if chosen.database == "both" else (chosen.database,)
    seconds, rounds = (2.0, 1) if chosen.smoke else (chosen.seconds, chosen.rounds)
    wrong: list[str] = []
    for kind in kinds:
        with database(kind) as url:
            connections = CONNECTIONS[:1] if chosen.smoke else CONNECTIONS
            measured = measure(kind, url, seconds=seconds, rounds=rounds, connections=connections)
            missing = not_once(url, measured.acknowledged)
        print(table(measured), flush=True)
        print(
            f"{len(measured.acknowledged)} acknowledged, {len(missing)} of them not stored exactly once.",
            flush=True,
        )
        wrong += faults(measured, missing)
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()
