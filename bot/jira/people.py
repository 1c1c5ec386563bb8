"""People and groups in Jira."""

from collections.abc import Mapping
from typing import Any

from bot.jira import reading, shapes
from bot.jira.calls import PAGE, Calls
from bot.jira.client import JiraClient
from bot.jira.shapes import JiraPerson


class People:
    """Questions about people; only active ones are found."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def by_email(self, email: str) -> JiraPerson | None:
        """Who has this address. Cloud may hide addresses: there a single hit without one counts."""
        hits = await self._asked("person_by_email", "user/search", email) if email.strip() else []
        exact = [one for one in hits if one.email.casefold() == email.strip().casefold()]
        if exact:
            return exact[0]
        return hits[0] if self._calls.cloud and len(hits) == 1 and not hits[0].email else None

    async def search(self, text: str, *, project: str | None = None) -> list[JiraPerson]:
        """People whose name or address matches; with `project` those whom its issues can be assigned to."""
        if project is not None:
            key = shapes.project_key(project)
            return await self._asked("people", "user/assignable/search", text, project=key)
        return await self._asked("people", "user/search", text) if text.strip() else []

    async def groups(self, text: str) -> list[str]:
        """Names of groups that match."""

        def read(client: JiraClient) -> list[str]:
            given = reading.mapping(client.fetch("groups/picker", query=text, maxResults=PAGE))
            return [reading.word(one, "name") for one in reading.mappings(given.get("groups"))]

        return await self._calls.run("groups", read)

    def reference(self, account: str) -> dict[str, str]:
        """How a field names a person."""
        return {"accountId" if self._calls.cloud else "name": account}

    async def _asked(self, op: str, path: str, text: str, **more: str) -> list[JiraPerson]:
        query = {"query" if self._calls.cloud else "username": text.strip(), **more}

        def read(client: JiraClient) -> list[JiraPerson]:
            given = reading.mappings(client.fetch(path, maxResults=PAGE, **query))
            return [_person(one) for one in given if _is_human(one)]

        return await self._calls.run(op, read)


def _is_human(value: Mapping[str, Any]) -> bool:
    """Apps have accounts as well, and so have customers of a service desk."""
    return value.get("active") is not False and value.get("accountType") in (None, "atlassian")


def _person(value: Mapping[str, Any]) -> JiraPerson:
    account = reading.account(value)
    name = reading.person_name(value) or account
    return JiraPerson(account=account, name=name, email=reading.words(value, "emailAddress") or "")
