"""What somebody wrote to the bot may become a request: what the bot can do, and the button that files it."""

from collections.abc import Sequence

from bot.feature import Deps
from bot.features.requests import offers
from bot.features.requests.desk import Desk
from bot.features.requests.offers import Offer
from bot.features.requests.views import messages
from bot.outbox.delivery import Entry
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Block
from bot.slack.posting import Post
from bot.teams import help
from bot.teams.words import ASK_TEAM


class Offering:
    """One per process."""

    def __init__(self, deps: Deps, desk: Desk) -> None:
        self._deps = deps
        self._desk = desk

    async def post(self, entry: Entry) -> Post:
        """The answer to words that are no question. Raises Stale when they are gone."""
        channel, ts = entry.payload["channel"], entry.payload["ts"]
        offer = await self._deps.transactions.read(offers.find, channel, ts)
        if offer is None:
            raise Stale("the offer is gone")
        button = await self._button(offer, first=True) if offer.text else None
        workspace_id = await self._desk.workspace()
        reader = await help.reader_of(ASK_TEAM, self._deps.directory, workspace_id, offer.user_id, channel)
        message = messages.offer(offer.text, reader, button)
        return Post(message=message, channel=channel, thread_ts=offer.origin.root_ts)

    async def below(self, channel: str, ts: str) -> Sequence[Block]:
        """The button alone, for words that were answered as a question; nothing where there is nothing to file."""
        offer = await self._deps.transactions.read(offers.find, channel, ts)
        button = await self._button(offer, first=False) if offer and offer.text else None
        return [button] if button else []

    async def _button(self, offer: Offer, *, first: bool) -> Block | None:
        teams, channel, ts = await self._desk.teams(), offer.origin.channel, offer.origin.ts
        assert channel and ts, "whatever is offered stands in a message"
        shares = not channel.startswith("D") and await is_private(self._deps, channel)
        if shares and not offer.origin.private:
            # A mention does not say that it stands in a private channel.
            await self._deps.transactions.run(_keep_private, channel, ts)
        if not teams.active:
            return None
        team = teams.of_channel(channel) or teams.only()
        return messages.offer_button(channel, ts, team, shares=shares, first=first)


async def is_private(deps: Deps, channel: str) -> bool:
    """Whether not everybody in the workspace can read there. Raises the outcomes of the gateway."""
    info = (await deps.slack.call("conversations.info", channel=channel))["channel"]
    return bool(info.get("is_private") or info.get("is_im") or info.get("is_mpim"))


def _keep_private(uow: UnitOfWork, channel: str, ts: str) -> None:
    offers.keep_private(uow.connection, channel, ts)
