"""A person in the workspace: what they can see and do. They never see what Slack would not show them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.sandbox.asking import ask
from bot.sandbox.forms import Form
from bot.sandbox.home import Home
from bot.sandbox.places import contains, find_message, find_place, visible_messages
from bot.sandbox.screen import Answer, NotVisible, Seen
from bot.sandbox.slack import membership, talk, written
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.interact import Interaction
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import Happening

if TYPE_CHECKING:
    from bot.sandbox.story import Sandbox


class Person:
    """Somebody at their Slack client."""

    def __init__(self, box: "Sandbox", account: Account) -> None:
        self._box = box
        self.account = account

    @property
    def _space(self) -> Workspace:
        return self._box.workspace

    @property
    def id(self) -> str:
        """Their user id."""
        return self.account.id

    @property
    def name(self) -> str:
        """What stands behind their @."""
        return self.account.name

    async def runs(self, line: str, *, in_: str = "#general") -> "Answer | Form | None":
        """Type a slash command into a channel, never into a thread; returns what the bot shows them in answer."""
        world = self._space.world
        self._must_be_active()
        channel = self._place(in_)
        name, _, text = line.partition(" ")
        command = world.manifest.commands.get(name)
        if command is None:
            raise NotVisible(f"{name} is not a valid command here.")
        typed = written.escape_command(world, text.strip()) if command.should_escape else text.strip()
        done = self._space.interactions.command(self.account, channel, name, typed)
        return await self._ask("slash_command", done, channel, name)

    async def shortcut(self, name: str) -> "Answer | Form | None":
        """Use a global shortcut by its name."""
        self._must_be_active()
        done = self._space.interactions.global_shortcut(self.account, self._callback(name, "global"))
        return await self._ask("shortcut", done, self._direct(), name)

    async def message_shortcut(self, name: str, message: Seen) -> "Answer | Form | None":
        """Use a shortcut from a message's menu."""
        found = self._must_see(message)
        done = self._space.interactions.message_shortcut(self.account, self._callback(name, "message"), found)
        return await self._ask("message_action", done, self._space.world.channels[found.channel_id], name)

    async def says(
        self,
        text: str,
        *,
        in_: str = "#general",
        thread: Seen | None = None,
        files: Iterable[tuple[str, bytes]] = (),
        broadcast: bool = False,
    ) -> Seen:
        """Write into a channel, into a thread, or into the direct message with the bot (`in_="dm"`)."""
        world = self._space.world
        channel = world.channels[thread.channel] if thread is not None else self._place(in_)
        self._may_write(channel)
        words = written.write(world, text, f"b{world.serials.number():04d}")
        root = (self._must_see(thread).thread_ts or thread.ts) if thread is not None else ""
        message = Message(
            ts=world.now_ts(),
            channel_id=channel.id,
            user=self.id,
            bot_id=self.account.bot_id,
            app_id=self.account.app_id,
            text=words.text,
            blocks=words.blocks,
            client_msg_id="" if self.account.is_bot else world.serials.unique(),
            thread_ts=root,
            broadcast=broadcast and bool(root),
            subtype="thread_broadcast" if broadcast and root else "",
            files=self._upload(files, channel),
        )
        talk.post(world, channel, message, mentions_bot=words.mentions_bot and not channel.is_direct)
        return Seen(self._space, self, message)

    async def tells_bot(
        self, text: str, *, thread: Seen | None = None, files: Iterable[tuple[str, bytes]] = ()
    ) -> Seen:
        """Write into the direct message with the bot."""
        return await self.says(text, in_="dm", thread=thread, files=files)

    async def edits(self, message: Seen, text: str) -> Seen:
        """Change an own message."""
        found = self._own(message)
        world = self._space.world
        words = written.write(world, text, f"b{world.serials.number():04d}")
        talk.edit(world, found, by=self.id, text=words.text, blocks=words.blocks)
        return Seen(self._space, self, found)

    async def deletes(self, message: Seen) -> None:
        """Take an own message away."""
        talk.delete(self._space.world, self._own(message))

    async def reacts(self, message: Seen, emoji: str) -> None:
        """Put an emoji on a message."""
        talk.react(self._space.world, self._must_see(message), written.emoji_name(emoji), by=self.id)

    async def unreacts(self, message: Seen, emoji: str) -> None:
        """Take an own emoji back."""
        talk.unreact(self._space.world, self._must_see(message), written.emoji_name(emoji), by=self.id)

    async def invites_bot(self, in_: str) -> None:
        """Bring the bot into a channel."""
        world = self._space.world
        membership.join(world, self._place(in_), world.bot_user_id, inviter=self.id)

    async def joins(self, in_: str) -> None:
        """Become a member of a public channel."""
        membership.join(self._space.world, self._space.world.channel(in_), self.id)

    async def leaves(self, in_: str) -> None:
        """Leave a channel."""
        membership.leave(self._space.world, self._space.world.channel(in_), self.id)

    async def opens_home(self, tab: str = "home") -> None:
        """Look at the bot's Home tab; `home` then says what is there."""
        world = self._space.world
        channel = self._direct()
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": channel.id,
            "tab": tab,
            "event_ts": world.now_ts(),
        }
        shown = self._space.views.homes.get(self.id)
        if shown is not None and tab == "home":
            event["view"] = self._space.views.shape(shown)
        world.announce(Happening(name="app_home_opened", event=event))

    async def home(self, *, shows: str = "", timeout: float = 5.0) -> "Home":
        """The Home tab once it shows these words; raises with what is there."""

        def look() -> View | None:
            view = self._space.views.homes.get(self.id)
            return view if view is not None and shows in Home(self._space, self, view).text else None

        found = await self._space.world.bell.until(look, timeout)
        if found is None:
            shown = self._space.views.homes.get(self.id)
            words = Home(self._space, self, shown).text if shown is not None else "nothing"
            raise NotVisible(f"the Home tab of {self.name} does not show {shows!r} but:\n{words}")
        return Home(self._space, self, found)

    async def waits_for(
        self,
        text: str,
        *,
        in_: str | None = None,
        where: str | None = None,
        thread: Seen | None = None,
        timeout: float = 5.0,
    ) -> Seen:
        """The newest message that they see and that contains these words; a number at their end is a whole number."""
        place = in_ or where

        def look() -> Message | None:
            return next(
                (m for m in reversed(self._visible(place, thread)) if contains(self._space.text_of(m), text)),
                None,
            )

        found = await self._space.world.bell.until(look, timeout)
        if found is None:
            there = (
                "\n".join(repr(Seen(self._space, self, m)) for m in self._visible(place, thread)) or "nothing"
            )
            raise NotVisible(
                f"{self.name} waited {timeout:g} s for {text!r} in {place or 'any place'} and sees:\n{there}"
            )
        return Seen(self._space, self, found)

    async def sees(self, *, in_: str | None = None, thread: Seen | None = None) -> list[Seen]:
        """What is on the screen in a channel or thread, oldest first; `in_="dm"` for the talk with the bot."""
        return [Seen(self._space, self, message) for message in self._visible(in_, thread)]

    async def answers(self) -> list[Seen]:
        """What only they were shown, oldest first."""
        mine = [m for m in self._space.world.ephemerals if m.ephemeral_to == self.id]
        return [Seen(self._space, self, message) for message in mine]

    async def form(self, *, timeout: float = 5.0) -> "Form":
        """The form that is open on their screen, once one is."""
        found = await self._space.world.bell.until(lambda: self._space.views.top(self.id), timeout)
        if found is None:
            raise NotVisible(f"no form is open at {self.name}'s")
        return Form(self._space, self, found)

    def visible(self, message: Message) -> Message | None:
        """This message as it is now, if this person can see it."""
        return find_message(self._space.world, self.account, message)

    async def act(self, message: Message, action: Json) -> "Answer | Form | None":
        """Use an element of a message; `click` and `choose` are the words for it."""
        done = self._space.interactions.message_action(self.account, message, action, {})
        return await self._ask("block_actions", done, self._space.world.channels[message.channel_id])

    async def act_in_view(self, view: View, action: Json) -> "Answer | Form | None":
        """Use an element of a form or Home tab."""
        done = self._space.interactions.view_action(self.account, view, action)
        return await self._ask("block_actions", done, self._direct())

    async def _ask(
        self, kind: str, done: Interaction, channel: Channel, name: str = ""
    ) -> "Answer | Form | None":
        return await ask(self._space, self, kind, done, channel, name=name, settle=self._box.settle)

    def _visible(self, place: str | None, thread: Seen | None) -> list[Message]:
        return visible_messages(self._space, self.account, place, thread)

    def _place(self, in_: str) -> Channel:
        return find_place(self._space.world, self.account, in_)

    def _direct(self) -> Channel:
        return self._space.world.direct(self.id, self._space.world.bot_user_id)

    def _must_be_active(self) -> None:
        if self.account.deleted:
            raise NotVisible(f"{self.name} is deactivated and has no screen")

    def _may_write(self, channel: Channel) -> None:
        self._must_be_active()
        if self.id not in channel.members or channel.archived:
            raise NotVisible(f"{self.name} cannot write in #{channel.name or channel.id}")
        if channel.is_direct and not self._space.world.manifest.messages_tab:
            raise NotVisible("the manifest does not let people write to this app")

    def _must_see(self, message: Seen) -> Message:
        self._must_be_active()
        found = self.visible(message.message)
        if found is None:
            raise NotVisible(f"{self.name} does not see this message (any more).")
        return found

    def _own(self, message: Seen) -> Message:
        found = self._must_see(message)
        if found.user != self.id:
            raise NotVisible(f"{self.name} did not write this.")
        return found

    def _callback(self, name: str, kind: str) -> str:
        shortcuts = [s for s in self._space.world.manifest.shortcuts if s.kind == kind]
        found = next((s for s in shortcuts if s.name == name), None)
        if found is None:
            raise NotVisible(f"There is no {kind} shortcut called {name}.")
        return found.callback_id

    def _upload(self, files: Iterable[tuple[str, bytes]], channel: Channel) -> list[Json]:
        shapes: list[Json] = []
        for name, content in files:
            kept = self._space.files.keep(name, content, user=self.id)
            kept.channels.append(channel.id)
            shapes.append(self._space.files.shape(kept))
        return shapes

    def __repr__(self) -> str:
        return f"<Person {self.name}>"
