"""Counts what came to an end, day by day, from the rows that say so. Repeatable: several replicas count the same."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.feature import Ends, Feature, Job
from bot.indicators import store
from bot.indicators.domain import Component, Counted, Indicators, first_day, indicators
from bot.indicators.tally import Tally
from bot.metrics import CALLS_WINDOW, DOUBLED_WINDOW, JOBS_WINDOW, MISSED_WINDOW, SUCCESS_WINDOW
from bot.outbox import store as outbox
from bot.outbox.unit_of_work import Transactions
from bot.scheduling.apart import Apart

# What was done before stays to be counted so long (`bot.outbox.store.purge` keeps 14 days), today not among them.
KEPT_DAYS = 12

Part = tuple[Component, Ends]


class Counting:
    """The jobs that count. One per process; several share a database."""

    def __init__(self, transactions: Transactions, tally: Tally, features: Iterable[Feature]) -> None:
        self._transactions = transactions
        self._tally = tally
        self._apart = Apart("count days")
        self._ends: list[Part] = [(Component.DELIVERY, outbox.ends)]
        self._ends += [pair for feature in features for pair in feature.ends.items()]

    def jobs(self) -> tuple[Job, ...]:
        """Calls every 10 seconds, today every minute, every day that can still be counted every hour."""
        return (
            Job(name="count calls", every=timedelta(seconds=10), run=self._write_calls),
            Job(name="count old days", every=timedelta(hours=1), run=self.count_old_days),
            Job(name="count days", every=timedelta(minutes=1), run=self.count_days),
        )

    async def _write_calls(self, _now: datetime) -> None:
        await self._tally.write(self._transactions)

    async def count_days(self, now: datetime) -> None:
        """Counts today, in its first hour yesterday too, then shows the window as figures."""
        await self._count(now, days=1 if now.hour == 0 else 0)
        read = self._transactions.read
        show(indicators(await read(store.since, first_day(now.date()))))

    async def count_old_days(self, now: datetime) -> None:
        """Counts again, day by day, what may have been missed: the bot was down when a day ended."""
        await self._count(now, days=KEPT_DAYS)

    async def _count(self, now: datetime, *, days: int) -> None:
        count = partial(self._count_part, [now.date() - timedelta(days=ago) for ago in range(days, -1, -1)])
        await self._apart.each(self._ends, now, count, key=_component)

    async def _count_part(self, days: Sequence[date], part: Part) -> None:
        # One look for all days first: mostly nothing came to an end on any of them.
        if len(days) == 1 or await self._transactions.read(_has_ended, days, part):
            for day in days:
                await self._count_day(day, part)

    async def _count_day(self, day: date, part: Part) -> None:
        new = await self._transactions.read(uncounted, day, part)
        # Mostly there is nothing new: then nothing is written either.
        if new:
            await self._transactions.database.write(store.raise_to, new)


def _component(part: Part) -> Component:
    return part[0]


def _has_ended(connection: Connection, days: Sequence[date], part: Part) -> bool:
    """Whether anything of this part came to an end on these days, the oldest first."""
    _, ends = part
    return bool(ends(connection, _begin(days[0]), _begin(days[-1] + timedelta(days=1))))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def uncounted(connection: Connection, day: date, part: Part) -> list[Counted]:
    """The counts of this part on this day of UTC that are higher than what is in the table."""
    component, ends = part
    known = {
        (one.what, one.result): one.count
        for one in store.of_day(connection, day)
        if one.component == component
    }
    return [
        Counted(day=day, component=component.value, what=what, result=result, count=count)
        for (what, result), count in ends(connection, _begin(day), _begin(day + timedelta(days=1))).items()
        if count > known.get((what, result), 0)
    ]


def show(found: Indicators) -> None:
    """Sets the figures of the window. Every replica shows the same: they are not to be added up."""
    _show_by_kind(found.results)
    MISSED_WINDOW.set(found.count(Component.STANDUP, ["missed"]))
    DOUBLED_WINDOW.set(found.repeated)
    SUCCESS_WINDOW.clear()
    for component in Component:
        ratio = found.rate(component).ratio
        if ratio is not None:
            SUCCESS_WINDOW.labels(component.value).set(ratio)


def _show_by_kind(results: Mapping[tuple[str, str, str], int]) -> None:
    CALLS_WINDOW.clear()
    JOBS_WINDOW.clear()
    for (component, kind, result), count in results.items():
        if component == Component.INTAKE:
            CALLS_WINDOW.labels(kind, result).set(count)
        elif component == Component.DELIVERY:
            JOBS_WINDOW.labels(kind, result).set(count)
