"""An issue as a person reads it, for tests and stories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.jira import fields, news, render
from bot.sandbox.jira.model import Issue

if TYPE_CHECKING:
    from bot.sandbox.jira.site import JiraSite

APART = frozenset({"Summary", "Description", "Labels", "Reporter", "Assignee"})


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """An issue as a person reads it in the browser; `fields` are the others in words, by name."""

    key: str
    project: str
    type: str
    summary: str
    description: str
    labels: tuple[str, ...]
    reporter: str
    status: str
    links: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, str], ...]
    resolution: str = ""
    assignee: str = ""
    security: str = ""
    attachments: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


def view(site: "JiraSite", issue: Issue) -> IssueView:
    """What a person reads of an issue."""
    assignee = site.person(issue.fields.get("assignee"))
    return IssueView(
        key=issue.key,
        project=issue.project.key,
        type=issue.type.name,
        summary=issue.summary,
        description=render.plain(issue.description),
        labels=tuple(issue.labels),
        reporter=issue.reporter.display_name,
        status=issue.status.name,
        links=tuple((str(one.target.get("title")), str(one.target.get("url"))) for one in issue.links),
        comments=tuple((one.author.display_name, render.plain(one.body)) for one in issue.comments),
        resolution=issue.resolution[1] if issue.resolution else "",
        assignee=assignee.display_name if assignee else "",
        security=issue.security[1] if issue.security else "",
        attachments=tuple(one.filename for one in issue.attachments),
        fields=_others(site, issue),
    )


def _others(site: "JiraSite", issue: Issue) -> dict[str, str]:
    call = news.seen_by(site, issue.reporter)
    named = {spec.name: fields.words_of(call, issue, spec.field_id) for spec in issue.type.fields}
    return {name: words for name, words in named.items() if words and name not in APART}
