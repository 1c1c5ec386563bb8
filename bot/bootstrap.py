"""Composition root: the only file that names every concrete thing and lists the features."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from aiohttp import web
from sqlalchemy import Connection

from bot.alarms.ways import Ways
from bot.alarms.wishes import deliveries as alarm_deliveries
from bot.alarms.wishes import given_up, place_closed
from bot.core.clock import Clock, SystemClock
from bot.core.errors import ConfigError
from bot.core.messages import Deleted, Edited, Spoken
from bot.core.text import plain
from bot.core.threads import ThreadRef
from bot.db.engine import Database
from bot.feature import Deps, Feature
from bot.features import conversations, home, in_step, requests, rotation, standup, tickets, unfurls
from bot.jira import texts
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery
from bot.outbox.relay import Relay
from bot.outbox.unit_of_work import Subscriber, Transactions, UnitOfWork
from bot.settings import Settings
from bot.slack import calls
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gateway import SlackGateway
from bot.slack.pace import Pace
from bot.slack.refusals import ANSWERS_WITHIN
from bot.slack.replies import Reply
from bot.teams.directory import Directory
from bot.teams.domain import Team

Webhook = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Product:
    """Everything, joined. Nothing runs yet: see `bot.running`."""

    settings: Settings
    deps: Deps
    database: Database
    features: tuple[Feature, ...]
    relay: Relay
    ways: Ways
    answers: Answers
    app: SlackApp
    webhooks: Mapping[str, Webhook]
    pages: Mapping[str, Webhook]


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    pace: Pace | None = None,
    features_of: Callable[[Deps], tuple[Feature, ...]] | None = None,
    answers_within: float = ANSWERS_WITHIN,
) -> Product:
    """Joins the product, of its own features unless others are named. `answers_within` is in seconds: see `Deps`.

    Call it inside a running event loop. Raises ConfigError for clashing features.
    """
    clock = clock or SystemClock()
    wake = asyncio.Event()
    database = Database(settings.database_url, longest_wait=answers_within)
    transactions = Transactions(database, clock.now, wake.set)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    slack = SlackGateway(token, settings.slack_api_url, pace=pace)
    deps = Deps(
        settings=settings,
        clock=clock,
        transactions=transactions,
        slack=slack,
        jira=_jira(settings),
        directory=Directory(database, slack, clock),
        answers_within=answers_within,
    )
    features = (features_of or _features)(deps)
    relay = Relay(transactions, clock, wake)
    ways = _ways(settings, slack)
    relay.serve({**deliveries(features), **alarm_deliveries(ways)}, closed=place_closed, given_up=given_up)
    transactions.subscribe(subscribers(features))
    answers = Answers(slack, settings.slack_api_url)
    return Product(
        settings=settings,
        deps=deps,
        database=database,
        features=features,
        relay=relay,
        ways=ways,
        answers=answers,
        app=_slack_app(deps, answers, features),
        webhooks=_one_each(features, "webhooks"),
        pages=_one_each(features, "pages"),
    )


def _features(deps: Deps) -> tuple[Feature, ...]:
    board = rotation.Board()
    desk = requests.Desk(deps, board.on_duty_of)
    check_ins = standup.Desk(deps)
    to_jira = tickets.build(
        deps,
        find_thread=requests.find_thread,
        facts=requests.facts,
        card_changed=requests.refresh_card,
    )
    return (
        requests.build(deps, on_duty=board.on_duty_of, issue_of=_issue_of, desk=desk, taken=standup.takes),
        conversations.build(deps, find_thread=requests.find_thread, heard=requests.heard_from_requester),
        to_jira,
        in_step.build(deps, neighbours=_NEIGHBOURS, tickets=_TICKETS),
        unfurls.build(deps),
        rotation.build(deps, board=board, find_work=_find_work, handled=requests.handled_since),
        standup.build(
            deps,
            desk=check_ins,
            requests=_for_check_ins(desk, to_jira),
            work_since=requests.work_since,
            state_of=requests.state_words,
        ),
        home.build(deps, sections=(standup.HomeSection(check_ins),)),
    )


def _for_check_ins(desk: requests.Desk, to_jira: Feature) -> standup.Requests:
    """What somebody's blocker may become: a request, and that an issue."""

    async def file(work: standup.NewWork) -> requests.Filed:
        return await requests.file_blocker(
            desk,
            work.team,
            work.workspace_id,
            requester=work.requester,
            filed_by=work.filed_by,
            summary=work.summary,
            details=work.details,
            key=work.key,
        )

    def has_card(connection: Connection, request_id: int) -> bool:
        return requests.facts(connection, request_id).card is not None

    async def open_jira(call: calls.Action, request_id: int) -> Reply:
        return await to_jira.actions[tickets.BUTTON](replace(call, value=requests.value_of(request_id)))

    return standup.Requests(file=file, has_card=has_card, open_jira=open_jira)


