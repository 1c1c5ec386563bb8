"""What is kept of people: found, handed out, taken away. What the tables hold stands in `bot.privacy.register`.

Above the features: it knows their tables, and none of them knows it.
"""

from datetime import datetime, timedelta

from bot.core.logs import logger
from bot.feature import Deps, Feature, Job
from bot.privacy import grace
from bot.privacy.retention import EVERY, erase_old

log = logger(__name__)


def build(deps: Deps) -> Feature:
    """The jobs that let old words go."""

    async def retention(now: datetime) -> None:
        erased = await erase_old(deps.transactions.database, now)
        if erased:
            log.info("privacy.old_words_erased", rows=erased)

    async def removed(now: datetime) -> None:
        await grace.erase_all(deps.transactions.database, now, timedelta(days=deps.settings.erase_after_days))

    jobs = [Job(name="retention", every=EVERY, run=retention)]
    if deps.settings.by_oauth:
        jobs.append(Job(name="data of a removed app", every=grace.EVERY, run=removed))
    return Feature(name="privacy", jobs=tuple(jobs))
