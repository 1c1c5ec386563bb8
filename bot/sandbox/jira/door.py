"""The way in: who signs in, which operation a path means, what the body says. No rules of operations."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.jira.api import routes
from bot.sandbox.jira.model import Account
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import JiraRefusal, Reply, Route, Upload

PREFIX = re.compile(r"/rest/(api|agile|webhooks|jira-webhook)/(2|3|1\.0|latest)/(.+?)/?$")
VERSIONS = {"api": ("2", "3", "latest"), "agile": ("1.0", "latest")}
UNAUTHORIZED = "Client must be authenticated to access this resource."


@dataclass(frozen=True, kw_only=True)
class Body:
    """A request's body: JSON, or the files of a form."""

    value: Any = None
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Match:
    """The operation that a path means, with the REST version and the words in the path."""

    route: Route
    version: str
    words: Mapping[str, str]


class Doorkeeper:
    """Finds operation and account of a request for one site."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self._patterns = [(_pattern(one.path), one) for one in routes() if site.edition in one.editions]

    def match(self, method: str, raw_path: str) -> Match:
        """The operation; 404 for a path, 405 for a method that Jira does not know."""
        path = raw_path.removeprefix(self._site.context_path)
        hit = PREFIX.fullmatch(path)
        if hit is None or hit.group(2) not in self._versions(hit.group(1)):
            raise JiraRefusal(404, f"null for uri: {raw_path}")
        found = [
            (one, words)
            for pattern, one in self._patterns
            if one.base == hit.group(1) and (words := pattern.fullmatch(hit.group(3)))
        ]
        version = "3" if hit.group(2) == "3" else "2"
        for route, words in found:
            if route.method == method:
                given = {name: unquote(value) for name, value in words.groupdict().items()}
                return Match(route=route, version=version, words=given)
        raise JiraRefusal(
            405 if found else 404, "Method Not Allowed" if found else f"null for uri: {raw_path}"
        )

    def _versions(self, base: str) -> tuple[str, ...]:
        if base == "api" and self._site.edition == "datacenter":
            return ("2", "latest")
        return VERSIONS.get(base, ("1.0",))

    def account(self, header: str) -> Account | None:
        """The account of an `Authorization` header: basic on Cloud, bearer on Data Center."""
        scheme, _, credentials = header.partition(" ")
        if self._site.edition == "datacenter":
            secret = credentials if scheme.lower() == "bearer" else ""
            return next((one for one in self._active() if secret and one.secret == secret), None)
        email, _, secret = _basic(scheme, credentials).partition(":")
        return next(
            (one for one in self._active() if secret and (one.email, one.secret) == (email, secret)), None
        )

    def _active(self) -> list[Account]:
        return [one for one in self._site.accounts.values() if one.active]


def unauthorized() -> Reply:
    """The answer to a wrong or missing token."""
    headers = {"WWW-Authenticate": 'OAuth realm="jira"', "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
    return Reply(status=401, body={"message": UNAUTHORIZED, "status-code": 401}, headers=headers)


async def read_body(request: web.Request) -> Body:
    """The parsed body; 400 for broken JSON, 415 for another kind, 403 for a form without the XSRF header."""
    if request.content_type == "multipart/form-data":
        return Body(uploads=await _uploads(request))
    raw = await request.read()
    if not raw:
        return Body()
    if request.content_type != "application/json":
        raise JiraRefusal(415, "Unsupported Media Type")
    try:
        return Body(value=json.loads(raw))
    except ValueError as error:
        raise JiraRefusal(
            400, "There was an error parsing JSON. Check that your request body is valid."
        ) from error


async def _uploads(request: web.Request) -> tuple[Upload, ...]:
    if request.headers.get("X-Atlassian-Token", "").lower() not in ("no-check", "nocheck"):
        raise JiraRefusal(403, "XSRF check failed")
    form = await request.post()
    return tuple(
        Upload(filename=part.filename, content_type=part.content_type, content=part.file.read())
        for name, part in form.items()
        if name == "file" and isinstance(part, web.FileField)
    )


def _basic(scheme: str, credentials: str) -> str:
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(credentials).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
