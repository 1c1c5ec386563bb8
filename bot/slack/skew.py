"""How far this machine's clock is from Slack's. A wrong clock makes every signature look stale."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.gateway import SlackGateway

MOST_SKEW = 60.0
LIMIT = 5.0


async def clock_skew(slack: SlackGateway, now: datetime) -> float | None:
    """Seconds that `now` is ahead of Slack; None where Slack does not tell."""
    try:
        client: Any = slack.web_client()
        answer = await asyncio.wait_for(client.auth_test(), LIMIT)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
        return None
    return skew_of(answer.headers, now)


def skew_of(headers: Mapping[str, Any], now: datetime) -> float | None:
    """Seconds that `now` is ahead of an answer's `Date` header; None where there is none."""
    date = next((value for name, value in headers.items() if name.lower() == "date"), None)
    try:
        return (now - parsedate_to_datetime(str(date))).total_seconds() if date else None
    except (ValueError, TypeError):
        return None