def _issue_of(connection: Connection, request_id: int) -> tickets.IssueLink | None:
    """A request's issue with its status beside the key."""
    issue = tickets.issue_of(connection, request_id)
    return replace(issue, status=in_step.shown_state(connection, issue.key)) if issue else None


def _find_work(connection: Connection, team: Team, now: datetime) -> rotation.OpenWork:
    """What is open in a team, with its issues: what is handed on with duty."""
    counts, found = requests.open_work(connection, team, now)
    return rotation.OpenWork(counts=counts, first=[_work(connection, one) for one in found])


def _work(connection: Connection, one: requests.OpenRequest) -> rotation.Work:
    issue = _issue_of(connection, one.id)
    return rotation.Work(
        number=one.number,
        summary=one.summary,
        kind=one.kind,
        priority=one.priority,
        requester=one.requester,
        assignee=one.assignee,
        due=one.due,
        snoozed_until=one.snoozed_until,
        card=one.card,
        issue=issue.key if issue else None,
        issue_url=issue.url if issue else None,
        issue_status=issue.status if issue else None,
    )


def _words_of(body: object) -> str:
    return plain(texts.read(body))


_NEIGHBOURS = in_step.Neighbours(
    threads_of_issue=partial(tickets.threads_of_issue, facts=requests.facts),
    threads_of_ticket=partial(tickets.threads_of_ticket, facts=requests.facts),
    rename=partial(tickets.rename, card_changed=requests.refresh_card),
    resolve=requests.resolve_by_issue,
    reopen=requests.reopen_by_issue,
    card_changed=requests.refresh_card,
    words_of=_words_of,
)
_TICKETS = in_step.Tickets(
    of_ticket=partial(tickets.threads_of_ticket, facts=requests.facts),
    of_request=partial(tickets.ticket_of_request, facts=requests.facts),
    of_thread=partial(tickets.ticket_of_thread, facts=requests.facts),
    want_files=tickets.want_files,
)


def _ways(settings: Settings, slack: SlackGateway) -> Ways:
    webhook = settings.alert_webhook_url
    return Ways(
        slack,
        channel=settings.alert_channel,
        webhook=webhook.get_secret_value() if webhook else None,
    )


def _jira(settings: Settings) -> JiraGateway | None:
    if settings.jira_url is None:
        return None
    return JiraGateway(
        settings.jira_url,
        email=settings.jira_email,
        api_token=settings.jira_api_token.get_secret_value() if settings.jira_api_token else None,
        token=settings.jira_token.get_secret_value() if settings.jira_token else None,
    )


def _slack_app(deps: Deps, answers: Answers, features: tuple[Feature, ...]) -> SlackApp:
    events: dict[str, list[Callable[[calls.Event], Awaitable[Reply]]]] = defaultdict(list)
    for feature in features:
        for kind, listener in feature.events.items():
            events[kind].append(listener)
    return SlackApp(
        deps.slack,
        answers,
        deps.clock,
        commands=_one_each(features, "commands"),
        shortcuts=_one_each(features, "shortcuts"),
        actions=_one_each(features, "actions"),
        submissions=_one_each(features, "submissions"),
        options=_one_each(features, "options"),
        events=events,
        answers_within=deps.answers_within,
    )


