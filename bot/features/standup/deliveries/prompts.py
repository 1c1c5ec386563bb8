"""Direct messages about a check-in: the prompt and its changes, the reminder, answers to what people write."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.text import cut
from bot.feature import Deps
from bot.features.standup.domain.checkins import Checkin, Round, State
from bot.features.standup.service.answering import show_prompt, show_reminder
from bot.features.standup.store import blockers, rows
from bot.features.standup.views import prompt as view
from bot.features.standup.views import words
from bot.features.standup.views.prompt import Around
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Later, Outcome, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import FALLBACK, Message
from bot.slack.posting import Post, call_delivery, post_delivery

# A prompt that comes later than this after its time says so.
LATE = timedelta(minutes=5)
# Somebody has deleted the message: nothing is left to change.
GONE = frozenset({"message_not_found", "cant_update_message"})
# So often a quiet person is looked at again.
LONGEST_NAP = 900.0


class Prompts:
    """Outgoing work to one person."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "standup.prompt": post_delivery(slack, self._prompt, settle=self._prompted, rather="once"),
            "standup.prompt_now": call_delivery(slack, self._prompt_now, rather="delivered", done_when=GONE),
            "standup.remind": post_delivery(slack, self._remind, settle=self._reminded, rather="once"),
            "standup.reminder_now": call_delivery(
                slack, self._reminder_now, rather="delivered", done_when=GONE
            ),
            "standup.reply": post_delivery(slack, self._reply, rather="once"),
        }

    async def _read(self, entry: Entry) -> tuple[Checkin, Round, Around]:
        found = await self._deps.transactions.read(
            _state, entry.payload["checkin_id"], self._deps.clock.now()
        )
        checkin, round_, around = found
        zone = (await self._deps.directory.person(checkin.user_id)).tz
        return checkin, round_, replace(around, zone=zone)

    async def _prompt(self, entry: Entry) -> Post:
        checkin, round_, around = await self._read(entry)
        # One that may stand there already is looked for, or nobody could put it right afterwards.
        if entry.sent_at is None and _is_over(checkin, around):
            raise Stale("there is nothing to ask any more")
        return Post(message=view.prompt(checkin, round_, around), to_user=checkin.user_id)

    def _prompted(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        checkin_id = entry.payload["checkin_id"]
        rows.change_checkin(
            uow.connection, checkin_id, uow.now, prompt_channel=ref["channel"], prompt_ts=ref["ts"]
        )
        checkin = rows.checkin_by_id(uow.connection, checkin_id)
        if checkin is not None and _has_moved_on(checkin, uow):
            show_prompt(uow, checkin)

    async def _prompt_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        checkin, round_, around = await self._read(entry)
        if checkin.prompt_ts is None:
            raise Stale("they were not asked by message")
        return _update(view.prompt(checkin, round_, around), checkin.prompt_channel, checkin.prompt_ts)

    async def _remind(self, entry: Entry) -> Post:
        checkin, round_, around = await self._read(entry)
        if entry.sent_at is None:
            if _is_over(checkin, around):
                raise Stale("there is nothing to remind of any more")
            await self._let_rest(checkin, around)
        return Post(message=view.reminder(checkin, round_, around), to_user=checkin.user_id)

    def _reminded(self, uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
        checkin_id = entry.payload["checkin_id"]
        rows.change_checkin(
            uow.connection, checkin_id, uow.now, reminder_channel=ref["channel"], reminder_ts=ref["ts"]
        )
        checkin = rows.checkin_by_id(uow.connection, checkin_id)
        if checkin is not None and _has_moved_on(checkin, uow):
            show_reminder(uow, checkin)

    async def _reminder_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        checkin, round_, around = await self._read(entry)
        if checkin.reminder_ts is None:
            raise Stale("they were not reminded")
        return _update(view.reminder(checkin, round_, around), checkin.reminder_channel, checkin.reminder_ts)

    async def _let_rest(self, checkin: Checkin, around: Around) -> None:
        """Waits while the person has paused notifications (Slack, "dnd.info")."""
        try:
            told = await self._deps.slack.call("dnd.info", user=checkin.user_id)
        except Outcome:
            # Without the permission, or without an answer, Slack itself keeps the sound off.
            return
        quiet_until = _quiet_until(told, around.now.timestamp())
        if quiet_until is None:
            return
        if quiet_until >= checkin.closes_at.timestamp():
            raise Stale("they have paused notifications until it is over")
        pause = min(quiet_until - around.now.timestamp(), LONGEST_NAP)
        raise Later("they have paused notifications", after=max(pause, 1.0), counted=False)

    async def _reply(self, entry: Entry) -> Post:
        checkin, round_, _ = await self._read(entry)
        payload = entry.payload
        told, with_files = payload["words"], payload["with_files"]
        message = view.reply(checkin, round_, payload["asking"], told, with_files=with_files)
        return Post(message=message, channel=payload["channel"], thread_ts=payload["thread_ts"])


def _is_over(checkin: Checkin, around: Around) -> bool:
    return checkin.state is not State.ASKED or around.now >= checkin.closes_at


def _has_moved_on(checkin: Checkin, uow: UnitOfWork) -> bool:
    """Whether it was answered, or its time went by, while the message was on its way."""
    return checkin.state is not State.ASKED or uow.now >= checkin.closes_at


def _update(message: Message, channel: str | None, ts: str) -> tuple[str, dict[str, Any]]:
    where = {"channel": channel, "ts": ts}
    return "chat.update", {**where, "text": cut(message.text, FALLBACK), "blocks": list(message.blocks)}


def _state(connection: Connection, checkin_id: int, now: Any) -> tuple[Checkin, Round, Around]:
    checkin = rows.checkin_by_id(connection, checkin_id)
    if checkin is None:
        raise Stale("it is gone")
    round_ = rows.round_by_id(connection, checkin.round_id)
    last = rows.answered_before(
        connection, round_.team_id, checkin.user_id, checkin.opens_at, series=round_.series
    )
    open_ones = blockers.open_of_person(connection, round_.team_id, checkin.user_id)
    around = Around(
        now=now,
        last=_last_words(last[1].day, checkin.day) if last else "",
        blockers=len(open_ones),
        is_late=now - checkin.opens_at > LATE,
    )
    return checkin, round_, around


def _last_words(last: date, today: date) -> str:
    return "yesterday" if last == today - timedelta(days=1) else words.short_day(last)


def _quiet_until(told: Mapping[str, Any], now: float) -> float | None:
    """Until when this person wants to be left alone, in seconds since 1970; None: they do not."""
    if told.get("snooze_enabled") and float(told.get("snooze_endtime") or 0) > now:
        return float(told["snooze_endtime"])
    starts, ends = float(told.get("next_dnd_start_ts") or 0), float(told.get("next_dnd_end_ts") or 0)
    return ends if told.get("dnd_enabled") and starts <= now < ends else None
