"""What people wrote to the bot, kept until they decide to file it. Queries only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.core.text import clean
from bot.features.requests.domain import Door, Origin
from bot.features.requests.models import intake_offers
from bot.outbox.unit_of_work import upsert


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A text that can be filed by the one who wrote it."""

    user_id: str
    text: str
    origin: Origin


def keep(connection: Connection, offer: Offer, now: datetime) -> None:
    """Remembers it; the same message again changes nothing."""
    origin = offer.origin
    row = {
        "channel": origin.channel,
        "ts": origin.ts,
        "thread_ts": origin.thread_ts,
        "user_id": offer.user_id,
        "text": clean(offer.text).strip(),
        "door": origin.door.value,
        "private": origin.private,
        "created_at": now,
    }
    connection.execute(upsert(connection, intake_offers).values(**row).on_conflict_do_nothing())


def reads_now(connection: Connection, channel: str, ts: str, text: str) -> None:
    """The author changed the message; without text it is gone and cannot be filed any more."""
    message = (intake_offers.c.channel == channel) & (intake_offers.c.ts == ts)
    cleaned = clean(text).strip()
    changed = update(intake_offers).where(message).values(text=cleaned)
    connection.execute(changed if cleaned else delete(intake_offers).where(message))


def keep_private(connection: Connection, channel: str, ts: str) -> None:
    """Remembers that the message stands where not everybody can read."""
    message = (intake_offers.c.channel == channel) & (intake_offers.c.ts == ts)
    connection.execute(update(intake_offers).where(message).values(private=True))


def find(connection: Connection, channel: str, ts: str) -> Offer | None:
    """The text written in this message."""
    query = select(intake_offers).where(intake_offers.c.channel == channel, intake_offers.c.ts == ts)
    row = connection.execute(query).first()
    if row is None:
        return None
    origin = Origin(
        door=Door(row.door), channel=row.channel, ts=row.ts, thread_ts=row.thread_ts, private=row.private
    )
    return Offer(user_id=row.user_id, text=row.text, origin=origin)
