"""Searches by JQL: `search/jql` on Cloud, behind its index; `search` on Data Center."""

from collections.abc import Mapping
from typing import Any, cast

from bot.sandbox.jira import jql, render
from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

BULK_LIMIT = 100
DATA_CENTER_PAGE = 1000
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
    body: dict[str, Any] = {
        "issues": [_brief(call, one, wanted, _words(asked.get("expand"))) for one in chosen],
        "isLast": last,
    }
    return Reply(body=body if last else body | {"nextPageToken": f"page-{start + size}"})


def search(call: Call) -> Reply:
    """Data Center's search: with a total, all fields by default."""
    asked = _asked(call)
    strict = str(asked.get("validateQuery", True)).lower() != "false"
    found = _found(call, jql.parse(str(asked.get("jql") or "")), strict=strict)
    start, size = int(asked.get("startAt") or 0), min(int(asked.get("maxResults") or 50), DATA_CENTER_PAGE)
    expand = _words(asked.get("expand"))
    shown = [render.issue(call, one, _fields(asked), expand) for one in found[start : start + size]]
    return Reply(body={"startAt": start, "maxResults": size, "total": len(found), "issues": shown})


def bulkfetch(call: Call) -> Reply:
    """Cloud's issues by id or key, always up to date; unknown ones are left out without a word."""
    named: Any = call.mapping().get("issueIdsOrKeys")
    if not isinstance(named, list) or not named:
        raise JiraRefusal(400, "issueIdsOrKeys must not be empty.")
    wanted = [str(one) for one in cast(list[object], named)]
    if len(wanted) > BULK_LIMIT:
        raise JiraRefusal(400, f"The number of issues requested exceeds the limit of {BULK_LIMIT}.")
    hits = {one.issue_id: one for name in wanted if (one := call.site.find(name)) is not None}
    seen = [one for one in hits.values() if call.site.shows(call.account, one)]
    fields, expand = _words(call.mapping().get("fields")), _words(call.mapping().get("expand"))
    shown = [
        render.issue(call, one, fields, expand) for one in sorted(seen, key=lambda one: int(one.issue_id))
    ]
    return Reply(body={"expand": "schema,names", "issues": shown, "issueErrors": []})


def search_removed(call: Call) -> Reply:
    """Cloud's old search is gone."""
    raise JiraRefusal(410, REMOVED)


def _asked(call: Call) -> Mapping[str, Any]:
    if call.body is not None:
        return call.mapping()
    return {**{name: values[0] for name, values in call.query.items()}, "fields": call.listed("fields")}


def _fields(asked: Mapping[str, Any]) -> list[str]:
    return _words(asked.get("fields"))


def _words(given: Any) -> list[str]:
    given = given or ()
    return given.split(",") if isinstance(given, str) else list(cast(list[str], given))


def _found(call: Call, query: jql.Query, *, strict: bool = True) -> list[Issue]:
    if strict:
        _check_values(call, query)
    visible = [issue for issue in call.site.stored.values() if call.site.shows(call.account, issue)]
    if call.site.edition == "cloud":
        by_update = any(True for _ in query.values("updated"))
        visible = [issue for issue in visible if call.site.indexed(issue, as_updated=by_update)]
    return query.run(visible, call.site.clock())


def _check_values(call: Call, query: jql.Query) -> None:
    """400 for a value that nothing here has, as Jira says it."""
    projects = call.site.projects.values()
    known = {
        "project": {name.lower() for one in projects for name in (one.key, one.name, one.project_id)},
        "issuetype": {name.lower() for one in projects for t in one.types for name in (t.name, t.type_id)},
    }
    for field, names in known.items():
        for value in query.values(field):
            if value.lower() not in names:
                raise JiraRefusal(400, f"The value '{value}' does not exist for the field '{field}'.")
    for field in ("key", "issuekey", "id"):
        for value in query.values(field):
            issue = call.site.find(value)
            if issue is None or not call.site.shows(call.account, issue):
                word = "id" if value.isdigit() else "key"
                raise JiraRefusal(400, f"An issue with {word} '{value}' does not exist for field '{field}'.")


def _brief(call: Call, issue: Issue, wanted: list[str], expand: list[str]) -> dict[str, Any]:
    if not expand and (not wanted or wanted == ["id"]):
        return {"id": issue.issue_id}
    return render.issue(call, issue, wanted or ["id"], expand)


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
    Route(name="bulkfetch", method="POST", path="issue/bulkfetch", run=bulkfetch, editions=("cloud",)),
    Route(name="search", method="GET", path="search", run=search, editions=("datacenter",)),
    Route(name="search", method="POST", path="search", run=search, editions=("datacenter",)),
    Route(name="search_removed", method="GET", path="search", run=search_removed, editions=("cloud",)),
    Route(name="search_removed", method="POST", path="search", run=search_removed, editions=("cloud",)),
)
