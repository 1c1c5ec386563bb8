"""The event of the Home tab, and the buttons that are its own."""

from collections.abc import Collection

from bot.core.errors import UserError
from bot.feature import Deps
from bot.features.home import service
from bot.features.home.domain import parse_turn
from bot.slack.calls import Action, Event
from bot.slack.replies import Nothing, Reply


class Tab:
    """Hears that somebody opened the app, turned a page, or has read the welcome."""

    def __init__(self, deps: Deps, sections: Collection[str]) -> None:
        self._run = deps.transactions.run
        self._sections = sections

    async def opened(self, call: Event) -> Reply:
        """Whoever opens the Home tab gets their view; the tab with messages needs none."""
        if call.user_id and call.body.get("tab") == "home":
            await self._run(service.opened, call.user_id, f"home:{call.event_id}")
        return Nothing()

    async def turned(self, call: Action) -> Reply:
        """*Older*, *Newer* and what else leads to another page."""
        turn = parse_turn(call.value)
        if turn.section not in self._sections:
            raise UserError("That part of the Home tab is not there any more. Open the tab again.")
        await self._run(service.turned, call.user_id, turn)
        return Nothing()

    async def welcomed(self, call: Action) -> Reply:
        """*Got it*."""
        await self._run(service.welcomed, call.user_id)
        return Nothing()
