"""What an issue's comment says of messages in Slack: each under its speaker's name. Nobody is called by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.core.text import (
    BOLD,
    Block,
    Document,
    Inline,
    Link,
    Paragraph,
    Text,
    clean,
    cut,
    is_web,
)
from bot.features.in_step.word import Word
from bot.slack import mrkdwn

# A longer message is cut: with its marks it must fit the 32,767 characters that Jira takes.
LONGEST = 20_000


@dataclass(frozen=True, kw_only=True)
class Background:
    """What ids in the messages are called, the time zone of their hours, and the day on which they are read."""

    names: Mapping[str, str]
    zone: tzinfo
    today: datetime


def comment(words: Sequence[Word], background: Background) -> Document:
    """The messages in their order."""
    return Document(blocks=tuple(block for word in words for block in _message(word, background)))


def _message(word: Word, background: Background) -> list[Block]:
    name = clean(background.names.get(word.author) or "Somebody")
    when = Text(text=f" ({_when(word, background)}):")
    head = Paragraph(children=(Text(text=name, marks=BOLD), when))
    text = cut(word.text, LONGEST)
    left_out = len(word.text) - len(text)
    more = (
        [Paragraph(children=(Text(text=f"({left_out + 1} more characters in Slack)"),))] if left_out else []
    )
    files = [_file(file.name, file.permalink) for file in word.files]
    return [head, *mrkdwn.read(text, background.names).blocks, *more, *files]


def _when(word: Word, background: Background) -> str:
    """The hour, with the day where it is another than that of reading."""
    at = datetime.fromtimestamp(_seconds(word.ts), UTC).astimezone(background.zone)
    is_today = at.date() == background.today.astimezone(background.zone).date()
    return at.strftime("%H:%M %Z" if is_today else "%Y-%m-%d %H:%M %Z").strip()


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _file(name: str, url: str) -> Paragraph:
    # Not the tree's own `link`: a file's name looks like an address, and this one leads to Slack's page of it.
    shown: Inline = Link(url=url, label=name) if is_web(url) else Text(text=clean(name))
    return Paragraph(children=(Text(text="File: "), shown))
