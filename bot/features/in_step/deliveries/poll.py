"""Asks Jira which of the followed issues have changed since they were looked at. Repeatable."""

import asyncio
from datetime import timedelta

from bot.feature import Deps
from bot.features.in_step import service, store
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Doubt, Later, Refused, Stale

AT_ONCE = 100
MOST_BATCHES = 5
# Within the lease: what was asked about until then stays asked about.
PATIENCE = 13.0
TIMEOUT = 14.0


def poll(deps: Deps, jira: JiraGateway, pause: timedelta) -> Delivery:
    """What changed is looked at closely. While Jira is away nothing is kept: the clock asks again in a minute."""

    async def prepare(_entry: Entry) -> Send:
        async def send() -> Ref:
            try:
                async with asyncio.timeout(PATIENCE):
                    await _ask(deps, jira, pause)
            except (Later, Doubt, Refused, TimeoutError) as error:
                raise Stale(f"Jira does not tell ({type(error).__name__})") from error
            return {}

        return send

    return Delivery(prepare=prepare, rather="delivered", timeout=TIMEOUT)


async def _ask(deps: Deps, jira: JiraGateway, pause: timedelta) -> None:
    # Events are told apart by it from the first one on.
    await jira.own_account()
    for _ in range(MOST_BATCHES):
        if not await _batch(deps, jira, pause):
            return


async def _batch(deps: Deps, jira: JiraGateway, pause: timedelta) -> bool:
    due = await deps.transactions.read(store.due, deps.clock.now(), pause, AT_ONCE)
    if not due:
        return False
    asked = [issue.issue_id for issue in due]
    found = {state.id: state.updated for state in await jira.issues.states(asked)}
    await deps.transactions.run(service.looked_at, asked, found)
    return True
