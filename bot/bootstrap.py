"""Composition root: the only file that names every concrete thing and lists the features.

What the features tell and ask each other is in `bot.joints`.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot import ahead, joints, privacy, subscriptions
from bot.absence.report import deliveries as absence_deliveries
from bot.alarms.ways import Ways
from bot.alarms.wishes import deliveries as alarm_deliveries
from bot.alarms.wishes import given_up, place_closed
from bot.audit import Audit
from bot.core.clock import Clock, SystemClock
from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.feature import Deps, Feature
from bot.features import (
    conversations,
    escalation,
    home,
    in_step,
    invitation,
    questions,
    reports,
    requests,
    rotation,
    setup,
    standup,
    tickets,
    unfurls,
)
from bot.indicators.tally import Tally, count_repeated
from bot.installation import Installation
from bot.installation import build as build_installation
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery
from bot.outbox.relay import LEASE, Relay
from bot.outbox.unit_of_work import Subscriber, Transactions
from bot.settings import Settings
from bot.slack import calls
from bot.slack.answers import Answers
from bot.slack.app import SlackApp
from bot.slack.gateway import COPY_AGAIN, SlackGateway
from bot.slack.pace import Pace
from bot.slack.refusals import ANSWERS_WITHIN
from bot.slack.replies import Reply
from bot.teams.directory import Directory

Webhook = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Product:
    """Everything, joined. Nothing runs yet: see `bot.running`."""

    settings: Settings
    deps: Deps
    database: Database
    features: tuple[Feature, ...]
    deliveries: Mapping[str, Delivery]
    installation: Installation
    audit: Audit
    relay: Relay
    ways: Ways
    answers: Answers
    app: SlackApp
    tally: Tally
    webhooks: Mapping[str, Webhook]
    pages: Mapping[str, Webhook]


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    pace: Pace | None = None,
    features_of: Callable[[Deps], tuple[Feature, ...]] | None = None,
    answers_within: float = ANSWERS_WITHIN,
    lease: timedelta = LEASE,
) -> Product:
    """Joins the product, of its own features unless others are named. `answers_within` is in seconds: see `Deps`.

    `lease`: how long a silent bot keeps what it was about to send, before another takes it up.

    Call it inside a running event loop. Raises ConfigError for clashing features.
    """
    clock = clock or SystemClock()
    wake = asyncio.Event()
    database = Database(settings.database_url, longest_wait=answers_within)
    transactions = Transactions(database, clock.now, wake.set)
    slack = _slack(settings, pace)
    deps = Deps(
        settings=settings,
        clock=clock,
        transactions=transactions,
        slack=slack,
        jira=_jira(settings),
        directory=Directory(database, slack, clock, transactions=transactions),
        answers_within=answers_within,
    )
    ways = _ways(settings, slack)
    installation = build_installation(deps, ways.tell)
    features = (*(features_of or _features)(deps), installation.feature, privacy.build(deps))
    relay = Relay(transactions, clock, wake, lease=lease)
    kinds = {
        **deliveries(features),
        **alarm_deliveries(ways, transactions),
        **absence_deliveries(ways, transactions),
    }
    relay.serve(kinds, closed=place_closed, given_up=given_up, repeated=count_repeated)
    transactions.subscribe(subscribers(features))
    answers = Answers(slack, settings.slack_api_url)
    tally = Tally(clock.now)
    audit = Audit(database)
    return Product(
        settings=settings,
        deps=deps,
        database=database,
        features=features,
        deliveries=kinds,
        installation=installation,
        audit=audit,
        relay=relay,
        ways=ways,
        answers=answers,
        app=_slack_app(deps, answers, features, tally, audit),
        tally=tally,
        webhooks=_one_each(features, "webhooks"),
        pages=_one_each(features, "pages"),
    )


def _features(deps: Deps) -> tuple[Feature, ...]:
    board = rotation.Board()
    desk = requests.Desk(deps, board.on_duty_of)
    climbing = joints.for_escalation(escalation.Rotation(on_duty=board.on_duty_of, following=board.next_of))
    check_ins = standup.Desk(deps)
    settings = setup.desk_of(deps, parts=setup.plan_parts(ahead.PLANS), before_change=joints.before_change)
    telling = reports.Listeners(deps, joints.about_us)
    to_jira = tickets.build(
        deps,
        find_thread=requests.find_thread,
        facts=requests.facts,
        card_changed=requests.refresh_card,
    )
    asked = _asked(deps, board, desk, climbing, setup.triage_words(settings), telling)
    on_duty = rotation.build(deps, board=board, neighbours=joints.ROTATION)
    checking_in = _check_ins(deps, check_ins, joints.for_check_ins(desk, to_jira))
    return (
        asked,
        escalation.build(deps, climbing),
        conversations.build(deps, find_thread=requests.find_thread, heard=requests.heard_from_requester),
        to_jira,
        in_step.build(deps, neighbours=joints.NEIGHBOURS, tickets=joints.TICKETS),
        unfurls.build(deps),
        on_duty,
        checking_in,
        questions.build(
            deps,
            commands=[one.commands for one in (asked, on_duty, checking_in)],
            below=requests.Offering(deps, desk).below,
        ),
        invitation.build(deps),
        setup.build(settings),
        reports.build(deps, joints.REPORTS, telling),
        home.build(deps, sections=_home_sections(desk, board, check_ins)),
    )


def _home_sections(
    desk: requests.Desk, board: rotation.Board, check_ins: standup.Desk
) -> tuple[home.Section | home.Paged, ...]:
    """What stands on the Home tab, from top to bottom. A slice that has something to show adds itself here."""
    of_requests = requests.HomeSections(desk, escalation.dues)
    return (
        of_requests.needs,
        standup.HomeSection(check_ins),
        home.Paged(name="held", show=of_requests.held),
        home.Paged(name="queues", show=of_requests.queues),
        rotation.HomeSection(desk.deps, board),
        home.Paged(name="asked", show=of_requests.asked),
        setup.HomeSection(desk.deps),
    )


def _asked(
    deps: Deps,
    board: rotation.Board,
    desk: requests.Desk,
    climbing: escalation.Neighbours,
    triage_words: requests.Words,
    telling: reports.Listeners,
) -> Feature:
    return requests.build(
        deps,
        on_duty=board.on_duty_of,
        issue_of=joints.issue_of,
        split=joints.split(deps, climbing),
        desk=desk,
        taken=standup.takes,
        questions=joints.QUESTIONS,
        triage_words=triage_words,
        said_last=conversations.said_last,
        report=telling.stats,
    )


def _check_ins(deps: Deps, desk: standup.Desk, from_blockers: standup.Requests) -> Feature:
    return standup.build(
        deps,
        desk=desk,
        requests=from_blockers,
        work_since=requests.work_since,
        state_of=requests.state_words,
        is_question=questions.is_question,
    )


def _slack(settings: Settings, pace: Pace | None) -> SlackGateway:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    mend = f"install again at {settings.public_url}/slack/install" if settings.by_oauth else COPY_AGAIN
    return SlackGateway(token, settings.slack_api_url, pace=pace, mend=mend)


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


def _slack_app(
    deps: Deps, answers: Answers, features: tuple[Feature, ...], tally: Tally, audit: Audit
) -> SlackApp:
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
        answered=tally.answered,
        not_allowed=audit.refused,
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
    subscriptions.listen(heard)
    return dict(heard)
