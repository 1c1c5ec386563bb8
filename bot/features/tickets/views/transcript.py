"""A thread's messages as Slack tells them, and which of them an issue may carry. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from bot.core.text import clean, cut
from bot.core.threads import RequestFacts, ThreadRef, is_aside
from bot.core.wire import Json, objects
from bot.features.tickets.domain import Side
from bot.slack.gateway import Identity
from bot.slack.mrkdwn import unescape

LONGEST_MESSAGE = 8000
MOST_FILES = 20
_SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message. `author` is a person's id, or empty; then `signature` is what a bot calls itself.

    `text` is Slack's mrkdwn; `files` are (name, address).
    """

    channel: str
    ts: str
    author: str
    signature: str
    text: str
    files: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(float(self.order), UTC)

    @property
    def order(self) -> Decimal:
        """Its place in time, to the microsecond."""
        try:
            return Decimal(self.ts)
        except InvalidOperation:
            return Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What could be read of one thread. `unread` messages are beyond it; `closed`: it could not be read at all."""

    side: Side
    said: tuple[Said, ...] = ()
    unread: int = 0
    closed: bool = False


def said_in(messages: Iterable[Json], thread: ThreadRef, us: Identity) -> tuple[Said, ...]:
    """What people and other bots said; our own posts and Slack's notes are left out."""
    found = (_said(message, thread.channel, us) for message in messages)
    return tuple(one for one in found if one is not None)


def _said(message: Json, channel: str, us: Identity) -> Said | None:
    author, bot = _word(message, "user"), _word(message, "bot_id")
    ours = author == us.user_id or (bot != "" and bot == us.bot_id)
    if ours or _word(message, "subtype") not in _SPOKEN or not _word(message, "ts"):
        return None
    files = tuple(_files(message))
    text = cut(clean(_word(message, "text")), LONGEST_MESSAGE)
    if not text.strip() and not files:
        return None
    return Said(
        channel=channel,
        ts=_word(message, "ts"),
        author=author,
        signature=clean(_word(message, "username")) or "A bot",
        text=text,
        files=files,
    )


def _files(message: Json) -> Iterable[tuple[str, str]]:
    for file in objects(message, "files")[:MOST_FILES]:
        if file.get("mode") != "tombstone":
            name = _word(file, "title") or _word(file, "name") or "file"
            yield " ".join(clean(name).split()), _word(file, "permalink")


def together(heard: Iterable[Heard], facts: RequestFacts | None) -> tuple[Said, ...]:
    """The threads in the order of time, each message once, without what is not for Jira."""
    kept: dict[tuple[str, str], Said] = {}
    for thread in heard:
        for said in thread.said:
            if _may_leave(said, thread.side, facts):
                kept.setdefault((said.channel, said.ts), said)
    return tuple(sorted(kept.values(), key=lambda said: (said.order, said.channel)))


def _may_leave(said: Said, side: Side, facts: RequestFacts | None) -> bool:
    if side is Side.CARD:
        return not is_aside(unescape(said.text))
    if side is Side.ASKER and facts is not None and facts.private:
        # Of a private place only what the asker sent is anybody else's business.
        return said.author in (facts.requester, facts.filed_by)
    return True


def _word(owner: Json, key: str) -> str:
    value = owner.get(key)
    return value if isinstance(value, str) else ""
