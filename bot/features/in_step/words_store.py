"""Queries over what is said in Slack and goes to issues. Each takes a connection; none commits."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, select, update

from bot.core.messages import Deleted, Edited, Spoken, files_from_json, files_to_json
from bot.features.in_step.models import slack_words as words
from bot.features.in_step.word import Word
from bot.outbox.unit_of_work import upsert

_COLUMNS = [words.c[name] for name in Word.__dataclass_fields__]


def add(connection: Connection, ticket_id: int, spoken: Spoken, *, shown: bool, now: datetime) -> bool:
    """Keeps a new message; False when it is there already. What is not for Jira is kept without its words."""
    values: dict[str, Any] = {
        "ticket_id": ticket_id,
        "channel": spoken.channel,
        "ts": spoken.ts,
        "thread_ts": spoken.thread_ts,
        "author": spoken.author,
        "text": spoken.text if shown else "",
        "files": files_to_json(spoken.files) if shown else [],
        "client_msg_id": spoken.client_msg_id,
        "is_shown": shown,
        "created_at": now,
    }
    return _insert(connection, values)


def add_deleted(connection: Connection, ticket_id: int, deleted: Deleted, now: datetime) -> None:
    """Remembers that a message is gone before it was heard of, so that it never leaves."""
    values: dict[str, Any] = {
        "ticket_id": ticket_id,
        "channel": deleted.channel,
        "ts": deleted.ts,
        "thread_ts": deleted.thread_ts or "",
        "author": "",
        "text": "",
        "files": [],
        "is_shown": False,
        "is_deleted": True,
        "created_at": now,
    }
    _insert(connection, values)


def _insert(connection: Connection, values: dict[str, Any]) -> bool:
    insert = upsert(connection, words).values(**values).on_conflict_do_nothing().returning(words.c.id)
    return connection.execute(insert).first() is not None


def is_kept(connection: Connection, channel: str, ts: str) -> bool:
    """Whether this message was heard."""
    query = select(words.c.id).where(words.c.channel == channel, words.c.ts == ts)
    return connection.execute(query).first() is not None


def by_id(connection: Connection, word_id: int) -> Word | None:
    """The message, for reading."""
    row = connection.execute(select(*_COLUMNS).where(words.c.id == word_id)).mappings().first()
    return _word(row) if row else None


def lock(connection: Connection, channel: str, ts: str) -> list[Word]:
    """The message, once for each ticket it goes to, ours alone until the transaction ends."""
    query = (
        select(*_COLUMNS)
        .where(words.c.channel == channel, words.c.ts == ts)
        .order_by(words.c.id)
        .with_for_update()
    )
    return [_word(row) for row in connection.execute(query).mappings()]


def change(connection: Connection, word: Word, edited: Edited, *, shown: bool) -> Word:
    """The message as it reads now."""
    return _change(
        connection,
        word,
        text=edited.text if shown else "",
        files=files_to_json(edited.files) if shown else [],
        is_shown=shown,
        edited_at=edited.at,
    )


def erase(connection: Connection, word: Word) -> Word:
    """The message without its words, of which nothing stays stored."""
    return _change(connection, word, text="", files=[], is_shown=False, is_deleted=True)


def _change(connection: Connection, word: Word, **values: Any) -> Word:
    changed = (
        update(words)
        .where(words.c.id == word.id)
        .values(version=words.c.version + 1, **values)
        .returning(*_COLUMNS)
    )
    return _word(connection.execute(changed).mappings().one())


def any_waiting(connection: Connection, ticket_id: int, told_until: str | None) -> bool:
    """Whether the issue lacks something that was said."""
    return bool(connection.scalar(select(exists().where(_waiting(ticket_id, told_until)))))


def waiting(connection: Connection, ticket_id: int, told_until: str | None, limit: int) -> list[Word]:
    """What was said and is not on its way yet, oldest first; ours alone until the transaction ends."""
    query = (
        select(*_COLUMNS)
        .where(_waiting(ticket_id, told_until))
        .order_by(words.c.ts, words.c.id)
        .limit(limit)
        .with_for_update()
    )
    return [_word(row) for row in connection.execute(query).mappings()]


def _waiting(ticket_id: int, told_until: str | None) -> Any:
    ours = and_(words.c.ticket_id == ticket_id, words.c.batch.is_(None), words.c.is_shown)
    return ours if told_until is None else and_(ours, words.c.ts > told_until)


def assign(connection: Connection, chosen: Collection[int], batch: str) -> None:
    """These travel together from now on."""
    connection.execute(update(words).where(words.c.id.in_(chosen)).values(batch=batch))


def release(connection: Connection, chosen: Collection[int]) -> None:
    """These travel with nothing, as if nobody had begun with them."""
    freed = update(words).where(words.c.id.in_(chosen)).values(batch=None, comment_id=None)
    connection.execute(freed)


def of_batch(connection: Connection, batch: str) -> list[Word]:
    """What travels together, oldest first."""
    query = select(*_COLUMNS).where(words.c.batch == batch).order_by(words.c.ts, words.c.id)
    return [_word(row) for row in connection.execute(query).mappings()]


def lock_batch(connection: Connection, batch: str) -> list[Word]:
    """The same, ours alone until the transaction ends."""
    # In the order of their ids, so that two who lock wait for each other instead of forever.
    query = select(*_COLUMNS).where(words.c.batch == batch).order_by(words.c.id).with_for_update()
    return [_word(row) for row in connection.execute(query).mappings()]


def set_comment(connection: Connection, chosen: Sequence[Word], comment_id: str) -> None:
    """These stand in that comment."""
    ids = [word.id for word in chosen]
    connection.execute(update(words).where(words.c.id.in_(ids)).values(comment_id=comment_id))


def _word(row: RowMapping) -> Word:
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    values["files"] = files_from_json(values["files"])
    return Word(**values)
