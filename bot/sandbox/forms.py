"""A form as its person fills it in: labels, values, sending off."""

import asyncio
from collections.abc import Generator
from typing import Any

from bot.sandbox.required import wrong_with
from bot.sandbox.screen import Answer, NotVisible, chosen, options_of, press
from bot.sandbox.slack import render
from bot.sandbox.slack.courier import Reply
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.state import KINDS, Placed, elements, label, rich_of, values
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json, SlackRefusal, is_list, is_object, object_in
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.viewer import Viewer

# Fields in which words are typed: of these Slack tells when Enter is pressed, if nothing else is asked for.
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")


class Touched:
    """What `fill` and `pick` return: awaiting it waits until the bot has heard of the change, where it wants to."""

    def __init__(self, task: "asyncio.Task[None] | None" = None) -> None:
        self.task = task

    def __await__(self) -> Generator[Any, None, None]:
        if self.task is not None:
            yield from self.task.__await__()


class Form:
    """A modal on somebody's screen.

    `complaints` maps block ids to what is wrong; `failed` holds Slack's words for a bot that did not answer.
    """

    def __init__(
        self,
        box: Workspace,
        person: Viewer,
        view: View,
        complaints: dict[str, str] | None = None,
        failed: str = "",
    ) -> None:
        self._box = box
        self._view = view
        self._touched: list[Touched] = []
        self.person = person
        self.complaints = complaints or {}
        self.failed = failed

    @property
    def view(self) -> View:
        """The view behind it, as it is now."""
        return self._view

    @property
    def errors(self) -> dict[str, str]:
        """What is wrong, by the labels of the fields."""
        names = {placed.key[0]: label(placed) for placed in self.fields}
        return {names.get(block_id, block_id): words for block_id, words in self.complaints.items()}

    @property
    def fields(self) -> list[Placed]:
        """Its inputs, from top to bottom."""
        return [placed for placed in elements(self._view.blocks) if placed.element.get("type") in KINDS]

    @property
    def is_open(self) -> bool:
        """Whether it is still on the screen."""
        return self._view in self._box.views.stack(self.person.account.id)

    @property
    def title(self) -> str:
        """The words at its top."""
        return str(object_in(self._view.body.get("title")).get("text", ""))

    @property
    def submit_label(self) -> str:
        """The words on the button that sends it."""
        return str(object_in(self._view.body.get("submit")).get("text", ""))

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return render.read_blocks(self._box.world, self._view.blocks)

    @property
    def labels(self) -> list[str]:
        """The labels of its fields, from top to bottom."""
        return [label(placed) for placed in self.fields]

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons inside it."""
        return render.buttons(self._view.blocks)

    def options(self, name: str) -> list[str]:
        """The entries offered by a field."""
        offered = options_of(self._field(name).element)
        return [str(object_in(option.get("text")).get("text")) for option in offered]

    def value(self, name: str) -> Any:
        """What stands in a field: text, the chosen entry's words, an id, a date, or a list of these."""
        placed = self._field(name)
        block_id, action_id = placed.key
        state = values([placed.block], self._view.typed)[block_id][action_id]
        found = state[KINDS[str(state["type"])][0]]
        if is_list(found):
            return [_words(item) for item in found]
        return _words(found)

    def optional(self, name: str) -> bool:
        """Whether a field may stay empty."""
        return bool(self._field(name).block.get("optional", False))

    def fill(self, name: str, text: str) -> Touched:
        """Type into a field, also a date (YYYY-MM-DD), a time (HH:MM) or a moment (seconds since 1970)."""
        placed = self._field(name)
        kind = str(placed.element["type"])
        if kind not in KINDS or "select" in kind or kind in ("checkboxes", "radio_buttons"):
            raise NotVisible(f"{name!r} is a {kind}: nothing can be typed there")
        typed: Any = rich_of(text) if kind == "rich_text_input" else text or None
        if kind == "datetimepicker" and text:
            typed = int(text)
        state = {"type": kind, KINDS[kind][0]: typed}
        if "on_character_entered" not in _told_on(placed.element):
            self._hold(placed, state)
            return Touched()
        return self.put(placed, state)

    def pick(self, name: str, *entries: str) -> Touched:
        """Choose entries by what is written on them; people as `@name` or `name`, channels as `#name`."""
        placed = self._field(name)
        state = chosen(self._box, placed, list(entries))
        if state is None:
            raise NotVisible(f"{name!r} does not offer {entries}; it offers {self.options(name)}")
        return self.put(placed, state)

    def clear(self, name: str) -> Touched:
        """Empty a field."""
        placed = self._field(name)
        kind = str(placed.element["type"])
        field, _, empty = KINDS[kind]
        return self.put(placed, {"type": kind, field: empty})

    async def suggestions(self, name: str, typed: str) -> list[str]:
        """What the bot offers for letters typed into an external select; they can be picked afterwards."""
        offered = await self.suggest(self._field(name), typed)
        return [str(object_in(option.get("text")).get("text")) for option in offered]

    async def suggest(self, placed: Placed, typed: str) -> list[Json]:
        """The options that the bot offers for these letters; the select keeps them."""
        asked = self._box.interactions.suggestion(self.person.account, self._view, *placed.key, typed)
        reply = await self._box.courier.ask("block_suggestion", asked.payload)
        offered = options_of(reply.content)
        placed.element["options"] = offered
        return offered

    async def click(self, text: str) -> "Answer | Form | None":
        """Press a button inside the form."""
        self._must_be_open()
        action = press(self._view.blocks, text)
        if action is None:
            raise NotVisible(f"no button {text!r}; there are {self.buttons} in {self.title!r}")
        return await self.person.act_in_view(self._view, action)

    async def submit(self) -> "Form | None":
        """Send it off: None when it closed, else what the person sees then: itself with `errors`, or the next form."""
        self._must_be_open()
        for touched in self._touched:
            await touched
        if complaints := self._missing():
            return Form(self._box, self.person, self._view, complaints)
        before = self._box.world.change()
        sent = self._box.interactions.submission(self.person.account, self._view)
        reply = await self._box.courier.ask("view_submission", sent.payload)
        return self._after(reply, before, sent.trigger_id)

    async def close(self) -> None:
        """Put it away with Cancel; the bot hears of it if it asked to."""
        self._must_be_open()
        self._box.views.close(self._view)
        if self._view.body.get("notify_on_close"):
            told = self._box.interactions.closing(self.person.account, self._view, cleared=False)
            await self._box.courier.ask("view_closed", told.payload)

    def _after(self, reply: Reply, before: int, trigger_id: str) -> "Form | None":
        views = self._box.views
        if reply.failed:
            return Form(self._box, self.person, self._view, failed=reply.failed)
        match reply.content.get("response_action"):
            case "errors":
                told = object_in(reply.content.get("errors"))
                complaints = {block_id: str(words) for block_id, words in told.items()}
                return Form(self._box, self.person, self._view, complaints)
            case "clear":
                views.clear(self.person.account.id)
            case "update" | "push":
                return self._shown_next(reply.content, trigger_id)
            case _:
                views.close(self._view)
        top = views.top(self.person.account.id)
        return Form(self._box, self.person, top) if top is not None else None

    def _shown_next(self, content: Json, trigger_id: str) -> "Form":
        views, body = self._box.views, object_in(content.get("view"))
        try:
            check_view(body, ("modal",))
            if content["response_action"] == "push":
                shown = views.push(self.person.account.id, body, trigger_id)
            else:
                shown = views.replace(self._view, body)
        except SlackRefusal as refusal:
            told = self._box.journal.told("view_submission")[-1]
            told.verdict = ": ".join([refusal.code, *refusal.messages])
            return Form(self._box, self.person, self._view, failed="invalid_response")
        return Form(self._box, self.person, shown)

    def _missing(self) -> dict[str, str]:
        """Slack itself keeps a form open while a field that is not optional is empty."""
        complaints: dict[str, str] = {}
        for placed in self.fields:
            if placed.block.get("type") == "input" and (words := wrong_with(placed, self._view.typed)):
                complaints[placed.key[0]] = words
        return complaints

    def put(self, placed: Placed, state: Json) -> Touched:
        """Let one of its inputs hold this state (shapes as in `state.KINDS`); tells the bot where it wants to hear."""
        self._hold(placed, state)
        if placed.block.get("type") == "input" and not placed.block.get("dispatch_action"):
            return Touched()
        action = {"action_id": placed.key[1], "block_id": placed.key[0], **state}
        touched = Touched(asyncio.get_running_loop().create_task(self._dispatch(action)))
        self._touched.append(touched)
        return touched

    def _hold(self, placed: Placed, state: Json) -> None:
        self._must_be_open()
        self._view.typed[placed.key] = state
        self.complaints.pop(placed.key[0], None)

    def enter(self, name: str) -> Touched:
        """Press Enter in a field of one line; tells the bot where it wants to hear of that."""
        placed = self._field(name)
        block_id, action_id = placed.key
        if "on_enter_pressed" not in _told_on(placed.element):
            return Touched()
        return self.put(placed, values([placed.block], self._view.typed)[block_id][action_id])

    async def _dispatch(self, action: Json) -> None:
        sent = self._box.interactions.view_action(self.person.account, self._view, action)
        await self._box.courier.ask("block_actions", sent.payload)

    def _field(self, name: str) -> Placed:
        found = next((placed for placed in self.fields if label(placed) == name), None)
        if found is None:
            raise NotVisible(f"no field {name!r} in {self.title!r}; there are {self.labels}")
        return found

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise NotVisible(f"the form {self.title!r} is not on the screen of {self.person.name} any more")

    def __repr__(self) -> str:
        return f"<Form {self.title!r} {self.labels} {self.errors or ''}{self.failed}>"


def _told_on(element: Json) -> list[str]:
    """Of what in it the bot is told (Slack, "Dispatch action configuration object"); of choices always."""
    if element.get("type") not in TYPED:
        return ["on_character_entered"]
    found = object_in(element.get("dispatch_action_config")).get("trigger_actions_on")
    return [str(one) for one in found] if is_list(found) else ["on_enter_pressed"]


def _words(found: Any) -> Any:
    return object_in(found.get("text")).get("text") if is_object(found) and "text" in found else found
