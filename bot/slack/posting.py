"""Posts that appear once: each carries its outbox id in the message's metadata and is looked for after a doubt."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core.leavers import is_gone
from bot.core.text import cut
from bot.core.wire import Json, inner, objects
from bot.outbox.delivery import Delivery, Entry, Ref, Revive, Send
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import FALLBACK, Message
from bot.slack.failures import CLOSED
from bot.slack.gateway import SlackGateway

EVENT_TYPE = "frontdesk"
MOST_PAGES = 10
# Around the sending; so much may the clocks of Slack and of this machine differ. Somebody may look days later.
BEFORE, AFTER = timedelta(seconds=60), timedelta(hours=1)
# Seconds after which nobody waits for the answer to a look-up any more.
LONGEST_DOUBT = 900.0


@dataclass(frozen=True, kw_only=True)
class Post:
    """A message and where it goes. `to_user` opens the direct message with that person."""

    message: Message
    channel: str | None = None
    to_user: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False


Render = Callable[[Entry], Awaitable[Post]]


def post_delivery(
    slack: SlackGateway,
    render: Render,
    *,
    settle: Callable[[UnitOfWork, Entry, Ref], None] | None = None,
    give_up: Callable[[UnitOfWork, Entry, Refused], None] | None = None,
    mends: Callable[[Entry, Refused], bool] | None = None,
    held: Callable[[UnitOfWork, Entry, Outcome], None] | None = None,
    revive: Revive | None = None,
    rather: Literal["once", "delivered"],
) -> Delivery:
    """A delivery that posts what `render` returns, once. Its ref holds `channel` and `ts`.

    `rather` counts where Slack cannot be asked for what was posted, or has not answered that for 15 minutes.
    """

    async def prepare(entry: Entry) -> Send:
        post = await render(entry)
        _must_be_here(post.to_user)
        return lambda: _post_there(slack, entry, post)

    async def look_up(entry: Entry) -> Ref | None:
        post = await render(entry)
        _must_be_here(post.to_user)
        channel = await channel_of(slack, post)
        since = entry.sent_at or entry.created_at
        return await find_post(slack, channel, post.thread_ts, entry.dedup, since)

    return Delivery(
        prepare=prepare, look_up=look_up, settle=settle, give_up=give_up, mends=mends, held=held,
        revive=revive, rather=rather, longest_doubt=LONGEST_DOUBT,
    )  # fmt: skip


def _must_be_here(user_id: str | None) -> None:
    if is_gone(user_id):
        raise Stale("their data was erased")


async def channel_of(slack: SlackGateway, post: Post) -> str:
    """The channel's id; a direct message is opened when needed (repeatable)."""
    if post.channel:
        return post.channel
    assert post.to_user
    answer = await slack.call("conversations.open", users=post.to_user)
    return answer["channel"]["id"]


async def _post_there(slack: SlackGateway, entry: Entry, post: Post) -> Ref:
    # Slack opens the direct message by itself for somebody's id ("chat.postMessage"): no call of its own,
    # of which it takes few.
    channel = post.channel or post.to_user
    assert channel
    try:
        return await _post(slack, entry, post, channel)
    except Parked:
        if post.channel:
            raise
    # Nobody invites us to a person: opening the direct message says why it is refused.
    return await _post(slack, entry, post, await channel_of(slack, post))


async def _post(slack: SlackGateway, entry: Entry, post: Post, channel: str) -> Ref:
    arguments: dict[str, Any] = {
        "channel": channel,
        "text": cut(post.message.text, FALLBACK),
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"id": entry.dedup}},
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if post.message.blocks:
        arguments["blocks"] = list(post.message.blocks)
    if post.thread_ts:
        arguments["thread_ts"] = post.thread_ts
    answer = await slack.call("chat.postMessage", **arguments)
    if not answer.get("ts"):
        raise Doubt("Slack named no message")
    return {"channel": answer.get("channel") or channel, "ts": answer["ts"]}


async def find_post(
    slack: SlackGateway, channel: str, thread_ts: str | None, dedup: str, since: datetime
) -> Ref | None:
    """The message that carries this id, written within an hour of then; None when it is not there.

    A failing look-up raises Later: nothing is ever posted on an unanswered question. Refused where more was written
    in that time than is looked through.
    """
    method = "conversations.replies" if thread_ts else "conversations.history"
    arguments: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{(since - BEFORE).timestamp():.6f}",
        "latest": f"{(since + AFTER).timestamp():.6f}",
        "include_all_metadata": True,
        "limit": 200,
    }
    if thread_ts:
        arguments["ts"] = thread_ts
    for _ in range(MOST_PAGES):
        try:
            answer = await slack.call(method, **arguments)
        except Doubt as error:
            raise Later(error.reason, after=2.0) from error
        for message in objects(answer, "messages"):
            if _carries(message, dedup):
                return {"channel": channel, "ts": message["ts"]}
        cursor = inner(answer, "response_metadata").get("next_cursor")
        if not cursor:
            return None
        arguments["cursor"] = cursor
    raise Refused("too much was written there to look through")


def _carries(message: Json, dedup: str) -> bool:
    metadata = inner(message, "metadata")
    payload = inner(metadata, "event_payload")
    return metadata.get("event_type") == EVENT_TYPE and payload.get("id") == dedup


def call_delivery(
    slack: SlackGateway,
    compose: Callable[[Entry], Awaitable[tuple[str, dict[str, Any]]]],
    *,
    rather: Literal["once", "delivered"],
    settle: Callable[[UnitOfWork, Entry, Ref], None] | None = None,
    held: Callable[[UnitOfWork, Entry, Outcome], None] | None = None,
    done_when: frozenset[str] = frozenset(),
) -> Delivery:
    """A delivery of one call that cannot be looked up: `delivered` repeats it (an update, a reaction), `once` never.

    Errors in `done_when` count as done.
    """

    async def prepare(entry: Entry) -> Send:
        method, arguments = await compose(entry)
        _must_be_here(arguments.get("user") or arguments.get("user_id"))

        async def send() -> Ref:
            try:
                await slack.call(method, **arguments)
            except (Refused, Parked) as error:
                if not done_when.intersection({error.reason} if isinstance(error, Refused) else CLOSED):
                    raise
            return {}

        return send

    return Delivery(prepare=prepare, settle=settle, held=held, rather=rather)
