"""A thread that becomes an issue without its form, by a bot that may read files and addresses."""

from dataclasses import replace
from typing import Any

from bot.features.tickets import service
from bot.sandbox.jira.model import Attachment, Issue
from bot.sandbox.story import Seen
from tests.features.tickets.conftest import Desk, ref_of
from tests.features.tickets.make import REQUEST, place, wish

SCOPES = frozenset({"files:read", "users:read.email"})


def allow(desk: Desk, scopes: frozenset[str] = SCOPES) -> None:
    """The bot's token gets these scopes too."""
    tokens = desk.box.workspace.server.tokens
    grant = tokens[desk.box.bot_token]
    tokens[desk.box.bot_token] = replace(grant, scopes=grant.scopes | scopes)


async def ask(desk: Desk, root: Seen, **more: Any) -> None:
    """Alice wishes the thread to become an issue."""
    here = place(thread=ref_of(root), message_ts=root.ts, author=root.message.user, text=root.text)
    asked = wish(**({"place": here, "sending": ""} | more))
    await desk.deps.transactions.run(service.wish, asked, desk.known.joined())


async def made(desk: Desk, root: Seen, **more: Any) -> Issue:
    """The issue that the thread has become, with all that goes after it."""
    await ask(desk, root, **more)
    await desk.quiet()
    return stored(desk)


async def made_of_request(desk: Desk, **more: Any) -> Issue:
    """The same for the request that `desk.request` has made."""
    assert desk.known.request is not None
    assert desk.known.request.card is not None
    here = place(thread=desk.known.request.card, message_ts="", author="", text="")
    asked = wish(**({"place": here, "request_id": REQUEST, "sending": ""} | more))
    await desk.deps.transactions.run(service.wish, asked, desk.known.joined())
    await desk.quiet()
    return stored(desk)


def stored(desk: Desk, key: str = "PAY-1") -> Issue:
    """The issue as Jira keeps it."""
    found = desk.site.find(key)
    assert found is not None
    return found


def attached(issue: Issue) -> list[tuple[str, bytes]]:
    """Names and contents of an issue's files."""
    files: list[Attachment] = issue.attachments
    return [(one.filename, one.content) for one in files]
