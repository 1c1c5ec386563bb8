"""Searches by JQL: `search/jql` on Cloud, behind its index; `search` on Data Center."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import jql, render
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    " A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def search_jql(call: Call) -> Reply:
    """Cloud's search: no total, ids alone unless fields are asked for, pages by token."""
    asked = _asked(call)
    text = str(asked.get("jql") or "")
    query = jql.parse(text)
    if not query.clauses:
        raise JiraRefusal(
            400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        )
    found = _found(call, query)
    start = _start(asked.get("nextPageToken"))
    size = int(asked.get("maxResults") or 50)
    wanted = _fields(asked)
    chosen = found[start : start + size]
    last = start + len(chosen) >= len(found)
    body: dict[str, Any] = {"issues": [_brief(call, one, wanted) for one in chosen], "isLast": last}
    return Reply(body=body if last else body | {"nextPageToken": f"page-{start + size}"})


def search(call: Call) -> Reply:
    """Data Center's search: with a total, all fields by default."""
    asked = _asked(call)
    found = _found(call, jql.parse(str(asked.get("jql") or "")))
    start, size = int(asked.get("startAt") or 0), int(asked.get("maxResults") or 50)
    shown = [render.issue(call, one, _fields(asked)) for one in found[start : start + size]]
    return Reply(body={"startAt": start, "maxResults": size, "total": len(found), "issues": shown})


def search_removed(call: Call) -> Reply:
    """Cloud's old search is gone."""
    raise JiraRefusal(410, REMOVED)


def _asked(call: Call) -> Mapping[str, Any]:
    if call.body is not None:
        return call.mapping()
    return {**{name: values[0] for name, values in call.query.items()}, "fields": call.listed("fields")}


def _fields(asked: Mapping[str, Any]) -> list[str]:
    fields: Any = asked.get("fields") or ()
    return fields.split(",") if isinstance(fields, str) else list(cast(list[str], fields))


def _found(call: Call, query: jql.Query) -> list[Issue]:
    known = {
        name.lower() for one in call.site.projects.values() for name in (one.key, one.name, one.project_id)
    }
    for value in query.values("project"):
        if value.lower() not in known:
            raise JiraRefusal(400, f"The value '{value}' does not exist for the field 'project'.")
    lagging = call.site.edition == "cloud"
    visible = [
        issue
        for issue in call.site.stored.values()
        if call.site.sees(call.account, issue.project) and (not lagging or call.site.indexed(issue))
    ]
    return query.run(visible)


def _brief(call: Call, issue: Issue, wanted: list[str]) -> dict[str, Any]:
    if not wanted or wanted == ["id"]:
        return {"id": issue.issue_id}
    return render.issue(call, issue, wanted)


def _start(token: Any) -> int:
    if not token:
        return 0
    number = str(token).removeprefix("page-")
    if not number.isdigit():
        raise JiraRefusal(400, "The nextPageToken is not valid.")
    return int(number)


ROUTES = (
    Route(name="search_jql", method="GET", path="search/jql", run=search_jql, editions=("cloud",)),
    Route(name="search_jql", method="POST", path="search/jql", run=search_jql, editions=("cloud",)),
    Route(name="search", method="GET", path="search", run=search, editions=("datacenter",)),
    Route(name="search", method="POST", path="search", run=search, editions=("datacenter",)),
    Route(name="search_removed", method="GET", path="search", run=search_removed, editions=("cloud",)),
    Route(name="search_removed", method="POST", path="search", run=search_removed, editions=("cloud",)),
)
