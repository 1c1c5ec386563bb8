"""What a slice contributes to the product, and what it may use."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.core.clock import Clock
from bot.indicators.domain import Component
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery
from bot.outbox.unit_of_work import Subscriber, Transactions
from bot.settings import Settings
from bot.slack.calls import Action, Command, Event, Options, Shortcut, Submission
from bot.slack.gateway import SlackGateway
from bot.slack.refusals import ANSWERS_WITHIN
from bot.slack.replies import Reply
from bot.teams.directory import Directory


@dataclass(frozen=True, kw_only=True)
class Deps:
    """What every slice may use. Built once, by `bot.bootstrap`.

    `answers_within` is how many seconds the answer to a call from outside may take.
    """

    settings: Settings
    clock: Clock
    transactions: Transactions
    slack: SlackGateway
    jira: JiraGateway | None
    directory: Directory
    answers_within: float = ANSWERS_WITHIN


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something to look at every so often; `run` decides by `now` whether anything is due.

    `next_due` tells when this job will next have something to do, None when nothing is in sight, and `in_words` what
    that is: for screens that show it. Nothing depends on them.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], Awaitable[None]]
    next_due: Callable[[Connection, datetime], datetime | None] | None = None
    in_words: str = ""


# How many things of a slice came to an end from the first instant on and before the second, by kind and result.
Ends = Callable[[Connection, datetime, datetime], Mapping[tuple[str, str], int]]


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One slice. Names are what Slack sends: command, callback id, action id, event type.

    `webhooks` are the paths at which others than Slack call, by POST, `pages` those that they read, by GET, with
    aiohttp's placeholders; each checks for itself who calls. `ends` are counted for the service indicators, by
    component.
    """

    name: str
    commands: Mapping[str, Callable[[Command], Awaitable[Reply]]] = field(default_factory=dict[str, Any])
    shortcuts: Mapping[str, Callable[[Shortcut], Awaitable[Reply]]] = field(default_factory=dict[str, Any])
    actions: Mapping[str, Callable[[Action], Awaitable[Reply]]] = field(default_factory=dict[str, Any])
    submissions: Mapping[str, Callable[[Submission], Awaitable[Reply]]] = field(
        default_factory=dict[str, Any]
    )
    options: Mapping[str, Callable[[Options], Awaitable[Reply]]] = field(default_factory=dict[str, Any])
    events: Mapping[str, Callable[[Event], Awaitable[Reply]]] = field(default_factory=dict[str, Any])
    deliveries: Mapping[str, Delivery] = field(default_factory=dict[str, Delivery])
    webhooks: Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(
        default_factory=dict[str, Any]
    )
    pages: Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(
        default_factory=dict[str, Any]
    )
    jobs: tuple[Job, ...] = ()
    ends: Mapping[Component, Ends] = field(default_factory=dict[Component, Ends])
    subscribers: tuple[tuple[type, Subscriber], ...] = ()
