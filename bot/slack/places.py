"""Whether the bot can work in a channel, asked of Slack ("conversations.info")."""

from bot.outbox.outcomes import Outcome, Parked
from bot.slack.gateway import SlackGateway


async def trouble_with(slack: SlackGateway, channel: str) -> str | None:
    """Why the bot cannot work there and what to do, to be read after the channel's id; None where it can."""
    try:
        answer = await slack.call("conversations.info", channel=channel)
    except Parked:
        return "does not exist or is private: check the id, and /invite the bot there"
    except Outcome as outcome:
        return f"was not told by Slack ({outcome.reason}): try again"
    found = answer["channel"]
    if found.get("is_archived"):
        return f"(#{found.get('name')}) is archived: unarchive it or name another"
    return None if found.get("is_member") else f"(#{found.get('name')}) is without the bot: /invite it there"
