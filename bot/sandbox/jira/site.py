"""The state of a simulated Jira, the changes that can happen to it, and what a person sees of it.

The wire is in `server`, the rules of each operation in `api`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, cast

from bot.sandbox.jira import render, seed
from bot.sandbox.jira.faults import Faults
from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.model import Account, Change, Comment, Edition, Issue, IssueType, Project, Status
from bot.sandbox.jira.webhooks import Webhooks
from bot.sandbox.jira.wire import Call, JiraRefusal


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """An issue as a person reads it in the browser."""

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


class JiraSite:
    """A Jira of one edition; `clock` gives aware datetimes, `index_lag` is in seconds."""

    def __init__(
        self,
        *,
        edition: Edition = "cloud",
        clock: Callable[[], datetime],
        context_path: str = "",
        index_lag: float = 0.0,
    ) -> None:
        self.edition: Edition = edition
        self.clock = clock
        self.context_path = context_path
        self.index_lag = index_lag
        self.down = False
        self.base_url = ""
        # Where people look at this site in a browser; empty when it has no face.
        self.face_url = ""
        # Counts everything that may have changed what people see.
        self.changes = 0
        self.faults = Faults()
        self.journal: list[CallRecord] = []
        self.webhooks = Webhooks(clock)
        self.accounts: dict[str, Account] = {one.account_id: one for one in seed.accounts()}
        self.projects: dict[str, Project] = {one.key: one for one in seed.projects()}
        self.stored: dict[str, Issue] = {}
        self.numbers = count(10_000)
        self._keys: dict[str, count[int]] = {}

    @property
    def bot_account(self) -> Account:
        """The account whose secret the bot is given."""
        return self.accounts[seed.BOT.account_id]

    def add_project(
        self,
        key: str,
        name: str,
        *,
        types: tuple[IssueType, ...] = (seed.TASK, seed.BUG),
        components: tuple[str, ...] = (),
        private: bool = False,
    ) -> Project:
        """A new project; an account limited to some projects gets it only by `allow`."""
        project = Project(
            project_id=str(next(self.numbers)),
            key=key,
            name=name,
            types=types,
            components=components,
            private=private,
        )
        self.projects[key] = project
        return project

    def allow(self, account: Account, *keys: str) -> None:
        """The account may create in exactly these projects."""
        self.accounts[account.account_id] = replace(account, projects=frozenset(keys))

    def next_key(self, project: Project) -> str:
        """The next issue key; numbers are never used twice."""
        numbers = self._keys.setdefault(project.key, count(1))
        return f"{project.key}-{next(numbers)}"

    def find(self, key_or_id: str) -> Issue | None:
        """An issue by key (in any case) or id."""
        wanted = key_or_id.upper()
        return next((one for one in self.stored.values() if wanted in (one.key, one.issue_id)), None)

    def person(self, named: Any) -> Account | None:
        """The account that a user field names, by `accountId` on Cloud and by `name` on Data Center."""
        if not isinstance(named, Mapping):
            return None
        wanted = cast(Mapping[str, Any], named).get("accountId" if self.edition == "cloud" else "name")
        key = "account_id" if self.edition == "cloud" else "name"
        return next((one for one in self.accounts.values() if getattr(one, key) == wanted), None)

    def sees(self, account: Account, project: Project) -> bool:
        """Whether the account may look into the project."""
        return not project.private or account.projects is None or project.key in account.projects

    def creates(self, account: Account, project: Project) -> bool:
        """Whether the account may create issues in the project."""
        return account.projects is None or project.key in account.projects

    def indexed(self, issue: Issue) -> bool:
        """Whether a search can find the issue already."""
        return (self.clock() - issue.created).total_seconds() >= self.index_lag

    def issue(self, key: str) -> IssueView:
        """What a person sees of an issue; KeyError when there is none."""
        found = self.find(key)
        if found is None:
            raise KeyError(f"no issue {key}; there are: {', '.join(self.stored) or 'none'}")
        return _view(found)

    def issues(self) -> list[IssueView]:
        """What a person sees of all issues, oldest first."""
        return [_view(issue) for issue in self.stored.values()]

    def says(self, key: str, text: str, *, by: Account = seed.NINA) -> Comment:
        """A person comments in the browser."""
        issue = self._known(key)
        now = self.clock()
        comment = Comment(
            comment_id=str(next(self.numbers)), author=by, body=text, created=now, updated=now, properties={}
        )
        self.add_comment(issue, comment)
        return comment

    def moves(self, key: str, status: str, *, by: Account = seed.NINA) -> None:
        """A person drags an issue to a status, named as on the board."""
        target = next(one for one in seed.TRANSITIONS.values() if one.name == status)
        self.change_status(self._known(key), target, by)

    def rewords(self, issue: Issue, comment: Comment, text: str) -> None:
        """The writer of a comment changes it in the browser."""
        comment.body, comment.updated = text, self.clock()
        self._tell_of_comment("comment_updated", issue, comment, comment.author)

    def takes_away(self, issue: Issue, comment: Comment, *, by: Account) -> None:
        """A person deletes a comment in the browser."""
        issue.comments.remove(comment)
        self._tell_of_comment("comment_deleted", issue, comment, by)

    def add_comment(self, issue: Issue, comment: Comment) -> None:
        """Keep a comment and tell the webhooks."""
        issue.comments.append(comment)
        self._tell_of_comment("comment_created", issue, comment, comment.author)

    def _tell_of_comment(self, event: str, issue: Issue, comment: Comment, by: Account) -> None:
        issue.updated = self.clock()
        shown = render.comment(self.as_seen_by(by), issue.issue_id, comment)
        self.tell(event, issue, by, {"comment": shown})

    def change_status(self, issue: Issue, target: Status, by: Account) -> None:
        """Move an issue and tell the webhooks."""
        before, issue.status, issue.updated = issue.status, target, self.clock()
        item = {
            "field": "status",
            "fieldtype": "jira",
            "fieldId": "status",
            "from": before.status_id,
            "fromString": before.name,
            "to": target.status_id,
            "toString": target.name,
        }
        self.changed(issue, by, [item], "issue_generic")

    def changed(
        self, issue: Issue, by: Account, items: list[dict[str, Any]], kind: str = "issue_updated"
    ) -> None:
        """Keep changed fields in the issue's history and tell the webhooks."""
        issue.history += [_change(self.clock(), by, item) for item in items]
        changelog = {"id": str(next(self.numbers)), "items": items}
        extra = {"issue_event_type_name": kind, "changelog": changelog}
        self.tell("jira:issue_updated", issue, by, extra)

    def tell(self, event: str, issue: Issue, by: Account, extra: Mapping[str, Any] | None = None) -> None:
        """Queue a webhook event about an issue."""
        self.changes += 1
        call = self.as_seen_by(by)
        payload = {
            "timestamp": int(self.clock().timestamp() * 1000),
            "webhookEvent": event,
            "user": render.user(call, by),
            "issue": render.issue(call, issue, []),
            **(extra or {}),
        }
        self.webhooks.emit(event, payload)

    def as_seen_by(self, account: Account) -> Call:
        """A call that asks nothing: webhook bodies are written in REST v2."""
        return Call(site=self, version="2", account=account, path={}, query={}, body=None)

    def _known(self, key: str) -> Issue:
        found = self.find(key)
        if found is None:
            raise JiraRefusal(404, f"no issue {key}")
        return found


def _change(at: datetime, by: Account, item: Mapping[str, Any]) -> Change:
    before, after = (str(item.get(name) or "") for name in ("fromString", "toString"))
    return Change(at=at, by=by, field=str(item["field"]), before=before, after=after)


def _view(issue: Issue) -> IssueView:
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
    )
