"""Open forms and Home tabs: who sees which, stacks of at most three, hashes. What a view may contain is in `limits`."""

from copy import deepcopy
from dataclasses import dataclass, field

from bot.sandbox.slack.state import values, with_ids
from bot.sandbox.slack.wire import Json, SlackRefusal
from bot.sandbox.slack.world import APP_ID, TEAM_ID, World

STACK = 3
_OPTIONAL = ("title", "submit", "close")


@dataclass(kw_only=True)
class View:
    """One view as its person has it; `typed` holds what stands in its inputs, `before` the blocks that it showed last."""

    id: str
    person: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: dict[tuple[str, str], Json] = field(default_factory=dict[tuple[str, str], Json])
    before: list[Json] = field(default_factory=list[Json])
    changed: int = 0
    trigger_id: str = ""
    response_urls: list[Json] = field(default_factory=list[Json])

    @property
    def blocks(self) -> list[Json]:
        """The blocks with the ids that Slack gave them."""
        return self.body["blocks"]


@dataclass(kw_only=True)
class Views:
    """Each person's stack of forms, the newest last, and each person's Home tab."""

    world: World
    stacks: dict[str, list[View]] = field(default_factory=dict[str, list[View]])
    homes: dict[str, View] = field(default_factory=dict[str, View])

    def stack(self, person: str) -> list[View]:
        """The forms open at this person's screen."""
        return self.stacks.setdefault(person, [])

    def top(self, person: str) -> View | None:
        """The form that the person sees."""
        stack = self.stack(person)
        return stack[-1] if stack else None

    def open(self, person: str, body: Json, trigger_id: str) -> View:
        """Show a first form; what was open before is gone."""
        view = self._new(person, body, trigger_id)
        self.stacks[person] = [view]
        self.world.bell.ring()
        return view

    def push(self, person: str, body: Json, trigger_id: str) -> View:
        """Show a form on top; https://docs.slack.dev/surfaces/modals allows three."""
        stack = self.stack(person)
        if not stack:
            raise SlackRefusal("not_found")
        if len(stack) >= STACK:
            raise SlackRefusal("push_limit_reached")
        view = self._new(person, body, trigger_id)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        self.world.bell.ring()
        return view

    def replace(self, view: View, body: Json) -> View:
        """Show other content in an open view; inputs that keep their ids keep what was typed."""
        view.before, view.body = view.blocks, self._stored(body)
        view.hash = self._hash()
        view.changed = self.world.change()
        self.world.bell.ring()
        return view

    def publish(self, person: str, body: Json, expected_hash: str) -> View:
        """Show this person's Home tab."""
        shown = self.homes.get(person)
        if expected_hash and (shown is None or shown.hash != expected_hash):
            raise SlackRefusal("hash_conflict")
        if shown is not None:
            return self.replace(shown, body)
        self.homes[person] = self._new(person, body, "")
        self.world.bell.ring()
        return self.homes[person]

    def close(self, view: View) -> None:
        """Take one form away; the one beneath it shows again."""
        self.stacks[view.person] = [
            open_view for open_view in self.stack(view.person) if open_view is not view
        ]
        self.world.bell.ring()

    def clear(self, person: str) -> None:
        """Close every form of this person."""
        self.stacks[person] = []
        self.world.bell.ring()

    def find(self, view_id: str, external_id: str = "") -> View:
        """An open view or Home tab by its id or by the bot's own; a closed one is `not_found`."""
        shown = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        for view in shown:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        raise SlackRefusal("not_found")

    def shape(self, view: View) -> Json:
        """The view object as payloads and answers carry it."""
        body = view.body
        shape: Json = {
            "id": view.id,
            "team_id": TEAM_ID,
            "type": body["type"],
            "blocks": deepcopy(view.blocks),
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": {"values": values(view.blocks, view.typed)},
            "hash": view.hash,
            **{name: body.get(name) for name in _OPTIONAL},
            "clear_on_close": bool(body.get("clear_on_close", False)),
            "notify_on_close": bool(body.get("notify_on_close", False)),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": APP_ID,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": TEAM_ID,
            "bot_id": self.world.bot_id,
        }
        return shape

    def _new(self, person: str, body: Json, trigger_id: str) -> View:
        external = body.get("external_id")
        everything = [view for stack in self.stacks.values() for view in stack]
        if external and any(view.body.get("external_id") == external for view in everything):
            raise SlackRefusal("duplicate_external_id")
        view_id = self.world.serials.make("V")
        return View(
            id=view_id,
            person=person,
            body=self._stored(body),
            hash=self._hash(),
            root_id=view_id,
            changed=self.world.change(),
            trigger_id=trigger_id,
        )

    def _stored(self, body: Json) -> Json:
        return {**deepcopy(body), "blocks": with_ids(body["blocks"], self.world.serials)}

    def _hash(self) -> str:
        return f"{self.world.seconds()}.{self.world.serials.unique()[:8]}"
