"""Who somebody of Slack is in Jira, by their e-mail address. Remembered for a day."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.clock import stopwatch
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import JiraPerson
from bot.outbox.outcomes import Refused
from bot.teams.directory import Directory

REMEMBERED = 24 * 3600.0
# Somebody may get an account in Jira today.
NOBODY = 3600.0
MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class _Known:
    person: JiraPerson | None
    until: float


class Accounts:
    """One per process. `elapsed` is a stopwatch in seconds."""

    def __init__(
        self, directory: Directory, jira: JiraGateway, elapsed: Callable[[], float] = stopwatch
    ) -> None:
        self._directory = directory
        self._jira = jira
        self._elapsed = elapsed
        self._known: dict[str, _Known] = {}

    async def of(self, user_id: str | None, workspace_id: str) -> JiraPerson | None:
        """The person in Jira; None for nobody, without an address, and where Jira knows none or does not tell.

        Addresses of other companies' people are not believed: somebody else says there who has which. Raises Later
        while Jira is away.
        """
        person = await self._directory.person(user_id) if user_id else None
        if person is None or person.is_bot or person.is_external(workspace_id) or not person.email:
            return None
        email = person.email.casefold()
        known = self._known.get(email)
        if known is None or known.until <= self._elapsed():
            known = await self._ask(email)
        return known.person

    async def _ask(self, email: str) -> _Known:
        try:
            found = await self._jira.people.by_email(email)
        except Refused:
            # The bot's account may not look people up: they are named in the text.
            found = None
        if len(self._known) >= MOST:
            self._known.clear()
        known = _Known(person=found, until=self._elapsed() + (REMEMBERED if found else NOBODY))
        self._known[email] = known
        return known
