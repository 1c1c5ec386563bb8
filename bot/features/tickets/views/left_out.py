"""The note in a thread about files that did not get to the issue."""

from collections.abc import Sequence

from bot.slack.blocks import Message, section
from bot.slack.mrkdwn import escape


def left_out(key: str, url: str | None, files: Sequence[tuple[str, str]]) -> Message:
    """Which files are not on the issue, each with half a sentence that says why."""
    lines = [f"{name} ({reason})" for name, reason in files]
    what = "This file is" if len(lines) == 1 else "These files are"
    text = "\n".join([f"{what} not attached to {key}:", *(f"• {line}" for line in lines)])
    shown = f"<{url}|{key}>" if url else key
    mrkdwn = "\n".join([f"{what} not attached to *{shown}*:", *(f"• {escape(line)}" for line in lines)])
    return Message(text=escape(text), blocks=(section(mrkdwn),))
