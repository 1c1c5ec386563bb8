"""Installing by OAuth: where a person is sent, what Slack gives for the code, and giving a token back.

Source: Slack, "Installing with OAuth". None of these calls is repeated by itself, for a code is good for one.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

import aiohttp

from bot.core.logs import logger
from bot.core.wire import inner
from bot.metrics import SLACK_CALLS

LONGEST_ANSWER = 64 * 1024

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class OAuthClient:
    """The app as Slack knows it. `redirect_uri` is fixed by the operator, never taken from a call."""

    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A bot token, and the workspace that it is for."""

    token: str
    workspace_id: str
    workspace_name: str


class NotGranted(Exception):
    """Slack gave no usable token; `reason` is its word for it, or one of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def authorize_url(
    api_url: str, client: OAuthClient, *, scopes: Sequence[str], state: str, workspace_id: str | None
) -> str:
    """Slack's page on which a person allows the app; with `workspace_id` it begins with that workspace."""
    query = {
        "client_id": client.client_id,
        "scope": ",".join(scopes),
        "state": state,
        "redirect_uri": client.redirect_uri,
    }
    if workspace_id:
        query["team"] = workspace_id
    return f"{urljoin(api_url, '/oauth/v2/authorize')}?{urlencode(query)}"


async def exchange(session: aiohttp.ClientSession, api_url: str, client: OAuthClient, code: str) -> Granted:
    """The token for a code. Raises NotGranted."""
    answer = await _call(
        session,
        api_url,
        "oauth.v2.access",
        {"code": code, "redirect_uri": client.redirect_uri},
        "Basic " + base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode(),
    )
    team = inner(answer, "team")
    token, workspace_id = answer.get("access_token"), team.get("id")
    if answer.get("token_type") != "bot" or not (isinstance(token, str) and isinstance(workspace_id, str)):
        # An installation for a whole organization names no workspace.
        raise NotGranted("no_bot_token")
    return Granted(
        token=token, workspace_id=workspace_id, workspace_name=str(team.get("name") or workspace_id)
    )


async def revoke(session: aiohttp.ClientSession, api_url: str, token: str) -> bool:
    """Gives a token back. False where Slack did not say that it is gone."""
    try:
        await _call(session, api_url, "auth.revoke", {}, f"Bearer {token}")
    except NotGranted as error:
        log.warning("slack.token_not_revoked", reason=error.reason)
        return False
    return True


async def _call(
    session: aiohttp.ClientSession, api_url: str, method: str, form: Mapping[str, str], authorization: str
) -> Mapping[str, Any]:
    try:
        answer = await _answer(session, f"{api_url}{method}", form, authorization)
    except NotGranted:
        SLACK_CALLS.labels(method, "refused").inc()
        raise
    SLACK_CALLS.labels(method, "ok").inc()
    return answer


async def _answer(
    session: aiohttp.ClientSession, url: str, form: Mapping[str, str], authorization: str
) -> Mapping[str, Any]:
    headers = {"Authorization": authorization}
    try:
        async with session.post(url, data=dict(form), headers=headers, allow_redirects=False) as response:
            body = _parsed(await _beginning(response.content))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotGranted(f"no_answer:{type(error).__name__}") from None
    answer = inner({"body": body}, "body")
    if answer.get("ok") is not True:
        raise NotGranted(str(answer.get("error") or f"status_{response.status}"))
    return answer


async def _beginning(content: aiohttp.StreamReader) -> bytes:
    """All of it, in however many pieces it comes; of what is longer than LONGEST_ANSWER the beginning."""
    raw = b""
    while len(raw) < LONGEST_ANSWER and (piece := await content.read(LONGEST_ANSWER - len(raw))):
        raw += piece
    return raw


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
