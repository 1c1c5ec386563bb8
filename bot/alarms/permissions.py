"""Permissions that the manifest asks for and the token has not: the operators are told once, and what is off."""

from collections.abc import Callable
from datetime import datetime

from bot.alarms.wishes import alarm
from bot.core.logs import logger
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.slack.gateway import SlackGateway
from bot.slack.scopes import listed

log = logger(__name__)


class Permissions:
    """One per process. What is missing is told once for all bots; another gap is told anew."""

    def __init__(
        self, transactions: Transactions, slack: SlackGateway, wanted: Callable[[], set[str]]
    ) -> None:
        self._transactions = transactions
        self._slack = slack
        self._wanted = wanted
        self._told: frozenset[str] = frozenset()

    async def look(self, now: datetime) -> None:
        """Compares what Slack told last. Raises DatabaseUnavailable."""
        granted = self._slack.scopes.granted
        if granted is None:
            return
        missing = frozenset(self._wanted() - granted)
        if missing == self._told:
            return
        if missing:
            log.warning("slack.permissions_missing", scopes=sorted(missing))
            await self._transactions.run(_tell, missing)
        else:
            log.info("slack.permissions_complete")
        self._told = missing


def _tell(uow: UnitOfWork, missing: frozenset[str]) -> None:
    alarm(
        uow,
        f"Frontdesk misses permissions in Slack: {listed(set(missing))}. Update the app from manifest.yml and install"
        " it again; all is on by itself after that. Everything else works.",
        f"frontdesk/scopes/{','.join(sorted(missing))}",
    )
