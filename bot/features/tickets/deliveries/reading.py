"""Reads threads in Slack for an issue's description. What Slack does not show is said, not waited for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.threads import ThreadRef
from bot.core.wire import Json, inner, objects
from bot.features.tickets.domain import Side
from bot.features.tickets.views.transcript import Heard, order, said_in
from bot.outbox.outcomes import Doubt, Later, Parked, Refused
from bot.slack.gateway import Identity, SlackGateway

# Few calls: each is one of fifty in a minute. Slack may give fewer messages than were asked for.
PAGE = 500
MOST_PAGES = 20
MOST_MESSAGES = 2_000


class SlackAway(Later):
    """Slack, not Jira, is what we wait for."""


async def who_we_are(slack: SlackGateway) -> Identity:
    """The bot's identity. Raises SlackAway while Slack does not tell."""
    try:
        return await slack.who_am_i()
    except (Later, Doubt, Refused, Parked) as outcome:
        raise SlackAway(f"Slack: {outcome.reason}", after=15.0, counted=False) from outcome


async def hear_all(
    slack: SlackGateway, threads: Sequence[tuple[Side, ThreadRef]]
) -> tuple[list[Heard], str | None]:
    """What is said in each of the threads, and up to which `ts` that is all of them.

    Nothing said until then is missing and the words after it are left to comments, although the threads can only be
    read one after the other: what came into an earlier one while a later one was read is fetched once more.
    """
    heard = [await hear(slack, thread, side) for side, thread in threads]
    until = max((one.newest for one in heard), key=order, default="")
    for at, (side, thread) in enumerate(threads[:-1]):
        if not heard[at].closed and heard[at].unread == 0:
            late = await hear(slack, thread, side, after=heard[at].newest)
            heard[at] = replace(heard[at], said=heard[at].said + late.said, closed=late.closed)
    return heard, until or None


async def hear(slack: SlackGateway, thread: ThreadRef, side: Side, after: str = "") -> Heard:
    """All that is said in a thread, up to 2,000 messages. Raises SlackAway while Slack does not answer.

    With `after` it is only what was said later than that; the first message comes along each time.
    """
    us = await who_we_are(slack)
    arguments: dict[str, Any] = {"channel": thread.channel, "ts": thread.thread_ts, "limit": PAGE}
    if after:
        arguments["oldest"] = after
    messages: list[Json] = []
    for _ in range(MOST_PAGES):
        try:
            answer = await slack.call("conversations.replies", **arguments)
        except (Parked, Refused):
            return replace(_heard(messages, thread, side, us), closed=True)
        except (Later, Doubt) as outcome:
            pause = outcome.after if isinstance(outcome, Later) else 5.0
            raise SlackAway(f"Slack: {outcome.reason}", after=pause, counted=False) from outcome
        messages += objects(answer, "messages")
        cursor = inner(answer, "response_metadata").get("next_cursor")
        if not cursor:
            return _heard(messages, thread, side, us)
        if len(messages) >= MOST_MESSAGES:
            break
        arguments["cursor"] = cursor
    return replace(_heard(messages, thread, side, us), unread=_unread(messages))


def _heard(messages: list[Json], thread: ThreadRef, side: Side, us: Identity) -> Heard:
    times = [str(message.get("ts") or "") for message in messages]
    return Heard(side=side, said=said_in(messages, thread, us), newest=max(times, key=order, default=""))


def _unread(messages: list[Json]) -> int:
    count = messages[0].get("reply_count") if messages else None
    return max(count + 1 - len(messages), 0) if isinstance(count, int) else 0
