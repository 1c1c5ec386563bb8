"""What the face answers to what cannot be done: words, in a page for pages, as JSON for scripts. Nothing breaks in silence."""

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.face.face import Face
from bot.sandbox.jira.wire import JiraRefusal
from bot.sandbox.screen import NotVisible
from bot.sandbox.slack.wire import SlackRefusal
from bot.sandbox.slack.world import Unknown

MOST_BYTES = 20 * 1024 * 1024
FACE = web.AppKey("face", Face)
# The only things that can be done while there is no bot.
BEGIN_AGAIN = frozenset(("/controls/reset", "/control/reset"))
# Scripts and the bot speak JSON here and go by the status.
_FOR_SCRIPTS = ("/control/", "/alarm")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TOO_LARGE = f"That is too large: at most {MOST_BYTES // 1024 // 1024} MB can be sent."
_OTHERWISE: Mapping[int, str] = {
    403: "You may not look at this.",
    404: "There is no such page in the demo.",
    405: "This address is not for that: it was asked in a way that it does not know.",
    413: _TOO_LARGE,
}

log = logging.getLogger(__name__)


class Unreadable(ValueError):
    """What a page has sent cannot be read; its words say why."""


@web.middleware
async def words_for_mistakes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into words; one of ours is logged with its trace, which nobody sees on a page."""
    try:
        return await handler(request)
    except (NotVisible, SlackRefusal, JiraRefusal, Unknown) as error:
        return _said(request, " ".join(str(part) for part in error.args) or "That is not there.", 404)
    except Unreadable as error:
        return _said(request, str(error), 400)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        words = _OTHERWISE.get(error.status, f"This cannot be answered ({error.reason}).")
        return _said(request, getattr(error, "in_words", words), error.status)
    except (ConnectionResetError, TimeoutError):
        return _said(request, "That took too long. Try again.", 504)
    except Exception:
        log.exception("%s %s broke", request.method, request.path)
        return _said(request, "Something broke in the demo. The terminal where it runs says more.", 500)


class Forbidden(web.HTTPForbidden):
    """Who asks may not; `in_words` says why."""

    def __init__(self, words: str) -> None:
        super().__init__(text=words)
        self.in_words = words


@web.middleware
async def while_there_is_a_bot(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Without a bot one can look around and begin again, nothing else."""
    ended = request.app[FACE].stage.ended
    if not ended or request.method == "GET" or request.path in BEGIN_AGAIN:
        return await handler(request)
    return _said(request, ended, 503)


@web.middleware
async def readable_forms_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Reads what a form has sent, once for all who ask for it. Raises Unreadable."""
    known = request.match_info.http_exception is None and not _is_for_scripts(request)
    if known and request.method == "POST" and request.content_type in _FORMS:
        fields = await _form(request)
        if any(not isinstance(value, str) and not _may_be_file(request, name) for name, value in fields):
            raise Unreadable("A file was sent where words belong.")
    return await handler(request)


async def _form(request: web.Request) -> list[tuple[str, Any]]:
    try:
        return list((await request.post()).items())
    except UnicodeDecodeError as error:
        raise Unreadable("This is not written in UTF-8.") from error
    except LookupError as error:
        raise Unreadable("This is written in a character set that nobody knows here.") from error
    except (ValueError, AssertionError, RuntimeError) as error:
        raise Unreadable("This form arrived broken. Send it again.") from error


def _may_be_file(request: web.Request, name: str) -> bool:
    # Which fields of the bot's forms take files is known where they are read.
    return name == "files" or "view" in request.match_info or request.path.startswith("/gallery/")


def _said(request: web.Request, words: str, status: int) -> web.Response:
    if _is_for_scripts(request):
        return web.json_response({"error": words}, status=status)
    # A script that asks for JSON shows these words in its page; to the browser's console they are no error.
    if request.method == "GET" and request.headers.get("Accept") != "application/json":
        heading = "Something broke" if status >= 500 else "Not here"
        return request.app[FACE].page("missing.html", status=status, heading=heading, words=words, here="")
    return web.json_response({"say": words}, status=403 if status == 403 else 200)


def _is_for_scripts(request: web.Request) -> bool:
    return request.path.startswith(_FOR_SCRIPTS)
