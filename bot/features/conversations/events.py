"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass

from bot.features.conversations.domain import KeptMessage


@dataclass(frozen=True, kw_only=True)
class MessageKept:
    """Somebody said something in one of a request's threads; it is told once."""

    message: KeptMessage


@dataclass(frozen=True, kw_only=True)
class MessageChanged:
    """A message was edited or deleted: so it is now."""

    message: KeptMessage
