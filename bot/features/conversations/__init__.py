"""The talk about a request: what is said in one of its two threads appears in the other. See README.md.

Which thread belongs to which request is the requests' knowledge; it is passed in.
"""

from bot.feature import Deps, Feature
from bot.features.conversations import deliveries, listeners
from bot.features.conversations.domain import KeptMessage
from bot.features.conversations.events import MessageChanged, MessageKept
from bot.features.conversations.service import FindThread, Heard, Requests, read_back
from bot.features.conversations.store import said_last

__all__ = ["KeptMessage", "MessageChanged", "MessageKept", "build", "read_back", "said_last"]


def build(deps: Deps, *, find_thread: FindThread, heard: Heard) -> Feature:
    """The slice. `find_thread` tells which request a thread belongs to.

    `heard` is called in the transaction that stores a new message of the asker's thread.
    """
    requests = Requests(find_thread=find_thread, heard=heard)
    return Feature(
        name="conversations",
        events={"message": listeners.on_message(deps, requests)},
        deliveries=deliveries.build(deps, requests),
    )
