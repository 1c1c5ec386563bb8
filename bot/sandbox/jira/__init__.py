"""A Jira, Cloud or Data Center, spoken to over the wire like the real one; its pages are in `bot/sandbox/face`.

`JiraSite` is the state and what a person would see; `JiraServer` serves it. Nothing here knows the bot.
"""

from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite

__all__ = ["JiraServer", "JiraSite"]
