"""The Jira beside the workspace: projects, boards, issues, webhooks. What people do there is in `jira_acts`."""

from urllib.parse import quote

from aiohttp import web

from bot.sandbox.face.face import Face
from bot.sandbox.face.jira import acts as jira_acts
from bot.sandbox.face.jira.sight import IMAGES, JiraSight, issue_named, people_of, project_named
from bot.sandbox.face.jira.watch import Watch
from bot.sandbox.face.live import stream
from bot.sandbox.jira.model import Account
from bot.sandbox.screen import NotVisible

PAGES = ("home", "board", "issue", "webhooks")


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    room = _Room(face)
    return [
        web.get("/jira", room.home),
        web.get("/jira/projects/{key}", room.board),
        web.get("/jira/browse/{key}", room.issue),
        web.get("/jira/webhooks", room.webhooks),
        web.get("/jira/attachments/{id}", room.attachment),
        web.get("/jira/live", room.live),
        *jira_acts.routes(face),
    ]


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    def _reader(self, request: web.Request) -> Account:
        """Who looks: as chosen in this browser, else the first person of the site."""
        people = people_of(self._face.stage.jira.site)
        chosen = request.query.get("by") or request.cookies.get(jira_acts.COOKIE, "")
        return next((one for one in people if one.name == chosen), people[0])

    def _sight(self, request: web.Request, page: str, key: str = "") -> JiraSight:
        return JiraSight(face=self._face, me=self._reader(request), page=page, key=key)

    async def home(self, request: web.Request) -> web.StreamResponse:
        return self._sight(request, "home").respond("jira.html")

    async def board(self, request: web.Request) -> web.StreamResponse:
        project = project_named(self._face.stage.jira.site, request.match_info["key"])
        return self._sight(request, "board", project.key).respond("jira_board.html")

    async def issue(self, request: web.Request) -> web.StreamResponse:
        issue = issue_named(self._face.stage.jira.site, request.match_info["key"])
        return self._sight(request, "issue", issue.key).respond("jira_issue.html")

    async def webhooks(self, request: web.Request) -> web.StreamResponse:
        return self._sight(request, "webhooks").respond("jira_webhooks.html")

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        stored = self._face.stage.jira.site.stored.values()
        wanted = request.match_info["id"]
        found = next((one for it in stored for one in it.attachments if one.attachment_id == wanted), None)
        if found is None:
            raise NotVisible("This file is not there. Its issue may have been deleted.")
        shown = found.content_type in IMAGES
        # Whatever else there is, it is only ever saved, never opened as a page of the demo.
        name = quote(found.filename, errors="replace", safe="")
        kind = "inline" if shown else "attachment"
        return web.Response(
            body=found.content,
            content_type=found.content_type if shown else "application/octet-stream",
            headers={"Content-Disposition": f"{kind}; filename*=UTF-8''{name}"},
        )

    async def live(self, request: web.Request) -> web.StreamResponse:
        page = request.query.get("page", "")
        if page not in PAGES:
            raise NotVisible("There is no such page of Jira to watch.")
        sight = self._sight(request, page, request.query.get("key", ""))
        if page == "board":
            project_named(sight.site, sight.key)
        return await stream(
            request, self._face, Watch(sight, request.query.get("since", "")).look, anew="/jira"
        )
