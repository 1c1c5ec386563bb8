"""Inside the settings: from part to part, preview and save. One form on the screen changes its contents."""

from collections.abc import Mapping
from typing import Any

from bot.core.errors import UserError
from bot.features.setup import ids, service
from bot.features.setup.desk import Desk
from bot.features.setup.ids import Place
from bot.features.setup.part import Entered, Outlook, Part
from bot.features.setup.views import form, screen, words
from bot.slack.calls import Action, Call, Submission, View
from bot.slack.replies import FormErrors, Reply, UpdateForm
from bot.teams import edit
from bot.teams.edit import Kept, WrongSettings
from bot.teams.settings import team_of


class Forms:
    """The forms of the settings and the buttons on them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._run = desk.deps.transactions.run

    async def edit(self, call: Action) -> Reply:
        """*Edit*: the part's form, or one of its entries'."""
        key, item = ids.words_of(call.value, 2)
        kept = await self._desk.kept(call, _place(call).team)
        _check_editable(kept)
        return UpdateForm(form.form(kept, self._desk.part(key), item))

    async def back(self, call: Action) -> Reply:
        """*Back*: from an entry to its part, from a part to all of them; what was typed is not kept."""
        place = _place(call)
        return await self._outwards(call, place, "")

    async def _outwards(self, call: Call, place: Place, note: str) -> Reply:
        kept = await self._desk.kept(call, place.team)
        if place.item:
            return UpdateForm(form.form(kept, self._desk.part(place.part), "", note=note))
        return UpdateForm(await self._desk.screen(call, kept, note))

    async def save(self, call: Submission) -> Reply:
        """The form as it was filled in; what is wrong is told beside its field."""
        place = ids.place_of(call.view.private_metadata)
        fields = form.inputs_of(call.view.blocks)
        kept = await self._desk.kept(call, place.team)
        part = self._desk.part(place.part)
        try:
            said = part.read(Entered(call.view.state), kept.said, place.item)
            note = await self._save(call, place, said)
        except WrongSettings as error:
            return FormErrors(form.beside_fields(error.problems, fields, part.keys))
        except UserError as error:
            raise UserError(error.text, field=error.field if error.field in fields else fields[0]) from error
        return await self._outwards(call, place, note)

    async def apply(self, call: Action) -> Reply:
        """A button that changes something at once."""
        key, item = ids.words_of(call.value, 2)
        place, part = _place(call), self._desk.part(key)
        kept = await self._desk.kept(call, place.team)
        try:
            note = await self._save(call, place, part.read(Entered({}), kept.said, item))
        except WrongSettings as error:
            note = form.problems_note(error.problems)
            return UpdateForm(form.form(kept, part, place.item, note=note))
        kept = await self._desk.kept(call, place.team)
        return UpdateForm(form.form(kept, part, "", note=note))

    async def _save(self, call: Call, place: Place, said: Mapping[str, Any]) -> str:
        before = self._desk.before_change
        changes = await self._run(service.save, place.team, said, before, seen=place.seen, who=call.user_id)
        return words.SAVED if changes else words.SAME

    async def preview(self, call: Action) -> Reply:
        """The form again, with what it would mean below its fields."""
        place = _place(call)
        kept, part = await self._desk.kept(call, place.team), self._desk.part(place.part)
        entered = _entered(call)
        try:
            shown = await self._preview(call, kept, part, place, entered)
        except WrongSettings as error:
            return self._again(kept, part, place, form.problems_note(error.problems))
        except UserError as error:
            return self._again(kept, part, place, f":warning: {error.text}")
        return UpdateForm(
            {**form.form(kept, part, place.item, preview=shown), "private_metadata": place.packed()}
        )

    def _again(self, kept: Kept, part: Part, place: Place, note: str) -> Reply:
        shown = form.form(kept, part, place.item, note=note)
        return UpdateForm({**shown, "private_metadata": place.packed()})

    async def _preview(self, call: Action, kept: Kept, part: Part, place: Place, entered: Entered) -> Any:
        if part.preview is None:
            raise UserError(words.NO_PREVIEW)
        said = part.read(entered, kept.said, place.item)
        read = self._desk.deps.transactions.read
        planned = team_of(await read(edit.planned, kept.key, said), id=kept.id)
        zone = await self._desk.zone(call, planned)
        look = Outlook(before=kept.team, team=planned, zone=zone, reader=call.user_id, now=call.now)
        return await read(part.preview, look)

    async def create(self, call: Submission) -> Reply:
        """A new team; its settings follow, with what comes next on top."""
        await self._desk.check_is_admin(call)
        said = form.read_new_team(Entered(call.view.state))
        fields = form.inputs_of(call.view.blocks)
        key = f"setup:{call.view.id}"
        try:
            team_id, is_back = await self._run(service.create, said, who=call.user_id, key=key)
        except WrongSettings as error:
            return FormErrors(form.beside_fields(error.problems, fields, list(said)))
        kept = await self._desk.kept(call, team_id)
        note = words.first_steps(list(kept.team.channels), is_back=is_back)
        return UpdateForm(await self._desk.screen(call, kept, note))

    async def remove(self, call: Action) -> Reply:
        """The team takes nothing new; for workspace admins."""
        await self._desk.check_is_admin(call)
        kept = await self._desk.kept(call, ids.team_of_value(call.value))
        await self._run(service.remove, kept.id, who=call.user_id)
        return UpdateForm(screen.gone(kept.team.name))

    async def release(self, call: Action) -> Reply:
        """A pinned team is changed in Slack from now on; for workspace admins."""
        await self._desk.check_is_admin(call)
        team_id = ids.team_of_value(call.value)
        await self._run(service.release, team_id, who=call.user_id)
        kept = await self._desk.kept(call, team_id)
        return UpdateForm(await self._desk.screen(call, kept, words.RELEASED))


def _place(call: Action) -> Place:
    view: View | None = call.view
    if view is None:
        raise UserError(ids.OLD)
    return ids.place_of(view.private_metadata)


def _entered(call: Action) -> Entered:
    return Entered(call.view.state) if call.view else Entered({})


def _check_editable(kept: Kept) -> None:
    if kept.pinned_by is not None:
        raise UserError(edit.pinned_words(kept.pinned_by))
