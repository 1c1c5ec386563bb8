"""Jobs that belong to no feature: forgetting old work, figures of the outbox, user groups, the machine's clock.

What is counted for the service indicators is in `bot.scheduling.counting`.
"""

from datetime import datetime, timedelta

from bot import audit
from bot.core.logs import logger
from bot.feature import Deps, Job
from bot.indicators import store as indicators
from bot.metrics import OUTBOX_OLDEST, OUTBOX_OPEN
from bot.outbox import store
from bot.slack.skew import MOST_SKEW, clock_skew

log = logger(__name__)


def core_jobs(deps: Deps) -> tuple[Job, ...]:
    """The product's own jobs."""

    async def purge(now: datetime) -> None:
        await deps.transactions.database.write(store.purge, now)
        await deps.transactions.database.write(indicators.purge, now)
        await deps.transactions.database.write(audit.purge, now)

    async def gauges(now: datetime) -> None:
        count, oldest = await deps.transactions.database.read(store.backlog, now)
        OUTBOX_OPEN.set(count)
        OUTBOX_OLDEST.set(oldest)

    async def user_groups(now: datetime) -> None:
        await deps.directory.refresh_groups(now)

    async def clock(now: datetime) -> None:
        if not deps.slack.token or deps.slack.token_refused:
            return
        skew = await clock_skew(deps.slack, now)
        if skew is not None and abs(skew) > MOST_SKEW:
            log.warning("clock.wrong", seconds=round(skew), mend="set this machine's clock, by NTP")

    return (
        Job(name="outbox figures", every=timedelta(seconds=5), run=gauges),
        Job(name="user groups", every=timedelta(minutes=5), run=user_groups),
        Job(name="forget old work", every=timedelta(hours=1), run=purge),
        Job(name="clock", every=timedelta(hours=1), run=clock),
    )
