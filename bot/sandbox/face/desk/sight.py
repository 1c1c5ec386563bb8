"""One person's window put into pieces of HTML: side bar, feed, thread, forms. Pages and live updates draw the same."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.sandbox.face import addresses
from bot.sandbox.face.blocks.surface import Surface
from bot.sandbox.face.desk import feed, tasks
from bot.sandbox.face.desk.lines import Line, Reader, face_of
from bot.sandbox.face.desk.places import THREADS, Places, places_of, title_of
from bot.sandbox.face.face import Face
from bot.sandbox.face.stage import Stage
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.views import View
from bot.sandbox.slack.world import World

# The page of threads shows so many, each with its first message and so many of its last.
MOST_THREADS = 30
LAST_REPLIES = 3


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What one window shows: a person, maybe a channel, maybe a thread beside it; `room` is channel, home or threads."""

    face: Face
    me: Account
    room: str = "channel"
    channel: Channel | None = None
    thread_ts: str = ""

    @property
    def stage(self) -> Stage:
        """The stage that is on."""
        return self.face.stage

    @property
    def world(self) -> World:
        """The workspace's state."""
        return self.stage.box.workspace.world

    def reader(self, pane: str) -> Reader:
        """Whoever reads, for one pane of the page."""
        return Reader(world=self.world, files=self.stage.box.workspace.files, me=self.me, pane=pane)

    def feed(self) -> list[Message]:
        """What stands in the open channel."""
        return feed.feed(self.world, self.me, self.channel) if self.channel else []

    def thread(self) -> list[Message]:
        """What stands in the open thread."""
        if self.channel is None or not self.thread_ts or self.thread_ts not in self.channel.messages:
            return []
        return feed.thread(self.world, self.me, self.channel, self.thread_ts)

    def live(self, since: int) -> str:
        """Where this window's updates come from, beginning after this change."""
        asked = {
            "room": self.room,
            "since": str(since),
            "channel": self.channel.id if self.channel else "",
            "thread": self.thread_ts,
        }
        return f"{addresses.desk(self.me)}/live?{urlencode(asked)}"

    def places(self) -> Places:
        """The side bar's contents."""
        return places_of(self.stage, self.me)

    def side(self) -> str:
        """The side bar."""
        open_id = self.channel.id if self.channel else self.room
        return self.face.piece(
            "_side.html",
            places=self.places(),
            tasks=tasks.states(self.stage),
            me=self.me,
            open_id=open_id,
            author=face_of(self.me),
            now=self.stage.now,
        )

    def head(self, channel: Channel) -> str:
        """What stands above a conversation."""
        title = title_of(self.stage, self.me, channel)
        return self.face.piece("_place.html", channel=channel, title=title, me=self.me, world=self.world)

    def line(self, line: Line) -> str:
        """One message."""
        return self.face.piece(
            "_line.html", line=line, me=self.me, world=self.world, in_thread=line.surface.prefix[0] == "t"
        )

    def views(self) -> list[View]:
        """The forms on this person's screen, the newest last."""
        return self.stage.box.workspace.views.stack(self.me.id)

    def view(self, view: View) -> str:
        """One form, without its frame."""
        at = self.surface(view, "modal")
        return self.face.piece(
            "_view.html", view=view, at=at, me=self.me, address=addresses.view(self.me, view.id)
        )

    def home_page(self) -> str:
        """What stands on the Home tab."""
        view = self.home()
        at = self.surface(view, "home") if view else None
        return self.face.piece("_home.html", view=view, at=at, me=self.me, world=self.world)

    def threads_page(self) -> str:
        """What stands on the page of threads, all of which is read once it is drawn."""
        found = feed.threads_of(self.world, self.me)
        if found:
            self.stage.read[(self.me.id, THREADS)] = found[0][1][-1].ts
        shown = [self._thread_shown(channel, said) for channel, said in found[:MOST_THREADS]]
        return self.face.piece("_threads.html", threads=shown)

    def _thread_shown(self, channel: Channel, said: list[Message]) -> dict[str, object]:
        shown = [said[0], *said[1:][-LAST_REPLIES:]]
        return {
            "name": title_of(self.stage, self.me, channel),
            "address": addresses.place(self.me, channel.id, thread=said[0].ts),
            "lines": [self.line(line) for line in self.reader("t").lines(shown)],
            "replies": len(said) - 1,
        }

    def home(self) -> View | None:
        """The Home tab that the bot has published for this person."""
        return self.stage.box.workspace.views.homes.get(self.me.id)

    def surface(self, view: View, kind: str) -> Surface:
        """Where the blocks of a form or Home tab are drawn."""
        complaints = self.stage.complaints.get(view.id, {})
        return Surface(
            kind=kind,
            world=self.world,
            me=self.me,
            prefix=f"{view.id}-",
            typed=view.typed,
            complaints=complaints,
        )
