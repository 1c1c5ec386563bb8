"""What a person at Jira's screen sees: the parts of its pages, each as HTML that is replaced when it changed."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.sandbox.face.face import Face
from bot.sandbox.face.filters import local
from bot.sandbox.face.jira import text as jira_text
from bot.sandbox.face.jira.links import Place, issue_address, link, words
from bot.sandbox.jira import fields, seed
from bot.sandbox.jira.model import Account, FieldSpec, Issue, Project, Status
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.webhooks import RETRIED, Delivery
from bot.sandbox.screen import NotVisible

MOST_CALLS = 200
IMAGES = frozenset(("image/png", "image/jpeg", "image/gif"))
SHOWN_APART = frozenset(
    (
        "summary",
        "description",
        "labels",
        "project",
        "issuetype",
        "priority",
        "components",
        "assignee",
        "reporter",
    )
)
EDITIONS = {"cloud": "Jira Cloud", "datacenter": "Jira Data Center"}


def people_of(site: JiraSite) -> list[Account]:
    """Everybody who may act here; the bot acts by itself."""
    bot = site.bot_account.account_id
    return [one for one in site.accounts.values() if one.active and one.account_id != bot]


def person_named(site: JiraSite, name: str) -> Account:
    """The person with this account name. Raises NotVisible when it is nobody who may act here."""
    for one in people_of(site):
        if one.name == name:
            return one
    raise NotVisible("Nobody of this name can act in this Jira. Choose somebody at the top of the page.")


def project_named(site: JiraSite, key: str) -> Project:
    """The project with this key. Raises NotVisible, which says what there is."""
    project = site.projects.get(key.upper())
    if project is None:
        raise NotVisible(f"There is no project {key} in this Jira. It has {', '.join(site.projects)}.")
    return project


def issue_named(site: JiraSite, key: str) -> Issue:
    """The issue with this key. Raises NotVisible when it never was or is deleted."""
    issue = site.find(key)
    if issue is None:
        raise NotVisible(f"There is no issue {key} in this Jira. It may have been deleted.")
    return issue


@dataclass(frozen=True, kw_only=True)
class JiraSight:
    """One page before one person: `page` is home, board, issue or webhooks, `key` of a project or issue."""

    face: Face
    me: Account
    page: str
    key: str = ""

    @property
    def site(self) -> JiraSite:
        """The site that is looked at."""
        return self.face.stage.jira.site

    @property
    def place(self) -> Place:
        """Where texts stand."""
        return Place(site=self.site, world=self.face.stage.box.workspace.world, reader=self.me)

    def stamp(self) -> str:
        """Differs when something on the page may have changed."""
        hooks, server = self.site.webhooks, self.face.stage.jira
        seen = (
            self.site.changes,
            len(hooks.registered),
            len(hooks.deliveries),
            self.site.down,
            server.listening,
        )
        return "-".join(str(int(one)) for one in seen)

    def regions(self) -> dict[str, str]:
        """The parts of the page that change, by the id of their element."""
        notice = {"jira-notice": str(self._notice())}
        if self.page == "issue" and self.site.find(self.key) is None:
            return notice
        parts = {
            "home": ("projects", "hooks"),
            "board": ("board",),
            "issue": ("issue", "facts", "comments", "log"),
            "webhooks": ("calls",),
        }[self.page]
        return notice | {f"jira-{part}": str(self._piece(part)) for part in parts}

    def _piece(self, part: str) -> Markup:
        return self.face.piece(f"_jira_{part}.html", sight=self, site=self.site, me=self.me)

    def _notice(self) -> Markup:
        server = self.face.stage.jira
        gone = self.page == "issue" and self.site.find(self.key) is None
        return self.face.piece("_jira_notice.html", gone=gone, down=self.site.down or not server.listening)

    def respond(self, template: str) -> web.Response:
        """The whole page."""
        html = self.face.piece(
            template,
            here="jira",
            sight=self,
            site=self.site,
            me=self.me,
            people=people_of(self.site),
            regions={name: Markup(html) for name, html in self.regions().items()},
        )
        # A lone half of a character, which JSON can carry, has no form in UTF-8.
        body = html.encode("utf-8", "replace")
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    @property
    def edition(self) -> str:
        """What this kind of Jira is called."""
        return EDITIONS[self.site.edition]

    def when(self, at: Any) -> Markup:
        """An instant in the reader's zone."""
        shown = local(at, self.me.time_zone, "%-d %b %Y, %H:%M")
        return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), shown)

    def draw(self, body: Any) -> Markup:
        """A description or comment."""
        return jira_text.draw(self.place, body)

    def words(self, text: str) -> Markup:
        """A line of plain text."""
        return words(self.place, text)

    def link(self, url: object, label: object) -> Markup:
        """A link to anywhere, if it is safe."""
        return link(self.place, str(url or ""), str(label or ""))

    def issue(self) -> Issue:
        """The issue of the page."""
        return issue_named(self.site, self.key)

    def project(self) -> Project:
        """The project of the page, or of its issue."""
        return self.issue().project if self.page == "issue" else project_named(self.site, self.key)

    def address(self, issue: Issue) -> str:
        """Where an issue is shown."""
        return issue_address(issue.key)

    def columns(self) -> list[tuple[Status, list[Issue]]]:
        """The board: each status with its issues, newest first."""
        mine = [one for one in reversed(self.site.stored.values()) if one.project.key == self.project().key]
        return [
            (status, [one for one in mine if one.status.status_id == status.status_id])
            for status in seed.TRANSITIONS.values()
        ]

    def counts(self, project: Project) -> Counter[str]:
        """How many issues of a project there are, by category of status."""
        return Counter(
            one.status.category for one in self.site.stored.values() if one.project.key == project.key
        )

    def closed_to_bot(self, project: Project) -> bool:
        """Whether the bot cannot create issues there."""
        return not self.site.creates(self.site.bot_account, project)

    def newest(self) -> list[Issue]:
        """The issues that were created last."""
        return list(reversed(self.site.stored.values()))[:8]

    def moves(self, issue: Issue) -> list[tuple[str, str, bool]]:
        """Where an issue can go: transition id, name of the status, and whether it is there now."""
        known = seed.TRANSITIONS.items()
        return [(number, one.name, one.status_id == issue.status.status_id) for number, one in known]

    def value(self, issue: Issue, name: str) -> str:
        """A field in words, empty for none."""
        return fields.words_of(self.site.as_seen_by(self.me), issue, name)

    def assignee(self, issue: Issue) -> str:
        """The account name of the person whom the issue is assigned to, empty for nobody."""
        found = self.site.person(issue.fields.get("assignee"))
        return found.name if found else ""

    def assignable(self) -> list[Account]:
        """Whom an issue can be assigned to."""
        return [one for one in self.site.accounts.values() if one.active]

    def others(self, issue: Issue) -> list[tuple[str, Markup]]:
        """The fields that have no place of their own, as name and value; rich ones are drawn."""
        specs = {spec.field_id: spec for spec in issue.type.fields}
        return [
            (specs[name].name if name in specs else name, self._other(issue, name, specs.get(name)))
            for name in issue.fields
            if name not in SHOWN_APART and issue.fields[name] not in (None, "", [], {})
        ]

    def _other(self, issue: Issue, name: str, spec: FieldSpec | None) -> Markup:
        rich = spec is not None and str(spec.custom).endswith("textarea")
        return self.draw(issue.fields[name]) if rich else words(self.place, self.value(issue, name))

    def properties(self, issue: Issue) -> list[tuple[str, str]]:
        """The entity properties, which people do not see in Jira, as JSON."""
        return [
            (name, json.dumps(value, indent=2, ensure_ascii=False))
            for name, value in issue.properties.items()
        ]

    def is_image(self, content_type: str) -> bool:
        """Whether a file is shown as a picture."""
        return content_type in IMAGES

    def extra_fields(self) -> list[tuple[FieldSpec, str]]:
        """What the create form asks beside summary, type and description, with the types that need it."""
        needed: dict[str, tuple[FieldSpec, list[str]]] = {}
        for kind in self.project().types:
            for spec in kind.fields:
                if spec.required and spec.options and spec.default is None:
                    needed.setdefault(spec.field_id, (spec, []))[1].append(kind.name)
        return [(spec, ", ".join(kinds)) for spec, kinds in needed.values()]

    def calls(self) -> list[Delivery]:
        """What became of the webhook calls, newest first."""
        return self.site.webhooks.deliveries[: -MOST_CALLS - 1 : -1]

    def issue_of(self, call: Delivery) -> str:
        """The key of the issue that a webhook call is about, which Data Center's comments name by id alone."""
        if "issue" in call.payload:
            return str(call.payload["issue"].get("key", ""))
        number = (
            str(call.payload.get("comment", {}).get("self", "")).partition("/issue/")[2].partition("/")[0]
        )
        issue = self.site.find(number)
        return issue.key if issue else ""

    def outcome(self, call: Delivery) -> str:
        """What the answer to a webhook call means."""
        if 200 <= call.status < 300:
            return "Taken."
        if call.status in _OUTCOMES:
            return _OUTCOMES[call.status]
        if call.status in RETRIED:
            again = (
                "Jira tries again." if self.site.webhooks.retry_delays else "This site does not try again."
            )
            return f"It failed over there. {again}"
        return "Refused."


_OUTCOMES = {
    0: "Nobody answered.",
    401: "Refused: the signature did not fit.",
    403: "Refused: the bot does not take these calls.",
    404: "There is nothing at this address.",
}
