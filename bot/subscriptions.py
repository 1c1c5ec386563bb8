"""Who hears of which event: what one feature does makes others act, inside the same transaction.

What the features ask each other is in `bot.joints`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from bot import joints
from bot.absence.events import Returned
from bot.core.messages import Deleted, Edited, Spoken
from bot.core.threads import ThreadRef
from bot.features import (
    conversations,
    escalation,
    home,
    in_step,
    requests,
    rotation,
    standup,
    tickets,
)
from bot.outbox.unit_of_work import Subscriber, UnitOfWork
from bot.teams.events import GroupsChanged, SettingsChanged
from bot.teams.store import all_teams

# After an absence: the threads in which people may have gone on talking, and no more than Slack answers in minutes.
LATELY = timedelta(days=7)
MOST_THREADS = 200


def listen(heard: Mapping[type, list[Subscriber]]) -> None:
    """Adds who hears of which event. Each is told inside the transaction that it happens in."""
    heard[Returned].append(_read_back)
    heard[requests.RequestFiled].append(_adopt_issue)
    heard[requests.RequestFiled].append(_link_blocker)
    heard[tickets.IssueKnown].append(_follow_issue)
    heard[conversations.MessageKept].append(_say_in_issue)
    heard[conversations.MessageChanged].append(_change_in_issue)
    heard[requests.RequestMoved].append(_offer_the_same)
    heard[requests.RequestMoved].append(_move_blockers)
    heard[requests.RequestMoved].append(_follow_ladder)
    heard[requests.CardPosted].append(_start_ladder)
    heard[conversations.MessageKept].append(_keep_claim)
    heard[standup.CheckinChanged].append(_renew_home)
    heard[SettingsChanged].append(_renew_homes_after_settings)
    heard[GroupsChanged].append(_renew_homes_after_groups)
    heard[rotation.DutyPassed].append(_name_on_cards)
    heard[rotation.DutyPassed].append(_renew_homes_of_team)
    heard[rotation.ShiftsChanged].append(_renew_homes_of_team)
    heard[escalation.SomebodyCalled].append(_renew_homes_of_team)
    heard[requests.RequestShown].append(_renew_homes_of_request)
    heard[requests.AskerJoined].append(_renew_home_of_asker)
    heard[requests.AskersTold].append(_renew_homes_of_askers)
    heard[requests.ActedAtHome].append(_answer_at_home)


def _read_back(uow: UnitOfWork, event: Returned) -> None:
    absence = event.absence
    teams = [team for team in all_teams(uow.connection) if team.active]
    channels = dict.fromkeys(channel for team in teams for channel in team.intake_channels)
    requests.read_back(uow, channels, absence.read_from, absence.ended, event.lane)
    threads = requests.threads_lately(uow.connection, absence.began - LATELY, MOST_THREADS)
    conversations.read_back(uow, threads, absence.read_from, event.lane)


def _name_on_cards(uow: UnitOfWork, event: rotation.DutyPassed) -> None:
    requests.duty_passed(uow, event.team_id, event.person)


def _follow_ladder(uow: UnitOfWork, event: requests.RequestMoved) -> None:
    escalation.follow(uow, joints.standing(event.request))


def _start_ladder(uow: UnitOfWork, event: requests.CardPosted) -> None:
    escalation.card_posted(uow, joints.standing(event.request))


def _keep_claim(uow: UnitOfWork, event: conversations.MessageKept) -> None:
    escalation.heard(uow, event.message.request_id, requests.lock)


def _adopt_issue(uow: UnitOfWork, event: requests.RequestFiled) -> None:
    origin = event.request.origin
    if origin.channel and origin.root_ts:
        thread = ThreadRef(channel=origin.channel, thread_ts=origin.root_ts)
        tickets.adopt(uow, event.request.id, thread, requests.refresh_card)


def _link_blocker(uow: UnitOfWork, event: requests.RequestFiled) -> None:
    standup.request_filed(uow, event.key, event.request.id, event.request.number)


def _follow_issue(uow: UnitOfWork, event: tickets.IssueKnown) -> None:
    in_step.follow(uow, event.issue_id, event.key, is_linked=event.is_linked)
    ticket = joints.TICKETS.of_ticket(uow.connection, event.ticket_id)
    if ticket is not None:
        in_step.issue_made(uow, ticket)


def _say_in_issue(uow: UnitOfWork, event: conversations.MessageKept) -> None:
    kept = event.message
    spoken = Spoken(
        channel=kept.channel,
        ts=kept.ts,
        thread_ts=kept.thread_ts,
        author=kept.author,
        text=kept.text,
        files=kept.files,
    )
    in_step.heard_of_request(uow, joints.TICKETS, kept.request_id, spoken, shown=kept.is_shown)


def _change_in_issue(uow: UnitOfWork, event: conversations.MessageChanged) -> None:
    kept = event.message
    if kept.is_deleted:
        in_step.taken_away(uow, Deleted(channel=kept.channel, ts=kept.ts, thread_ts=kept.thread_ts))
        return
    edited = Edited(
        channel=kept.channel, ts=kept.ts, text=kept.text, files=kept.files, at=kept.edited_at or ""
    )
    in_step.changed(uow, joints.TICKETS, edited, shown=kept.is_shown)


def _offer_the_same(uow: UnitOfWork, event: requests.RequestMoved) -> None:
    """What a person closes or reopens here may be closed or reopened in Jira too; Jira's own moves are not asked."""
    way = _WAYS.get(event.move)
    if way is not None and event.actor is not None:
        in_step.request_moved(uow, event.request.id, way, joints.TICKETS.of_request)


def _renew_home(uow: UnitOfWork, event: standup.CheckinChanged) -> None:
    home.changed(uow, event.user_ids)


def _renew_homes_after_settings(uow: UnitOfWork, event: SettingsChanged) -> None:
    home.changed(uow, event.user_ids)
    home.team_changed(uow, event.team_id)


def _renew_homes_after_groups(uow: UnitOfWork, event: GroupsChanged) -> None:
    home.changed(uow, event.user_ids)


def _renew_homes_of_request(uow: UnitOfWork, event: requests.RequestShown) -> None:
    home.changed(uow, event.people)
    home.team_changed(uow, event.request.team_id)


def _renew_homes_of_team(
    uow: UnitOfWork, event: rotation.DutyPassed | rotation.ShiftsChanged | escalation.SomebodyCalled
) -> None:
    home.team_changed(uow, event.team_id, soon=True)


def _renew_home_of_asker(uow: UnitOfWork, event: requests.AskerJoined) -> None:
    home.changed(uow, [event.user_id])


def _renew_homes_of_askers(uow: UnitOfWork, event: requests.AskersTold) -> None:
    home.changed(uow, event.user_ids)


def _answer_at_home(uow: UnitOfWork, event: requests.ActedAtHome) -> None:
    home.at_once(uow, event.user_id)


def _move_blockers(uow: UnitOfWork, event: requests.RequestMoved) -> None:
    standup.request_moved(uow, event.request.id, is_open=event.request.state.is_open)


_WAYS: Mapping[requests.Move, Literal["done", "undone"]] = {
    requests.Move.RESOLVE: "done",
    requests.Move.DECLINE: "done",
    requests.Move.DUPLICATE: "done",
    requests.Move.REOPEN: "undone",
}
