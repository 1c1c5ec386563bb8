"""The question to whoever invited the bot, and the line to a team whose channel has changed."""

from datetime import timedelta
from typing import Any

from bot.feature import Deps
from bot.features.invitation import domain, views
from bot.features.invitation.domain import Place, Use
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.blocks import Message
from bot.slack.posting import Post, call_delivery, post_delivery

# Whoever invited the bot looks at the channel then; hours later the question would come out of nowhere.
ASKED_WITHIN = timedelta(hours=1)
_NOT_THERE = frozenset({"user_not_in_channel", "user_not_found", "channel_not_found", "is_archived"})


class Invitations:
    """One per process."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "invitation.ask": call_delivery(slack, self._ask, rather="once", done_when=_NOT_THERE),
            "invitation.told": post_delivery(slack, self._told, rather="once"),
        }

    async def _ask(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        if self._deps.clock.now() - entry.created_at > ASKED_WITHIN:
            raise Stale("too late to ask")
        channel, inviter = entry.payload["channel"], entry.payload["inviter"]
        message = await self._question(Place(channel, entry.payload["private"]), inviter)
        return "chat.postEphemeral", {
            "channel": channel,
            "user": inviter,
            "text": message.text,
            "blocks": list(message.blocks),
        }

    async def _question(self, place: Place, inviter: str) -> Message:
        teams = await self._deps.directory.teams()
        person = await self._deps.directory.person(inviter)
        workspace_id = (await self._deps.slack.who_am_i()).workspace_id
        led = domain.led_by(teams, inviter, admin=person.is_admin_of(workspace_id))
        may_read_names = bool(led) or domain.is_colleague(person, workspace_id)
        found = domain.uses_of(teams, place.channel)
        if found:
            return views.serves(found) if may_read_names else views.serves_nameless(found)
        if led:
            return views.ask(place, led)
        return views.whom_to_ask(teams.active) if may_read_names else views.to_a_stranger()

    async def _told(self, entry: Entry) -> Post:
        payload = entry.payload
        message = views.told(Use(payload["use"]), payload["channel"], payload["by"], to=payload["to"])
        return Post(message=message, channel=payload["to"])
