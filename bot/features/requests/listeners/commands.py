"""`/ask-team` and `/triage`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core.errors import NotAllowed, UserError
from bot.core.figures import Figures
from bot.features.requests import queries, store
from bot.features.requests.asking import Ask, Look, parse_ask, parse_look
from bot.features.requests.desk import Desk
from bot.features.requests.domain import Door, NewRequest, Origin
from bot.features.requests.queries import Listing
from bot.features.requests.rights import Acting, may_see
from bot.features.requests.service import queue
from bot.features.requests.store import counting
from bot.features.requests.values import Page
from bot.features.requests.views import ask_form, lists, words
from bot.features.requests.views.lists import Around, Titled
from bot.slack.calls import Action, Command
from bot.slack.links import permalink
from bot.slack.mrkdwn import escape
from bot.slack.replies import Answer, OpenForm, Reply
from bot.teams.domain import Team
from bot.teams.help import help_for
from bot.teams.roster import Teams
from bot.teams.words import ASK_TEAM, TRIAGE, unknown

NO_TEAMS = (
    "No team is set up yet. A workspace admin sets one up with `/triage new-team`, or whoever runs Frontdesk by a "
    "teams file."
)


# What other slices do at a word of `/triage`; the team is the one that is named beside it.
Words = Mapping[str, Callable[[Command, Team | None], Awaitable[Reply]]]
# Counts in a connection's snapshot what the person who asks may read: as of an instant, what came in since another.
Count = Callable[[Connection, datetime, datetime], Figures]
# Shows what was counted of these teams; another slice does.
Report = Callable[[Command, Sequence[Team], Count], Awaitable[Reply]]


class Commands:
    """The slash commands of requests."""

    def __init__(self, desk: Desk, report: Report, words_of_others: Words) -> None:
        self._desk = desk
        self._report = report
        self._words_of_others = words_of_others

    async def ask_team(self, call: Command) -> Reply:
        teams = await self._desk.teams()
        ask = parse_ask(words.as_typed(call.text), teams, call.channel_id)
        if ask.kind == "help":
            return Answer(lists.plain(await help_for(ASK_TEAM, self._desk.deps.directory, call)))
        if not teams.active:
            raise UserError(NO_TEAMS)
        if ask.team is not None and not ask.team.active:
            raise UserError(f"{ask.team.name} takes no new requests any more. Name another team.")
        if ask.kind == "form" or ask.team is None:
            return self._form(call, ask, teams)
        return await self._file(call, ask.team, ask.text)

    def _form(self, call: Command, ask: Ask, teams: Teams) -> Reply:
        origin = Origin(door=Door.FORM, channel=call.channel_id, private=call.in_private)
        source = teams.source_of(ask.team, call.user_id, call.channel_id) if ask.team else None
        draft = ask_form.draft_of(
            ask.text, origin=origin, requester=call.user_id, team=ask.team, source=source
        )
        return OpenForm(ask_form.ask_form(draft, teams.active, nearly=ask.nearly))

    async def _file(self, call: Command, team: Team, text: str) -> Reply:
        new = NewRequest(
            team_id=team.id,
            summary=text,
            requester=call.user_id,
            filed_by=call.user_id,
            origin=Origin(door=Door.COMMAND, channel=call.channel_id, private=call.in_private),
            line=f"{team.key} {text}",
        )
        key = f"cmd:{call.trigger_id}" if call.trigger_id else None
        filed = await self._desk.file(new, team, call.workspace_id, place=call.channel_id, key=key)
        if filed.already:
            return Answer(
                lists.plain(f"That is recorded already as *#{filed.number}*. Nothing was filed twice.")
            )
        duty = self._desk.on_duty(team)
        on_duty = f" {words.person(duty)} is on duty." if duty else ""
        said = f"*#{filed.number}* is with *{escape(team.name)}*.{on_duty} I will tell you in a direct message how it goes."
        return Answer(lists.plain(said))

    async def triage(self, call: Command) -> Reply:
        teams = await self._desk.teams()
        look = parse_look(words.as_typed(call.text), teams)
        if look.kind == "help":
            return Answer(lists.plain(await help_for(TRIAGE, self._desk.deps.directory, call)))
        if look.kind in self._words_of_others:
            return await self._words_of_others[look.kind](call, look.team)
        if look.kind == "unknown":
            raise unknown(TRIAGE, look.rest, teams, look.team)
        if look.kind == "one":
            return await self._one(call, look.number)
        if look.kind == "next":
            return await self._next(call, look, teams)
        if look.kind == "mine":
            return await self.page(call, Listing(kind="mine", team_ids=()), _MINE, False)
        return await self._list(call, look, teams)

    async def _list(self, call: Command, look: Look, teams: Teams) -> Reply:
        chosen = _scope(look, teams, call)
        title = " and ".join(team.name for team in chosen)
        team_ids = tuple(team.id for team in chosen)
        if look.kind == "stats":
            return await self._stats(call, chosen)
        listing = Listing(kind="all" if look.kind == "all" else "open", team_ids=team_ids)
        return await self.page(call, listing, titled(listing, title), False)

    async def _stats(self, call: Command, chosen: Sequence[Team]) -> Reply:
        team_ids = [team.id for team in chosen]
        acting = await self._desk.acting(call.workspace_id, call.user_id, team_ids)

        def count(connection: Connection, now: datetime, since: datetime) -> Figures:
            return counting.figures(connection, acting, team_ids, now, since)

        return await self._report(call, chosen, count)

    async def more(self, call: Action) -> Reply:
        """The button to the next page."""
        listing = queries.unpack(call.value)
        teams = await self._desk.teams()
        named = [team.name for team in teams.all if team.id in listing.team_ids]
        return await self.page(call, listing, titled(listing, " and ".join(named)), True)

    async def page(self, call: Command | Action, listing: Listing, heading: Titled, replace: bool) -> Reply:
        """The list as far as this person may read it, in place of the page before with `replace`."""
        acting = await self._desk.acting(call.workspace_id, call.user_id, listing.team_ids)
        found: Page = await self._desk.deps.transactions.read(queries.page, acting, listing)
        names = await self._desk.names_in([request.summary for request in found.requests])
        shown = lists.page(found, heading, call.now, await self._team_names(found), names)
        return Answer(shown, replace=replace)

    async def _team_names(self, found: Page) -> dict[int, str]:
        ids = {request.team_id for request in found.requests}
        teams = await self._desk.teams()
        return {team.id: team.name for team in teams.all if team.id in ids} if len(ids) > 1 else {}

    async def _one(self, call: Command, number: int) -> Reply:
        read = self._desk.deps.transactions.read
        request = await read(store.by_number, call.workspace_id, number)
        acting = await self._desk.acting(call.workspace_id, call.user_id, [request.team_id])
        team = (await self._desk.teams()).get(request.team_id)
        if team is None or not may_see(acting, request):
            raise UserError(store.GONE)
        history = await read(store.history, request.id)
        card = await read(store.thread_of, request.id, "card")
        original = await read(store.by_id, request.duplicate_of) if request.duplicate_of else None
        link = permalink(self._desk.deps.slack.identity, card.channel, card.thread_ts) if card else None
        around = Around(
            original=original.number if original else None,
            card_link=link,
            names=await self._desk.names_in([request.summary]),
        )
        return Answer(lists.one(request, history, team.zone, around))

    async def _next(self, call: Command, look: Look, teams: Teams) -> Reply:
        scope = look.team or teams.of_channel(call.channel_id, removed=True)
        acting = await self._desk.acting(call.workspace_id, call.user_id, [scope.id] if scope else [])
        team_ids = _worked(acting, scope)
        if not team_ids:
            whose = scope.name if scope else "a team"
            raise NotAllowed(f"Only members of {whose} can take requests from its queue.")
        key = f"cmd:{call.user_id}:{call.trigger_id}"
        request = await self._desk.deps.transactions.run(queue.claim_next, team_ids, acting, key)
        if request is None:
            return Answer(lists.plain("Nothing waits to be claimed. :tada:"))
        return Answer(lists.claimed(request, await self._desk.names_in([request.summary])))


_MINE = Titled(title="Yours", empty="You hold no open request. `/triage next` takes the first unclaimed one.")


def titled(listing: Listing, teams: str) -> Titled:
    """The heading of a list, and what is said when it is empty."""
    if listing.kind == "mine":
        return _MINE
    if listing.kind == "all":
        return Titled(title=f"{teams}: all requests, newest first", empty=f"{teams} has no requests yet.")
    return Titled(title=f"{teams}: open requests", empty=f"{teams} has no open requests. :tada:")


def _scope(look: Look, teams: Teams, call: Command) -> list[Team]:
    """The teams a list is about: the one named, the channel's, the person's, the only one."""
    team = look.team or teams.of_channel(call.channel_id, removed=True)
    if team:
        return [team]
    own = list(teams.of_person(call.user_id))
    only = teams.only()
    if own or only:
        return own or [team for team in (only,) if team]
    if not teams.active:
        raise UserError(NO_TEAMS)
    keys = ", ".join(f"`{team.key}`" for team in teams.active[:20])
    raise UserError(f"Which team? Type `/triage` with one of {keys}, or type it in a team's channel.")


def _worked(acting: Acting, scope: Team | None) -> list[int]:
    if scope is None:
        return sorted(acting.works)
    return [scope.id] if acting.works_queue_of(scope.id) else []
