"""The state of a simulated Jira, the changes that can happen to it, and what a person sees of it.

The wire is in `server`, the rules of each operation in `api`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any, Literal, cast

from bot.sandbox.jira import news, seed
from bot.sandbox.jira.faults import Faults
from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.model import (
    Account,
    Change,
    Comment,
    Edition,
    FieldSpec,
    Issue,
    IssueType,
    Project,
    Sprint,
    Status,
)
from bot.sandbox.jira.views import IssueView, view
from bot.sandbox.jira.webhooks import Webhooks
from bot.sandbox.jira.wire import Call, JiraRefusal

UPLOAD_LIMIT = 10 * 1024 * 1024
# A field with its value before and after, each as id and words.
Move = tuple[str, tuple[str | None, str] | None, tuple[str | None, str] | None]
# What Jira calls a field in a history, where that is not its id.
FIELD_IDS = {"Attachment": "attachment", "Key": "issuekey"}
VERSIONS = {"cloud": "1001.0.0-SNAPSHOT", "datacenter": "10.3.12"}


class JiraSite:
    """A Jira of one edition; `clock` gives aware datetimes, `index_lag` is in seconds."""

    down: bool = False
    base_url: str = ""
    # Where people look at this site in a browser; empty when it has no face.
    face_url: str = ""
    # Counts everything that may have changed what people see.
    changes: int = 0
    # Whether Data Center's comment events leave out their issue, as most versions do.
    comments_come_bare: bool = True
    # Whether people on Cloud have hidden their addresses, by which they are still found.
    hides_addresses: bool = False
    takes_attachments: bool = True
    upload_limit: int = UPLOAD_LIMIT
    # Cloud's limit of writes to one issue: how many, in how many seconds. None: no limit.
    write_limit: tuple[int, float] | None = None

    def __init__(
        self,
        *,
        edition: Edition = "cloud",
        clock: Callable[[], datetime],
        context_path: str = "",
        index_lag: float = 0.0,
    ) -> None:
        self.edition: Edition = edition
        self.version = VERSIONS[edition]
        self.clock = clock
        self.context_path = context_path
        self.index_lag = index_lag
        self.faults = Faults()
        self.journal: list[CallRecord] = []
        self.webhooks = Webhooks(clock)
        self.writes: dict[str, list[datetime]] = {}
        # Fields that a transition asks for, by its id; beside a screen the workflow sets no resolution itself.
        self.screens: dict[str, tuple[FieldSpec, ...]] = {}
        self.groups: list[str] = list(seed.GROUPS)
        self.sprints: list[Sprint] = []
        self.accounts: dict[str, Account] = {one.account_id: one for one in seed.accounts()}
        self.projects: dict[str, Project] = {one.key: one for one in seed.projects()}
        self.stored: dict[str, Issue] = {}
        self.numbers = count(10_000)
        self._keys: dict[str, count[int]] = {}
        self._forbidden: set[tuple[str, str, str]] = set()

    @property
    def bot_account(self) -> Account:
        """The account whose secret the bot is given."""
        return self.accounts[seed.BOT.account_id]

    def lock_out(self) -> None:
        """The bot's token is revoked: 401 from now on, until `let_in`."""
        self.accounts[seed.BOT.account_id] = replace(self.bot_account, secret="")

    def let_in(self) -> None:
        """The bot's token is good again."""
        self.accounts[seed.BOT.account_id] = replace(self.bot_account, secret=seed.BOT.secret)

    def make_admin(self, account: Account) -> None:
        """The account may look at what only administrators see."""
        self.accounts[account.account_id] = replace(self.accounts[account.account_id], is_admin=True)

    def add_project(
        self,
        key: str,
        name: str,
        *,
        types: tuple[IssueType, ...] = (seed.TASK, seed.BUG),
        components: tuple[str, ...] = (),
        versions: tuple[str, ...] = (),
        private: bool = False,
    ) -> Project:
        """A new project; an account limited to some projects gets it only by `allow`."""
        project = Project(
            project_id=str(next(self.numbers)),
            key=key,
            name=name,
            types=types,
            components=components,
            versions=versions,
            private=private,
        )
        self.projects[key] = project
        return project

    def remove_project(self, key: str) -> None:
        """A project is deleted with its issues; nobody is told, as in Jira."""
        del self.projects[key]
        self.stored = {name: one for name, one in self.stored.items() if one.project.key != key}
        self.changes += 1

    def add_sprint(self, key: str, name: str, state: Literal["active", "future", "closed"]) -> Sprint:
        """A sprint on the scrum board of a project, which has that board from now on."""
        sprint = Sprint(sprint_id=len(self.sprints) + 1, project=key, name=name, state=state)
        self.sprints.append(sprint)
        return sprint

    def allow(self, account: Account, *keys: str) -> None:
        """The account may create in exactly these projects."""
        self.accounts[account.account_id] = replace(account, projects=frozenset(keys))

    def forbid(self, account: Account, key: str, *names: str) -> None:
        """Take permissions in a project away; without names the account does not see it any more."""
        self._forbidden |= {(account.account_id, key, name) for name in names or ("BROWSE_PROJECTS",)}

    def permit(self, account: Account, key: str) -> None:
        """Everything that `forbid` took away is given back."""
        self._forbidden = {one for one in self._forbidden if one[:2] != (account.account_id, key)}

    def permits(self, account: Account, project: Project, name: str) -> bool:
        """Whether the account has a permission in the project that it sees."""
        if not self.sees(account, project):
            return False
        return (account.account_id, project.key, name) not in self._forbidden

    def sees(self, account: Account, project: Project) -> bool:
        """Whether the account may look into the project."""
        if (account.account_id, project.key, "BROWSE_PROJECTS") in self._forbidden:
            return False
        return not project.private or account.projects is None or project.key in account.projects

    def shows(self, account: Account, issue: Issue) -> bool:
        """Whether the account may look at the issue."""
        return self.sees(account, issue.project) and account.account_id not in issue.hidden_from

    def creates(self, account: Account, project: Project) -> bool:
        """Whether the account may create issues in the project."""
        limited = account.projects is not None and project.key not in account.projects
        return not limited and self.permits(account, project, "CREATE_ISSUES")

    def next_key(self, project: Project) -> str:
        """The next issue key; numbers are never used twice."""
        numbers = self._keys.setdefault(project.key, count(1))
        return f"{project.key}-{next(numbers)}"

    def find(self, key_or_id: str) -> Issue | None:
        """An issue by key (in any case, also one from before it was moved) or id."""
        wanted = key_or_id.upper()
        return next(
            (
                one
                for one in self.stored.values()
                if wanted in (one.key, one.issue_id) or wanted in one.earlier_keys
            ),
            None,
        )

    def comment_of(self, comment_id: str) -> tuple[Issue, Comment] | None:
        """A comment by its id, with its issue."""
        found = ((issue, one) for issue in self.stored.values() for one in issue.comments)
        return next((pair for pair in found if pair[1].comment_id == comment_id), None)

    def person(self, named: Any) -> Account | None:
        """The account that a user field names, by `accountId` on Cloud and by `name` on Data Center."""
        if not isinstance(named, Mapping):
            return None
        wanted = cast(Mapping[str, Any], named).get("accountId" if self.edition == "cloud" else "name")
        key = "account_id" if self.edition == "cloud" else "name"
        return next((one for one in self.accounts.values() if getattr(one, key) == wanted), None)

    def indexed(self, issue: Issue, *, as_updated: bool = False) -> bool:
        """Whether a search can find the issue already; `as_updated`: by its last change."""
        since = issue.updated if as_updated else issue.created
        return (self.clock() - since).total_seconds() >= self.index_lag

    def issue(self, key: str) -> IssueView:
        """What a person sees of an issue; KeyError when there is none."""
        found = self.find(key)
        if found is None:
            raise KeyError(f"no issue {key}; there are: {', '.join(self.stored) or 'none'}")
        return view(self, found)

    def issues(self) -> list[IssueView]:
        """What a person sees of all issues, oldest first."""
        return [view(self, issue) for issue in self.stored.values()]

    def says(
        self,
        key: str,
        text: str,
        *,
        by: Account = seed.NINA,
        visibility: Mapping[str, str] | None = None,
        internal: bool = False,
    ) -> Comment:
        """A person comments in the browser; `visibility` such as `{"type": "role", "value": "Administrators"}`.

        An internal comment is one of a service project that customers do not see.
        """
        now = self.clock()
        comment = Comment(
            comment_id=str(next(self.numbers)),
            author=by,
            body=text,
            created=now,
            updated=now,
            properties={"sd.public.comment": {"internal": True}} if internal else {},
            visibility=dict(visibility) if visibility else None,
            is_internal=internal,
        )
        self.add_comment(self._known(key), comment)
        return comment

    def moves(self, key: str, status: str, *, by: Account = seed.NINA, resolution: str = "Done") -> None:
        """A person drags an issue to a status, named as on the board; `resolution` counts in a done one."""
        target = next(one for one in seed.TRANSITIONS.values() if one.name == status)
        self.change_status(self._known(key), target, by, seed.resolution(resolution))

    def restricts(
        self, key: str, level: str | None, *, by: Account = seed.NINA, shuts_out: Sequence[Account] = ()
    ) -> None:
        """A person sets an issue's security level, which may shut out accounts, or takes it away."""
        issue = self._known(key)
        issue.hidden_from = frozenset(one.account_id for one in shuts_out)
        before = issue.security
        issue.security = (seed.SECURITY_LEVELS.get(level, "10900"), level) if level else None
        self.changed(issue, by, [("security", before, issue.security)])

    def moves_to_project(self, key: str, project_key: str, *, by: Account = seed.NINA) -> str:
        """A person moves an issue to another project: a new key, the same id. Gives the new key."""
        issue, project = self._known(key), self.projects[project_key]
        old, before = issue.key, issue.project
        same = (one for one in project.types if one.name == issue.type.name)
        issue.project, issue.type = project, next(same, project.types[0])
        issue.earlier_keys.append(old)
        issue.key = self.next_key(project)
        self.stored = {one.key: one for one in self.stored.values()}
        moved: list[Move] = [
            ("project", (before.project_id, before.name), (project.project_id, project.name)),
            ("Key", (None, old), (None, issue.key)),
        ]
        self.changed(issue, by, moved, "issue_moved")
        return issue.key

    def rewords(self, issue: Issue, comment: Comment, text: Any) -> None:
        """The writer of a comment changes it."""
        comment.body, comment.updated = text, self.clock()
        self._tell_of_comment("comment_updated", issue, comment, comment.author)

    def takes_away(self, issue: Issue, comment: Comment, *, by: Account) -> None:
        """Somebody deletes a comment."""
        issue.comments.remove(comment)
        self._tell_of_comment("comment_deleted", issue, comment, by)

    def add_comment(self, issue: Issue, comment: Comment) -> None:
        """Keep a comment and tell the webhooks."""
        issue.comments.append(comment)
        self._tell_of_comment("comment_created", issue, comment, comment.author)

    def change_status(
        self, issue: Issue, target: Status, by: Account, resolution: tuple[str, str] | None = None
    ) -> None:
        """Move an issue and tell the webhooks; a done one has a resolution and no other has."""
        before, issue.status = issue.status, target
        moved: list[Move] = [
            ("status", (before.status_id, before.name), (target.status_id, target.name)),
        ]
        was = issue.resolution
        issue.resolution = (resolution or seed.RESOLVED) if target.category == "done" else None
        if was != issue.resolution:
            issue.resolved = self.clock() if issue.resolution else None
            moved.append(("resolution", was, issue.resolution))
        self.changed(issue, by, moved, "issue_generic")

    def changed(self, issue: Issue, by: Account, moved: Sequence[Move], kind: str = "issue_updated") -> None:
        """Keep changed fields in the issue's history and tell the webhooks; nothing changed is no history."""
        issue.updated = self.clock()
        number = str(next(self.numbers))
        names = {spec.field_id: spec.name for spec in issue.type.fields if spec.custom}
        changes = [_change(number, issue.updated, by, one, names) for one in moved]
        issue.history += changes
        self._emit(news.of_issue(self, "jira:issue_updated", issue, by, kind=kind, changes=changes))

    def tell(self, event: str, issue: Issue, by: Account, kind: str = "") -> None:
        """Tell the webhooks that an issue was made or deleted."""
        self._emit(news.of_issue(self, event, issue, by, kind=kind))

    def as_seen_by(self, account: Account) -> Call:
        """A call that asks nothing, for whatever is rendered outside of one."""
        return news.seen_by(self, account)

    def _tell_of_comment(self, event: str, issue: Issue, comment: Comment, by: Account) -> None:
        issue.updated = self.clock()
        for one in news.of_comment(self, event, issue, comment, by):
            self._emit(one)

    def _emit(self, event: news.Event) -> None:
        self.changes += 1
        self.webhooks.emit(*event)

    def _known(self, key: str) -> Issue:
        found = self.find(key)
        if found is None:
            raise JiraRefusal(404, f"no issue {key}")
        return found


def _change(number: str, at: datetime, by: Account, moved: Move, names: Mapping[str, str]) -> Change:
    name, before, after = moved
    return Change(
        at=at,
        by=by,
        field=names.get(name, name),
        field_id=FIELD_IDS.get(name, name),
        before=before[1] if before else "",
        after=after[1] if after else "",
        change_id=number,
        before_id=before[0] if before else None,
        after_id=after[0] if after else None,
    )
