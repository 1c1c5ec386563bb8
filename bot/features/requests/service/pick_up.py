"""Wishes that need a look into Slack before they can be done: stored first, done by the relay."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.features.requests import offers
from bot.features.requests.offers import Offer
from bot.outbox.unit_of_work import UnitOfWork

LOOK_AGAIN = timedelta(seconds=2)


def wish(
    uow: UnitOfWork,
    *,
    channel: str,
    ts: str,
    user_id: str,
    team_ids: Sequence[int],
    agreed: bool,
    event: str = "",
) -> None:
    """Somebody marked a message to be filed for one of these teams. `agreed`: they know who will read it."""
    if event and not uow.first_time(event):
        return
    payload = {"channel": channel, "ts": ts, "user": user_id, "teams": list(team_ids), "agreed": agreed}
    uow.enqueue("request.pick_up", payload)


def read_back(uow: UnitOfWork, channels: Iterable[str], start: datetime, end: datetime, lane: str) -> None:
    """After an absence: these intake channels are read back, one after the other."""
    for channel in channels:
        payload = {
            "channel": channel,
            "oldest": f"{start.timestamp():.6f}",
            "latest": f"{end.timestamp():.6f}",
        }
        uow.enqueue("request.sweep", payload, once=f"{lane}:{channel}", lane=lane)


def make_offer(uow: UnitOfWork, offer: Offer, answered: Callable[[UnitOfWork], bool]) -> None:
    """Keeps what was written to the bot and asks whether to file it, unless it was `answered` as a question."""
    offers.keep(uow.connection, offer, uow.now)
    if answered(uow):
        return
    payload = {"channel": offer.origin.channel, "ts": offer.origin.ts}
    uow.enqueue("request.offer", payload, once=f"offer:{offer.origin.channel}:{offer.origin.ts}")


def offer_changed(uow: UnitOfWork, channel: str, ts: str, text: str) -> None:
    """What was written to the bot reads differently now, or is gone (no text)."""
    offers.reads_now(uow.connection, channel, ts, text)


def look_at_groups(uow: UnitOfWork) -> None:
    """User groups changed: who is in them is asked again, once for many changes."""
    uow.enqueue("request.groups", {}, merge="groups")


def whisper(uow: UnitOfWork, *, channel: str, user_id: str, text: str, event: str = "") -> None:
    """A sentence to one person in a channel. Lost if Slack is away for long: never used for facts."""
    if event and not uow.first_time(event):
        return
    uow.enqueue("request.whisper", {"channel": channel, "user": user_id, "text": text})
