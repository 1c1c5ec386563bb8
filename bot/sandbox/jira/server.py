"""Serves a `JiraSite` over HTTP on this machine, keeps the journal and carries out planned faults."""

import asyncio
import contextlib
import json
import time
from typing import Any, Self

from aiohttp import web

from bot.sandbox.jira import limits, screen
from bot.sandbox.jira.door import Body, Doorkeeper, Match, read_body, unauthorized
from bot.sandbox.jira.faults import Fault
from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply

HTML = "<!DOCTYPE html><html><body><h1>Log in</h1><p>Single sign-on</p></body></html>"
HTML_HEADERS = {"Content-Type": "text/html;charset=UTF-8"}
DOWN = Reply(status=503, body="<html><body>Service Unavailable</body></html>", headers=HTML_HEADERS)
# Above what the site itself takes, so that its own refusal is heard.
UPLOAD_LIMIT = 64 * 1024 * 1024
OVERSIZE = 10 * 1024 * 1024


class JiraServer:
    """A running site: `url` is what the bot is given as `JIRA_URL`."""

    def __init__(self, site: JiraSite, host: str, port: int) -> None:
        self.site = site
        self.host = host
        self.port = port
        self._door = Doorkeeper(site)
        self._runner: web.AppRunner | None = None
        self._listener: web.TCPSite | None = None
        self._hooks: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, site: JiraSite, *, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen, on a free port unless told otherwise, and begin to deliver webhooks."""
        server = cls(site, host, port)
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        for path in (f"{site.context_path}/", f"{site.context_path}/browse/{{key}}"):
            app.router.add_get(path, server._show)
        app.router.add_route("*", "/{tail:.*}", server._answer)
        server._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await server._runner.setup()
        await server.resume()
        server._hooks = asyncio.create_task(site.webhooks.run())
        return server

    @property
    def listening(self) -> bool:
        """Whether connections are accepted, as they are not after `pause`."""
        return self._listener is not None

    @property
    def url(self) -> str:
        """The site's base address, without a slash at the end."""
        return f"http://{self.host}:{self.port}{self.site.context_path}"

    async def pause(self) -> None:
        """Stop listening: new connections are refused until `resume`."""
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None

    async def resume(self) -> None:
        """Listen again on the same port."""
        if self._runner is None or self._listener is not None:
            return
        self._listener = web.TCPSite(self._runner, self.host, self.port)
        await self._listener.start()
        self.port = int(self._runner.addresses[0][1])
        self.site.base_url = self.url

    async def stop(self) -> None:
        """Close everything; running calls get a second."""
        if self._hooks is not None:
            self._hooks.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._hooks
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """What a person's browser gets here: the way to the face, or an issue in plain words."""
        if self.site.down:
            return _response(DOWN)
        return screen.show(self.site, request.match_info.get("key", ""))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        started, began = self.site.clock(), time.monotonic()
        match, found_nothing = self._match(request)
        operation = match.route.name if match else "unknown"
        fault = self.site.faults.pick(operation, request.rel_url.raw_path)
        body, refusal = await _body_or_refusal(request)
        reply, done = await self._with_fault(request, fault, match, body, found_nothing or refusal)
        self.site.journal.append(
            CallRecord(
                edition=self.site.edition,
                operation=operation,
                method=request.method,
                path=request.rel_url.raw_path.removeprefix(self.site.context_path),
                query={name: request.query.getall(name) for name in request.query},
                content_type=request.content_type,
                body=body.value,
                status=reply.status if reply else 0,
                response=reply.body if reply else None,
                started=started,
                finished=self.site.clock(),
                account=self._account_name(request),
                fault="down" if self.site.down else fault.kind if fault else "",
                done=done,
                began=began,
                took=time.monotonic() - began,
            )
        )
        return _close(request) if reply is None else _response(reply)

    async def _with_fault(
        self,
        request: web.Request,
        fault: Fault | None,
        match: Match | None,
        body: Body,
        refusal: Reply | None,
    ) -> tuple[Reply | None, bool]:
        """The answer (None: hang up) and whether the operation was carried out."""
        if self.site.down:
            return DOWN, False
        if fault is None:
            return self._run(request, match, body, refusal), True
        if fault.kind in ("status_after", "drop_after") or (fault.kind == "hang" and not fault.before):
            reply: Reply | None = self._run(request, match, body, refusal)
            if fault.kind == "hang":
                await asyncio.sleep(fault.seconds)
                return reply, True
            return (None if fault.kind == "drop_after" else Reply(status=fault.status, body="")), True
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return None, False
        return _broken(fault), False

    def _run(self, request: web.Request, match: Match | None, body: Body, refusal: Reply | None) -> Reply:
        account = self._door.account(request.headers.get("Authorization", ""))
        if account is None and not (match and match.route.anonymous):
            return unauthorized()
        if refusal is not None or match is None:
            return refusal or Reply(status=404)
        call = Call(
            site=self.site,
            version=match.version,
            account=account or self.site.bot_account,
            path=match.words,
            query={name: request.query.getall(name) for name in request.query},
            body=body.value,
            uploads=body.uploads,
        )
        self.site.changes += match.route.method != "GET"
        too_often = limits.refusal(call, match.route.method)
        if too_often is not None:
            return too_often
        try:
            return match.route.run(call)
        except JiraRefusal as error:
            return error.reply()

    def _match(self, request: web.Request) -> tuple[Match | None, Reply | None]:
        try:
            return self._door.match(request.method, request.rel_url.raw_path), None
        except JiraRefusal as error:
            return None, error.reply()

    def _account_name(self, request: web.Request) -> str:
        account = self._door.account(request.headers.get("Authorization", ""))
        return account.name if account else ""


async def _body_or_refusal(request: web.Request) -> tuple[Body, Reply | None]:
    try:
        return await read_body(request), None
    except JiraRefusal as error:
        return Body(), error.reply()


def _broken(fault: Fault) -> Reply | None:
    """What comes over the wire instead of an answer."""
    match fault.kind:
        case "html":
            return Reply(body=HTML, headers=HTML_HEADERS)
        case "redirect":
            return Reply(status=302, body="", headers={"Location": fault.location})
        case "rate_limited":
            messages: dict[str, Any] = {"errorMessages": ["Rate limit exceeded."], "errors": {}}
            return Reply(status=429, body=messages, headers={"Retry-After": f"{fault.seconds:.0f}"})
        case "invalid_json":
            return Reply(body='{"key": "PAY-', headers={"Content-Type": "application/json"})
        case "oversize":
            return Reply(
                body='{"key": "' + "x" * OVERSIZE + '"}', headers={"Content-Type": "application/json"}
            )
        case "status":
            return Reply(status=fault.status, body={"errorMessages": ["Something is wrong."], "errors": {}})
        case _:
            return None


def _close(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _response(reply: Reply) -> web.Response:
    headers = {"Content-Type": "application/json;charset=UTF-8", **reply.headers}
    if reply.body is None:
        headers.pop("Content-Type")
        return web.Response(status=reply.status, headers=headers)
    body: Any = reply.body
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return web.Response(status=reply.status, body=text.encode("utf-8", "surrogatepass"), headers=headers)
