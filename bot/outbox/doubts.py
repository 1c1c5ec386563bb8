"""What an attempt meets that may have been made before: looks that find nothing or get no answer, a second send."""

import asyncio

from bot.metrics import DOUBLED
from bot.outbox.delivery import Delivery, Ref, Send
from bot.outbox.outcomes import Doubt, Later, Outcome, Unknowable


class LookAgain(Outcome):
    """It was not found, and may still show: the next look is `after` seconds later."""

    def __init__(self, after: float) -> None:
        super().__init__("not found yet")
        self.after = after


class Unanswered(Outcome):
    """A look that got no answer: nothing is sent meanwhile."""

    def __init__(self, why: Later) -> None:
        super().__init__(why.reason)
        self.why = why


def decide_blindly(delivery: Delivery, why: Outcome) -> None:
    """Nobody can look. What had better arrive is sent again; the rest is left to a person."""
    if delivery.rather == "once":
        raise Unknowable(f"perhaps sent, cannot be looked up: {why.reason}") from why


async def do_once(send: Send, delivery: Delivery, *, blindly: bool) -> Ref:
    """Does it. A second one that may stand beside a first is counted."""
    try:
        ref = await asyncio.wait_for(send(), delivery.timeout)
    except TimeoutError as error:
        DOUBLED.inc(blindly)
        raise Doubt("no answer in time") from error
    except Doubt:
        DOUBLED.inc(blindly)
        raise
    DOUBLED.inc(blindly)
    return ref
