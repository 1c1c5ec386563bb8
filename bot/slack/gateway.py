"""The only way out to Slack's Web API. It never repeats a call by itself: the outbox decides."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.clock import stopwatch
from bot.core.logs import logger
from bot.core.wire import inner
from bot.metrics import SLACK_CALLS
from bot.outbox.outcomes import Doubt, Later, Outcome, Refused, Withheld
from bot.slack.failures import UNTIL_MENDED, outcome_of
from bot.slack.pace import Pace
from bot.slack.scopes import Scopes, in_words, is_optional, named

TIMEOUT = 10
LONGEST_PACE = 8.0
REFUSED_PAUSE = 60.0
INSTALLED_PERHAPS = 5.0
COPY_AGAIN = "copy SLACK_BOT_TOKEN again from OAuth & Permissions; frontdesk doctor says more"
# Together with the longest pace well within a relay's lease, which is renewed just before: nobody else has sent it.
OVERSLEPT = 5.0

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who the bot is in its workspace."""

    workspace_id: str
    user_id: str
    bot_id: str
    url: str
    app_id: str | None = None


class SlackGateway:
    """Calls by method name. Raises the outcomes of `bot.outbox.outcomes`.

    Once Slack has refused the token, no call leaves for a minute: all of them wait for the same mend. What waited its
    turn and woke `overslept` seconds late, because the process was stopped, is not sent any more.
    """

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        pace: Pace | None = None,
        mend: str = COPY_AGAIN,
        overslept: float = OVERSLEPT,
    ) -> None:
        self.token = token
        self.base_url = base_url
        self._pace = pace or Pace()
        self._overslept = overslept
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self.identity: Identity | None = None
        self._mend = mend
        self._installed_in: str | None = None
        # Surely, that is: without a token it may also be that it could not be read yet.
        self.is_uninstalled = False
        self._refused: tuple[str, float] | None = None
        self.scopes = Scopes()

    def web_client(self) -> AsyncWebClient:
        """The SDK's client, one session for the life of the process. Needs a running loop."""
        if self._client is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
            self._client = AsyncWebClient(
                token=self.token,
                base_url=self.base_url,
                session=self._session,
                timeout=TIMEOUT,
                retry_handlers=[],
            )
        return self._client

    @property
    def workspace_id(self) -> str | None:
        """The one workspace that is served, as far as it is known."""
        return self.identity.workspace_id if self.identity else self._installed_in

    def use_token(self, token: str, *, workspace_id: str | None = None, is_uninstalled: bool = False) -> None:
        """Calls go out with this token from now on; with an empty one none does. `workspace_id`: whose it is."""
        self._installed_in = workspace_id
        self.is_uninstalled = is_uninstalled
        if token == self.token:
            return
        self.token = token
        self.identity = None
        self._refused = None
        self.scopes = Scopes()
        if self._client is not None:
            self._client.token = token

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session of `web_client`, for response addresses and files."""
        self.web_client()
        assert self._session is not None
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """The answer of one Web API method, `ok` being true."""
        channel = arguments.get("channel")
        self._stop_while_refused()
        self._stop_without_permission(method)
        await self._wait_for_turn(method, channel)
        try:
            response = await self._send(method, arguments)
        except Outcome as outcome:
            SLACK_CALLS.labels(method, type(outcome).__name__.lower()).inc()
            raise
        SLACK_CALLS.labels(method, "ok").inc()
        return response

    @property
    def token_refused(self) -> str | None:
        """Slack's word for it (`token_revoked`, …) while no call leaves because of it."""
        if self._refused is None or stopwatch() >= self._refused[1]:
            return None
        return self._refused[0]

    def _stop_while_refused(self) -> None:
        if not self.token:
            raise Later("not_installed", after=INSTALLED_PERHAPS, counted=False)
        if self._refused is not None and self.token_refused is not None:
            code, until = self._refused
            raise Later(code, after=until - stopwatch(), counted=False)

    def _stop_without_permission(self, method: str) -> None:
        missing = self.scopes.off(method)
        if missing is not None:
            raise Withheld(f"missing_scope: {missing}", words=in_words(missing))

    def _note_refusal(self, code: str) -> None:
        if self.token_refused is None:
            log.warning("slack.login_refused", error=code, mend=self._mend)
        self._refused = (code, stopwatch() + REFUSED_PAUSE)

    async def _wait_for_turn(self, method: str, channel: str | None) -> None:
        wait = self._pace.reserve(method, channel, stopwatch())
        if wait > LONGEST_PACE:
            self._pace.give_back(method, channel, stopwatch())
            raise Later("waiting for Slack's limits", after=wait, counted=False)
        if wait > 0:
            turn = stopwatch() + wait
            await asyncio.sleep(wait)
            if stopwatch() - turn > self._overslept:
                raise Later("the process stood still", after=0.0, counted=False)

    async def _send(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        call = getattr(self.web_client(), method.replace(".", "_"))
        try:
            response = await call(**arguments)
        except SlackApiError as error:
            raise self._outcome(method, arguments.get("channel"), error) from error
        except aiohttp.ClientConnectorError as error:
            raise Later("no connection to Slack", after=1.0) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Doubt(f"no clear answer from Slack ({type(error).__name__})") from error
        answer = inner({"data": response.data}, "data")
        if answer.get("ok") is not True:
            raise Doubt("Slack answered with something that is not its own")
        self.scopes.learn(response.headers)
        return answer

    def _outcome(self, method: str, channel: str | None, error: SlackApiError) -> Outcome:
        # Slack's SDK puts its own response here, or the HTTP client's when it could not read the body.
        response: Any = error.response  # pyright: ignore[reportUnknownMemberType]
        status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
        if status == 429:
            after = _retry_after(getattr(response, "headers", {}))
            self._pace.told_off(method, channel, after, stopwatch())
            return Later("Slack asks for a pause", after=after, counted=False)
        data = getattr(response, "data", None)
        code = cast(Any, data).get("error") if isinstance(data, dict) else None
        if status >= 500 or not isinstance(code, str):
            return Doubt(f"Slack answered {status}")
        log.info("slack.refused", method=method, error=code)
        self.scopes.learn(getattr(response, "headers", None) or {})
        if code == "missing_scope":
            return self._without(method, str(cast(Any, data).get("needed") or named(method)))
        if code in UNTIL_MENDED:
            self._note_refusal(code)
        return outcome_of(code, channel=channel)

    def _without(self, method: str, needed: str) -> Outcome:
        self.scopes.refused(method)
        kind = Withheld if is_optional(method) else Refused
        return kind("missing_scope", words=in_words(needed))

    async def who_am_i(self) -> Identity:
        """The bot's own identity, asked once and remembered."""
        if self.identity is not None:
            return self.identity
        token = self.token
        answer = await self.call("auth.test")
        found = Identity(
            workspace_id=answer["team_id"],
            user_id=answer["user_id"],
            bot_id=answer.get("bot_id") or "",
            url=answer.get("url") or "",
            app_id=await self._app_id(answer.get("bot_id")),
        )
        if token == self.token:
            self.identity = found
        return found

    async def _app_id(self, bot_id: str | None) -> str | None:
        if not bot_id:
            return None
        try:
            answer = await self.call("bots.info", bot=bot_id)
        except (Refused, Later, Doubt):
            return None
        return inner(answer, "bot").get("app_id")


def _retry_after(headers: Mapping[str, Any]) -> float:
    value = headers.get("Retry-After") or headers.get("retry-after") or "30"
    if isinstance(value, list | tuple):
        value = cast(Any, value)[0]
    try:
        return max(float(cast(Any, value)), 1.0)
    except ValueError:
        return 30.0
