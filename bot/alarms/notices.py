"""The words of the alarms about the database and Slack."""

from collections.abc import Callable

from bot.alarms.outage import Down, Notice
from bot.alarms.ways import Ways
from bot.core.logs import logger

DATABASE_KEY = "frontdesk/database"
SLACK_KEY = "frontdesk/slack"

log = logger(__name__)


def tell_database(ways: Ways) -> Callable[[Notice], None]:
    """Tells that the database is away, or back."""

    def tell(notice: Notice) -> None:
        if isinstance(notice, Down):
            log.critical("db_unreachable", seconds=round(notice.seconds))
            text = (
                f"Frontdesk has not reached its database for {lasting(notice.seconds)}. New requests are turned "
                "away with words; what was accepted is kept. Check the database server, then /readyz."
            )
        else:
            log.warning("db_reachable_again", seconds=round(notice.seconds))
            text = f"Frontdesk reaches its database again, after {lasting(notice.seconds)}. It has recovered."
        ways.tell(text, DATABASE_KEY)

    return tell


def tell_slack(ways: Ways, why: Callable[[], str | None]) -> Callable[[Notice], None]:
    """Tells that Slack is away, or back; `why` is what the last look met."""

    def tell(notice: Notice) -> None:
        if isinstance(notice, Down):
            log.critical("slack_unreachable", seconds=round(notice.seconds))
            text = (
                f"Frontdesk has had no use of Slack for {lasting(notice.seconds)}: Slack {why() or 'fails'}. What is to "
                "be written there waits and is written later. Check Slack's status page and the bot's token."
            )
        else:
            log.warning("slack_reachable_again", seconds=round(notice.seconds))
            text = f"Frontdesk reaches Slack again, after {lasting(notice.seconds)}. It has recovered."
        ways.tell(text, SLACK_KEY)

    return tell


def lasting(seconds: float) -> str:
    """A duration as people say it: 65 seconds, 16 minutes, 2 hours."""
    if seconds < 120:
        return f"{round(seconds)} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
