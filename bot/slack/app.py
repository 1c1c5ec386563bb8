"""From a parsed body to its answer: Bolt tells the kind, one table finds the listener.

Store first, acknowledge after: the response is built when the listener has committed.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.core.clock import Clock, stopwatch
from bot.core.errors import NotAllowed, UserError
from bot.core.ids import correlation_id, reference
from bot.core.logs import logger
from bot.core.wire import inner, objects
from bot.db.errors import DatabaseUnavailable
from bot.metrics import IGNORED, INTAKE_SECONDS, REQUESTS
from bot.slack import calls
from bot.slack.answers import Answers
from bot.slack.blocks import Message
from bot.slack.gateway import SlackGateway
from bot.slack.refusals import ANSWERS_WITHIN, SLACK_WAITS, TooSlow, refusal
from bot.slack.replies import Answer, Reply
from bot.slack.unheard import KINDS, OLD_BUTTON, STRANGER, UNKNOWN, kind_of, not_installed, unreadable

# News of the token's end need no token.
_ENDINGS = frozenset({"app_uninstalled", "tokens_revoked"})
ANY = re.compile(".*", re.DOTALL)

log = logger(__name__)

Table = Mapping[str, Callable[[Any], Awaitable[Reply]]]
# Told of each call: its kind, and `ok`, `unavailable` or `too_slow`.
Answered = Callable[[str, str], None]
# What went wrong in the present call although somebody got words for an answer. Bolt's tasks share the list.
_TROUBLES: ContextVar[list[str]] = ContextVar("troubles")


def _unnoted(_call: calls.Call, _name: str) -> None:
    """Nobody writes down what was refused."""


class SlackApp:
    """Everything that Slack can send, on HTTP or on a socket, comes through `dispatch`.

    A listener that takes longer than `answers_within` seconds is given up, and the person told. `not_allowed` hears
    of what was refused for want of a right, and must return at once.
    """

    def __init__(
        self,
        slack: SlackGateway,
        answers: Answers,
        clock: Clock,
        *,
        commands: Table,
        shortcuts: Table,
        actions: Table,
        submissions: Table,
        options: Table,
        events: Mapping[str, Sequence[Callable[[calls.Event], Awaitable[Reply]]]],
        answers_within: float = ANSWERS_WITHIN,
        answered: Answered = lambda _kind, _result: None,
        not_allowed: Callable[[calls.Call, str], None] = _unnoted,
    ) -> None:
        self._slack = slack
        self._not_allowed = not_allowed
        self._answers = answers
        self._clock = clock
        self._answers_within = answers_within
        self._answered = answered
        self._tables: dict[type, Table] = {
            calls.Command: commands,
            calls.Shortcut: shortcuts,
            calls.Action: actions,
            calls.Submission: submissions,
            calls.Options: options,
        }
        self._events = events
        self._bolt = self._build()
        for kind in (*KINDS, "command", "other"):
            for result in ("ok", "unavailable", "too_slow"):
                # Whoever watches for an increase must have seen the nought before it.
                REQUESTS.labels(kind, result)

    def _build(self) -> AsyncApp:
        app = AsyncApp(
            # Without a name Bolt reads its caller's source for one, which takes longer than all the rest of the start.
            name="frontdesk",
            client=self._slack.web_client(),
            authorize=_authorize_as(self._slack),
            process_before_response=True,
            # The gate has checked HTTP calls already; a socket needs no signature.
            request_verification_enabled=False,
            signing_secret="checked by the gate",
            logger=_quiet(),
            attaching_conversation_kwargs_enabled=False,
            # What these look for is answered by the gate, or dropped in `_not_for_us` and `_from_a_bot`.
            ssl_check_enabled=False,
            url_verification_enabled=False,
            ignoring_self_events_enabled=False,
        )
        # Bolt's registrations are untyped.
        bolt: Any = app
        bolt.command(ANY)(self._command)
        bolt.event(ANY)(self._event)
        bolt.action(ANY)(self._action)
        bolt.view(ANY)(self._submission)
        bolt.view({"type": "view_closed", "callback_id": ANY})(self._closed)
        bolt.shortcut(ANY)(self._shortcut)
        bolt.options(ANY)(self._options)
        app.error(self._broke)
        return app

    async def dispatch(self, body: Mapping[str, Any]) -> BoltResponse:
        """The answer to one verified, parsed call. 503 asks Slack to send an event again."""
        kind = kind_of(body)
        if self._slack.is_uninstalled:
            return not_installed(body)
        ignored = self._not_for_us(body)
        if ignored:
            IGNORED.labels(ignored).inc()
            return BoltResponse(status=200, body="")
        started = stopwatch()
        troubles: list[str] = []
        _TROUBLES.set(troubles)
        with structlog.contextvars.bound_contextvars(correlation=correlation_id()):
            response = await self._through_bolt(body)
        if response.status == 404:
            log.info("slack.nobody_listens", kind=kind)
            response = BoltResponse(status=200, body="")
        took = stopwatch() - started
        result = result_of(took, failed=bool(troubles) or response.status >= 500)
        REQUESTS.labels(kind, result).inc()
        INTAKE_SECONDS.labels(kind).observe(took)
        self._answered(kind, result)
        return response

    async def _through_bolt(self, body: Mapping[str, Any]) -> BoltResponse:
        try:
            # Bolt's own reading is less careful, and what it stumbles over would look like a fault of ours.
            _PARSERS.get(kind_of(body), _anything)(body, self._clock.now())
            # Bolt takes ready-made bodies in this mode; ours were parsed and checked by the gate.
            request = AsyncBoltRequest(body=dict(body), mode="socket_mode")
            return await self._bolt.async_dispatch(request)
        except calls.Malformed as error:
            return unreadable(body, str(error))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # What a listener raises ends in `_broke`; this is Bolt stumbling over a body.
            return unreadable(body, type(error).__name__)

    def _not_for_us(self, body: Mapping[str, Any]) -> str | None:
        who = self._slack.identity
        app_id = body.get("api_app_id")
        if who and who.app_id and app_id and app_id != who.app_id and "command" not in body:
            return "other_app"
        if body.get("type") != "event_callback":
            return None
        if not isinstance(inner(body, "event").get("type"), str):
            return "malformed"
        ours = self._slack.workspace_id
        if ours and ours not in _workspaces(body):
            return "other_workspace"
        return None

    async def _command(self, body: dict[str, Any]) -> BoltResponse:
        ours = self._slack.workspace_id
        call = calls.parse_command(body, self._clock.now())
        if ours and call.workspace_id != ours:
            return await self._answers.give(call, Answer(Message(text=STRANGER)))
        return await self._run(call, call.name)

    async def _shortcut(self, body: dict[str, Any]) -> BoltResponse:
        call = calls.parse_shortcut(self._ours(body), self._clock.now())
        return await self._run(call, call.callback_id)

    async def _action(self, body: dict[str, Any]) -> BoltResponse:
        if body.get("type") != "block_actions":
            return BoltResponse(status=200, body="")
        call = calls.parse_action(self._ours(body), self._clock.now())
        return await self._run(call, call.action_id)

    async def _submission(self, body: dict[str, Any]) -> BoltResponse:
        call = calls.parse_submission(self._ours(body), self._clock.now())
        return await self._run(call, call.callback_id)

    async def _closed(self, body: dict[str, Any]) -> BoltResponse:
        return BoltResponse(status=200, body="")

    async def _options(self, body: dict[str, Any]) -> BoltResponse:
        call = calls.parse_options(self._ours(body), self._clock.now())
        return await self._run(call, call.action_id)

    def _ours(self, body: dict[str, Any]) -> dict[str, Any]:
        # People of other companies send their own workspace's id; the work belongs to ours.
        who = self._slack.identity
        return {**body, "team": {**inner(body, "team"), "id": who.workspace_id}} if who else body

    async def _event(self, body: dict[str, Any]) -> BoltResponse:
        who = self._slack.identity
        ours = {**body, "team_id": who.workspace_id} if who else body
        call = calls.parse_event(ours, self._clock.now())
        if self._from_a_bot(call):
            IGNORED.labels("bot").inc()
            return BoltResponse(status=200, body="")
        if call.type not in _ENDINGS:
            self._need_installation()
        for listener in self._events.get(call.type, ()):
            try:
                await _in_time(listener(call), self._answers_within)
            except UserError:
                # An event has no surface to answer on; a listener that has words for a person sends them itself.
                log.info("slack.event_refused_a_person", kind=call.type)
        return BoltResponse(status=200, body="")

    def _need_installation(self) -> None:
        """Whom to serve stands in the database: while that cannot be read nothing is taken, so that nothing is lost."""
        if not self._slack.token:
            raise DatabaseUnavailable("the installation is not read yet")

    def _from_a_bot(self, call: calls.Event) -> bool:
        who = self._slack.identity
        told = inner(call.body, "message") or inner(call.body, "previous_message") or call.body
        by_bot = bool(told.get("bot_id")) or call.subtype == "bot_message"
        # Joining and leaving of the bot itself is news; anything else it did is its own echo.
        ours = who is not None and call.user_id == who.user_id
        return by_bot or (ours and not call.type.startswith("member_"))

    async def _run(self, call: calls.Call, name: str) -> BoltResponse:
        action = self._tables[type(call)].get(name)
        if action is None:
            log.info("slack.unknown_name", kind=type(call).__name__, name=name)
            words = UNKNOWN.get(type(call), OLD_BUTTON)
            return await self._answers.give(call, refusal(call, UserError(words), ""))
        try:
            self._need_installation()
            reply = await _in_time(action(call), self._answers_within)
        except UserError as error:
            log.info("slack.refused_a_person", kind=type(call).__name__, name=name, by=call.user_id)
            reply = refusal(call, error, "")
            if isinstance(error, NotAllowed):
                self._not_allowed(call, name)
        except (DatabaseUnavailable, TooSlow) as error:
            log.warning("slack.unavailable", kind=type(call).__name__, why=type(error).__name__)
            _TROUBLES.get().append("unavailable")
            reply = refusal(call, error, "")
        except Exception as error:
            number = reference()
            log.exception("slack.listener_broke", reference=number, name=name)
            _TROUBLES.get().append("broken")
            reply = refusal(call, error, number)
        return await self._answers.give(call, reply)

    async def _broke(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, (DatabaseUnavailable, TooSlow)):
            log.warning("slack.event_refused", why=type(error).__name__)
            return BoltResponse(status=503, body="")
        number = reference()
        log.error("slack.event_broke", reference=number, exc_info=error)
        # Not acknowledged: Slack sends it again, and it is not lost should this be a passing fault.
        return BoltResponse(status=503, body="")


def result_of(seconds: float, *, failed: bool) -> str:
    """What a call counts as that took so many seconds; `failed`: nothing could be done, whatever the answer said."""
    if failed:
        return "unavailable"
    return "ok" if seconds <= SLACK_WAITS else "too_slow"


def _authorize_as(slack: SlackGateway) -> Callable[..., Awaitable[AuthorizeResult]]:
    # Bolt looks at the arguments' names: a bound method would confuse it. Nobody asks Slack here.
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        who = slack.identity
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=who.workspace_id if who else team_id,
            bot_user_id=who.user_id if who else None,
            bot_id=who.bot_id if who else None,
            bot_token=slack.token,
        )

    return authorize


def _quiet() -> logging.Logger:
    # Bolt tells of unknown calls with pieces of their bodies; we count and name them ourselves.
    found = logging.getLogger("slack_bolt.unheard")
    found.setLevel(logging.CRITICAL)
    return found


async def _in_time(work: Awaitable[Reply], seconds: float) -> Reply:
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        # The person is told that nothing was recorded: it must not be recorded a moment later. Nobody waits for
        # the end, because cancelling can itself hang; a commit already under way is met by unique keys.
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        task.cancel()
        raise TooSlow
    return task.result()


def _anything(_body: Mapping[str, Any], _now: datetime) -> None:
    """Kinds that are only acknowledged."""


_PARSERS: Mapping[str, Callable[[Mapping[str, Any], datetime], object]] = {
    "command": calls.parse_command,
    "shortcut": calls.parse_shortcut,
    "message_action": calls.parse_shortcut,
    "block_actions": calls.parse_action,
    "view_submission": calls.parse_submission,
    "view_closed": calls.parse_submission,
    "block_suggestion": calls.parse_options,
    "event_callback": calls.parse_event,
}


def _workspaces(body: Mapping[str, Any]) -> list[Any]:
    authorized = [authorization.get("team_id") for authorization in objects(body, "authorizations")]
    return [body.get("team_id"), *authorized]
