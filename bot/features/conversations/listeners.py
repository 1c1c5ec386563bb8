"""Messages of people, from Slack: what concerns a request's thread goes to one use case."""

from collections.abc import Awaitable, Callable

from bot.core.messages import Deleted, Edited, Spoken
from bot.feature import Deps
from bot.features.conversations import service, store
from bot.features.conversations.service import Requests
from bot.slack.calls import Event
from bot.slack.messages import read_event
from bot.slack.replies import Nothing, Reply


def on_message(deps: Deps, requests: Requests) -> Callable[[Event], Awaitable[Reply]]:
    """The listener of `message` events. It raises DatabaseUnavailable, so that Slack sends the event again."""

    async def listen(event: Event) -> Reply:
        match read_event(event.body):
            case Spoken() as spoken:
                await _spoken(deps, requests, spoken, _below_our_post(deps, event))
            case Edited() as edited:
                await _edited(deps, edited)
            case Deleted() as deleted:
                await _deleted(deps, requests, deleted)
            case None:
                pass
        return Nothing()

    return listen


# Most threads are about something else: they are passed by without a turn to write.
async def _spoken(deps: Deps, requests: Requests, spoken: Spoken, below_our_post: bool) -> None:
    if await deps.transactions.read(requests.find_thread, spoken.channel, spoken.thread_ts):
        await deps.transactions.run(service.hear, spoken, requests)
    elif below_our_post:
        await deps.transactions.run(service.look_again, spoken)


def _below_our_post(deps: Deps, event: Event) -> bool:
    identity = deps.slack.identity
    return identity is not None and event.body.get("parent_user_id") == identity.user_id


async def _edited(deps: Deps, edited: Edited) -> None:
    if await deps.transactions.read(store.is_kept, edited.channel, edited.ts):
        await deps.transactions.run(service.edit, edited)


async def _deleted(deps: Deps, requests: Requests, deleted: Deleted) -> None:
    known = await deps.transactions.read(store.is_kept, deleted.channel, deleted.ts)
    in_thread = deleted.thread_ts and await deps.transactions.read(
        requests.find_thread, deleted.channel, deleted.thread_ts
    )
    if known or in_thread:
        await deps.transactions.run(service.delete, deleted, requests)