def _one_each(features: tuple[Feature, ...], table: str) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for feature in features:
        for name, listener in getattr(feature, table).items():
            if name in joined:
                raise ConfigError(f"two features claim {name} in {table}")
            joined[name] = listener
    return joined


def deliveries(features: tuple[Feature, ...]) -> dict[str, Delivery]:
    """Every kind of outgoing work, each from one feature."""
    return _one_each(features, "deliveries")


def subscribers(features: tuple[Feature, ...]) -> dict[type, list[Subscriber]]:
    """Who hears of which event, in the order of the features."""
    heard: dict[type, list[Subscriber]] = defaultdict(list)
    for feature in features:
        for event, subscriber in feature.subscribers:
            heard[event].append(subscriber)
    heard[requests.RequestFiled].append(_adopt_issue)
    heard[requests.RequestFiled].append(_link_blocker)
    heard[tickets.IssueKnown].append(_follow_issue)
    heard[conversations.MessageKept].append(_say_in_issue)
    heard[conversations.MessageChanged].append(_change_in_issue)
    heard[requests.RequestMoved].append(_offer_the_same)
    heard[requests.RequestMoved].append(_move_blockers)
    heard[standup.CheckinChanged].append(_renew_home)
    return dict(heard)


def _adopt_issue(uow: UnitOfWork, event: requests.RequestFiled) -> None:
    origin = event.request.origin
    if origin.channel and origin.root_ts:
        thread = ThreadRef(channel=origin.channel, thread_ts=origin.root_ts)
        tickets.adopt(uow, event.request.id, thread, requests.refresh_card)


def _link_blocker(uow: UnitOfWork, event: requests.RequestFiled) -> None:
    standup.request_filed(uow, event.key, event.request.id, event.request.number)


def _follow_issue(uow: UnitOfWork, event: tickets.IssueKnown) -> None:
    in_step.follow(uow, event.issue_id, event.key, is_linked=event.is_linked)
    ticket = _TICKETS.of_ticket(uow.connection, event.ticket_id)
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
    in_step.heard_of_request(uow, _TICKETS, kept.request_id, spoken, shown=kept.is_shown)


def _change_in_issue(uow: UnitOfWork, event: conversations.MessageChanged) -> None:
    kept = event.message
    if kept.is_deleted:
        in_step.taken_away(uow, Deleted(channel=kept.channel, ts=kept.ts, thread_ts=kept.thread_ts))
        return
    edited = Edited(
        channel=kept.channel, ts=kept.ts, text=kept.text, files=kept.files, at=kept.edited_at or ""
    )
    in_step.changed(uow, _TICKETS, edited, shown=kept.is_shown)


def _offer_the_same(uow: UnitOfWork, event: requests.RequestMoved) -> None:
    """What a person closes or reopens here may be closed or reopened in Jira too; Jira's own moves are not asked."""
    way = _WAYS.get(event.move)
    if way is not None and event.actor is not None:
        in_step.request_moved(uow, event.request.id, way, _TICKETS.of_request)


def _renew_home(uow: UnitOfWork, event: standup.CheckinChanged) -> None:
    home.changed(uow, event.user_ids)


def _move_blockers(uow: UnitOfWork, event: requests.RequestMoved) -> None:
    standup.request_moved(uow, event.request.id, is_open=event.request.state.is_open)


_WAYS: Mapping[requests.Move, Literal["done", "undone"]] = {
    requests.Move.RESOLVE: "done",
    requests.Move.DECLINE: "done",
    requests.Move.DUPLICATE: "done",
    requests.Move.REOPEN: "undone",
}
