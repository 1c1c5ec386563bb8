"""The site itself and the people on it: server, own account, permissions, user search."""

from typing import Any

from bot.sandbox.jira import metadata, render
from bot.sandbox.jira.model import Account, Project
from bot.sandbox.jira.wire import Call, JiraRefusal, Reply, Route

PERMISSIONS = {
    "BROWSE_PROJECTS": ("10", "Browse Projects"),
    "CREATE_ISSUES": ("11", "Create Issues"),
    "EDIT_ISSUES": ("12", "Edit Issues"),
    "TRANSITION_ISSUES": ("46", "Transition Issues"),
    "ADD_COMMENTS": ("15", "Add Comments"),
    "CREATE_ATTACHMENTS": ("19", "Create Attachments"),
    "LINK_ISSUES": ("21", "Link Issues"),
    "ASSIGN_ISSUES": ("13", "Assign Issues"),
    "ASSIGNABLE_USER": ("17", "Assignable User"),
    "MODIFY_REPORTER": ("30", "Modify Reporter"),
    "SET_ISSUE_SECURITY": ("26", "Set Issue Security"),
    "EDIT_OWN_COMMENTS": ("35", "Edit Own Comments"),
    "DELETE_OWN_COMMENTS": ("37", "Delete Own Comments"),
    "DELETE_ISSUES": ("16", "Delete Issues"),
    "ADMINISTER_PROJECTS": ("23", "Administer Projects"),
    "USER_PICKER": ("27", "Browse users and groups"),
    "ADMINISTER": ("0", "Administer Jira"),
}
ADMIN = frozenset({"ADMINISTER", "ADMINISTER_PROJECTS"})


def server_info(call: Call) -> Reply:
    """Version and kind of the site."""
    cloud = call.site.edition == "cloud"
    shown: dict[str, Any] = {
        "baseUrl": call.site.base_url,
        "version": call.site.version,
        "versionNumbers": [int(one) for one in call.site.version.partition("-")[0].split(".")],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100287 if cloud else 10030012,
        "buildDate": "2026-10-05T00:00:00.000+0000",
        "serverTime": render.moment(call.site.clock()),
        "scmInfo": "0000000000000000000000000000000000000000",
        "serverTitle": "Jira",
    }
    return Reply(body=shown)


def myself(call: Call) -> Reply:
    """The account that is signed in."""
    return Reply(body=render.user(call, call.account) | {"locale": "en_US"})


def mypermissions(call: Call) -> Reply:
    """What the account may do; Cloud wants the permissions named."""
    names = call.listed("permissions")
    if call.site.edition == "cloud" and not names:
        raise JiraRefusal(400, "The 'permissions' query parameter is required.")
    unknown = [name for name in names if name not in PERMISSIONS]
    if unknown:
        raise JiraRefusal(400, f"Unrecognized permission keys: {', '.join(unknown)}")
    project = _project_asked(call)
    granted = {name: _permission(call, name, project) for name in names or PERMISSIONS}
    return Reply(body={"permissions": granted})


def user_search(call: Call) -> Reply:
    """People by a part of their name or address."""
    word = "query" if call.site.edition == "cloud" else "username"
    if word not in call.query:
        raise JiraRefusal(400, f"The '{word}' query parameter was not provided.")
    return Reply(body=_people(call, call.first(word)))


def assignable_search(call: Call) -> Reply:
    """People who can be assigned in a project or issue."""
    if not call.first("project") and not call.first("issueKey"):
        raise JiraRefusal(400, "project or issueKey must be provided")
    key = call.first("project") or call.first("issueKey").rpartition("-")[0]
    found = [one for one in call.site.projects.values() if key in (one.key, one.project_id)]
    if not found or not call.site.sees(call.account, found[0]):
        raise JiraRefusal(404, f"No project could be found with key '{key}'.")
    word = "query" if call.site.edition == "cloud" else "username"
    return Reply(body=_people(call, call.first(word), found[0]))


def groups_picker(call: Call) -> Reply:
    """Groups by a part of their name."""
    wanted = call.first("query").lower()
    size = call.number("maxResults", 20)
    found = [name for name in call.site.groups if wanted in name.lower()]
    cloud = call.site.edition == "cloud"
    shown: list[dict[str, Any]] = [
        {
            "name": name,
            "html": name,
            "labels": [],
            **({"groupId": metadata.group_id(name)} if cloud else {}),
        }
        for name in found[:size]
    ]
    header = f"Showing {len(shown)} of {len(found)} matching groups"
    return Reply(body={"header": header, "total": len(found), "groups": shown})


def _project_asked(call: Call) -> Project | None:
    key = call.first("projectKey") or call.first("issueKey").rpartition("-")[0]
    if not key:
        return None
    project = call.site.projects.get(key.upper())
    if project is None or not call.site.sees(call.account, project):
        raise JiraRefusal(404, f"No project could be found with key '{key}'.")
    return project


def _permission(call: Call, name: str, project: Project | None) -> dict[str, Any]:
    number, title = PERMISSIONS[name]
    account = call.account
    limited = project is not None and account.projects is not None and project.key not in account.projects
    held = name not in ADMIN or account.is_admin
    if project is not None and held:
        held = call.site.permits(account, project, name) and (not limited or name == "BROWSE_PROJECTS")
    return {
        "id": number,
        "key": name,
        "name": title,
        "type": "PROJECT",
        "description": title,
        "havePermission": held,
    }


def _people(call: Call, text: str, project: Project | None = None) -> list[dict[str, Any]]:
    wanted = text.lower()
    found = [one for one in call.site.accounts.values() if one.active and wanted in _searched(one)]
    if project is not None:
        found = [one for one in found if call.site.permits(one, project, "ASSIGNABLE_USER")]
    start, size = call.number("startAt", 0), call.number("maxResults", 50)
    return [render.user(call, one) for one in found[start : start + size]]


def _searched(account: Account) -> str:
    return f"{account.display_name} {account.email} {account.name}".lower()


ROUTES = (
    Route(name="server_info", method="GET", path="serverInfo", run=server_info, anonymous=True),
    Route(name="myself", method="GET", path="myself", run=myself),
    Route(name="mypermissions", method="GET", path="mypermissions", run=mypermissions),
    Route(name="user_search", method="GET", path="user/search", run=user_search),
    Route(name="groups_picker", method="GET", path="groups/picker", run=groups_picker),
    Route(name="assignable_search", method="GET", path="user/assignable/search", run=assignable_search),
)
