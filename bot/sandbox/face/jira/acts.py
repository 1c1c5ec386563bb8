"""What people do in Jira: comment, move, change, create, delete. All of it fires the webhooks."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

from bot.sandbox.face.face import Face
from bot.sandbox.face.jira.links import issue_address
from bot.sandbox.face.jira.sight import issue_named, person_named, project_named
from bot.sandbox.jira import hands
from bot.sandbox.jira.model import Account, Comment, Issue
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.jira.wire import JiraRefusal
from bot.sandbox.screen import NotVisible

COOKIE = "jira_by"
Fields = MultiDictProxy[Any]


def routes(face: Face) -> list[web.RouteDef]:
    """What Jira's pages send."""
    room = _Room(face)
    here = "/jira/browse/{key}"
    return [
        web.post("/jira/as", room.act_as),
        web.post("/jira/projects/{key}/create", room.create),
        web.post(f"{here}/comment", room.on_issue(_comment)),
        web.post(f"{here}/move", room.on_issue(_move)),
        web.post(f"{here}/edit", room.on_issue(_edit)),
        web.post(f"{here}/delete", room.delete),
        web.post(f"{here}/comments/{{id}}/{{act}}", room.on_comment),
    ]


def _words(fields: Fields, name: str) -> str:
    return str(fields.get(name, "")).replace("\r\n", "\n").strip()


@contextmanager
def _in_words() -> Generator[None]:
    """A refusal of Jira's, said in its words and nothing else."""
    try:
        yield
    except JiraRefusal as refusal:
        said = [*refusal.messages, *refusal.errors.values()]
        raise NotVisible(" ".join(said) or "Jira refuses this.") from refusal


Act = Callable[[JiraSite, Account, Issue, Fields], None]


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    @property
    def _site(self) -> JiraSite:
        return self._face.stage.jira.site

    def _done(self, go: str = "") -> web.Response:
        # Jira has no bell of its own; open windows need not wait for their next glance.
        self._face.stage.box.workspace.world.bell.ring()
        return web.json_response({"patches": [{"do": "go", "id": go, "html": ""}]} if go else {})

    async def act_as(self, request: web.Request) -> web.Response:
        """Choose who acts in this browser from now on."""
        person = person_named(self._site, _words(await request.post(), "by"))
        answer = web.json_response({"patches": [{"do": "go", "id": "", "html": ""}]})
        answer.set_cookie(COOKIE, person.name, httponly=True, samesite="Strict", path="/jira")
        return answer

    async def create(self, request: web.Request) -> web.Response:
        fields = await request.post()
        by = person_named(self._site, _words(fields, "by"))
        project = project_named(self._site, request.match_info["key"])
        given: dict[str, Any] = {
            "summary": _words(fields, "summary"),
            "issuetype": {"id": _words(fields, "type")},
            "description": _words(fields, "description") or None,
        }
        kind = next((one for one in project.types if one.type_id == _words(fields, "type")), None)
        for spec in kind.fields if kind else ():
            if chosen := _words(fields, f"field-{spec.field_id}"):
                given[spec.field_id] = {"value" if spec.kind == "option" else "name": chosen}
        with _in_words():
            issue = hands.creates(self._site, by, project, given)
        return self._done(issue_address(issue.key))

    def on_issue(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        """An act on the issue in the path."""

        async def answer(request: web.Request) -> web.Response:
            fields = await request.post()
            issue = issue_named(self._site, request.match_info["key"])
            with _in_words():
                act(self._site, _actor(self._site, fields), issue, fields)
            return self._done()

        return answer

    async def delete(self, request: web.Request) -> web.Response:
        issue = issue_named(self._site, request.match_info["key"])
        with _in_words():
            hands.deletes(self._site, _actor(self._site, await request.post()), issue)
        return self._done(f"/jira/projects/{issue.project.key}")

    async def on_comment(self, request: web.Request) -> web.Response:
        fields = await request.post()
        issue = issue_named(self._site, request.match_info["key"])
        comment = _comment_named(issue, request.match_info["id"])
        by = _actor(self._site, fields)
        with _in_words():
            match request.match_info["act"]:
                case "edit":
                    text = _words(fields, f"text-{comment.comment_id}")
                    hands.rewords(self._site, by, issue, comment, _needed(text))
                case "delete":
                    self._site.takes_away(issue, comment, by=by)
                case _:
                    raise NotVisible("This cannot be done with a comment.")
        return self._done()


def _actor(site: JiraSite, fields: Fields) -> Account:
    """Who acts: forms say it as `by`, buttons as `name`."""
    return person_named(site, _words(fields, "by") or _words(fields, "name"))


def _comment_named(issue: Issue, comment_id: str) -> Comment:
    for one in issue.comments:
        if one.comment_id == comment_id:
            return one
    raise NotVisible("This comment is not there any more.")


def _needed(text: str) -> str:
    if not text:
        raise NotVisible("There is nothing to save yet. Write the comment first.")
    return text


def _comment(site: JiraSite, by: Account, issue: Issue, fields: Fields) -> None:
    hands.comments_on(site, by, issue, _needed(_words(fields, "text")))


def _move(site: JiraSite, by: Account, issue: Issue, fields: Fields) -> None:
    hands.transitions(site, by, issue, _words(fields, "to"))


def _edit(site: JiraSite, by: Account, issue: Issue, fields: Fields) -> None:
    """Only what differs is changed, as Jira's own pages do."""
    changed: dict[str, Any] = {}
    if "summary" in fields and _words(fields, "summary") != issue.summary:
        changed["summary"] = _words(fields, "summary")
    if "labels" in fields and _words(fields, "labels").split() != issue.labels:
        changed["labels"] = _words(fields, "labels").split()
    if changed:
        hands.edits(site, by, issue, changed)
    if "assignee" in fields:
        _assign(site, by, issue, _words(fields, "assignee"))


def _assign(site: JiraSite, by: Account, issue: Issue, name: str) -> None:
    before = site.person(issue.fields.get("assignee"))
    if name == (before.name if before else ""):
        return
    to = next((one for one in site.accounts.values() if one.name == name), None)
    if name and to is None:
        raise NotVisible(f"Nobody in this Jira is called {name}.")
    hands.assigns(site, by, issue, to)
