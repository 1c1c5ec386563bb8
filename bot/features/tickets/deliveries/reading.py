"""Reads threads in Slack for an issue's description. What Slack does not show is said, not waited for."""

from typing import Any

from bot.core.threads import ThreadRef
from bot.core.wire import Json, inner, objects
from bot.features.tickets.domain import Side
from bot.features.tickets.views.transcript import Heard, said_in
from bot.outbox.outcomes import Doubt, Later, Parked, Refused
from bot.slack.gateway import Identity, SlackGateway

PAGE = 200
MOST_PAGES = 10


class SlackAway(Later):
    """Slack, not Jira, is what we wait for."""


async def who_we_are(slack: SlackGateway) -> Identity:
    """The bot's identity. Raises SlackAway while Slack does not tell."""
    try:
        return await slack.who_am_i()
    except (Later, Doubt, Refused, Parked) as outcome:
        raise SlackAway(f"Slack: {outcome.reason}", after=15.0, counted=False) from outcome


async def hear(slack: SlackGateway, thread: ThreadRef, side: Side) -> Heard:
    """All that is said in a thread, up to 2,000 messages. Raises SlackAway while Slack does not answer."""
    us = await who_we_are(slack)
    arguments: dict[str, Any] = {"channel": thread.channel, "ts": thread.thread_ts, "limit": PAGE}
    messages: list[Json] = []
    for _ in range(MOST_PAGES):
        try:
            answer = await slack.call("conversations.replies", **arguments)
        except (Parked, Refused):
            return Heard(side=side, said=said_in(messages, thread, us), closed=True)
        except (Later, Doubt) as outcome:
            after = outcome.after if isinstance(outcome, Later) else 5.0
            raise SlackAway(f"Slack: {outcome.reason}", after=after, counted=False) from outcome
        messages += objects(answer, "messages")
        cursor = inner(answer, "response_metadata").get("next_cursor")
        if not cursor:
            return Heard(side=side, said=said_in(messages, thread, us))
        arguments["cursor"] = cursor
    return Heard(side=side, said=said_in(messages, thread, us), unread=_unread(messages))


def _unread(messages: list[Json]) -> int:
    count = messages[0].get("reply_count") if messages else None
    return max(count + 1 - len(messages), 0) if isinstance(count, int) else 0
