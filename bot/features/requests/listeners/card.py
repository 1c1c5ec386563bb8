"""The card's buttons, its menu, and the small forms behind them."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.core.threads import Side
from bot.features.requests import rights, store
from bot.features.requests.desk import Desk
from bot.features.requests.domain import ALLOWED, Move, Request
from bot.features.requests.rights import Acting
from bot.features.requests.service import categories, queue
from bot.features.requests.views import ids, move_forms
from bot.slack.calls import Action, Call, Submission
from bot.slack.replies import Nothing, OpenForm, Reply
from bot.teams.domain import Priority, Team

UseCase = Callable[..., Request]
_SIDES: tuple[Side, ...] = ("card", "asker")

_FORMS = {
    Move.ASSIGN: move_forms.assign_form,
    Move.PRIORITY: move_forms.priority_form,
    Move.SNOOZE: move_forms.snooze_form,
    Move.DECLINE: move_forms.decline_form,
    Move.DUPLICATE: move_forms.duplicate_form,
}


class Card:
    """One function for each button and form."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def claim(self, call: Action) -> Reply:
        return await self._do(call, ids.request_id(call.value), queue.claim)

    async def resolve(self, call: Action) -> Reply:
        return await self._do(call, ids.request_id(call.value), queue.resolve)

    async def reopen(self, call: Action) -> Reply:
        return await self._do(call, ids.request_id(call.value), queue.reopen)

    async def assign(self, call: Action) -> Reply:
        return await self._form(call, ids.request_id(call.value), Move.ASSIGN)

    async def menu(self, call: Action) -> Reply:
        """A choice in the overflow menu: done at once, or by a form."""
        number, name = ids.parts_of(call.value, 2)
        request_id = ids.number_in(number)
        if name == Move.WAIT:
            return await self._do(call, request_id, queue.wait)
        if name == Move.REOPEN:
            return await self._do(call, request_id, queue.reopen)
        if name not in [move.value for move in _FORMS]:
            raise UserError("That choice is from another time. Open the card's menu again.")
        return await self._form(call, request_id, Move(name))

    async def _form(self, call: Action, request_id: int, move: Move) -> Reply:
        request, acting, team = await self._who_and_what(call, request_id)
        rights.check(acting, request, move, team.name)
        if request.state not in ALLOWED[move]:
            raise UserError(f"{request.label} is {request.state.label}. Reopen it first.")
        return OpenForm(_FORMS[move](request))

    async def _do(
        self, call: Action | Submission, request_id: int, use_case: UseCase, *arguments: Any
    ) -> Reply:
        run, key = self._desk.deps.transactions.run, key_of(call)
        _, acting, team = await self._who_and_what(call, request_id)
        if not is_at_home(call):
            await run(queue.once, key, use_case, request_id, acting, team.name, *arguments)
            return Nothing()
        try:
            await run(queue.at_home, call.user_id, key, use_case, request_id, acting, team.name, *arguments)
        except UserError:
            # What they clicked on was behind the times: they see how things are beside the words.
            await run(queue.acted_at_home, call.user_id)
            raise
        return Nothing()

    async def _who_and_what(self, call: Call, request_id: int) -> tuple[Request, Acting, Team]:
        request, places = await self._desk.deps.transactions.read(_request_and_places, request_id)
        if isinstance(call, Action) and call.channel_id and places and call.channel_id not in places:
            raise UserError(store.GONE)
        acting = await self._desk.acting(call.workspace_id, call.user_id, [request.team_id])
        team = (await self._desk.teams()).get(request.team_id)
        if team is None:
            raise UserError(store.GONE)
        return request, acting, team

    async def assign_submitted(self, call: Submission) -> Reply:
        request_id = ids.request_id(call.view.private_metadata)
        to = call.value("person")
        if not to:
            raise UserError("Choose who takes it.", field="person")
        request, acting, team = await self._who_and_what(call, request_id)
        rights.check(acting, request, Move.ASSIGN, team.name)
        teams = await self._desk.teams()
        if not teams.works_queue(team, to):
            raise UserError(
                f"Only members of {team.name} can hold its requests. Choose one of them.", field="person"
            )
        person = await self._desk.deps.directory.person(to)
        if person.deleted:
            raise UserError(f"{person.name} has left. Choose somebody else.", field="person")
        return await self._do(call, request.id, queue.assign, to)

    async def priority_submitted(self, call: Submission) -> Reply:
        value = call.value("priority")
        if value not in list(Priority):
            raise UserError("Choose a priority.", field="priority")
        request_id = ids.request_id(call.view.private_metadata)
        return await self._do(call, request_id, queue.change_priority, Priority(value))

    async def snooze_submitted(self, call: Submission) -> Reply:
        request_id = ids.request_id(call.view.private_metadata)
        _, _, team = await self._who_and_what(call, request_id)
        until = move_forms.snooze_until(call.value("preset"), call.value("date"), team, call.now)
        return await self._do(call, request_id, queue.snooze, until)

    async def category_chosen(self, call: Action) -> Reply:
        """What a closed request was, chosen on its card."""
        number, name = ids.parts_of(call.value, 2)
        if name not in list(Category):
            raise UserError("That choice is from another time. Choose again on the card.")
        return await self._do(call, ids.number_in(number), categories.categorise, Category(name))

    async def decline_submitted(self, call: Submission) -> Reply:
        request_id = ids.request_id(call.view.private_metadata)
        category = move_forms.category_in(call.value("category"))
        return await self._do(call, request_id, queue.decline, call.value("reason") or "", category)

    async def duplicate_submitted(self, call: Submission) -> Reply:
        request_id = ids.request_id(call.view.private_metadata)
        number = move_forms.number_typed(call.value("number") or "")
        return await self._do(call, request_id, queue.mark_duplicate, number)


def _request_and_places(connection: Connection, request_id: int) -> tuple[Request, set[str]]:
    """The request and the channels in which its buttons stand; none while that is not known."""
    threads = [store.thread_of(connection, request_id, side) for side in _SIDES]
    known = {thread.channel for thread in threads if thread}
    return store.by_id(connection, request_id), known if all(threads) else set()


def is_at_home(call: Call) -> bool:
    """Whether it was clicked on the Home tab."""
    return isinstance(call, Action) and call.view is not None and call.view.is_home


def key_of(call: Action | Submission) -> str:
    """What names this very click or form, so that a repeated delivery is known."""
    if isinstance(call, Submission):
        return f"view:{call.view.id}"
    return f"act:{call.user_id}:{call.action_ts or call.trigger_id}:{call.action_id}"


async def link_followed(_call: Action) -> Reply:
    """A button that only opens an address needs no answer."""
    return Nothing()


Listener = Callable[[Any], Awaitable[Reply]]
