"""The use case: a message with links to issues gets its cards, once."""

from bot.features.unfurls.domain import Pasted
from bot.outbox.unit_of_work import UnitOfWork

CARD = "unfurl.card"


def show(uow: UnitOfWork, pasted: Pasted) -> None:
    """Asks for the cards of a message; a second call for the same message changes nothing."""
    uow.enqueue(
        CARD,
        {
            "channel": pasted.channel,
            "ts": pasted.ts,
            "links": [{"url": link.url, "key": link.key} for link in pasted.links],
        },
        once=f"unfurl:{pasted.channel}:{pasted.ts}",
    )
