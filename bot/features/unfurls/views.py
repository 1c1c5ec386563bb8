"""An issue as a small card below the message that names it."""

from typing import Any

from bot.core.text import clean, cut
from bot.features.unfurls.domain import Shown
from bot.slack.blocks import Block, plain_section, section
from bot.slack.mrkdwn import escape

LONGEST_LINE = 255


def card(shown: Shown) -> dict[str, Any]:
    """The value that `chat.unfurl` takes for one address. Jira's words stand in it as plain text only."""
    blocks: list[Block] = [section(f"*<{escape(shown.url)}|{shown.key}>*")]
    if not shown.is_restricted:
        summary = _line(shown.summary)
        blocks += [plain_section(summary)] if summary else []
        facts = " · ".join(part for part in (_line(shown.status), _line(shown.assignee)) if part)
        blocks += [_small(facts)] if facts else []
    return {"blocks": blocks}


def _line(words: str) -> str:
    return cut(" ".join(clean(words).split()), LONGEST_LINE)


def _small(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "plain_text", "text": words, "emoji": False}]}
