"""What happens by the clock: snoozed requests wake, old offers and words of deleted texts are forgotten."""

from datetime import datetime, timedelta

from bot.feature import Deps, Job
from bot.features.requests import store
from bot.features.requests.service import queue
from bot.features.requests.store.similar import settle_words
from bot.outbox.unit_of_work import UnitOfWork
from bot.scheduling.apart import Apart


def jobs(deps: Deps) -> tuple[Job, ...]:
    """The slice's jobs."""

    asleep = Apart("requests.wake")

    async def wake(now: datetime) -> None:
        due = await deps.transactions.read(store.due_to_wake, now)
        await asleep.each(due, now, wake_one, key=lambda request_id: request_id)

    async def wake_one(request_id: int) -> None:
        await deps.transactions.run(queue.wake, request_id)

    async def forget(now: datetime) -> None:
        await deps.transactions.run(_forget, now)

    async def settle(_now: datetime) -> None:
        await deps.transactions.run(_settle)

    return (
        Job(
            name="requests.wake",
            every=timedelta(seconds=5),
            run=wake,
            next_due=store.next_to_wake,
            in_words="a snoozed request comes back to its queue",
        ),
        Job(name="requests.forget_offers", every=timedelta(hours=6), run=forget),
        Job(name="requests.settle_words", every=timedelta(hours=1), run=settle),
    )


def _forget(uow: UnitOfWork, now: datetime) -> None:
    store.purge_offers(uow.connection, now)


def _settle(uow: UnitOfWork) -> None:
    settle_words(uow.connection)
