"""Names that travel in messages. They stay readable for ever: an old button can be clicked in a year."""

from bot.core.errors import UserError
from bot.features.escalation.domain.said import Said

SEEN = "escalation.seen"
STILL = "escalation.still"
PUT_BACK = "escalation.put_back"
# Both stand for buttons of a request: the first is on its card and answered here, the second the other way round.
GIVE_BACK = "request.give_back"
ASSIGN = "request.assign"

_OLD = "This button is from another time and leads nowhere any more. Type `/triage` to find the request."


def value(*numbers: int) -> str:
    """What a button carries: a version, then numbers."""
    return ":".join(["v1", *map(str, numbers)])


def said(text: str) -> Said:
    """The message that a button's value names. Raises UserError."""
    request_id, run, step = _numbers(text, 3)
    return Said(request_id=request_id, run=run, step=step)


def request_id(text: str) -> int:
    """The request that a button's value names. Raises UserError."""
    return _numbers(text, 1)[0]


def _numbers(text: str, count: int) -> list[int]:
    version, *parts = text.split(":")
    fits = version == "v1" and len(parts) == count
    if not fits or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise UserError(_OLD)
    return [int(part) for part in parts]
