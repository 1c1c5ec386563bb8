"""Requests: every door in, the triage queue, the card, the requester's side. See README.md."""

from collections.abc import Sequence
from typing import Any

from bot.feature import Deps, Feature
from bot.features.requests import jobs
from bot.features.requests.deliveries.asker import AskerDeliveries
from bot.features.requests.deliveries.card import CardDeliveries
from bot.features.requests.deliveries.intake import IntakeDeliveries
from bot.features.requests.deliveries.joined import JoinedDeliveries
from bot.features.requests.deliveries.offering import Offering
from bot.features.requests.deliveries.state import IssueOf, Split, readable
from bot.features.requests.deliveries.sweep import Sweeping
from bot.features.requests.desk import Desk, OnDuty, file_blocker
from bot.features.requests.domain import Move, Request, State
from bot.features.requests.events import (
    ActedAtHome,
    AskerJoined,
    AskersTold,
    CardPosted,
    RequestFiled,
    RequestMoved,
    RequestShown,
)
from bot.features.requests.home import HomeSections
from bot.features.requests.listeners.card import Card, link_followed
from bot.features.requests.listeners.commands import Commands, Count, Report, Words
from bot.features.requests.listeners.doors import Doors
from bot.features.requests.listeners.events import Events, Questions, Taken
from bot.features.requests.listeners.home import Home
from bot.features.requests.listeners.similar import Said, SaidLast, Similar
from bot.features.requests.offers import Offer
from bot.features.requests.service.intake import Filed
from bot.features.requests.service.pick_up import read_back
from bot.features.requests.service.queue import (
    assign_by_split,
    duty_passed,
    heard_from_requester,
    put_back,
    refresh_card,
    reopen_by_issue,
    resolve_by_issue,
)
from bot.features.requests.store import (
    asked_lately,
    by_id,
    export,
    facts,
    find_thread,
    lock,
    name_on_duty,
    open_after,
    open_of_people,
    open_of_team,
    thread_of,
)
from bot.features.requests.store.askers import Deflected, deflected
from bot.features.requests.store.counting import avoidable, figures
from bot.features.requests.store.finding import state_words
from bot.features.requests.store.similar import forget_words
from bot.features.requests.store.threads import threads_lately
from bot.features.requests.store.work import OpenRequest, handled_since, open_work, work_since
from bot.features.requests.views import ids
from bot.features.requests.views.ids import value as value_of
from bot.slack.replies import Nothing, Reply

__all__ = [
    "ActedAtHome",
    "AskerJoined",
    "AskersTold",
    "CardPosted",
    "Count",
    "Deflected",
    "Desk",
    "Filed",
    "HomeSections",
    "Move",
    "Offer",
    "Offering",
    "OpenRequest",
    "Questions",
    "Request",
    "RequestFiled",
    "RequestMoved",
    "RequestShown",
    "Said",
    "Split",
    "State",
    "Words",
    "asked_lately",
    "assign_by_split",
    "avoidable",
    "build",
    "by_id",
    "deflected",
    "duty_passed",
    "export",
    "facts",
    "figures",
    "file_blocker",
    "find_thread",
    "forget_words",
    "handled_since",
    "heard_from_requester",
    "lock",
    "name_on_duty",
    "open_after",
    "open_of_people",
    "open_of_team",
    "open_work",
    "put_back",
    "read_back",
    "readable",
    "refresh_card",
    "reopen_by_issue",
    "resolve_by_issue",
    "state_words",
    "thread_of",
    "threads_lately",
    "value_of",
    "work_since",
]


def _never(*_message: object) -> bool:
    return False


def _nothing(*_about: object) -> Sequence[Any]:
    return ()


async def _no_report(*_asked: object) -> Reply:
    return Nothing()


_NO_QUESTIONS = Questions(is_one=_never, ask=_never)


def build(
    deps: Deps,
    *,
    on_duty: OnDuty,
    issue_of: IssueOf,
    split: Split,
    desk: Desk | None = None,
    taken: Taken = _never,
    questions: Questions = _NO_QUESTIONS,
    triage_words: Words | None = None,
    said_last: SaidLast = _nothing,
    report: Report = _no_report,
) -> Feature:
    """The slice. `on_duty` tells whose turn it is; `issue_of` the Jira issue of a request; `split` who gets it.

    `desk` is there where another slice files requests by it too. `taken`: a message to the bot is another slice's.
    `questions`: texts that another slice answers. `said_last`: what a team said to those who asked, for whoever asks
    the same later. `triage_words`: words of `/triage` that lead to another slice. `report` answers who asks for
    figures, with what is counted for them.
    """
    desk = desk or Desk(deps, on_duty)
    similar = Similar(desk, said_last)
    commands, doors = Commands(desk, report, triage_words or {}), Doors(desk, similar)
    card, events = Card(desk), Events(desk, taken, questions)
    at_home = Home(desk, commands)
    return Feature(
        name="requests",
        commands={"/ask-team": commands.ask_team, "/triage": commands.triage},
        shortcuts={"ask_team": doors.ask_shortcut, "send_to_triage": doors.send_to_triage},
        actions={
            ids.ASK_TEAM: doors.team_chosen,
            ids.ASK_SUMMARY: similar.typed,
            ids.ME_TOO: similar.me_too,
            ids.HELPED: similar.helped,
            ids.OFFER_FILE: doors.offer_accepted,
            ids.CLAIM: card.claim,
            ids.ASSIGN: card.assign,
            ids.RESOLVE: card.resolve,
            ids.REOPEN: card.reopen,
            ids.CATEGORY: card.category_chosen,
            ids.MENU: card.menu,
            ids.PAGE: commands.more,
            ids.LINK: link_followed,
            ids.HOME_ASK: doors.ask_shortcut,
            ids.HOME_NEXT: at_home.next,
            ids.HOME_QUEUE: at_home.queue,
            **{f"{ids.SHARE_EMOJI}.{number}": doors.share_confirmed for number in range(25)},
        },
        submissions={
            ids.ASK_FORM: doors.ask_submitted,
            ids.ASSIGN_FORM: card.assign_submitted,
            ids.PRIORITY_FORM: card.priority_submitted,
            ids.SNOOZE_FORM: card.snooze_submitted,
            ids.DECLINE_FORM: card.decline_submitted,
            ids.DUPLICATE_FORM: card.duplicate_submitted,
        },
        events={
            "message": events.message,
            "app_mention": events.mention,
            "reaction_added": events.reaction_added,
            "reaction_removed": events.reaction_removed,
            "user_change": events.person_changed,
            "subteam_members_changed": events.groups_changed,
            "subteam_updated": events.groups_changed,
            "member_joined_channel": events.place_opened,
            "channel_unarchive": events.place_opened,
        },
        deliveries={
            **CardDeliveries(deps, issue_of, split).all(),
            **AskerDeliveries(deps, issue_of, split).all(),
            **IntakeDeliveries(deps, desk).all(),
            **JoinedDeliveries(deps).all(),
            "request.sweep": Sweeping(deps, desk, events).delivery(),
        },
        jobs=jobs.jobs(deps),
    )
