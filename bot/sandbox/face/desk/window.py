"""What changes in one open window: new and changed messages, the side bar, forms that open and close."""

from dataclasses import dataclass, field

from bot.sandbox.face.desk import tasks
from bot.sandbox.face.desk.places import THREADS, has_read
from bot.sandbox.face.desk.sight import Sight
from bot.sandbox.face.live import Patch, Regions
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
    _mark: tuple[object, ...] = ()

    async def look(self) -> list[Patch]:
        """What the window lacks. As long as nothing has changed, only forms are drawn: people type into them."""
        if self._mark == self._mark_now():
            return self._forms()
        news = await self._look()
        self._mark = self._mark_now()
        return [*news, *self._forms()]

    def _mark_now(self) -> tuple[object, ...]:
        """Changes with all that is drawn here outside of forms; times are drawn to the minute."""
        stage = self.sight.stage
        return (
            self.sight.world.bell.rings,
            len(self.sight.world.channels),
            len(self.sight.world.people),
            stage.now.replace(second=0, microsecond=0),
            tuple(stage.undo),
            tuple(stage.read.items()),
            tuple(one.done for one in tasks.states(stage)),
        )

    async def _look(self) -> list[Patch]:
        sight = self.sight
        feed, thread = sight.feed(), sight.thread()
        gone = self._gone()
        fresh, beside = self._fresh(feed, gone), self._fresh(thread, gone)
        if len(fresh) + len(beside) > MOST_NEWS:
            return [Patch(do="go", id="")]
        news = [
            *(Patch(do="drop", id=f"{pane}{ts.replace('.', '-')}") for ts in gone for pane in ("m", "t")),
            *self._news("feed", "m", feed, fresh),
            *self._news("thread-feed", "t", thread, beside),
        ]
        if news:
            self.since = sight.world.change()
        self._note_as_read(thread)
        regions = self._side = self._side or Regions(paint=self._paint)
        return [*news, *await regions.look()]

    def _note_as_read(self, thread: list[Message]) -> None:
        stage, me = self.sight.stage, self.sight.me
        if self.sight.channel is not None:
            has_read(stage, me, self.sight.channel)
        if thread:
            stage.read[(me.id, self.sight.thread_ts)] = thread[-1].ts

    async def _paint(self) -> dict[str, str]:
        painted = {"side": self.sight.side()}
        if self.sight.channel is not None:
            painted["place"] = self.sight.head(self.sight.channel)
        if self.sight.room == "home":
            painted["home"] = self.sight.home_page()
        if self.sight.room == THREADS:
            painted["threads"] = self.sight.threads_page()
        return painted

    def _fresh(self, messages: list[Message], gone: list[str]) -> list[int]:
        """Which messages are new, changed, or follow one that has gone: their day and their name may show now."""
        changed = {index for index, message in enumerate(messages) if message.changed > self.since}
        after = {next((at for at, message in enumerate(messages) if message.ts > ts), -1) for ts in gone}
        return sorted((changed | after) - {-1})

    def _news(self, feed_id: str, pane: str, messages: list[Message], fresh: list[int]) -> list[Patch]:
        reader = self.sight.reader(pane)
        lines = (reader.lines(messages, index, index + 1)[0] for index in fresh)
        return [Patch(do="put", id=feed_id, html=self.sight.line(line)) for line in lines]

    def _gone(self) -> list[str]:
        """The messages of the open channel that were taken away since."""
        here = self.sight.channel.id if self.sight.channel else ""
        return [ts for number, place, ts in self.sight.world.gone if number > self.since and place == here]

    def _forms(self) -> list[Patch]:
        shown, self._views = self._views, {view.id: self.sight.view(view) for view in self.sight.views()}
        patches = [Patch(do="drop", id=f"view-{view_id}") for view_id in shown if view_id not in self._views]
        for view_id, html in self._views.items():
            if view_id not in shown:
                patches.append(Patch(do="form", id=f"view-{view_id}", html=html))
            elif shown[view_id] != html:
                patches.append(Patch(do="fill", id=f"view-{view_id}", html=html))
        return patches
