"""Queries over what is said. Each takes a connection; none commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from bot.core.messages import Deleted, Edited, Spoken, files_from_json, files_to_json
from bot.core.threads import RequestThread
from bot.features.conversations.domain import KeptMessage, Reach, SaidToAsker
from bot.features.conversations.models import conversation_messages as messages
from bot.outbox.unit_of_work import upsert

_COLUMNS = [messages.c[name] for name in KeptMessage.__dataclass_fields__]


def add(
    connection: Connection, spoken: Spoken, thread: RequestThread, reach: Reach, now: datetime
) -> KeptMessage | None:
    """Keeps a new message; None when it is there already. What may not leave its place is kept without words."""
    leaves = reach is not Reach.PLACE
    return _insert(
        connection,
        {
            "request_id": thread.request_id,
            "side": thread.side,
            "channel": spoken.channel,
            "ts": spoken.ts,
            "thread_ts": spoken.thread_ts,
            "author": spoken.author,
            "text": spoken.text if leaves else "",
            "files": files_to_json(spoken.files) if leaves else [],
            "client_msg_id": spoken.client_msg_id,
            "reach": reach.value,
            "created_at": now,
        },
    )


def add_deleted(connection: Connection, deleted: Deleted, thread: RequestThread, now: datetime) -> None:
    """Remembers that a message is gone before it was heard of, so that it never appears."""
    _insert(
        connection,
        {
            "request_id": thread.request_id,
            "side": thread.side,
            "channel": deleted.channel,
            "ts": deleted.ts,
            "thread_ts": deleted.thread_ts or "",
            "author": "",
            "text": "",
            "files": [],
            "reach": Reach.PLACE.value,
            "is_deleted": True,
            "created_at": now,
        },
    )


def _insert(connection: Connection, values: dict[str, Any]) -> KeptMessage | None:
    insert = upsert(connection, messages).values(**values).on_conflict_do_nothing().returning(*_COLUMNS)
    row = connection.execute(insert).mappings().first()
    return _kept(row) if row else None


def by_id(connection: Connection, message_id: int) -> KeptMessage | None:
    """The message, for reading."""
    row = connection.execute(select(*_COLUMNS).where(messages.c.id == message_id)).mappings().first()
    return _kept(row) if row else None


def said_last(connection: Connection, request_ids: Sequence[int]) -> list[SaidToAsker]:
    """What teams said to the requesters of these, the last words first: at most 20 messages in all."""
    query = (
        select(messages.c.request_id, messages.c.author, messages.c.text, messages.c.created_at.label("at"))
        .where(
            messages.c.request_id.in_(request_ids),
            messages.c.side == "card",
            messages.c.reach == Reach.BOTH.value,
            messages.c.is_deleted.is_(False),
        )
        .order_by(messages.c.id.desc())
        .limit(20)
    )
    return [SaidToAsker(**row) for row in connection.execute(query).mappings()]


def is_kept(connection: Connection, channel: str, ts: str) -> bool:
    """Whether this message was heard."""
    query = select(messages.c.id).where(messages.c.channel == channel, messages.c.ts == ts)
    return connection.execute(query).first() is not None


def lock(connection: Connection, channel: str, ts: str) -> KeptMessage | None:
    """The message, ours alone until the transaction ends."""
    query = select(*_COLUMNS).where(messages.c.channel == channel, messages.c.ts == ts).with_for_update()
    row = connection.execute(query).mappings().first()
    return _kept(row) if row else None


def change_words(connection: Connection, message: KeptMessage, edited: Edited, reach: Reach) -> KeptMessage:
    """The message with its new words, which are stored."""
    return _change(
        connection,
        message,
        text=edited.text,
        files=files_to_json(edited.files),
        edited_at=edited.at,
        reach=reach.value,
    )


def erase(connection: Connection, message: KeptMessage) -> KeptMessage:
    """The message without its words, of which nothing stays stored."""
    return _change(connection, message, text="", files=[], is_deleted=True)


def _change(connection: Connection, message: KeptMessage, **values: Any) -> KeptMessage:
    change = (
        update(messages)
        .where(messages.c.id == message.id)
        .values(version=messages.c.version + 1, **values)
        .returning(*_COLUMNS)
    )
    return _kept(connection.execute(change).mappings().one())


def set_mirror(connection: Connection, message_id: int, channel: str, ts: str) -> KeptMessage | None:
    """Writes down where the counterpart stands, and returns the message as it is by now."""
    change = (
        update(messages)
        .where(messages.c.id == message_id)
        .values(mirror_channel=channel, mirror_ts=ts)
        .returning(*_COLUMNS)
    )
    row = connection.execute(change).mappings().first()
    return _kept(row) if row else None


def _kept(row: RowMapping) -> KeptMessage:
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    values["files"] = files_from_json(values["files"])
    values["reach"] = Reach(values["reach"])
    return KeptMessage(**values)
