"""What people do in Jira's own pages. The rules are those of the REST API, so a refusal is a `JiraRefusal` in its words.

Everything here fires the webhooks.
"""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.jira.api import comments, issues
from bot.sandbox.jira.model import Account, Comment, Issue, Project
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import Call, JiraRefusal


def creates(site: JiraSite, by: Account, project: Project, fields: Mapping[str, Any]) -> Issue:
    """A person creates an issue; `fields` as REST v2 takes them, without the project."""
    given = {"project": {"key": project.key}, **fields}
    reply = issues.create_issue(_call(site, by, body={"fields": given}))
    return site.stored[reply.body["key"]]


def edits(site: JiraSite, by: Account, issue: Issue, fields: Mapping[str, Any]) -> None:
    """A person changes fields, given as REST v2 takes them."""
    issues.edit_issue(_call(site, by, issue, {"fields": fields}))


def assigns(site: JiraSite, by: Account, issue: Issue, to: Account | None) -> None:
    """A person hands the issue to somebody, or to nobody."""
    name = (
        {"accountId": to.account_id} if to and site.edition == "cloud" else {"name": to.name} if to else None
    )
    edits(site, by, issue, {"assignee": name})


def transitions(site: JiraSite, by: Account, issue: Issue, transition_id: str) -> None:
    """A person moves the issue through a transition of the workflow."""
    issues.do_transition(_call(site, by, issue, {"transition": {"id": transition_id}}))


def comments_on(site: JiraSite, by: Account, issue: Issue, text: str) -> None:
    """A person writes a comment."""
    comments.add_comment(_call(site, by, issue, {"body": text}))


def rewords(site: JiraSite, by: Account, issue: Issue, comment: Comment, text: str) -> None:
    """A person changes their own comment."""
    if comment.author.account_id != by.account_id:
        raise JiraRefusal(403, "You can change only your own comments.")
    complaint = comments.complaint(_call(site, by, issue), text)
    if complaint:
        raise JiraRefusal(400, complaint)
    site.rewords(issue, comment, text)


def deletes(site: JiraSite, by: Account, issue: Issue) -> None:
    """A person deletes the issue with everything in it."""
    issues.delete_issue(_call(site, by, issue))


def _call(site: JiraSite, by: Account, issue: Issue | None = None, body: Any = None) -> Call:
    path = {"issue": issue.key} if issue else {}
    return Call(site=site, version="2", account=by, path=path, query={}, body=body)
