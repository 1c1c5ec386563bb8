"""A thread's messages as Slack tells them, and which of them an issue may carry. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from bot.core.files import FileRef
from bot.core.text import clean
from bot.core.threads import RequestFacts, ThreadRef, is_aside
from bot.core.wire import Json, inner, objects
from bot.features.tickets.domain import Side
from bot.slack.files import read_file
from bot.slack.gateway import Identity
from bot.slack.mrkdwn import unescape

MOST_FILES = 50
_SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message", "bot_message"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message. `author` is a person's id, or empty; then `signature` is what a bot calls itself.

    `text` is Slack's mrkdwn. `blocks` is the same as rich text, where a person wrote it in Slack: then nothing of
    its form has to be guessed.
    """

    channel: str
    ts: str
    author: str
    signature: str
    text: str
    blocks: tuple[Json, ...] = ()
    files: tuple[FileRef, ...] = ()

    @property
    def at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(float(self.order), UTC)

    @property
    def order(self) -> Decimal:
        """Its place in time, to the microsecond."""
        return order(self.ts)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What could be read of one thread. `unread` messages are beyond it; `closed`: it could not be read at all.

    `newest` is the `ts` of the last message, whoever wrote it; empty where there is none.
    """

    side: Side
    said: tuple[Said, ...] = ()
    unread: int = 0
    closed: bool = False
    newest: str = ""


def order(ts: str) -> Decimal:
    """A message's place in time, to the microsecond; the very first for what is no `ts`."""
    try:
        return Decimal(ts)
    except InvalidOperation:
        return Decimal(0)


def said_in(messages: Iterable[Json], thread: ThreadRef, us: Identity) -> tuple[Said, ...]:
    """What people and other bots said; our own posts and Slack's notes are left out."""
    found = (_said(message, thread.channel, us) for message in messages)
    return tuple(one for one in found if one is not None)


def _said(message: Json, channel: str, us: Identity) -> Said | None:
    author, bot = _word(message, "user"), _word(message, "bot_id")
    ours = author == us.user_id or (bot != "" and bot == us.bot_id)
    if ours or _word(message, "subtype") not in _SPOKEN or not _word(message, "ts"):
        return None
    files = tuple(ref for ref in map(read_file, objects(message, "files")[:MOST_FILES]) if ref)
    text = clean(_words(message))
    if not text.strip() and not files:
        return None
    return Said(
        channel=channel,
        ts=_word(message, "ts"),
        author=author,
        signature=clean(_word(message, "username") or _word(inner(message, "bot_profile"), "name"))
        or "A bot",
        text=text,
        blocks=_rich(message),
        files=files,
    )


def _rich(message: Json) -> tuple[Json, ...]:
    """What a person wrote: rich text and nothing else. Apps say the whole of it in `text` only."""
    blocks = tuple(objects(message, "blocks"))
    return blocks if all(block.get("type") == "rich_text" for block in blocks) else ()


def _words(message: Json) -> str:
    """The text, and where an app wrote none what its blocks and attachments say."""
    if _word(message, "text").strip():
        return _word(message, "text")
    lines = [_word(inner(block, "text"), "text") for block in objects(message, "blocks")]
    for attachment in objects(message, "attachments"):
        own = [_word(attachment, key) for key in ("pretext", "title", "text")]
        lines += own if any(own) else [_word(attachment, "fallback")]
    return "\n".join(line for line in lines if line.strip())


def together(
    heard: Iterable[Heard], facts: RequestFacts | None, until: str | None = None
) -> tuple[Said, ...]:
    """The threads in the order of time, each message once, without what is not for Jira or came after `until`."""
    kept: dict[tuple[str, str], Said] = {}
    for thread in heard:
        for said in thread.said:
            is_in_time = until is None or said.order <= order(until)
            if is_in_time and _may_leave(said, thread.side, facts):
                kept.setdefault((said.channel, said.ts), said)
    return tuple(sorted(kept.values(), key=lambda said: (said.order, said.channel)))


def _may_leave(said: Said, side: Side, facts: RequestFacts | None) -> bool:
    if is_aside(unescape(said.text)):
        return False
    if side is Side.ASKER and facts is not None and facts.private:
        # Of a private place only what the asker sent is anybody else's business.
        return said.author in (facts.requester, facts.filed_by)
    return True


def _word(owner: Json, key: str) -> str:
    value = owner.get(key)
    return value if isinstance(value, str) else ""
