"""Use cases of a talk over two threads: hear, edit, delete; each decides, writes, and asks for what follows.

Nothing here talks to Slack: the deliveries do, after the commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.messages import Deleted, Edited, Spoken
from bot.core.threads import RequestThread, Side, ThreadRef
from bot.features.conversations import domain, store
from bot.features.conversations.domain import KeptMessage, Reach
from bot.features.conversations.events import MessageChanged, MessageKept
from bot.outbox.unit_of_work import UnitOfWork

MIRROR = "conversation.mirror"
REFRESH = "conversation.refresh"
UNDELIVERED = "conversation.undelivered"
CATCH_UP = "conversation.catch_up"

LOOK_AGAIN = timedelta(seconds=2)

FindThread = Callable[[Connection, str, str], RequestThread | None]
Heard = Callable[[UnitOfWork, int, str, str], None]


@dataclass(frozen=True, kw_only=True)
class Requests:
    """What this slice asks of the requests, and what it tells them."""

    find_thread: FindThread
    heard: Heard


def hear(uow: UnitOfWork, spoken: Spoken, requests: Requests) -> KeptMessage | None:
    """Keeps a new message of a request's thread and asks for its counterpart.

    None when the thread is of no request, or when the message is known already.
    """
    thread = requests.find_thread(uow.connection, spoken.channel, spoken.thread_ts)
    if thread is None:
        return None
    reach = domain.reach_of(thread, spoken.author, spoken.text)
    message = store.add(uow.connection, spoken, thread, reach, uow.now)
    if message is None:
        return None
    if message.is_shown:
        _ask_for_mirror(uow, message)
    if thread.side == "asker":
        requests.heard(uow, thread.request_id, spoken.author, spoken.text)
    uow.emit(MessageKept(message=message))
    return message


def look_again(uow: UnitOfWork, spoken: Spoken) -> None:
    """Somebody answered below a post of ours that is of no request yet: faster, perhaps, than we could note it."""
    uow.enqueue(
        CATCH_UP,
        {"channel": spoken.channel, "thread_ts": spoken.thread_ts},
        merge=f"look_again:{spoken.channel}:{spoken.thread_ts}",
        not_before=uow.now + LOOK_AGAIN,
    )


def read_back(uow: UnitOfWork, threads: Sequence[ThreadRef], since: datetime, lane: str) -> None:
    """After an absence: what was said in these threads since then is heard now."""
    for thread in threads:
        payload = {
            "channel": thread.channel,
            "thread_ts": thread.thread_ts,
            "oldest": f"{since.timestamp():.6f}",
        }
        uow.enqueue(CATCH_UP, payload, once=f"{lane}:{thread.channel}:{thread.thread_ts}")


def hear_all(uow: UnitOfWork, spoken: Sequence[Spoken], requests: Requests) -> None:
    """Keeps those that were missed, in their order."""
    for one in spoken:
        hear(uow, one, requests)


def edit(uow: UnitOfWork, edited: Edited) -> None:
    """The message reads differently now; its counterpart follows. An unknown or outdated edit changes nothing."""
    message = store.lock(uow.connection, edited.channel, edited.ts)
    if message is None or not domain.changes_something(message, edited):
        return
    changed = store.change_words(
        uow.connection, message, edited, domain.reach_after_edit(message, edited.text)
    )
    if changed.mirror_ts is not None:
        ask_for_refresh(uow, changed)
    elif message.reach is Reach.TEAM and changed.is_shown:
        _ask_for_mirror(uow, changed)
    uow.emit(MessageChanged(message=changed))


def delete(uow: UnitOfWork, deleted: Deleted, requests: Requests) -> None:
    """The message's words are erased here and on the other side; one not heard yet will never appear."""
    message = store.lock(uow.connection, deleted.channel, deleted.ts)
    if message is None:
        thread = _thread_of(uow, deleted, requests)
        if thread is not None:
            store.add_deleted(uow.connection, deleted, thread, uow.now)
        return
    if message.is_deleted:
        return
    erased = store.erase(uow.connection, message)
    if erased.mirror_ts is not None:
        ask_for_refresh(uow, erased)
    uow.emit(MessageChanged(message=erased))


def mirrored(uow: UnitOfWork, message_id: int, channel: str, ts: str, version: int | None) -> None:
    """The counterpart stands there and shows this version (None: nobody knows which)."""
    message = store.set_mirror(uow.connection, message_id, channel, ts)
    if message is not None and message.version != version:
        ask_for_refresh(uow, message)


def not_delivered(uow: UnitOfWork, message_id: int) -> None:
    """The counterpart will never be posted: whoever spoke is told, in their own thread."""
    message = store.by_id(uow.connection, message_id)
    if message is not None and message.is_shown:
        uow.enqueue(
            UNDELIVERED,
            {"message_id": message.id},
            once=f"conversation:{message.id}:undelivered",
            lane=_lane(message.side, message.request_id),
        )


def ask_for_refresh(uow: UnitOfWork, message: KeptMessage) -> None:
    """Asks for the counterpart to show the truth; many wishes become one update."""
    uow.enqueue(REFRESH, {"message_id": message.id}, merge=f"conversation:{message.id}:refresh")


def _ask_for_mirror(uow: UnitOfWork, message: KeptMessage) -> None:
    uow.enqueue(
        MIRROR,
        {"message_id": message.id},
        once=f"conversation:{message.id}:mirror:{message.version}",
        lane=_lane(message.other_side, message.request_id),
    )


def _lane(side: Side, request_id: int) -> str:
    return f"{side}:{request_id}"


def _thread_of(uow: UnitOfWork, deleted: Deleted, requests: Requests) -> RequestThread | None:
    if deleted.thread_ts in (None, deleted.ts):
        return None
    return requests.find_thread(uow.connection, deleted.channel, deleted.thread_ts or "")
