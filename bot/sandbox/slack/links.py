"""Addresses in what people say, of the domains in the manifest: the bot is told of them (`link_shared`).

https://docs.slack.dev/reference/events/link_shared. What the bot answers is in `api/links`.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import APP_ID, Happening, World

SOURCE = "conversations_history"
_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")


def announce(world: World, channel: Channel, message: Message) -> None:
    """Tell the bot of the addresses in a message; its own messages are not looked at."""
    links = [] if message.app_id == APP_ID else shared(message, world.manifest.unfurl_domains)
    if not links:
        return
    event: Json = {
        "type": "link_shared",
        "user": message.user,
        "channel": channel.id,
        "message_ts": message.ts,
        **({"thread_ts": message.thread_ts} if message.is_reply else {}),
        "links": links,
        "is_bot_user_member": world.bot_user_id in channel.members,
        "unfurl_id": unfurl_id(message),
        "source": SOURCE,
        "event_ts": world.now_ts(),
    }
    world.announce(Happening(name="link_shared", event=event, channel=channel))


def shared(message: Message, domains: Iterable[str]) -> list[Json]:
    """The addresses of these domains and of what lies below them, each once, with the domain as it is listed."""
    found: dict[str, str] = {}
    for match in _LINK.finditer(message.text):
        url = match[1].replace("&amp;", "&")
        if domain := next((one for one in domains if _is_of(url, one)), None):
            found.setdefault(url, domain)
    return [{"domain": domain, "url": url} for url, domain in found.items()]


def unfurl_id(message: Message) -> str:
    """The name by which a message's addresses may be answered too."""
    return f"{message.channel_id}.{message.ts}.0"


def _is_of(url: str, domain: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == domain or host.endswith(f".{domain}")
