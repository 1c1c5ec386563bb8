"""The two pages of an installation: off to Slack, and back from it. Everything that is shown is escaped words."""

import secrets
from datetime import timedelta
from html import escape

from aiohttp import web

from bot.core.clock import Clock
from bot.core.logs import logger
from bot.core.text import cut
from bot.db.engine import Database
from bot.db.errors import DatabaseUnavailable
from bot.installation import store
from bot.installation.sealing import hashed
from bot.installation.standing import Standing
from bot.slack.gateway import SlackGateway
from bot.slack.manifest import read_manifest
from bot.slack.oauth import NotGranted, OAuthClient, authorize_url, exchange, revoke

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
GOOD_FOR = timedelta(minutes=10)
MOST_UNDER_WAY = 1000
COOKIE = "frontdesk_install"
LONGEST_WORD = 80

AWAY = "Frontdesk cannot store anything just now. Please try again in a minute."
TOO_MANY = "Too many people have begun an installation just now. Please try again in ten minutes."
BEGIN_AGAIN = (
    "This address was used already, is older than ten minutes, or was opened in another browser."
    " Nothing was installed."
)
ANOTHER = (
    "Frontdesk serves another workspace here, and only one. Nothing was kept, and the access that you gave was"
    " given back."
)

log = logger(__name__)


class Pages:
    """`GET /slack/install` and `GET /slack/oauth_redirect`. Neither looks at who calls by what name: see `client`."""

    def __init__(
        self,
        database: Database,
        slack: SlackGateway,
        clock: Clock,
        standing: Standing,
        client: OAuthClient,
        *,
        only: str | None,
    ) -> None:
        self._database = database
        self._slack = slack
        self._clock = clock
        self._standing = standing
        self._client = client
        self._only = only
        self._scopes = tuple(read_manifest()["oauth_config"]["scopes"]["bot"])

    async def install(self, request: web.Request) -> web.StreamResponse:
        """Sends the browser to Slack, with a state that only this browser can bring back."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        now = self._clock.now()
        try:
            begun = await self._database.write(
                store.begin,
                hashed(state),
                hashed(browser),
                now=now,
                expires_at=now + GOOD_FOR,
                most=MOST_UNDER_WAY,
            )
        except DatabaseUnavailable:
            return _page(503, "Not now", AWAY)
        if not begun:
            return _page(429, "Not now", TOO_MANY)
        where = authorize_url(
            self._slack.base_url, self._client, scopes=self._scopes, state=state, workspace_id=self._only
        )
        response = _guarded(web.Response(status=302, headers={"Location": where}))
        response.set_cookie(
            COOKIE,
            browser,
            max_age=int(GOOD_FOR.total_seconds()),
            path="/slack",
            httponly=True,
            # Slack sends the browser back by a link from its own site: Strict would keep the cookie away.
            samesite="Lax",
            secure=self._client.redirect_uri.startswith("https://"),
        )
        return response

    async def back(self, request: web.Request) -> web.StreamResponse:
        """Takes what Slack sent the browser back with."""
        said = request.query.get("error")
        if said is not None:
            return _page(
                400, "Not installed", f"Nothing was installed. Slack says: {cut(said, LONGEST_WORD)}"
            )
        try:
            if not await self._spend(request):
                return _page(400, "Not installed", BEGIN_AGAIN, self._client_install())
            return _spent(await self._finish(request.query["code"]))
        except DatabaseUnavailable:
            return _page(503, "Not now", AWAY, self._client_install())

    async def _spend(self, request: web.Request) -> bool:
        state, browser = request.query.get("state"), request.cookies.get(COOKIE)
        if not state or not browser or not request.query.get("code"):
            return False
        return await self._database.write(store.spend, hashed(state), hashed(browser), now=self._clock.now())

    async def _finish(self, code: str) -> web.Response:
        try:
            granted = await exchange(self._slack.session, self._slack.base_url, self._client, code)
        except NotGranted as error:
            log.warning("installation.not_granted", reason=error.reason)
            words = f"Slack gave no access ({cut(error.reason, LONGEST_WORD)}). Nothing was installed."
            return _page(502, "Not installed", words, self._client_install())
        if not await self._standing.install(granted):
            log.warning("installation.another_workspace", workspace=granted.workspace_id)
            gone = await revoke(self._slack.session, self._slack.base_url, granted.token)
            return _page(403, "Another workspace", ANOTHER if gone else f"{ANOTHER} {_REMOVE_IT}")
        return _page(
            200, "Installed", f"Frontdesk is installed in {granted.workspace_name}. You can close this page."
        )

    def _client_install(self) -> str:
        return self._client.redirect_uri.removesuffix(REDIRECT) + INSTALL


_REMOVE_IT = "Slack did not confirm that: remove the app in your workspace's settings."


def _spent(response: web.Response) -> web.Response:
    response.del_cookie(COOKIE, path="/slack")
    return response


def _page(status: int, title: str, words: str, again: str | None = None) -> web.Response:
    link = f'<p><a href="{escape(again)}">Begin again</a></p>' if again else ""
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(words)}</p>{link}</body></html>"
    )
    return _guarded(web.Response(status=status, text=body, content_type="text/html"))


def _guarded(response: web.Response) -> web.Response:
    response.headers.update(
        {
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
    )
    return response
