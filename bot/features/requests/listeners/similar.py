"""While the form is filled in: what others asked before, *Me too*, *That helped*."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.wire import inner
from bot.db.errors import DatabaseUnavailable
from bot.features.requests import store
from bot.features.requests.desk import Desk, check_may_ask
from bot.features.requests.domain import Request
from bot.features.requests.likeness import Found, LookAlikes
from bot.features.requests.rights import Acting
from bot.features.requests.service import joining
from bot.features.requests.store.similar import look_alikes
from bot.features.requests.thanks import is_only_thanks
from bot.features.requests.views import ask_form, ids, lists, similar
from bot.features.requests.views.similar import Answered, Around
from bot.outbox.outcomes import Outcome
from bot.slack.blocks import Block, notice
from bot.slack.calls import Action, Call, View
from bot.slack.replies import Answer, Nothing, Reply, UpdateForm
from bot.teams.domain import Team
from bot.teams.roster import Teams

# Seconds: a form that opens, and one in which somebody types, do not wait longer for what is only an offer.
PATIENCE = 1.0
# What is said right after pressing Resolve still belongs to the answer.
SAID_WITHIN = timedelta(minutes=2)
# How long we believe that a channel is open to everybody: it may be made private.
BELIEVED = timedelta(minutes=5)
MOST_FORMS = 1000


class Said(Protocol):
    """Words of the team in a card's thread that the requester read too."""

    @property
    def request_id(self) -> int: ...
    @property
    def author(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at(self) -> datetime: ...


# What the team said to the requesters of these requests, the last words first.
SaidLast = Callable[[Connection, Sequence[int]], Sequence[Said]]


class Similar:
    """What the form shows beside its fields, and the buttons on that."""

    def __init__(self, desk: Desk, said_last: SaidLast) -> None:
        self._desk = desk
        self._said_last = said_last
        self._open_places: dict[str, tuple[bool, datetime]] = {}
        # By form the last letter that was told to us: what was found for an earlier one is thrown away.
        self._typing: OrderedDict[str, str] = OrderedDict()

    async def typed(self, call: Action) -> Reply:
        """A letter more or less in the summary. Says nothing where nothing new is found, and never breaks in."""
        view = call.view
        if view is None:
            return Nothing()
        self._note(view.id, call.action_ts)
        try:
            teams = await self._desk.teams()
            team = teams.get(ask_form.chosen_team(view) or 0)
            found = await self._found(call, ask_form.summary_in(view), team, teams)
            if found is None or self._typing.get(view.id) != call.action_ts:
                return Nothing()
            if _same(view, found):
                return Nothing()
            draft = _draft(view, team, teams)
        except (DatabaseUnavailable, UserError):
            # Sending the form tells; a window for each letter would only be in the way.
            return Nothing()
        return UpdateForm(ask_form.ask_form(draft, teams.active, found), unless_changed=True)

    def _note(self, view_id: str, action_ts: str) -> None:
        self._typing[view_id] = action_ts
        self._typing.move_to_end(view_id)
        while len(self._typing) > MOST_FORMS:
            self._typing.popitem(last=False)

    async def shown(self, call: Call, summary: str, team: Team | None, teams: Teams) -> Sequence[Block]:
        """The same for a form that opens or changes; empty where it takes too long or nobody can tell just now."""
        return await self._found(call, summary, team, teams) or ()

    async def _found(
        self, call: Call, summary: str, team: Team | None, teams: Teams
    ) -> Sequence[Block] | None:
        try:
            return await asyncio.wait_for(self._look(call, summary, team, teams), PATIENCE)
        except (DatabaseUnavailable, TimeoutError):
            return None

    async def _look(self, call: Call, summary: str, team: Team | None, teams: Teams) -> Sequence[Block]:
        acting = await self._desk.acting(call.workspace_id, call.user_id, [team.id for team in teams.all])
        read = self._desk.deps.transactions.read
        found, said = await read(self._both, acting, summary, team.id if team else None)
        if not found.ids:
            return ()
        answers = await self._readable(_answers(found.solved, said), found.solved, teams)
        texts = [one.summary for one in (*found.open, *found.solved)] + [one.text for one in answers.values()]
        around = Around(
            teams={team.id: team.name for team in teams.all},
            answers=answers,
            names=await self._desk.names_in(texts),
        )
        return similar.look_alikes(found, around, call.now)

    def _both(
        self, connection: Connection, acting: Acting, summary: str, team_id: int | None
    ) -> tuple[LookAlikes, Sequence[Said]]:
        found = look_alikes(connection, acting, summary, team_id)
        solved = [one.id for one in found.solved]
        return found, self._said_last(connection, solved) if solved else ()

    async def _readable(
        self, answers: Mapping[int, Answered], solved: Sequence[Found], teams: Teams
    ) -> dict[int, Answered]:
        """The answers that this person could read otherwise too: in the team's thread, or as one concerned."""
        kept: dict[int, Answered] = {}
        for one in solved:
            team = teams.get(one.team_id)
            if one.id in answers and (one.concerns_me or (team and await self._is_open(team.triage_channel))):
                kept[one.id] = answers[one.id]
        return kept

    async def _is_open(self, channel: str) -> bool:
        """Whether everybody of the workspace can read this channel, as Slack says ("conversations.info")."""
        now = self._desk.deps.clock.now()
        known = self._open_places.get(channel)
        if known and now - known[1] < BELIEVED:
            return known[0]
        try:
            place = inner(await self._desk.deps.slack.call("conversations.info", channel=channel), "channel")
        except Outcome:
            return False
        is_open = bool(place) and not any(place.get(key) for key in ("is_private", "is_im", "is_mpim"))
        self._open_places[channel] = (is_open, now)
        return is_open

    async def me_too(self, call: Action) -> Reply:
        """One more asker of an open request; the form closes with a sentence."""
        request_id = ids.request_id(call.value)
        acting = await self._acting(call, request_id)
        joined = await self._desk.deps.transactions.run(joining.join, request_id, acting)
        return _closed(call, similar.joined(joined.request, joined.people, again=joined.again))

    async def helped(self, call: Action) -> Reply:
        """An old answer was enough: the form closes, nothing is filed."""
        request_id = ids.request_id(call.value)
        acting = await self._acting(call, request_id)
        request = await self._desk.deps.transactions.run(joining.helped, request_id, acting)
        return _closed(call, similar.helped(request))

    async def _acting(self, call: Action, request_id: int) -> Acting:
        request: Request = await self._desk.deps.transactions.read(store.by_id, request_id)
        team = (await self._desk.teams()).get(request.team_id)
        if team is None:
            raise UserError(store.GONE)
        place = ask_form.unpack(call.view.private_metadata).origin.channel if call.view else call.channel_id
        check_may_ask(await self._desk.deps.directory.person(call.user_id), team, place, call.workspace_id)
        return await self._desk.acting(call.workspace_id, call.user_id, [team.id])


def _same(view: View, found: Sequence[Block]) -> bool:
    return similar.ids_in(view.blocks) == similar.ids_in(found)


def _draft(view: View, team: Team | None, teams: Teams) -> ask_form.Draft:
    carried = ask_form.unpack(view.private_metadata)
    source = teams.source_of(team, carried.requester, carried.origin.channel) if team else None
    readers = ask_form.readers_of(team) if carried.readers else None
    return ask_form.with_team(view, team, source, readers)


def _answers(solved: Sequence[Found], said: Sequence[Said]) -> dict[int, Answered]:
    """Of each the last words before it was closed that say more than thanks."""
    closed = {one.id: one.closed_at for one in solved}
    answers: dict[int, Answered] = {}
    for one in said:
        at = closed.get(one.request_id)
        if one.request_id in answers or at is None or one.at > at + SAID_WITHIN:
            continue
        if one.text.strip() and not is_only_thanks(one.text):
            answers[one.request_id] = Answered(author=one.author, text=one.text)
    return answers


def _closed(call: Action, text: str) -> Reply:
    """In place of the form: Slack closes none from a button (its page "Modals")."""
    return UpdateForm(notice("Ask a team", text)) if call.view else Answer(lists.plain(text))
