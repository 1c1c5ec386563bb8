"""Reading what the bot sends: query, form, JSON and multipart bodies become one set of arguments."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.slack.wire import Json, SlackRefusal, is_object


async def read_arguments(request: web.Request) -> Json:
    """All arguments of a call; Slack accepts forms and JSON alike (https://docs.slack.dev/apis/web-api)."""
    arguments: Json = dict(request.query)
    if request.method == "POST":
        arguments |= await _read_body(request)
    return arguments


def bearer(request: web.Request, arguments: Json) -> str:
    """The token from the header, or from the body as old clients send it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_body = arguments.pop("token", "")
    return token.strip() if scheme.lower() == "bearer" else str(in_body)


def client(request: web.Request) -> Json:
    """The app's own id and secret, as HTTP's basic login; Slack takes them as arguments too."""
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith("basic "):
        return {}
    try:
        name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": name, "client_secret": secret}


async def _read_body(request: web.Request) -> Json:
    kind = request.content_type
    if kind == "multipart/form-data":
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    body = await request.read()
    if kind == "application/json":
        return read_json(body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def read_json(body: bytes) -> Json:
    """A body that must be a JSON object, or nothing at all. Raises SlackRefusal: `invalid_json`, `json_not_object`."""
    if not body.strip():
        return {}
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise SlackRefusal("invalid_json") from None
    if not is_object(found):
        raise SlackRefusal("json_not_object")
    return found
