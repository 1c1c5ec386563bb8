"""Whoever is written down as away by somebody else hears of it."""

from bot.feature import Deps
from bot.features.standup.views import status, words
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.mrkdwn import escape
from bot.slack.posting import Post, post_delivery
from bot.teams import absences


def told(deps: Deps) -> Delivery:
    """The direct message."""

    async def render(entry: Entry) -> Post:
        away = await deps.transactions.read(absences.by_id, entry.payload["absence_id"])
        if away is None:
            raise Stale("they are not away any more")
        by = await deps.directory.person(entry.payload["by"])
        reason = f" ({escape(away.reason)})" if away.reason else ""
        text = (
            f"{escape(by.name)} has written down that you are away {words.span(away.first_day, away.last_day)}"
            f"{reason}. No check-in asks you then. `/standup resume` ends it."
        )
        return Post(message=status.said(text), to_user=entry.payload["user_id"])

    return post_delivery(deps.slack, render, rather="once")
