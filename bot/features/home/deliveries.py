"""The view goes to Slack, as everything stands when it is sent."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from bot.feature import Deps
from bot.features.home import views
from bot.outbox.delivery import Delivery, Entry
from bot.slack.blocks import Block
from bot.slack.posting import call_delivery

# What a person (by id) sees of a slice now.
Section = Callable[[str, datetime], Awaitable[Sequence[Block]]]


def publishing(deps: Deps, sections: Sequence[Section]) -> Delivery:
    """The delivery of one person's view (Slack, "views.publish")."""

    async def compose(entry: Entry) -> tuple[str, dict[str, Any]]:
        user_id = entry.payload["user_id"]
        now = deps.clock.now()
        shown = [await section(user_id, now) for section in sections]
        return "views.publish", {"user_id": user_id, "view": views.home(shown)}

    return call_delivery(deps.slack, compose, rather="delivered")
