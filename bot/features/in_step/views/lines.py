"""What threads read about their issue: one line for what changed at once."""

from bot.core.text import clean
from bot.features.in_step.domain import News
from bot.slack.blocks import Message, section
from bot.slack.mrkdwn import escape


def line(key: str, url: str, news: News, who: str) -> Message:
    """What changed, in one sentence; `who` did it, where that is known and no secret."""
    # A line may be told when the issue has another key already.
    begins = _beginning(news)
    said = [begins, *_also(news)] if begins else _also(news)
    by = f", by {_inert(who)}" if who else ""
    colon = ":" if news.status is not None else ""
    return _message(key, url, f"{colon} {', '.join(said)}{by}")


def _beginning(news: News) -> str:
    if news.status is None:
        return ""
    before, after = news.status
    resolution = news.resolution[1] if news.resolution else None
    how = f" ({_inert(resolution)})" if resolution and resolution != after else ""
    return f"{_inert(before)} → {_inert(after)}{how}"


def _also(news: News) -> list[str]:
    said: list[str] = []
    if news.assignee is not None:
        now = "now with" if news.status is not None else "is now with"
        said.append(f"{now} {_inert(news.assignee[1] or 'nobody')}")
    if news.resolution is not None and news.status is None:
        after = news.resolution[1]
        said.append(f"has the resolution {_inert(after)}" if after else "has no resolution any more")
    if news.key is not None:
        said.append(f"was {_inert(news.key[0])} until now")
    return said


def gone(key: str, url: str, who: str, *, is_deleted: bool) -> Message:
    """There is no such issue any more, or the bot is not shown it."""
    if is_deleted:
        return _message(key, url, f" was deleted in Jira{f', by {_inert(who)}' if who else ''}.")
    return _message(key, url, " is not in Jira any more, or I am not allowed to see it.")


def _message(key: str, url: str, words: str) -> Message:
    return Message(text=f"{escape(key)}{words}", blocks=(section(f"<{url}|{escape(key)}>{words}"),))


def _inert(text: str) -> str:
    return escape(" ".join(clean(text).split()))
