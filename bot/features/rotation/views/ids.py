"""Names that travel in messages. They stay readable for ever: an old button can be clicked in a year."""

from bot.core.errors import UserError

TAKE = "rotation.take"
COVER = "rotation.cover"
COVER_TAKE = "rotation.cover.take"
UNDO = "rotation.undo"
ACCEPT = "rotation.accept"

_OLD = "This button is from another time and leads nowhere any more. Type `/rotation` to see who is on duty."


def value(*parts: int) -> str:
    """What a button carries: a version, then numbers."""
    return ":".join(["v1", *map(str, parts)])


def numbers(text: str, count: int) -> list[int]:
    """The numbers in a button's value. Raises UserError for a value of no version that we know."""
    version, *parts = text.split(":")
    sound = all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts)
    if version != "v1" or len(parts) != count or not sound:
        raise UserError(_OLD)
    return [int(part) for part in parts]
