"""The workspace's HTTP side on 127.0.0.1: Web API, response urls, sockets, files; faults and limits are applied here."""

import asyncio
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from bot.sandbox.slack import responses
from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.api.registry import METHODS
from bot.sandbox.slack.faults import Fault, Faults
from bot.sandbox.slack.journal import Journal, Record
from bot.sandbox.slack.rate_limits import RateLimits
from bot.sandbox.slack.reading import bearer, client, read_arguments
from bot.sandbox.slack.wire import Call, Grant, Json, SlackRefusal, is_object

_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to Slack</body></html>"
_MOST_BYTES = 20 * 1024 * 1024
_DONE_FIRST = ("hang", "hang_after", "status_after", "drop_after", "no_ts")

# Refusals that a well-made bot never meets, whatever people do: they are noted as violations.
RULES = frozenset(
    (
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "invalid_json",
        "json_not_object",
        "invalid_metadata_format",
        "invalid_thread_ts",
        "invalid_limit",
        "invalid_name",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "push_limit_reached",
        "exchanged_trigger_id",
        "unknown_method",
        "used_url",
    )
)


@dataclass(kw_only=True)
class Server:
    """Answers the bot's calls; `down` makes every one of them fail with 503."""

    office: Office
    journal: Journal
    faults: Faults
    limits: RateLimits
    tokens: dict[str, Grant]
    down: bool = False

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.on_response_prepare.append(self._date)
        app.router.add_route("*", "/api/{method}", self.call)
        app.router.add_get("/oauth/v2/authorize", self.authorize)
        app.router.add_post("/response/{path:.+}", self.respond)
        app.router.add_get("/link", self.office.hub.serve)
        app.router.add_post("/upload/{file_id}", self.upload)
        app.router.add_get("/files-pri/{owner}/{rest:.+}", self.download)
        return app

    async def _date(self, _: web.Request, response: web.StreamResponse) -> None:
        """Slack's time is the workspace's: whoever compares clocks by this header sees no difference."""
        response.headers["Date"] = format_datetime(self.office.world.clock.now(), usegmt=True)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One Web API call, journaled with its outcome."""
        name = request.match_info["method"]
        try:
            arguments = await read_arguments(request) | client(request)
        except SlackRefusal as refusal:
            record = self.journal.begin("to_slack", name, {})
            return self._end(record, 200, refusal.body(), refusal)
        token = bearer(request, arguments)
        record = self.journal.begin("to_slack", name, arguments)
        if self.down:
            return self._unavailable(record)
        fault = self.faults.striking(name, arguments)
        if fault is not None:
            return await self._faulty(request, record, fault, token)
        return self._do(record, token)

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Slack's page for an installation; whoever opens it agrees at once."""
        try:
            where = self.office.installing.allow(request.query)
        except SlackRefusal as refusal:
            return web.Response(status=400, text=refusal.code)
        return web.Response(status=302, headers={"Location": where})

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One post to a response url."""
        record = self.journal.begin("to_slack", "response_url", {})
        try:
            body = await read_arguments(request)
        except SlackRefusal as refusal:
            return self._end(record, 400, refusal.body(), refusal)
        record.arguments = body
        if self.down:
            return self._unavailable(record)
        fault = self.faults.striking("response_url", body)
        if fault is not None:
            return await self._faulty(request, record, fault, request.match_info["path"])
        return self._answer(record, request.match_info["path"])

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that was announced; any status but 200 is a failure (Slack, "files.getUploadURLExternal")."""
        found = self.office.files.stored.get(request.match_info["file_id"])
        if found is None or found.complete:
            return web.Response(status=404)
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            content = parts[0].file.read() if parts else b""
        else:
            content = await request.read()
        if not self.office.files.take(found, content):
            return web.Response(status=400, text=f"{found.announced} bytes were announced")
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A private file for a token that may read it, else Slack's sign-in page with status 200."""
        found = self.office.files.stored.get(request.match_info["owner"].partition("-")[2])
        grant = self.tokens.get(bearer(request, {}))
        allowed = grant is not None and "files:read" in grant.scopes
        fault = self.faults.striking("file.download", {})
        if fault is not None or self.down:
            return web.Response(status=fault.status if fault else 503)
        if found is None or not allowed or not self.office.files.readable_by_bot(found):
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        if found.moved_to:
            return web.Response(status=302, headers={"Location": found.moved_to})
        kind = str(self.office.files.shape(found)["mimetype"])
        return web.Response(body=found.content, content_type=kind)

    def _do(self, record: Record, token: str) -> web.Response:
        try:
            method = METHODS.get(record.kind)
            if method is None:
                raise SlackRefusal("unknown_method", req_method=record.kind)
            grant = self._grant(token, method)
        except SlackRefusal as refusal:
            return self._end(record, 200, refusal.body(), refusal)
        call = Call(method=record.kind, arguments=record.arguments, grant=grant)
        answer = self._run(record, call, method)
        answer.headers["X-OAuth-Scopes"] = ",".join(sorted(grant.scopes))
        answer.headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        return answer

    def _run(self, record: Record, call: Call, method: Method) -> web.Response:
        try:
            if wait := self.limits.wait_for(call, method):
                return self._limited(record, wait)
            call.need(*method.scopes)
            return self._end(record, 200, method.run(self.office, call))
        except SlackRefusal as refusal:
            return self._end(record, 200, refusal.body(), refusal)

    def _answer(self, record: Record, path: str) -> web.Response:
        try:
            url = self.office.doors.spend(path)
            responses.answer(self.office.world, url, record.arguments)
        except SlackRefusal as refusal:
            status = 404 if refusal.code in ("used_url", "expired_url", "no_such_url") else 400
            return self._end(record, status, refusal.body(), refusal)
        self._note(record, 200, "ok")
        return web.Response(text="ok")

    def _grant(self, token: str, method: Method) -> Grant:
        if method.token == "":
            return Grant(kind="", scopes=frozenset())
        if not token:
            raise SlackRefusal("not_authed")
        grant = self.tokens.get(token)
        if grant is None:
            raise SlackRefusal("invalid_auth")
        if not self.office.world.installed and grant.kind == "bot":
            raise SlackRefusal("account_inactive")
        if grant.kind != method.token:
            raise SlackRefusal("not_allowed_token_type")
        return grant

    async def _faulty(
        self, request: web.Request, record: Record, fault: Fault, key: str
    ) -> web.StreamResponse:
        record.fault = fault.kind
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        if fault.kind in _DONE_FIRST:
            done = self._answer(record, key) if record.kind == "response_url" else self._do(record, key)
            return await self._spoil(request, record, fault, done)
        return self._refuse(request, record, fault)

    async def _spoil(
        self, request: web.Request, record: Record, fault: Fault, done: web.Response
    ) -> web.StreamResponse:
        """The call was done; what the bot learns of it goes wrong."""
        if fault.kind == "hang_after":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "status_after":
            return self._end(record, fault.status, {"ok": False, "error": fault.error})
        if fault.kind == "drop_after":
            return self._drop(request, record)
        if fault.kind == "no_ts":
            return self._end(record, 200, _without_ts(record.response))
        return done

    def _refuse(self, request: web.Request, record: Record, fault: Fault) -> web.StreamResponse:
        """The call is not done."""
        if fault.kind == "drop_before":
            return self._drop(request, record)
        if fault.kind == "rate_limited":
            return self._limited(record, fault.retry_after)
        if fault.kind == "html":
            self._note(record, 200, _LOGIN_PAGE)
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        status = 200 if fault.kind == "error" else fault.status
        return self._end(record, status, {"ok": False, "error": fault.error})

    def _unavailable(self, record: Record) -> web.Response:
        record.fault = "down"
        return self._end(record, 503, {"ok": False, "error": "service_unavailable"})

    def _drop(self, request: web.Request, record: Record) -> web.StreamResponse:
        self._note(record, None, "connection closed")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _limited(self, record: Record, seconds: int) -> web.Response:
        body: Json = {"ok": False, "error": "ratelimited"}
        self._note(record, 429, body)
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})

    def _end(
        self, record: Record, status: int, body: Json, refusal: SlackRefusal | None = None
    ) -> web.Response:
        self._note(record, status, body, refusal)
        return web.json_response(body, status=status)

    def _note(
        self, record: Record, status: int | None, body: Any, refusal: SlackRefusal | None = None
    ) -> None:
        broken = refusal is not None and refusal.code in RULES
        verdict = ": ".join([refusal.code, *refusal.messages]) if refusal is not None and broken else None
        self.journal.end(record, status, body, verdict or record.verdict)


def _without_ts(body: Any) -> Json:
    found = dict(body) if is_object(body) else {"ok": True}
    for name in ("ts", "message", "scheduled_message_id"):
        found.pop(name, None)
    return found
