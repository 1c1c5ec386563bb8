"""Files that people share in Slack: what a message says of them, and their bytes.

The token goes to the workspace's own file host alone. Documentation: https://docs.slack.dev/reference/objects/file-object.
"""

import asyncio

import aiohttp
from yarl import URL

from bot.core.files import FileRef, size_words
from bot.core.text import clean
from bot.core.wire import Json
from bot.outbox.outcomes import Later, Refused, Withheld
from bot.slack.gateway import SlackGateway

FILE_HOST = "slack.com"
MOST_HOPS = 3
AGAIN_SECONDS = 15.0
_CHUNK = 64 * 1024
_AWAY = frozenset({301, 302, 303, 307, 308})
# Documents that live in Slack itself: what is fetched there is a page, not the document.
_PAGES = frozenset({"space", "quip", "canvas", "list"})

NOT_GIVEN = "Slack does not give it to me"
NOT_ALLOWED = "the app misses the permission files:read"
NOT_SLACKS = "it is kept elsewhere than in Slack"
GONE = "it is no longer in Slack"


def read_file(file: Json) -> FileRef | None:
    """The file in a file object of a message; None where it was deleted."""
    file_id = _word(file, "id")
    if not file_id or file.get("mode") in ("tombstone", "hidden_by_limit"):
        return None
    size = file.get("size")
    elsewhere = file.get("is_external") is True or file.get("mode") in ("external", *_PAGES)
    return FileRef(
        id=file_id,
        name=" ".join(clean(_word(file, "name") or _word(file, "title")).split()) or "file",
        size=size if isinstance(size, int) and size > 0 else 0,
        mimetype=_word(file, "mimetype")[:100],
        url="" if elsewhere else _word(file, "url_private_download") or _word(file, "url_private"),
        page=_word(file, "permalink"),
    )


async def look_at(slack: SlackGateway, file_id: str) -> FileRef:
    """The file as it is now. Raises Refused with words where Slack does not show it."""
    try:
        answer = await slack.call("files.info", file=file_id)
    except Withheld as withheld:
        raise Refused(withheld.reason, words=NOT_ALLOWED) from withheld
    except Refused as refused:
        gone = refused.reason in ("file_not_found", "file_deleted")
        raise Refused(refused.reason, words=GONE if gone else NOT_GIVEN) from refused
    found = read_file(answer.get("file") or {})
    if found is None:
        raise Refused("no such file", words=GONE)
    return found


async def download(slack: SlackGateway, file: FileRef, most: int, seconds: float) -> bytes:
    """The file's bytes, at most `most` of them, within `seconds`.

    Raises Refused, whose words say in half a sentence why it cannot be had, or Later.
    """
    if slack.scopes.lacks("files:read"):
        raise Refused("missing_scope: files:read", words=NOT_ALLOWED)
    try:
        async with asyncio.timeout(seconds):
            return await _fetch(slack, own_address(slack, file.url), file, most)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Later(f"no file from Slack ({type(error).__name__})", after=AGAIN_SECONDS) from error


async def _fetch(slack: SlackGateway, url: URL, file: FileRef, most: int) -> bytes:
    headers = {"Authorization": f"Bearer {slack.token}"}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    for _ in range(MOST_HOPS):
        async with slack.session.get(url, headers=headers, allow_redirects=False, timeout=timeout) as answer:
            if answer.status not in _AWAY:
                return await _body(answer, file, most)
            url = own_address(slack, answer.headers.get("Location", ""), seen_from=url)
    raise Refused("a file that is redirected for ever", words=NOT_GIVEN)


def own_address(slack: SlackGateway, address: str, seen_from: URL | None = None) -> URL:
    """The address, if the token may go there."""
    try:
        url = seen_from.join(URL(address)) if seen_from else URL(address)
        host, port = url.host or "", url.port
    except ValueError as error:
        raise Refused("a file at no address", words=NOT_SLACKS) from error
    api = URL(slack.base_url)
    is_slacks = url.scheme == "https" and port == 443 and f".{host}".endswith(f".{FILE_HOST}")
    is_stand_in = (url.scheme, host, port) == (api.scheme, api.host, api.port)
    if url.user is not None or url.password is not None or not (is_slacks or is_stand_in):
        raise Refused("a file of another host", words=NOT_SLACKS)
    return url


async def _body(answer: aiohttp.ClientResponse, file: FileRef, most: int) -> bytes:
    if answer.status == 429 or answer.status >= 500:
        after = answer.headers.get("Retry-After", "")
        pause = float(after) if after.isdigit() else AGAIN_SECONDS
        is_limit = answer.status == 429
        raise Later(f"Slack's files answer {answer.status}", after=max(pause, 1.0), counted=not is_limit)
    if answer.status != 200:
        words = GONE if answer.status in (404, 410) else NOT_GIVEN
        raise Refused(f"Slack's files answer {answer.status}", words=words)
    received = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        received += chunk
        if len(received) > most:
            raise Refused("a file that is too large", words=too_large(max(file.size, len(received))))
    if _is_a_page_instead(answer.content_type, file, len(received)):
        raise Refused("a web page instead of the file: is the scope files:read granted?", words=NOT_GIVEN)
    return bytes(received)


def _is_a_page_instead(kind: str, file: FileRef, length: int) -> bool:
    """Whether this is Slack's sign-in page. A page that somebody shared has the length that was announced."""
    shared = "html" in file.mimetype.lower() and length == file.size
    return "html" in kind.lower() and not shared


def too_large(size: int) -> str:
    """Why a file of this size was left out."""
    return f"too large, {size_words(size)}"


def _word(owner: Json, key: str) -> str:
    value = owner.get(key)
    return value if isinstance(value, str) else ""
