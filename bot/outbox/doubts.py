"""What an attempt meets that may have been made before: looks that find nothing or get no answer."""

from bot.outbox.delivery import Delivery
from bot.outbox.outcomes import Later, Outcome, Unknowable


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
