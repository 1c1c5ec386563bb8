"""What a team's channel gets: the summary and its thread, the digest of a week, the reminder of a meeting."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.calendar import local_date
from bot.core.text import cut
from bot.feature import Deps
from bot.features.standup.deliveries.prompts import GONE
from bot.features.standup.domain.checkins import Blocker, Checkin, Round
from bot.features.standup.domain.people import Calendar
from bot.features.standup.names import askable, names_of
from bot.features.standup.service import opening, summaries
from bot.features.standup.store import blockers as blocker_store
from bot.features.standup.store import rows
from bot.features.standup.store import summaries as store
from bot.features.standup.store.summaries import Summary
from bot.features.standup.views import notices
from bot.features.standup.views import summary as view
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import FALLBACK, Message
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.domain import Team

StateOf = Callable[[Connection, int], str | None]


class Summaries:
    """Outgoing work for the channel. `state_of` tells how the request that a blocker became stands."""

    def __init__(self, deps: Deps, state_of: StateOf) -> None:
        self._deps = deps
        self._state_of = state_of
        self._read = deps.transactions.read

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "standup.summary": post_delivery(slack, self._summary, settle=_posted, rather="once"),
            "standup.summary_now": call_delivery(
                slack, self._summary_now, rather="delivered", done_when=GONE
            ),
            "standup.answers": post_delivery(slack, self._answers, settle=_answers_posted, rather="once"),
            "standup.answers_now": call_delivery(
                slack, self._answers_now, rather="delivered", done_when=GONE
            ),
            "standup.blockers": post_delivery(slack, self._blockers, settle=_blockers_posted, rather="once"),
            "standup.blockers_now": call_delivery(
                slack, self._blockers_now, rather="delivered", done_when=GONE
            ),
            "standup.digest": post_delivery(slack, self._digest, rather="once"),
            "standup.meeting": post_delivery(slack, self._meeting, rather="once"),
            "standup.missed": post_delivery(slack, self._missed, rather="delivered"),
        }

    async def _summary(self, entry: Entry) -> Post:
        summary = await self._read(store.by_id, entry.payload["summary_id"])
        return Post(message=view.summary(await self._told(summary)), channel=summary.channel)

    async def _summary_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        summary = await self._read(store.by_id, entry.payload["summary_id"])
        if summary.ts is None:
            raise Stale("it is shown when it is posted")
        return _update(summary, summary.ts, view.summary(await self._told(summary)))

    async def _told(self, summary: Summary) -> view.Facts:
        teams = await self._deps.directory.teams()
        team = teams.get(summary.team_id)
        if team is None:
            raise Stale("its team is gone")
        now = self._deps.clock.now()
        members = await askable(self._deps.directory, teams.members_of(team))
        facts = await self._read(_facts, summary, team, members, now, self._state_of)
        people = [one.user_id for one in facts.checkins] + [one.user_id for one in facts.blockers]
        names = await names_of(self._deps.directory, [*people, *facts.waiting])
        return facts.named(names)

    async def _blockers(self, entry: Entry) -> Post:
        summary = await self._read(store.by_id, entry.payload["summary_id"])
        message = view.more_blockers(await self._told(summary), entry.payload["page"])
        return Post(message=message, channel=summary.channel, thread_ts=summary.ts)

    async def _blockers_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        summary = await self._read(store.by_id, entry.payload["summary_id"])
        page = entry.payload["page"]
        ts = await self._read(store.post, summary.id, f"blockers.{page}")
        if ts is None:
            raise Stale("it shows them when it is posted")
        return _update(summary, ts, view.more_blockers(await self._told(summary), page))

    async def _answers(self, entry: Entry) -> Post:
        summary, message, _ = await self._part(entry)
        return Post(message=message, channel=summary.channel, thread_ts=summary.ts)

    async def _answers_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        summary, message, name = await self._part(entry)
        ts = await self._read(store.post, summary.id, name)
        if ts is None:
            raise Stale("it shows the answers when it is posted")
        return _update(summary, ts, message)

    async def _part(self, entry: Entry) -> tuple[Summary, Message, str]:
        summary, checkin, round_ = await self._read(_of_part, entry)
        if summary.ts is None:
            raise Stale("there is no thread")
        name = (await self._deps.directory.person(checkin.user_id)).name
        part, weekly = int(entry.payload["part"]), round_.asked.weekly_summary
        message = view.answers(checkin, round_.asked, name, part, weekly=weekly)
        return summary, message, summaries.post_name(checkin, part)

    async def _digest(self, entry: Entry) -> Post:
        round_ = await self._read(rows.round_by_id, entry.payload["round_id"])
        week = await self._read(_week, round_)
        people = [one.user_id for one in week.checkins] + [one.user_id for one in week.blockers]
        names = await names_of(self._deps.directory, people)
        return Post(message=notices.digest(round_, week, names), channel=round_.channel)

    async def _meeting(self, entry: Entry) -> Post:
        round_ = await self._read(rows.round_by_id, entry.payload["round_id"])
        team = (await self._deps.directory.teams()).get(round_.team_id)
        plan = next((one for one in team.standups if one.series == round_.series), None) if team else None
        now = self._deps.clock.now()
        if team is None or plan is None or now > round_.closes_at + opening.GRACE:
            raise Stale("the meeting is over or gone")
        open_ones = await self._read(blocker_store.open_of_team, team.id)
        names = await names_of(self._deps.directory, [one.user_id for one in open_ones])
        message = notices.meeting(plan, round_, open_ones, names, now, team.zone)
        return Post(message=message, channel=plan.channel)

    async def _missed(self, entry: Entry) -> Post:
        round_ = await self._read(rows.round_by_id, entry.payload["round_id"])
        team = (await self._deps.directory.teams()).get(round_.team_id)
        if team is None:
            raise Stale("its team is gone")
        return Post(message=notices.missed(round_, team.name), to_user=team.lead)


def _update(summary: Summary, ts: str, message: Message) -> tuple[str, dict[str, Any]]:
    where = {"channel": summary.channel, "ts": ts}
    # Slack refuses to change a message to a text of more than 4,000 characters ("chat.update").
    return "chat.update", {**where, "text": cut(message.text, FALLBACK), "blocks": list(message.blocks)}


def _posted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    summaries.posted(uow, entry.payload["summary_id"], ref["channel"], ref["ts"])


def _answers_posted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    payload = entry.payload
    checkin = rows.checkin_by_id(uow.connection, payload["checkin_id"])
    if checkin is None:
        return
    name = summaries.post_name(checkin, payload["part"])
    store.add_post(uow.connection, payload["summary_id"], name, checkin.id, ref["ts"])
    if checkin.updated_at and checkin.updated_at > entry.created_at:
        # They may have changed between the rendering and now.
        summaries.tell_answers(uow, store.by_id(uow.connection, payload["summary_id"]), checkin)


def _blockers_posted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    summary_id, page = entry.payload["summary_id"], entry.payload["page"]
    store.add_post(uow.connection, summary_id, f"blockers.{page}", None, ref["ts"])
    # Something may have changed between the rendering and now.
    summaries.refresh(uow, store.by_id(uow.connection, summary_id))


def _of_part(connection: Connection, entry: Entry) -> tuple[Summary, Checkin, Round]:
    checkin = rows.checkin_by_id(connection, entry.payload["checkin_id"])
    if checkin is None:
        raise Stale("it is gone")
    summary = store.by_id(connection, entry.payload["summary_id"])
    return summary, checkin, rows.round_by_id(connection, checkin.round_id)


def _facts(
    connection: Connection,
    summary: Summary,
    team: Team,
    members: Sequence[str],
    now: datetime,
    state_of: StateOf,
) -> view.Facts:
    rounds = rows.rounds_of(connection, summary.team_id, summary.series, summary.period)
    checkins = rows.checkins_of(connection, [one.id for one in rounds])
    last = rounds[-1]
    found = blocker_store.of_summary(connection, team.id, summary.series, [one.id for one in rounds])
    return view.Facts(
        name=last.name,
        period=summary.period,
        # Who answered anonymously stays so, also where the check-in is not anonymous any more.
        asked=replace(last.asked, anonymous=any(one.asked.anonymous for one in rounds)),
        checkins=checkins,
        waiting=_waiting(opening.around(connection, team, members, now), last, checkins, now),
        blockers=found,
        states=_states(connection, found, state_of),
        names={},
        now=now,
        today=local_date(now, team.zone),
        zone=team.timezone,
    )


def _states(connection: Connection, found: list[Blocker], state_of: StateOf) -> dict[int, str]:
    told = {one.request_id: state_of(connection, one.request_id) for one in found if one.request_id}
    return {request_id: state for request_id, state in told.items() if state}


def _waiting(calendar: Calendar, last: Round, checkins: list[Checkin], now: datetime) -> list[str]:
    """Who is asked later, in a time zone where the hour has not come."""
    plan = next((one for one in calendar.team.standups if one.series == last.series), None)
    if plan is None:
        return []
    known = {one.user_id for one in checkins if one.round_id == last.id}
    expected = (
        user_id
        for user_id in calendar.members
        if opening.is_expected(calendar, plan, user_id, last.day, known)
    )
    return [user_id for user_id in expected if _opens_later(calendar, plan, user_id, last, now)]


def _opens_later(calendar: Calendar, plan: Any, user_id: str, last: Round, now: datetime) -> bool:
    found = calendar.opening_of(plan, user_id, last.day)
    return found is not None and found.opens_at > now


def _week(connection: Connection, round_: Round) -> notices.Week:
    first = summaries.schedule.period_of(weekly=True, day=round_.day)
    rounds = rows.rounds_between(connection, round_.team_id, round_.series, first, round_.day)
    checkins = rows.checkins_of(connection, [one.id for one in rounds])
    found = blocker_store.of_summary(connection, round_.team_id, round_.series, [one.id for one in rounds])
    return notices.Week(
        first=first,
        checkins=checkins,
        blockers=found,
        anonymous=any(one.asked.anonymous for one in rounds),
    )
