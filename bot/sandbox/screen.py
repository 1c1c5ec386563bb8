"""What one person sees of a message, and what they can press there. Forms are in `forms`, people in `persons`."""

from typing import TYPE_CHECKING

from bot.sandbox.slack import render
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import KINDS, Placed, elements, label
from bot.sandbox.slack.wire import Json, object_in, objects_in
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.viewer import Viewer

if TYPE_CHECKING:
    from bot.sandbox.forms import Form


class NotVisible(AssertionError):
    """Somebody wanted to use something that is not on their screen."""


class Seen:
    """A message as one person saw it; it stays as it was, `now` looks again."""

    def __init__(self, box: Workspace, viewer: Viewer, message: Message) -> None:
        self._box = box
        self._message = message.copied()
        self.viewer = viewer

    @property
    def message(self) -> Message:
        """The message behind it, as it was."""
        return self._message

    @property
    def ts(self) -> str:
        """Its timestamp."""
        return self._message.ts

    @property
    def channel(self) -> str:
        """The id of the channel where it stands."""
        return self._message.channel_id

    @property
    def thread_ts(self) -> str:
        """The timestamp of its thread's first message, itself included; empty outside threads."""
        return self._message.thread_ts

    @property
    def text(self) -> str:
        """All that can be read: blocks as shown, names for ids, no escapes."""
        return self._box.text_of(self._message)

    @property
    def fallback(self) -> str:
        """The plain `text` of the message, as notifications show it, untouched."""
        return self._message.text

    @property
    def author(self) -> str:
        """The name of who wrote it."""
        account = self._box.world.people.get(self._message.user)
        return account.name if account else self._message.username or self._box.world.bot.name

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return render.buttons(self._message.blocks)

    @property
    def menu(self) -> list[str]:
        """The entries of its overflow menu."""
        return render.menu(self._message.blocks)

    @property
    def links(self) -> dict[str, str]:
        """Buttons that lead to an address."""
        found = [p.element for p in elements(self._message.blocks) if p.element.get("url")]
        return {str(object_in(element.get("text")).get("text")): str(element["url"]) for element in found}

    @property
    def unfurled(self) -> dict[str, str]:
        """What the app shows below it of the addresses in it: all that can be read, by address."""
        shown = [one for one in self._message.attachments if one.get("from_url")]
        return {str(one["from_url"]): render.read_message(self._box.world, "", [], [one]) for one in shown}

    @property
    def reactions(self) -> dict[str, list[str]]:
        """Emoji and the names of those who put them there."""
        people = self._box.world.people
        return {
            name: [people[user].name for user in users] for name, users in self._message.reactions.items()
        }

    @property
    def only_for(self) -> str:
        """The name of the only person who sees it; empty when everybody does."""
        addressee = self._message.ephemeral_to
        return self._box.world.people[addressee].name if addressee else ""

    @property
    def blocks(self) -> list[Json]:
        """The blocks as they were sent."""
        return self._message.blocks

    @property
    def permalink(self) -> str:
        """Its address."""
        return self._box.world.permalink(self._message)

    async def now(self) -> "Seen":
        """The same message as it is now; NotVisible when it is gone."""
        return Seen(self._box, self.viewer, self._current())

    async def click(self, text: str, *, by: Viewer | None = None) -> "Answer | Form | None":
        """Press a button; returns what the bot shows that person then, if anything."""
        person = by or self.viewer
        message = self._current(person)
        action = press(message.blocks, text)
        if action is None:
            raise NotVisible(
                f"no button {text!r}; there are {render.buttons(message.blocks)} in:\n{self.text}"
            )
        return await person.act(message, action)

    async def choose(self, entry: str, *, by: Viewer | None = None) -> "Answer | Form | None":
        """Choose an entry of an overflow menu or select; for selects of people, their name."""
        person = by or self.viewer
        message = self._current(person)
        for placed in elements(message.blocks):
            state = chosen(self._box, placed, [entry])
            if state is not None:
                action = {"action_id": placed.key[1], "block_id": placed.key[0], **state}
                return await person.act(message, action)
        raise NotVisible(f"no entry {entry!r}; there are {render.menu(message.blocks)} in:\n{self.text}")

    def _current(self, person: Viewer | None = None) -> Message:
        message = (person or self.viewer).visible(self._message)
        if message is None:
            raise NotVisible(
                f"{(person or self.viewer).name} does not see this message (any more):\n{self.text}"
            )
        return message

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.author}: {self.text!r} {self.buttons or ''}>"


class Answer(Seen):
    """What the bot told a person in answer to what they did; `failed` holds Slack's words when it did not answer."""

    def __init__(self, box: Workspace, viewer: Viewer, message: Message, failed: str = "") -> None:
        super().__init__(box, viewer, message)
        self.failed = failed

    @property
    def visible_to(self) -> str:
        """`you` or `channel`."""
        return "you" if self.message.ephemeral_to else "channel"


def press(blocks: list[Json], text: str) -> Json | None:
    """The action of the button with this label; None when there is none."""
    for placed in elements(blocks):
        element = placed.element
        if element.get("type") in ("button", "workflow_button") and label(placed) == text:
            kept = {name: element[name] for name in ("text", "value", "style", "url") if name in element}
            return {"action_id": placed.key[1], "block_id": placed.key[0], **kept, "type": "button"}
    return None


# An external select offers what it was given for the letters typed last.
_OFFERING = ("static_select", "external_select", "radio_buttons", "checkboxes")


def chosen(box: Workspace, placed: Placed, entries: list[str]) -> Json | None:
    """The state of a menu, select or picker in which these entries are chosen; None when it does not offer them."""
    element = placed.element
    kind = str(element.get("type"))
    if kind == "overflow" or kind.endswith(_OFFERING):
        return _chosen_options(element, kind, entries)
    if kind.endswith("users_select"):
        # In the order of choosing, as Slack keeps it.
        people = [
            person.id
            for entry in entries
            for person in box.world.people.values()
            if person.name == entry.lstrip("@#") or person.real_name == entry
        ]
        return _filled(kind, people) if people else None
    if kind.endswith(("conversations_select", "channels_select")):
        places = [c.id for c in box.world.channels.values() if c.name and c.name in _bare(entries)]
        return _filled(kind, places) if places else None
    return None


def options_of(element: Json) -> list[Json]:
    """The options of a select, those in groups too."""
    groups = objects_in(element.get("option_groups"))
    return objects_in(element.get("options")) + [
        o for group in groups for o in objects_in(group.get("options"))
    ]


def _chosen_options(element: Json, kind: str, entries: list[str]) -> Json | None:
    offered = {str(object_in(option.get("text")).get("text")): option for option in options_of(element)}
    if not all(entry in offered for entry in entries):
        return None
    if kind == "overflow":
        return {"type": kind, "selected_option": offered[entries[0]]}
    return _filled(kind, [offered[entry] for entry in entries])


def _filled(kind: str, found: "list[str] | list[Json]") -> Json:
    field = KINDS[kind][0]
    return {"type": kind, field: found if field.endswith("s") else found[0]}


def _bare(entries: list[str]) -> list[str]:
    return [entry.lstrip("@#") for entry in entries]
