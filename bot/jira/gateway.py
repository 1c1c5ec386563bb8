"""Jira for the rest of the bot: a few questions and wishes, Cloud and Data Center alike, off the event loop.

What goes wrong is raised as an outcome (`bot.outbox.outcomes`). Nothing is tried twice here.
"""

from collections.abc import Mapping
from typing import Any

from bot.core.text import Document, cut, from_plain, plain
from bot.jira import reading, shapes, texts
from bot.jira.calls import PAGE, Calls, pages
from bot.jira.client import JiraClient
from bot.jira.comments import Comments
from bot.jira.issues import Issues
from bot.jira.metadata import Metadata
from bot.jira.people import People
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

SUMMARY_LIMIT = 255
GLOBAL_ID_LIMIT = 255
SLACK = {"type": "com.slack", "name": "Slack"}


class JiraGateway:
    """One Jira site: Data Center (REST v2) with `token`, else Cloud (REST v3) with email and API token."""

    def __init__(
        self, url: str, *, email: str | None = None, api_token: str | None = None, token: str | None = None
    ) -> None:
        self._calls = Calls(url, email=email, api_token=api_token, token=token)
        self.url = self._calls.url
        self.cloud = self._calls.cloud
        self.account_id: str | None = None
        self.metadata = Metadata(self._calls)
        self.people = People(self._calls)
        self.issues = Issues(self._calls)
        self.comments = Comments(self._calls, self.own_account)

    def __repr__(self) -> str:
        return f"JiraGateway({self.url!r}, cloud={self.cloud})"

    def browse(self, key: str) -> str:
        """The address at which people see an issue."""
        return f"{self.url}/browse/{key}"

    def write(self, document: Document) -> texts.Written:
        """The document in the site's own form, cut to the 32,767 characters that Jira takes in one text."""
        return texts.write(document, cloud=self.cloud)

    def length(self, document: Document) -> int:
        """How long the document is in the site's own form, as its limit of 32,767 characters counts."""
        return texts.length(document, cloud=self.cloud)

    def read(self, body: object) -> Document:
        """A text as Jira gave it, whichever form it has; no word of it is lost."""
        return texts.read(body)

    async def own_account(self) -> str:
        """The account that the bot signs in with; asked once."""
        return self.account_id or (await self.myself()).account

    async def myself(self) -> Myself:
        """The account that the bot's token belongs to."""

        def read(client: JiraClient) -> Myself:
            given = reading.mapping(client.fetch("myself"))
            account = reading.word(given, "accountId" if self.cloud else "name")
            return Myself(account=account, name=str(given.get("displayName") or account))

        me = await self._calls.run("myself", read)
        self.account_id = me.account
        return me

    async def server(self) -> Server:
        """What the site says of itself; needs no valid login."""
        return await self._calls.run("server", _server)

    async def projects(self) -> list[ProjectRef]:
        """The projects in which the bot may create issues (Cloud) or which it sees (Data Center)."""

        def read(client: JiraClient) -> list[ProjectRef]:
            if self.cloud:
                given = pages(client, "project/search", ("values",), action="create")
            else:
                given = reading.mappings(client.fetch("project"))
            return [
                ProjectRef(
                    key=reading.word(one, "key"), name=reading.word(one, "name"), id=reading.word(one, "id")
                )
                for one in given
            ]

        return await self._calls.run("projects", read)

    async def issue_types(self, project: str) -> list[IssueType]:
        """The kinds of issues that can be created in a project, sub-tasks left out."""
        path = f"issue/createmeta/{shapes.project_key(project)}/issuetypes"

        def read(client: JiraClient) -> list[IssueType]:
            types = [
                IssueType(
                    id=reading.word(one, "id"),
                    name=reading.word(one, "name"),
                    subtask=one.get("subtask") is True,
                )
                for one in pages(client, path, ("issueTypes", "values"))
            ]
            return [one for one in types if not one.subtask]

        return await self._calls.run("issue_types", read)

    async def create_fields(self, project: str, type_id: str) -> list[CreateField]:
        """The fields of the create form of a project and type."""
        path = f"issue/createmeta/{shapes.project_key(project)}/issuetypes/{shapes.number(type_id)}"

        def read(client: JiraClient) -> list[CreateField]:
            return [shapes.read_field(one) for one in pages(client, path, ("fields", "values"))]

        return await self._calls.run("create_fields", read)

    async def create_issue(self, draft: IssueDraft) -> IssueRef:
        """A new issue. Raises Later when it surely is not there, Doubt when it may be: look by its label."""
        body = self._body(draft)
        # Most of an outage shows here, where asking again costs nothing.
        await self._calls.run("server", _server)
        return await self._calls.run(
            "create_issue", lambda client: shapes.read_issue_ref(client.send("issue", body)), unsafe=True
        )

    async def find_by_label(self, project: str, label: str) -> list[IssueRef]:
        """A project's issues with exactly this label, lowest key first; Cloud's index may lag by minutes."""
        clauses = f'project = "{shapes.project_key(project)}" AND labels = "{shapes.label(label)}"'
        path = "search/jql" if self.cloud else "search"

        def read(client: JiraClient) -> list[IssueRef]:
            given = reading.mapping(
                client.fetch(path, jql=f"{clauses} ORDER BY key ASC", fields="labels", maxResults=PAGE)
            )
            hits = reading.mappings(given.get("issues"))
            found = [shapes.read_issue_ref(one) for one in hits if label in shapes.read_labels(one)]
            return sorted(found, key=lambda one: int(one.key.rpartition("-")[2]))

        return await self._calls.run("find_by_label", read)

    async def issue(self, key: str) -> IssueNow:
        """An issue as it is now."""
        path = f"issue/{shapes.issue_key(key)}"
        return await self._calls.run(
            "issue", lambda client: shapes.read_issue(client.fetch(path, fields="summary,status,labels"))
        )

    async def put_remote_link(
        self, key: str, global_id: str, url: str, title: str, summary: str = "", *, icon: str = ""
    ) -> None:
        """A link on the issue to a talk in Slack; a second call with the same `global_id` replaces it.

        `icon` is the address of its picture.
        """
        path = f"issue/{shapes.issue_key(key)}/remotelink"
        target: dict[str, Any] = {
            "url": url,
            "title": _one_line(title) or url,
            "summary": _one_line(summary),
            "icon": {"title": SLACK["name"]} | ({"url16x16": icon} if icon else {}),
        }
        body = {
            "globalId": global_id[:GLOBAL_ID_LIMIT],
            "application": SLACK,
            "relationship": "discussed in",
            "object": target,
        }
        await self._calls.run("put_remote_link", lambda client: client.send(path, body))

    async def close(self) -> None:
        """Let the threads go; a call under way ends by itself."""
        await self._calls.close()

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


def _server(client: JiraClient) -> Server:
    given = reading.mapping(client.fetch("serverInfo"))
    return Server(
        url=reading.word(given, "baseUrl"),
        version=reading.word(given, "version"),
        cloud=given.get("deploymentType") == "Cloud",
    )


def _one_line(text: str) -> str:
    return cut(" ".join(plain(from_plain(text)).split()), SUMMARY_LIMIT)
