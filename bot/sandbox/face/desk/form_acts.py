"""What a person does in a form: typing, choosing, pressing buttons inside it, sending it, putting it away."""

from collections.abc import Sequence

from aiohttp import web

from bot.sandbox.face.blocks.picking import action_of, find_placed, shown_option, state_of
from bot.sandbox.face.blocks.surface import key_of
from bot.sandbox.face.desk.acts import Fields, said
from bot.sandbox.face.desk.workspace import person_of
from bot.sandbox.face.face import Face
from bot.sandbox.forms import Form
from bot.sandbox.persons import Person
from bot.sandbox.screen import NotVisible
from bot.sandbox.slack.state import KINDS, Placed
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json, is_list

SILENT = "The app did not answer in time ({}). What you typed is still here: try again."


def routes(face: Face) -> list[web.RouteDef]:
    """What forms send."""
    room = _Room(face)
    here = "/as/{person}/v/{view}"
    return [
        web.post(f"{here}/act", room.act),
        web.get(f"{here}/options", room.options),
        web.post(f"{here}/submit", room.submit),
        web.post(f"{here}/close", room.close),
    ]


class _Room:
    def __init__(self, face: Face) -> None:
        self._face = face

    def _form(self, request: web.Request) -> tuple[Person, View, Form]:
        person = self._face.stage.box.person(person_of(self._face, request).id)
        space = self._face.stage.box.workspace
        wanted = request.match_info["view"]
        view = next((view for view in space.views.stack(person.id) if view.id == wanted), None)
        if view is None:
            raise NotVisible("This form is closed.")
        return person, view, Form(space, person, view)

    async def act(self, request: web.Request) -> web.Response:
        """Something inside the form was pressed or chosen, and the bot wants to hear of it at once."""
        person, view, form = self._form(request)
        fields = await request.post()
        placed = find_placed(view.blocks, str(fields.get("key", "")))
        values = _written(fields.getall("value", []))
        if str(placed.element["type"]) in KINDS:
            await form.put(placed, state_of(placed, values, person.account.tz, view.typed.get(placed.key)))
            return said(None)
        return said(await person.act_in_view(view, action_of(placed, values, person.account.tz)))

    async def options(self, request: web.Request) -> web.Response:
        """What the bot offers for letters typed into an external select."""
        _, view, form = self._form(request)
        placed = find_placed(view.blocks, request.query.get("key", ""))
        offered = await form.suggest(placed, request.query.get("typed", ""))
        return web.json_response({"options": [shown_option(option) for option in offered]})

    async def submit(self, request: web.Request) -> web.Response:
        """Send the form; what is wrong is then said beside its fields."""
        person, view, form = self._form(request)
        fields = await request.post()
        for placed in form.fields:
            self._take(person, view, placed, fields)
        self._forget_closed()
        self._face.stage.complaints.pop(view.id, None)
        shown = await form.submit()
        if shown is not None and shown.view is view and (shown.complaints or shown.failed):
            words = dict(shown.complaints)
            if shown.failed:
                words[""] = SILENT.format(shown.failed)
            self._face.stage.complaints[view.id] = words
        self._face.stage.box.workspace.world.bell.ring()
        return web.json_response({})

    def _forget_closed(self) -> None:
        """Drop what was said about forms that are gone, however they went."""
        stacks = self._face.stage.box.workspace.views.stacks.values()
        still_open = {view.id for stack in stacks for view in stack}
        for view_id in self._face.stage.complaints.keys() - still_open:
            del self._face.stage.complaints[view_id]

    def _take(self, person: Person, view: View, placed: Placed, fields: Fields) -> None:
        """Let an input hold what was sent for it; a field that the page did not have keeps what it had."""
        name = key_of(placed.block, placed.element)
        given = fields.getall(name, [])
        kind = str(placed.element["type"])
        # A browser does not send boxes of which none is ticked: they are empty.
        if not given and not is_list(KINDS[kind][2]) and kind != "radio_buttons":
            return
        held = view.typed.get(placed.key)
        if kind == "file_input":
            # A browser never sends a file twice: no new choice keeps what was chosen before.
            if chosen := self._uploads(person, given):
                view.typed[placed.key] = {"type": "file_input", "files": chosen}
        else:
            view.typed[placed.key] = state_of(placed, _written(given), person.account.tz, held)

    def _uploads(self, person: Person, given: list[object]) -> list[Json]:
        files = self._face.stage.box.workspace.files
        parts = [part for part in given if isinstance(part, web.FileField) and part.filename]
        return [files.shape(files.keep(part.filename, part.file.read(), user=person.id)) for part in parts]

    async def close(self, request: web.Request) -> web.Response:
        """Put the form away."""
        _, view, form = self._form(request)
        self._face.stage.complaints.pop(view.id, None)
        await form.close()
        return web.json_response({})


def _written(values: Sequence[object]) -> list[str]:
    if not all(isinstance(value, str) for value in values):
        raise NotVisible("A file was sent where words belong.")
    return [str(value) for value in values]
