"""Where things are in the face: addresses of a person's pages. Quoted, so that they may stand in an attribute."""

from urllib.parse import quote, urlencode

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account


def desk(me: Account) -> str:
    """Where everything of this person begins."""
    return f"/as/{quote(me.name)}"


def place(me: Account, channel_id: str, *, thread: str = "", at: str = "") -> str:
    """A channel, with a thread beside it and a message to look at, both by their timestamps."""
    asked = urlencode({name: value for name, value in (("thread", thread), ("at", at)) if value})
    return f"{desk(me)}/c/{channel_id}" + (f"?{asked}" if asked else "")


def message(me: Account, found: Message) -> str:
    """What is done with one message begins here."""
    return f"{desk(me)}/c/{found.channel_id}/m/{found.ts}"


def view(me: Account, view_id: str) -> str:
    """What is done in one form begins here."""
    return f"{desk(me)}/v/{view_id}"
