"""Boards and sprints, which have an API of their own. Each project has a kanban board, one with sprints a scrum board too."""

from typing import Any

from bot.sandbox.jira.model import Project, Sprint
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route, page

KANBAN, SCRUM = 1, 2


def board_list(call: Call) -> Reply:
    """The boards of a project, or all."""
    named = call.first("projectKeyOrId")
    projects = [one for one in call.site.projects.values() if call.site.sees(call.account, one)]
    if named:
        projects = [one for one in projects if named.upper() == one.key or named == one.project_id]
        if not projects:
            raise JiraRefusal(400, f"No project could be found with key or id '{named}'.")
    wanted = call.listed("type")
    boards = [one for project in projects for one in _boards(call, project)]
    return Reply(body=_paged(call, [one for one in boards if not wanted or one["type"] in wanted]))


def sprint_list(call: Call) -> Reply:
    """The sprints of a scrum board, by their state; 400 for a kanban board."""
    number = int(call.path["board"]) if call.path["board"].isdigit() else 0
    for project in call.site.projects.values():
        if call.site.sees(call.account, project):
            kinds = {one["id"]: one["type"] for one in _boards(call, project)}
            if kinds.get(number) == "kanban":
                raise JiraRefusal(400, "The board does not support sprints")
            if number in kinds:
                return Reply(body=_sprints(call, project, number))
    raise JiraRefusal(404, "Board does not exist or you do not have permission to see it.")


def _sprints(call: Call, project: Project, board: int) -> dict[str, Any]:
    states = call.listed("state")
    if set(states) - {"active", "future", "closed"}:
        raise JiraRefusal(400, "Sprint state must be one of: future, active, closed.")
    found = [one for one in _of(call, project) if not states or one.state in states]
    shown = _paged(call, [_sprint(call, one, board) for one in found])
    del shown["total"]
    return shown


def _sprint(call: Call, value: Sprint, board: int) -> dict[str, Any]:
    return {
        "id": value.sprint_id,
        "self": f"{call.site.base_url}/rest/agile/1.0/sprint/{value.sprint_id}",
        "state": value.state,
        "name": value.name,
        "originBoardId": board,
    }


def _of(call: Call, project: Project) -> list[Sprint]:
    return [one for one in call.site.sprints if one.project == project.key]


def _boards(call: Call, project: Project) -> list[dict[str, Any]]:
    kinds = {"kanban": KANBAN} | ({"scrum": SCRUM} if _of(call, project) else {})
    ids = {kind: int(project.project_id) * 10 + number for kind, number in kinds.items()}
    return [
        {
            "id": number,
            "self": f"{call.site.base_url}/rest/agile/1.0/board/{number}",
            "name": f"{project.key} {kind}",
            "type": kind,
        }
        for kind, number in ids.items()
    ]


def _paged(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    shown = page(call, items, "values")
    return shown | {"isLast": shown["startAt"] + len(shown["values"]) >= shown["total"]}


ROUTES = (
    Route(name="board_list", method="GET", path="board", run=board_list, base="agile"),
    Route(name="sprint_list", method="GET", path="board/{board}/sprint", run=sprint_list, base="agile"),
)
