"""What this replica knows of the installation, and the gateway's token that follows it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.clock import Clock
from bot.core.logs import logger
from bot.db.engine import Database
from bot.installation import store
from bot.installation.sealing import Keyring, Unopenable
from bot.installation.store import Installed
from bot.outbox.outcomes import Outcome
from bot.slack.gateway import SlackGateway
from bot.slack.oauth import Granted

ALARM_KEY = "frontdesk/installation"
LEARNS_WITHIN = 3.0

log = logger(__name__)


class Standing:
    """One per process. `trouble` says in words what keeps the bot from its token; None when it has one.

    `only` is the one workspace that may be served; without it that is whichever installed first.
    """

    def __init__(
        self,
        database: Database,
        slack: SlackGateway,
        keys: Keyring,
        clock: Clock,
        *,
        only: str | None,
        install_url: str,
        alarm: Callable[[str, str], None],
        grace: timedelta = timedelta(0),
    ) -> None:
        self._database = database
        self._slack = slack
        self._keys = keys
        self._clock = clock
        self._only = only
        self._alarm = alarm
        # How long the data outlives the app; nothing: for ever.
        self._grace = grace
        self._known: tuple[str, str] | None = None
        self.not_installed = f"not installed: open {install_url}"
        self.no_key = (
            "no key of ENCRYPTION_KEYS opens the stored token: put the key that was there before behind the new one,"
            f" or install again at {install_url}"
        )
        self.trouble: str | None = "the installation is not read yet"

    async def look(self, now: datetime) -> None:
        """Follows what stands in the database. Raises DatabaseUnavailable."""
        found = await self._database.read(store.served)
        if found is None or found.sealed_token is None or not self.is_allowed(found.workspace_id):
            self._drop(self.not_installed, is_uninstalled=True)
        elif (found.workspace_id, found.sealed_token) != self._known:
            await self._take_up(found, found.sealed_token)

    def is_allowed(self, workspace_id: str) -> bool:
        """Whether the operator lets this workspace in at all."""
        return self._only is None or self._only == workspace_id

    async def install(self, granted: Granted) -> bool:
        """Stores the token and uses it; False where another workspace is served. Raises DatabaseUnavailable."""
        if not self.is_allowed(granted.workspace_id):
            return False
        now = self._clock.now()
        installed = Installed(
            workspace_id=granted.workspace_id,
            workspace_name=granted.workspace_name,
            sealed_token=self._keys.seal(granted.token, granted.workspace_id),
            installed_at=now,
        )
        if not await self._database.write(store.keep, installed, only=self._only):
            return False
        log.info("installation.installed", workspace=granted.workspace_id)
        await self.look(now)
        return True

    async def erase(self, workspace_id: str, told_at: datetime | None, *, is_removed: bool) -> None:
        """Slack has taken the token back: it goes at once. Raises DatabaseUnavailable.

        `is_removed`: the app was removed from the workspace; a token alone is also taken back when it is renewed.
        """
        if await self._database.write(store.erase_token, workspace_id, told_at=told_at):
            log.warning("installation.ended", workspace=workspace_id)
        if is_removed:
            await self._note_removed(workspace_id, told_at)
        await self.look(self._clock.now())

    async def _note_removed(self, workspace_id: str, told_at: datetime | None) -> None:
        now = self._clock.now()
        removed = await self._database.write(store.note_removed, workspace_id, told_at=told_at, now=now)
        if removed is None or not self._grace:
            return
        day = now + self._grace
        log.warning("installation.removed", workspace=workspace_id, data_goes=f"{day:%Y-%m-%d}")
        self._alarm(
            f"Frontdesk was removed from {removed.workspace_name}. Its token is erased; its data will be on"
            f" {day:%d %B %Y}, unless the app is installed again before.",
            f"{ALARM_KEY}/removed/{now:%Y-%m-%d}",
        )

    def _drop(self, why: str, *, is_uninstalled: bool) -> None:
        self._known = None
        self.trouble = why
        self._slack.use_token("", is_uninstalled=is_uninstalled)

    async def _take_up(self, found: Installed, sealed: str) -> None:
        try:
            token, by_newest = self._keys.unseal(sealed, found.workspace_id)
        except Unopenable:
            self._cannot_open(found, sealed)
            return
        if not by_newest:
            anew = self._keys.seal(token, found.workspace_id)
            await self._database.write(store.seal_again, found.workspace_id, old=sealed, new=anew)
            log.info("installation.sealed_again", workspace=found.workspace_id)
            sealed = anew
        self._known = (found.workspace_id, sealed)
        self.trouble = None
        self._slack.use_token(token, workspace_id=found.workspace_id)
        try:
            await asyncio.wait_for(self._slack.who_am_i(), LEARNS_WITHIN)
        except (Outcome, TimeoutError):
            log.info("installation.slack_does_not_answer_yet")

    def _cannot_open(self, found: Installed, sealed: str) -> None:
        self._drop(self.no_key, is_uninstalled=False)
        self._known = (found.workspace_id, sealed)
        log.error("installation.no_key_fits", workspace=found.workspace_id, mend=self.no_key)
        self._alarm(
            f"Frontdesk cannot use its installation in {found.workspace_id}: {self.no_key}.", ALARM_KEY
        )
