"""What the site and its projects offer: labels, sprints, issues to choose from, permissions, limits, webhooks."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from jira import JIRAError

from bot.jira import reading, shapes
from bot.jira.calls import PAGE, Calls, pages
from bot.jira.client import JiraClient, SignedOut, UnusableAnswer

MOST_BOARDS = 10
MOST_WORDS = 8
WEBHOOKS = ("/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks")
_WORD = re.compile(r"\w+")
_NOT_OURS_TO_SEE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


class Metadata:
    """Questions whose answers change slowly."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def labels(self, text: str) -> list[str]:
        """Labels in use that begin with the text."""
        path = "jql/autocompletedata/suggestions"

        def read(client: JiraClient) -> list[str]:
            given = reading.mapping(client.fetch(path, fieldName="labels", fieldValue=text))
            # Data Center puts what has odd characters in quotes, ready for a query.
            return [reading.word(one, "value").strip('"') for one in reading.mappings(given.get("results"))]

        return await self._calls.run("labels", read)

    async def sprints(self, project: str) -> list[tuple[str, str]]:
        """The (id, name) of the project's sprints that run or are to come."""
        key = shapes.project_key(project)

        def read(client: JiraClient) -> list[tuple[str, str]]:
            boards = pages(client, "/rest/agile/1.0/board", ("values",), projectKeyOrId=key)
            found = [
                (reading.word(one, "id"), reading.word(one, "name"))
                for board in boards[:MOST_BOARDS]
                for one in _sprints(client, reading.word(board, "id"))
            ]
            # A sprint may be on several boards.
            return list(dict.fromkeys(found))

        return await self._calls.run("sprints", read)

    async def find_issues(self, project: str, text: str, *, epics: bool = False) -> list[tuple[str, str]]:
        """The (key, summary) of at most 50 issues of the project, those changed last first."""
        clauses = [f'project = "{shapes.project_key(project)}"', *(["issuetype = Epic"] if epics else [])]
        words = _WORD.findall(text)[:MOST_WORDS]
        named = text.strip().upper()
        if words and not shapes.is_issue_key(named):
            clauses.append(f'summary ~ "{" ".join(f"{word.lower()}*" for word in words)}"')
        elif words:
            clauses.append(f"key = {named}")
        jql = f"{' AND '.join(clauses)} ORDER BY updated DESC"
        path = "search/jql" if self._calls.cloud else "search"

        def read(client: JiraClient) -> list[tuple[str, str]]:
            given = _unless_refused(client, path, jql=jql, fields="summary", maxResults=PAGE)
            return [_choice(one) for one in reading.mappings(given.get("issues"))] if given else []

        return await self._calls.run("find_issues", read)

    async def permissions(self, project: str, names: Sequence[str]) -> dict[str, bool]:
        """Which permissions the bot has in the project, none where it does not see it.

        Names that this edition does not know are left out.
        """
        key = shapes.project_key(project)

        def read(client: JiraClient) -> dict[str, bool]:
            given = client.fetch_if_there("mypermissions", projectKey=key, permissions=",".join(names))
            if given is None:
                return dict.fromkeys(names, False)
            told = reading.mapping(reading.mapping(given).get("permissions"))
            known = {name: reading.inner(told, name) for name in names if name in told}
            return {name: one.get("havePermission") is True for name, one in known.items()}

        return await self._calls.run("permissions", read)

    async def attachment_limit(self) -> int:
        """The most bytes that a file may have; 0 where files are off."""

        def read(client: JiraClient) -> int:
            given = reading.mapping(client.fetch("attachment/meta"))
            limit: object = given.get("uploadLimit")
            return limit if given.get("enabled") is True and isinstance(limit, int) else 0

        return await self._calls.run("attachment_limit", read)

    async def webhooks(self) -> list[tuple[str, bool]] | None:
        """The (address, is it on) of the site's webhooks; None: this account may not look."""
        return await self._calls.run("webhooks", _webhooks)

    async def server_time(self) -> datetime:
        """The time by Jira's clock."""
        return await self._calls.run(
            "server_time",
            lambda client: reading.moment(reading.mapping(client.fetch("serverInfo")).get("serverTime")),
        )


def _sprints(client: JiraClient, board: str) -> list[Mapping[str, Any]]:
    try:
        return pages(client, f"/rest/agile/1.0/board/{board}/sprint", ("values",), state="active,future")
    except JIRAError as error:
        # A board without sprints says so with 400.
        if error.status_code == HTTPStatus.BAD_REQUEST:
            return []
        raise


def _unless_refused(client: JiraClient, path: str, **query: str | int) -> Mapping[str, Any] | None:
    """None where Jira knows no such issue or no such type."""
    try:
        return reading.mapping(client.fetch(path, **query))
    except JIRAError as error:
        if error.status_code == HTTPStatus.BAD_REQUEST:
            return None
        raise


def _choice(value: Mapping[str, Any]) -> tuple[str, str]:
    ref = shapes.read_issue_ref(value)
    return ref.key, reading.word(reading.mapping(value.get("fields")), "summary")


def _webhooks(client: JiraClient) -> list[tuple[str, bool]] | None:
    for path in WEBHOOKS:
        try:
            given: object = client.fetch(path)
        except JIRAError as error:
            if error.status_code in _NOT_OURS_TO_SEE:
                continue
            raise
        except (SignedOut, UnusableAnswer):
            continue
        return [
            (url, one.get("enabled", one.get("active")) is not False)
            for one in _listed(given)
            if (url := reading.words(one, "url"))
        ]
    return None


def _listed(given: object) -> list[Mapping[str, Any]]:
    """The newer editions of Data Center wrap the list."""
    wrapped = reading.inner({"answer": given}, "answer").get("results")
    return reading.objects(given) or reading.objects(wrapped)
