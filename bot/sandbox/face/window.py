"""What changes in one open window: new and changed messages, the side bar, forms that open and close."""

from dataclasses import dataclass, field

from bot.sandbox.face.live import Patch, Regions
from bot.sandbox.face.places import has_read
from bot.sandbox.face.sight import Sight
from bot.sandbox.slack.messages import Message

# More news at once than this, and the page begins anew.
MOST_NEWS = 120


@dataclass(kw_only=True)
class Window:
    """One window; `since` is the last change (see `World.change`) that it shows."""

    sight: Sight
    since: int
    _views: dict[str, str] = field(default_factory=dict[str, str])
    _side: Regions | None = None

    async def look(self) -> list[Patch]:
        """What the window lacks."""
        sight = self.sight
        newest = self.since
        patches = [
            *self._gone(),
            *self._news("feed", "m", sight.feed()),
            *self._news("thread-feed", "t", sight.thread()),
        ]
        if len(patches) > MOST_NEWS:
            return [Patch(do="go", id="")]
        self.since = sight.world.change() if patches else newest
        if sight.channel is not None:
            has_read(sight.stage, sight.me, sight.channel)
        if said := sight.thread():
            sight.stage.read[(sight.me.id, sight.thread_ts)] = said[-1].ts
        regions = self._side = self._side or Regions(paint=self._paint)
        return [*patches, *await regions.look(), *self._forms()]

    async def _paint(self) -> dict[str, str]:
        painted = {"side": self.sight.side()}
        if self.sight.room == "home":
            painted["home"] = self.sight.home_page()
        return painted

    def _news(self, feed_id: str, pane: str, messages: list[Message]) -> list[Patch]:
        fresh = [index for index, message in enumerate(messages) if message.changed > self.since]
        if len(fresh) > MOST_NEWS:
            return [Patch(do="go", id="")] * (MOST_NEWS + 1)
        reader = self.sight.reader(pane)
        lines = (reader.lines(messages, index, index + 1)[0] for index in fresh)
        return [Patch(do="put", id=feed_id, html=self.sight.line(line)) for line in lines]

    def _gone(self) -> list[Patch]:
        marks = [ts.replace(".", "-") for number, _, ts in self.sight.world.gone if number > self.since]
        return [Patch(do="drop", id=f"{pane}{mark}") for mark in marks for pane in ("m", "t")]

    def _forms(self) -> list[Patch]:
        shown, self._views = self._views, {view.id: self.sight.view(view) for view in self.sight.views()}
        patches = [Patch(do="drop", id=f"view-{view_id}") for view_id in shown if view_id not in self._views]
        for view_id, html in self._views.items():
            if view_id not in shown:
                patches.append(Patch(do="form", id=f"view-{view_id}", html=html))
            elif shown[view_id] != html:
                patches.append(Patch(do="fill", id=f"view-{view_id}", html=html))
        return patches
