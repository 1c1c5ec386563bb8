"""Comments of an issue. Our own carry a mark, by which one is found again when Jira's answer was lost."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from jira import JIRAError

from bot.core.text import Document
from bot.jira import reading, shapes, texts
from bot.jira.calls import MOST_PAGES, PAGE, Calls
from bot.jira.client import JiraClient
from bot.jira.shapes import CommentNow

PROPERTY = "frontdesk"
# Our clock and Jira's may differ.
CLOCKS_APART = timedelta(minutes=5)


class Comments:
    """Reads and writes comments; `own_account` tells whose comments are ours."""

    def __init__(self, calls: Calls, own_account: Callable[[], Awaitable[str]]) -> None:
        self._calls = calls
        self._own_account = own_account

    async def newest(self, key: str, start: int = 0, size: int = PAGE) -> list[CommentNow]:
        """Some of an issue's comments, the one written last first."""
        path = _path(key)
        return await self._calls.run("comments", lambda client: _some(client, path, start, size))

    async def get(self, key: str, comment_id: str) -> CommentNow | None:
        """A comment as it is now; None when it, or its issue, is gone."""
        path = f"{_path(key)}/{shapes.number(comment_id)}"

        def read_one(client: JiraClient) -> CommentNow | None:
            given = client.fetch_if_there(path, expand="properties")
            return None if given is None else read(reading.mapping(given))

        return await self._calls.run("comment", read_one)

    async def add(self, key: str, document: Document, mark: str) -> str:
        """A new comment's id. Raises Doubt when it may be there: `find` it by its mark."""
        path = _path(key)
        marked = [{"key": PROPERTY, "value": {"id": mark}}]
        body = {"body": texts.write(document, cloud=self._calls.cloud), "properties": marked}
        return await self._calls.run(
            "add_comment",
            lambda client: reading.word(reading.mapping(client.send(path, body)), "id"),
            unsafe=True,
        )

    async def find(self, key: str, mark: str, since: datetime) -> str | None:
        """The comment of ours with this mark among those written since then."""
        path, account, oldest = _path(key), await self._own_account(), since - CLOCKS_APART

        def look(client: JiraClient) -> str | None:
            for at in range(MOST_PAGES):
                page = _some(client, path, at * PAGE, PAGE)
                young = [one for one in page if one.created >= oldest]
                for one in young:
                    if one.account == account and _mark(client, one.id) == mark:
                        return one.id
                if len(page) < PAGE or not young:
                    return None
            return None

        return await self._calls.run("find_comment", look)

    async def change(self, key: str, comment_id: str, document: Document) -> bool:
        """Other words for a comment; False when it is gone."""
        path = f"{_path(key)}/{shapes.number(comment_id)}"
        body = {"body": texts.write(document, cloud=self._calls.cloud)}
        return await self._calls.run("change_comment", lambda client: _there(lambda: client.put(path, body)))

    async def remove(self, key: str, comment_id: str) -> None:
        """No such comment any more; one that is gone already is no failure."""
        path = f"{_path(key)}/{shapes.number(comment_id)}"
        await self._calls.run("remove_comment", lambda client: _there(lambda: client.delete(path)))


def read(value: Mapping[str, Any]) -> CommentNow:
    """A comment in Jira's JSON; Unreadable when it lacks what every comment has."""
    author = reading.inner(value, "author")
    created = reading.moment(value.get("created"))
    return CommentNow(
        id=reading.word(value, "id"),
        account=reading.account(author),
        author=reading.person_name(author) or "",
        body=value.get("body"),
        created=created,
        updated=reading.moment(value.get("updated") or value.get("created")),
        is_hidden=_is_hidden(value),
    )


def _is_hidden(value: Mapping[str, Any]) -> bool:
    """For a role or a group only, or an internal one of a service desk."""
    internal = any(
        one.get("key") == "sd.public.comment"
        and reading.inner(one, "value").get("internal") in (True, "true")
        for one in reading.objects(value.get("properties"))
    )
    return bool(value.get("visibility")) or value.get("jsdPublic") is False or internal


def _path(key: str) -> str:
    return f"issue/{shapes.issue_key_or_id(key)}/comment"


def _some(client: JiraClient, path: str, start: int, size: int) -> list[CommentNow]:
    # A service desk on Data Center tells only by a property which comments are internal.
    given = client.fetch(path, startAt=start, maxResults=size, orderBy="-created", expand="properties")
    return [read(one) for one in reading.mappings(reading.mapping(given).get("comments"))]


def _mark(client: JiraClient, comment_id: str) -> str | None:
    given = client.fetch_if_there(f"comment/{comment_id}/properties/{PROPERTY}")
    return None if given is None else reading.words(reading.inner(reading.mapping(given), "value"), "id")


def _there(call: Callable[[], object]) -> bool:
    """Whether what the call is about was there."""
    try:
        call()
    except JIRAError as error:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return False
        raise
    return True
