"""Notices in a thread about words that are on their way to Jira, or will not arrive."""

from bot.core.leavers import mention
from bot.core.threads import IssueThreads
from bot.slack.blocks import Message, section
from bot.slack.mrkdwn import escape

KEPT = "Jira does not answer; what you write here is kept and added later."
KEPT_FOR_LOGIN = (
    "Jira does not accept Frontdesk's login just now; what you write here is kept and added later. "
    "Please tell whoever runs Frontdesk."
)


def kept() -> Message:
    """Jira is away."""
    return Message(text=KEPT, blocks=(section(KEPT),))


def kept_for_login() -> Message:
    """Jira does not let the bot in."""
    return Message(text=KEPT_FOR_LOGIN, blocks=(section(KEPT_FOR_LOGIN),))


def refused(ticket: IssueThreads, author: str, why: str) -> Message:
    """To whoever spoke: Jira does not take it."""
    words = f"{mention(author)} Your words could not be added to {escape(ticket.key or '')}: {escape(why)}"
    return Message(text=words, blocks=(section(words),))


def not_changed(ticket: IssueThreads, why: str) -> Message:
    """A message was changed or deleted here, and still stands in Jira."""
    key = escape(ticket.key or "")
    words = f"What was changed or deleted here still stands in {key} as it was: {escape(why)}"
    return Message(text=words, blocks=(section(words),))
