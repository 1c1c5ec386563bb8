"""What Jira sends by itself: `POST /jira/webhook`. Nothing is parsed before it is believed.

Source: Atlassian, "Webhooks", secure admin webhooks.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.core.logs import logger
from bot.db.errors import DatabaseUnavailable
from bot.feature import Deps
from bot.features.in_step import service, store
from bot.features.in_step.service import Neighbours
from bot.jira import reading, webhooks
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueState
from bot.jira.webhooks import CommentChanged, CommentGone, Event, IssueChanged, IssueGone, IssueTold
from bot.metrics import REJECTED
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.gate import Rejected, read_body

PATH = "/jira/webhook"
NO_SECRET = "Jira's webhooks are not read: set JIRA_WEBHOOK_SECRET and the same secret in Jira's webhook.\n"
_LONGEST_IDENTIFIER = 200

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event and the name that it keeps when Jira sends it again. `account` is the bot's own, None: not known."""

    event: Event
    identifier: str
    account: str | None
    is_cloud: bool


class JiraGate:
    """Answers Jira's calls: 200 once what they tell is stored, 503 so that Jira calls again."""

    def __init__(self, deps: Deps, jira: JiraGateway | None, neighbours: Neighbours) -> None:
        secret = deps.settings.jira_webhook_secret
        self._secret = secret.get_secret_value() if secret and jira else ""
        self._deps = deps
        self._jira = jira
        self._neighbours = neighbours

    async def __call__(self, request: web.Request) -> web.Response:
        if self._jira is None or not self._secret:
            REJECTED.labels("no_secret").inc()
            return web.Response(status=403, text=NO_SECRET)
        try:
            raw = await read_body(request)
            self._verify(request, raw)
            body = _parse(raw)
        except Rejected as rejected:
            REJECTED.labels(rejected.reason).inc()
            log.info("jira.rejected", reason=rejected.reason)
            return web.Response(status=rejected.status)
        event = webhooks.read_event(body)
        if event is None or _is_own_comment(event, self._jira.account_id):
            return web.Response(status=200)
        identifier = request.headers.get("X-Atlassian-Webhook-Identifier", "")
        told = Told(
            event=event,
            identifier=identifier if len(identifier) <= _LONGEST_IDENTIFIER else "",
            account=self._jira.account_id,
            is_cloud=self._jira.cloud,
        )
        return web.Response(status=200 if await self._stored(told) else 503)

    def _verify(self, request: web.Request, raw: bytes) -> None:
        signatures = request.headers.getall("X-Hub-Signature", [])
        if len(signatures) != 1:
            raise Rejected(401, "unsigned")
        if not webhooks.signature_is_right(self._secret, signatures[0], raw):
            raise Rejected(401, "bad_signature")

    async def _stored(self, told: Told) -> bool:
        task = asyncio.ensure_future(self._store(told))
        done, _ = await asyncio.wait({task}, timeout=self._deps.answers_within)
        if not done:
            # Jira sends it again; a commit already under way is met by what is stored.
            task.add_done_callback(lambda late: late.cancelled() or late.exception())
            task.cancel()
            log.warning("jira.too_slow")
            return False
        try:
            task.result()
        except DatabaseUnavailable as error:
            log.warning("jira.no_database", why=str(error))
            return False
        return True

    async def _store(self, told: Told) -> None:
        issue_id = issue_of(told.event)
        # Most issues are followed by no thread: they are passed by without a turn to write.
        if not await self._deps.transactions.read(store.is_followed, issue_id):
            return
        with self._deps.transactions.somebody_waits():
            await self._deps.transactions.run(take, told, self._neighbours)


def issue_of(event: Event) -> str:
    """The id of the issue that an event is about."""
    return event.issue.id if isinstance(event, IssueChanged) else event.issue_id


def _is_own_comment(event: Event, account: str | None) -> bool:
    """Whether this is what the bot wrote itself, for people in Slack: it comes back to nobody."""
    is_ours = isinstance(event, CommentChanged) and event.comment.account == event.account == account
    return account is not None and is_ours


def take(uow: UnitOfWork, told: Told, neighbours: Neighbours) -> None:
    """Stores what an event tells. One that comes again, under its name or another, changes nothing."""
    if told.identifier and not uow.first_time(f"jira:{told.identifier}"):
        return
    match told.event:
        case IssueGone() as event:
            service.gone(uow, event.issue_id, "", neighbours, is_deleted=True)
        case CommentGone() as event:
            service.comment_gone(uow, event.issue_id, event.comment_id, neighbours)
        case IssueChanged() as event:
            _issue(uow, event, told, neighbours)
        case CommentChanged() as event:
            _comment(uow, event, told, neighbours)


def _issue(uow: UnitOfWork, event: IssueChanged, told: Told, neighbours: Neighbours) -> None:
    state = full(event.issue)
    is_own = told.account is not None and event.account == told.account
    if state is None:
        service.ask_for_look(uow, event.issue.id, service.OWN_DOING if is_own else service.AT_ONCE)
    elif is_own:
        service.hear_own(uow, state)
    elif told.account is None:
        service.ask_for_look(uow, state.id)
    else:
        service.hear_state(uow, state, event.who, neighbours)


def _comment(uow: UnitOfWork, event: CommentChanged, told: Told, neighbours: Neighbours) -> None:
    comment = event.comment
    state = full(event.issue) if event.issue else None
    if state is not None and told.account not in (None, event.account):
        service.hear_state(uow, state, event.who, neighbours)
    if told.account is not None and comment.account == told.account:
        return
    # A service desk on Data Center does not always tell here that a comment is not for everybody.
    if told.account is None or not (told.is_cloud or comment.is_hidden):
        service.hear_of_comment(uow, event.issue_id, comment)
    else:
        service.hear_comment(uow, event.issue_id, comment, neighbours)


def full(issue: IssueTold) -> IssueState | None:
    """The issue's whole state; None where the event is silent about a part of it."""
    if not (issue.tells_assignee and issue.tells_resolution) or issue.updated is None:
        return None
    if not (issue.status and issue.status_id and issue.category) or issue.is_restricted is None:
        return None
    return IssueState(
        key=issue.key,
        id=issue.id,
        summary=issue.summary or "",
        status=issue.status,
        status_id=issue.status_id,
        category=issue.category,
        assignee=issue.assignee,
        resolution=issue.resolution,
        updated=issue.updated,
        is_restricted=issue.is_restricted,
        moved_by=issue.moved_by,
    )


def _parse(raw: bytes) -> Any:
    try:
        return reading.parsed(raw.decode("utf-8"))
    except ValueError:
        raise Rejected(400, "malformed") from None
