"""What happens by the clock: Jira is asked about changes that no webhook told of."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.logs import logger
from bot.feature import Deps, Job
from bot.features.in_step import service, store
from bot.outbox.outcomes import Outcome

EVERY = timedelta(minutes=1)
WITH_WEBHOOKS = timedelta(minutes=10)
# A beat may come a little early.
WITHOUT_WEBHOOKS = timedelta(seconds=50)
AT_ONCE = 100
MOST_BATCHES = 5

Changed = Callable[[Sequence[str]], Awaitable[dict[str, datetime]]]

log = logger(__name__)


def catch_up(deps: Deps, changed: Changed) -> Job:
    """The poll. `changed` asks Jira when each of these issues changed last; those that are gone or unreadable are left out.

    With webhooks every issue that still changes is asked about each 10 minutes, without them each minute;
    every other one once a day, for 90 days.
    """
    every = WITH_WEBHOOKS if deps.settings.jira_webhook_secret else WITHOUT_WEBHOOKS

    async def run(now: datetime) -> None:
        for _ in range(MOST_BATCHES):
            due = await deps.transactions.read(store.due, now, every, AT_ONCE)
            if not due:
                return
            asked = [issue.issue_id for issue in due]
            try:
                found = await changed(asked)
            except Outcome as outcome:
                log.info("in_step.not_told", reason=outcome.reason)
                return
            await deps.transactions.run(service.looked_at, asked, found)

    def next_due(connection: Connection, now: datetime) -> datetime | None:
        return store.next_due(connection, now, every)

    return Job(
        name="in_step.catch_up",
        every=EVERY,
        run=run,
        next_due=next_due,
        in_words="Jira is asked for changes that no webhook told of",
    )
