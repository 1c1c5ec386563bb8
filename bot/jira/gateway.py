"""Jira for the rest of the bot: a few questions and wishes, Cloud and Data Center alike, off the event loop.

What goes wrong is raised as an outcome (`bot.outbox.outcomes`). Nothing is tried twice here.
"""

import asyncio
import json
import threading
from bisect import bisect_left
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.core.text import Block, Document, cut, from_plain, plain
from bot.jira import adf, shapes, wiki
from bot.jira.client import JiraClient
from bot.jira.failures import FAILURES, outcome
from bot.jira.shapes import (
    CreateField,
    IssueDraft,
    IssueNow,
    IssueRef,
    IssueType,
    Myself,
    ProjectRef,
    Server,
)
from bot.metrics import JIRA_CALLS
from bot.outbox.outcomes import Outcome

THREADS = 4
SUMMARY_LIMIT = 255
TEXT_LIMIT = 32_767
PAGE = 50
MOST_PAGES = 20
GLOBAL_ID_LIMIT = 255

_T = TypeVar("_T")


class JiraGateway:
    """One Jira site: Data Center (REST v2) with `token`, else Cloud (REST v3) with email and API token."""

    def __init__(
        self, url: str, *, email: str | None = None, api_token: str | None = None, token: str | None = None
    ) -> None:
        self.url = url.rstrip("/")
        self.cloud = token is None
        self._basic = (email or "", api_token or "") if self.cloud else None
        self._bearer = token
        self._pool: ThreadPoolExecutor | None = None
        self._own = threading.local()

    def __repr__(self) -> str:
        return f"JiraGateway({self.url!r}, cloud={self.cloud})"

    def browse(self, key: str) -> str:
        """The address at which people see an issue."""
        return f"{self.url}/browse/{key}"

    def write(self, document: Document) -> dict[str, Any] | str:
        """The document in the site's own form, cut to the 32,767 characters that Jira takes in one text."""
        blocks = document.blocks
        keep = bisect_left(range(len(blocks)), True, key=lambda at: not self._fits(blocks[: at + 1]))
        if keep == len(blocks):
            return self._written(document)
        words, limit = plain(Document(blocks=blocks[keep:])), TEXT_LIMIT
        while not self._fits(shown := blocks[:keep] + from_plain(cut(words, limit)).blocks):
            limit = limit * 3 // 4
        return self._written(Document(blocks=shown))

    async def myself(self) -> Myself:
        """The account that the bot's token belongs to."""

        def read(client: JiraClient) -> Myself:
            given = shapes.mapping(client.fetch("myself"))
            account = shapes.word(given, "accountId" if self.cloud else "name")
            return Myself(account=account, name=str(given.get("displayName") or account))

        return await self._run("myself", read)

    async def server(self) -> Server:
        """What the site says of itself; needs no valid login."""
        return await self._run("server", _server)

    async def projects(self) -> list[ProjectRef]:
        """The projects in which the bot may create issues (Cloud) or which it sees (Data Center)."""

        def read(client: JiraClient) -> list[ProjectRef]:
            if self.cloud:
                given = _pages(client, "project/search", ("values",), action="create")
            else:
                given = shapes.mappings(client.fetch("project"))
            return [ProjectRef(key=shapes.word(one, "key"), name=shapes.word(one, "name")) for one in given]

        return await self._run("projects", read)

    async def issue_types(self, project: str) -> list[IssueType]:
        """The kinds of issues that can be created in a project, sub-tasks left out."""
        path = f"issue/createmeta/{shapes.project_key(project)}/issuetypes"

        def read(client: JiraClient) -> list[IssueType]:
            types = [
                IssueType(
                    id=shapes.word(one, "id"),
                    name=shapes.word(one, "name"),
                    subtask=one.get("subtask") is True,
                )
                for one in _pages(client, path, ("issueTypes", "values"))
            ]
            return [one for one in types if not one.subtask]

        return await self._run("issue_types", read)

    async def create_fields(self, project: str, type_id: str) -> list[CreateField]:
        """The fields of the create form of a project and type."""
        path = f"issue/createmeta/{shapes.project_key(project)}/issuetypes/{shapes.number(type_id)}"

        def read(client: JiraClient) -> list[CreateField]:
            return [shapes.read_field(one) for one in _pages(client, path, ("fields", "values"))]

        return await self._run("create_fields", read)

    async def can_create(self, project: str) -> bool:
        """Whether the bot's account may create issues in the project."""
        key = shapes.project_key(project)

        def read(client: JiraClient) -> bool:
            given = client.fetch_if_there("mypermissions", projectKey=key, permissions="CREATE_ISSUES")
            if given is None:
                return False
            permissions = shapes.mapping(shapes.mapping(given).get("permissions"))
            return shapes.mapping(permissions.get("CREATE_ISSUES")).get("havePermission") is True

        return await self._run("can_create", read)

    async def create_issue(self, draft: IssueDraft) -> IssueRef:
        """A new issue. Raises Later when it surely is not there, Doubt when it may be: look by its label."""
        body = self._body(draft)
        # Most of an outage shows here, where asking again costs nothing.
        await self._run("server", _server)
        return await self._run(
            "create_issue", lambda client: shapes.read_issue_ref(client.send("issue", body)), unsafe=True
        )

    async def find_by_label(self, project: str, label: str) -> list[IssueRef]:
        """A project's issues with exactly this label, lowest key first; Cloud's index may lag by minutes."""
        clauses = f'project = "{shapes.project_key(project)}" AND labels = "{shapes.label(label)}"'
        path = "search/jql" if self.cloud else "search"

        def read(client: JiraClient) -> list[IssueRef]:
            given = shapes.mapping(
                client.fetch(path, jql=f"{clauses} ORDER BY key ASC", fields="labels", maxResults=PAGE)
            )
            hits = shapes.mappings(given.get("issues"))
            found = [shapes.read_issue_ref(one) for one in hits if label in shapes.read_labels(one)]
            return sorted(found, key=lambda one: int(one.key.rpartition("-")[2]))

        return await self._run("find_by_label", read)

    async def issue(self, key: str) -> IssueNow:
        """An issue as it is now."""
        path = f"issue/{shapes.issue_key(key)}"
        return await self._run(
            "issue", lambda client: shapes.read_issue(client.fetch(path, fields="summary,status,labels"))
        )

    async def put_remote_link(
        self, key: str, global_id: str, url: str, title: str, summary: str = ""
    ) -> None:
        """A link on the issue to somewhere else; a second call with the same `global_id` replaces it."""
        path = f"issue/{shapes.issue_key(key)}/remotelink"
        target = {"url": url, "title": _one_line(title) or url, "summary": _one_line(summary)}
        body = {"globalId": global_id[:GLOBAL_ID_LIMIT], "object": target}
        await self._run("put_remote_link", lambda client: client.send(path, body))

    async def close(self) -> None:
        """Let the threads go; a call under way ends by itself."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _fits(self, blocks: tuple[Block, ...]) -> bool:
        # Whether Jira counts the words of a document or its JSON is not documented: the JSON is never shorter.
        written = self._written(Document(blocks=blocks))
        text = written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)
        return len(text) <= TEXT_LIMIT

    def _written(self, document: Document) -> dict[str, Any] | str:
        return adf.write(document) if self.cloud else wiki.write(document)

    def _body(self, draft: IssueDraft) -> Mapping[str, Any]:
        fields: dict[str, Any] = {
            **draft.fields,
            "project": {"key": shapes.project_key(draft.project)},
            "issuetype": {"id": shapes.number(draft.type_id)},
            "summary": _one_line(draft.summary),
            "labels": ["-".join(one.split()) for one in draft.labels],
        }
        if draft.description.blocks:
            fields["description"] = self.write(draft.description)
        if draft.components:
            fields["components"] = [{"name": name} for name in draft.components]
        properties = [{"key": key, "value": value} for key, value in draft.properties.items()]
        return {"fields": fields} | ({"properties": properties} if properties else {})

    async def _run(self, op: str, work: Callable[[JiraClient], _T], *, unsafe: bool = False) -> _T:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="jira")
        loop = asyncio.get_running_loop()
        try:
            done = await loop.run_in_executor(self._pool, self._in_thread, work, unsafe)
        except Outcome as found:
            JIRA_CALLS.labels(op, type(found).__name__.lower()).inc()
            raise
        JIRA_CALLS.labels(op, "ok").inc()
        return done

    def _in_thread(self, work: Callable[[JiraClient], _T], unsafe: bool) -> _T:
        try:
            if not hasattr(self._own, "client"):
                version = "3" if self.cloud else "2"
                self._own.client = JiraClient(
                    self.url, version=version, basic=self._basic, bearer=self._bearer
                )
            return work(self._own.client)
        except FAILURES as error:
            raise outcome(error, unsafe=unsafe) from error


def _server(client: JiraClient) -> Server:
    given = shapes.mapping(client.fetch("serverInfo"))
    return Server(
        url=shapes.word(given, "baseUrl"),
        version=shapes.word(given, "version"),
        cloud=given.get("deploymentType") == "Cloud",
    )


def _pages(client: JiraClient, path: str, members: tuple[str, ...], **query: str) -> list[Mapping[str, Any]]:
    """All entries of a paged list, whichever of the members the edition calls them."""
    found: list[Mapping[str, Any]] = []
    for _ in range(MOST_PAGES):
        given = shapes.mapping(client.fetch(path, startAt=len(found), maxResults=PAGE, **query))
        member = next((name for name in members if name in given), members[0])
        page = shapes.mappings(given.get(member))
        found += page
        total: object = given.get("total")
        if not page or given.get("isLast") is True or (isinstance(total, int) and len(found) >= total):
            break
    return found


def _one_line(text: str) -> str:
    return cut(" ".join(plain(from_plain(text)).split()), SUMMARY_LIMIT)
