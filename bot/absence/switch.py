"""A message that Slack posts by itself when nobody pushes it on any more: that the bot has stopped working.

Source: Slack, "chat.scheduleMessage" (30 for 5 minutes of a channel; with `metadata` it is never posted) and
"chat.deleteScheduledMessage" (none that is due within 60 seconds).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.absence import store
from bot.alarms.ways import Ways
from bot.core.logs import logger
from bot.core.wire import inner, objects
from bot.outbox.outcomes import Doubt, Outcome
from bot.outbox.unit_of_work import Transactions, UnitOfWork
from bot.slack.dates import moment

# How often it is pushed on, and how far: three may fail before anybody is alarmed.
EVERY = timedelta(minutes=3)
AHEAD = timedelta(minutes=15)
# How often a replica asks whether it is its turn.
ASK_EVERY = timedelta(seconds=30)
# After a clean stop somebody has so long to start it again in peace.
AFTER_A_STOP = timedelta(minutes=30)
MOST_PAGES = 5
_UTC = ZoneInfo(UTC.tzname(None))

log = logger(__name__)


class Switch:
    """One per process; all replicas share one message. Without ALERT_CHANNEL it does nothing."""

    def __init__(self, ways: Ways, transactions: Transactions, is_well: Callable[[], bool]) -> None:
        self._ways = ways
        self._transactions = transactions
        self._is_well = is_well
        self._asked: datetime | None = None

    async def push(self, now: datetime) -> None:
        """Pushes it on where it is time and all is well. Raises DatabaseUnavailable."""
        if not self._ways.channel or not self._is_well():
            return
        if self._asked is not None and timedelta() <= now - self._asked < ASK_EVERY:
            return
        self._asked = now
        turn = await self._transactions.run(_take_turn)
        if turn is None:
            return
        try:
            await self._replace(turn, now + AHEAD, _silent(now))
        except Outcome as outcome:
            log.warning("switch.not_pushed", why=outcome.reason)
            await self._transactions.run(_give_turn_back)

    async def stopping(self, now: datetime) -> None:
        """A clean stop: the message says so, and comes later. Another replica puts it right within 30 seconds."""
        if not self._ways.channel:
            return
        turn = await self._transactions.run(_take_any_turn)
        try:
            await self._replace(turn, now + AFTER_A_STOP, _stopped(now))
        except Outcome as outcome:
            log.warning("switch.not_pushed", why=outcome.reason)
        await self._transactions.run(_give_turn_back)

    async def _replace(self, turn: store.Turn | None, at: datetime, text: str) -> None:
        """The new one first: a death in between leaves one too many, never none."""
        slack, channel = self._ways.slack, self._ways.channel
        before = await self._waiting()
        answer = await slack.call(
            "chat.scheduleMessage", channel=channel, text=text, post_at=int(at.timestamp())
        )
        post_id = str(answer.get("scheduled_message_id") or "")
        if not post_id:
            # Should it wait there all the same, the next turn finds it in the list.
            raise Doubt("Slack named no scheduled message")
        await self._transactions.run(_pushed, post_id)
        known = [turn.post_id] if turn and turn.post_id else []
        for old in dict.fromkeys((*known, *before)):
            if old == post_id:
                continue
            try:
                await slack.call("chat.deleteScheduledMessage", channel=channel, scheduled_message_id=old)
            except Outcome as outcome:
                # Posted by now, or due within a minute.
                log.info("switch.old_one_stays", why=outcome.reason)

    async def _waiting(self) -> list[str]:
        """All that wait in that channel, what others left behind among them: nothing else of ours is scheduled."""
        found: list[str] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            more = {"cursor": cursor} if cursor else {}
            try:
                answer = await self._ways.slack.call(
                    "chat.scheduledMessages.list", channel=self._ways.channel, limit=100, **more
                )
            except Outcome as outcome:
                log.info("switch.not_listed", why=outcome.reason)
                return found
            found += [str(one["id"]) for one in objects(answer, "scheduled_messages")]
            cursor = str(inner(answer, "response_metadata").get("next_cursor") or "")
            if not cursor:
                break
        return found


def _silent(since: datetime) -> str:
    return (
        f"Frontdesk has not been working since {moment(since, _UTC)}: whoever writes to it is not heard. "
        "Look whether it runs, then at its log and /readyz. What is written meanwhile in intake channels is filed "
        "when it is back."
    )


def _stopped(at: datetime) -> str:
    return (
        f"Frontdesk was stopped at {moment(at, _UTC)} and has not been started since: whoever writes to it is not "
        "heard. What is written meanwhile in intake channels is filed when it is back."
    )


def _take_turn(uow: UnitOfWork) -> store.Turn | None:
    store.last_heard(uow.connection, uow.now)
    return store.take_turn(uow.connection, uow.now, EVERY)


def _take_any_turn(uow: UnitOfWork) -> store.Turn | None:
    return store.take_turn(uow.connection, uow.now, timedelta())


def _pushed(uow: UnitOfWork, post_id: str) -> None:
    store.pushed(uow.connection, post_id)


def _give_turn_back(uow: UnitOfWork) -> None:
    store.give_turn_back(uow.connection)
