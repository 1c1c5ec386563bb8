"""The other doors: shortcuts, the form, the offer's button, the question before something private leaves."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.errors import UserError
from bot.core.wire import inner
from bot.db.errors import DatabaseUnavailable
from bot.features.requests import offers, store
from bot.features.requests.desk import Desk, team_or_refuse
from bot.features.requests.domain import Door, NewRequest, Origin
from bot.features.requests.listeners.commands import NO_TEAMS
from bot.features.requests.listeners.similar import Similar
from bot.features.requests.service import pick_up
from bot.features.requests.views import ask_form, ids, lists, words
from bot.features.requests.views.ask_form import Draft
from bot.outbox.outcomes import Outcome, Parked, Refused
from bot.slack.calls import Action, Shortcut, Submission, is_private_place
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, Nothing, OpenForm, Reply, UpdateForm
from bot.teams.roster import Teams

_ALREADY = "That message is *{label}* already. Write in its thread to add something."


class Doors:
    """Shortcuts, forms and buttons that lead to a new request."""

    def __init__(self, desk: Desk, similar: Similar) -> None:
        self._desk = desk
        self._similar = similar

    async def ask_shortcut(self, call: Shortcut | Action) -> Reply:
        """*Ask a team*, as a shortcut and as a button."""
        teams = await self._teams()
        team = teams.only()
        draft = Draft(
            origin=Origin(door=Door.FORM),
            requester=call.user_id,
            team_id=team.id if team else None,
            source=teams.source_of(team, call.user_id, None) if team else None,
        )
        return OpenForm(ask_form.ask_form(draft, teams.active))

    async def send_to_triage(self, call: Shortcut) -> Reply:
        message = call.message or {}
        if not call.channel_id or not message.get("ts"):
            raise UserError("I cannot see that message. Copy its text into `/ask-team`.")
        teams = await self._teams()
        already = await self._filed_already(call, str(message["ts"]))
        if already:
            return Answer(lists.plain(_ALREADY.format(label=already)))
        draft = _draft_of(call, message, teams)
        team = teams.get(draft.team_id) if draft.team_id else None
        shown = await self._similar.shown(call, draft.summary, team, teams)
        return OpenForm(ask_form.ask_form(draft, teams.active, shown))

    async def _filed_already(self, call: Shortcut, ts: str) -> str | None:
        try:
            request = await self._desk.deps.transactions.read(
                store.of_message, call.workspace_id, call.channel_id or "", ts
            )
        except DatabaseUnavailable:
            # The form must open within three seconds; sending it will tell.
            return None
        return request.label if request else None

    async def _teams(self) -> Teams:
        teams = await self._desk.teams()
        if not teams.active:
            raise UserError(NO_TEAMS)
        return teams

    async def team_chosen(self, call: Action) -> Reply:
        """Another team in the form: its components, and as whom the person asks it."""
        if call.view is None:
            return Nothing()
        teams = await self._desk.teams()
        team = team_or_refuse(teams, ask_form.chosen_team(call.view))
        carried = ask_form.unpack(call.view.private_metadata)
        source = teams.source_of(team, carried.requester, carried.origin.channel)
        readers = ask_form.readers_of(team) if carried.readers else None
        draft = ask_form.with_team(call.view, team, source, readers)
        shown = await self._similar.shown(call, draft.summary, team, teams)
        return UpdateForm(ask_form.ask_form(draft, teams.active, shown))

    async def ask_submitted(self, call: Submission) -> Reply:
        teams = await self._desk.teams()
        team = team_or_refuse(teams, ask_form.chosen_team(call.view))
        new = await self._reachable(ask_form.parse_form(call, team))
        filed = await self._desk.file(
            new, team, call.workspace_id, place=new.origin.channel, key=f"view:{call.view.id}"
        )
        if filed.already:
            return Answer(lists.plain(_ALREADY.format(label=f"#{filed.number}")))
        return Nothing()

    async def _reachable(self, new: NewRequest) -> NewRequest:
        """A message in a place where the bot is not: its asker is answered by direct message."""
        if new.origin.door is not Door.SHORTCUT or not new.origin.channel:
            return new
        asking = self._desk.deps.slack.call("conversations.info", channel=new.origin.channel)
        try:
            place = inner(await asyncio.wait_for(asking, 1.0), "channel")
            closed = not (place.get("is_member") or place.get("is_im"))
        except (Parked, Refused):
            closed = True
        except (Outcome, TimeoutError):
            # Slack does not tell just now: most places are open to us.
            closed = False
        return replace(new, origin=replace(new.origin, door=Door.ELSEWHERE)) if closed else new

    async def offer_accepted(self, call: Action) -> Reply:
        """Files what was written to the bot, or opens the form when the team is not clear."""
        channel, ts, team_id = ids.parts_of(call.value, 3)
        teams = await self._teams()
        offer = await self._desk.deps.transactions.read(offers.find, channel, ts)
        if offer is None or call.user_id != offer.user_id:
            raise UserError(
                "Only the one who wrote it can file it. Write it to me yourself, or use `/ask-team`."
            )
        team = teams.get(ids.number_in(team_id))
        if team is None or not team.active:
            return OpenForm(ask_form.ask_form(_draft_of_offer(offer), teams.active))
        new = NewRequest(
            team_id=team.id,
            summary=offer.text,
            requester=offer.user_id,
            filed_by=call.user_id,
            origin=offer.origin,
        )
        filed = await self._desk.file(new, team, call.workspace_id, place=channel, key=None)
        already = "is already" if filed.already else "is"
        return Answer(lists.plain(f"*#{filed.number}* {already} with *{escape(team.name)}*."), replace=False)

    async def share_confirmed(self, call: Action) -> Reply:
        """The one who used the emoji agrees: the message is picked up for this team."""
        channel, ts, team_id = ids.parts_of(call.value, 3)
        if call.channel_id not in (None, channel):
            raise UserError("That message is not in this channel. Use the emoji on it again.")
        team = team_or_refuse(await self._desk.teams(), ids.number_in(team_id))
        await self._desk.deps.transactions.run(
            pick_up.wish, channel=channel, ts=ts, user_id=call.user_id, team_ids=[team.id], agreed=True
        )
        said = f"Thank you. It goes to *{escape(team.name)}*; watch its thread."
        return Answer(lists.plain(said), replace=True)


def _draft_of(call: Shortcut, message: Mapping[str, Any], teams: Teams) -> Draft:
    channel = call.channel_id or ""
    author = message.get("user")
    by_person = isinstance(author, str) and not message.get("bot_id")
    origin = Origin(
        door=Door.SHORTCUT,
        channel=channel,
        ts=str(message["ts"]),
        thread_ts=message.get("thread_ts"),
        private=is_private_place(channel, call.channel_name),
    )
    team = teams.of_channel(channel) or teams.only()
    requester = str(author) if by_person else call.user_id
    source = teams.source_of(team, requester, channel) if team else None
    text = words.text_of_message(message)
    return ask_form.draft_of(text, origin=origin, requester=requester, team=team, source=source)


def _draft_of_offer(offer: offers.Offer) -> Draft:
    return ask_form.draft_of(offer.text, origin=offer.origin, requester=offer.user_id, team=None, source=None)
