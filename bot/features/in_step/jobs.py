"""What happens by the clock: Jira is asked about changes that no webhook told of."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.feature import Deps, Job
from bot.features.in_step import service, store

EVERY = timedelta(minutes=1)
WITH_WEBHOOKS = timedelta(minutes=10)
# A beat may come a little early.
WITHOUT_WEBHOOKS = timedelta(seconds=50)


def pause_of(deps: Deps) -> timedelta:
    """How long an issue that still changes is not asked about: every other one is left alone for a day."""
    return WITH_WEBHOOKS if deps.settings.jira_webhook_secret else WITHOUT_WEBHOOKS


def catch_up(deps: Deps) -> Job:
    """The poll: wished for when an issue's time has come, and done by the relay, so that no other job waits for Jira."""
    pause = pause_of(deps)

    async def run(now: datetime) -> None:
        if await deps.transactions.read(store.due, now, pause, 1):
            await deps.transactions.run(service.ask_for_poll)

    def next_due(connection: Connection, now: datetime) -> datetime | None:
        return store.next_due(connection, now, pause)

    return Job(
        name="in_step.catch_up",
        every=EVERY,
        run=run,
        next_due=next_due,
        in_words="Jira is asked for changes that no webhook told of",
    )
