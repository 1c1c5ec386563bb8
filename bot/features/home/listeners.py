"""The event of the Home tab."""

from bot.feature import Deps
from bot.features.home import service
from bot.slack.calls import Event
from bot.slack.replies import Nothing, Reply


class Tab:
    """Hears that somebody opened the app."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def opened(self, call: Event) -> Reply:
        """Whoever opens the Home tab gets their view; the tab with messages needs none."""
        if call.user_id and call.body.get("tab") == "home":
            await self._deps.transactions.run(service.opened, call.user_id)
        return Nothing()
