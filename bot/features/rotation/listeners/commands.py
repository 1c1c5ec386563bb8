"""`/rotation` and its words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.text import plain
from bot.features.rotation import asking, domain
from bot.features.rotation.deliveries.packs import Packs
from bot.features.rotation.desk import Desk, team_for
from bot.features.rotation.domain import Gap, Shift
from bot.features.rotation.feeds import Feeds
from bot.features.rotation.handed import CountHandled, CountOpen
from bot.features.rotation.service import changes, covering, handing, picking
from bot.features.rotation.service.changes import Made, Wish
from bot.features.rotation.standing import Standing, zone_of
from bot.features.rotation.store import changes as rows
from bot.features.rotation.store import covers, handoffs
from bot.features.rotation.store import standing as store
from bot.features.rotation.views import answers, words
from bot.features.rotation.views.answers import Overview
from bot.slack import mrkdwn
from bot.slack.calls import Call, Command
from bot.slack.replies import Answer, Reply
from bot.teams.domain import Team
from bot.teams.help import help_for
from bot.teams.names import people_in
from bot.teams.words import ROTATION

NEXT = 10
# A quarter of a year: what fairness is counted over.
LATELY = timedelta(days=92)
TRIED = ("override", "swap", "skip")


class Commands:
    """One function for each word."""

    def __init__(
        self, desk: Desk, packs: Packs, feeds: Feeds, handled: CountHandled, count_open: CountOpen
    ) -> None:
        self._desk = desk
        self._packs = packs
        self._feeds = feeds
        self._handled = handled
        self._count_open = count_open
        self._run = desk.deps.transactions.run
        self._read = desk.deps.transactions.read

    async def rotation(self, call: Command) -> Reply:
        """Who is on duty, or what the word asks for."""
        teams = await self._desk.teams()
        line = asking.parse(call.text, teams)
        if line.word == "help":
            return Answer(words.said(await help_for(ROTATION, self._desk.deps.directory, call)))
        team = team_for(call, line, teams)
        await self._desk.check_may_see(call, team, call.channel_id)
        if line.word == "":
            return await self._now(call, team)
        if line.word == "list":
            return await self._list(call, team, line.rest)
        await self._desk.check_may_change(call, team)
        words_ = {
            "override": self._override,
            "swap": self._swap,
            "skip": self._skip,
            "take": self._take,
            "cover": self._cover,
            "undo": self._undo,
            "preview": self._preview,
            "note": self._note,
            "pack": self._pack,
            "calendar": self._calendar,
        }
        return await words_[line.word](call, team, line.rest)

    async def _now(self, call: Command, team: Team) -> Reply:
        standing = await self._standing(team, call.now)
        may_act = await self._desk.may_change(call, team)
        off = self._desk.what_is_off(team) if may_act else ()
        return Answer(answers.now(standing, call.now, zone_of(team), off=off, may_act=may_act))

    async def _standing(self, team: Team, now: datetime) -> Standing:
        found = await self._read(store.of_team, team, now - store.LATELY)
        assert found is not None
        return found

    async def _list(self, call: Command, team: Team, rest: str) -> Reply:
        days = asking.parse_days(rest, call.now, zone_of(team))
        if days is not None:
            pieces = (await self._standing(team, call.now)).shifts(*days)
            return Answer(answers.days(team, pieces, zone_of(team)))
        standing, seen = await self._read(partial(_overview, handled=self._handled), team, call.now)
        is_ours = await self._desk.may_change(call, team)
        return Answer(answers.overview(standing, seen, zone_of(team), is_ours=is_ours))

    async def _wish(self, call: Command, team: Team, rest: str, word: str) -> Wish:
        zone = zone_of(team)
        how, after = asking.parse_pick(rest) if word == "override" else (None, rest)
        if how is not None:
            start, end = asking.parse_span(after, call.now, zone)
            at = max(start or call.now, call.now)
            person = await self._read(picking.pick, team, how, at, self._count_open)
            return Wish(by=call.user_id, person=person, start=start, end=end)
        person, after = asking.parse_person(rest, word)
        await self._desk.check_can_have(team, person, by=call.user_id)
        if word == "skip":
            return Wish(by=call.user_id, person=person, end=asking.parse_until(after, call.now, zone))
        start, end = asking.parse_span(after, call.now, zone)
        return Wish(by=call.user_id, person=person, start=start, end=end)

    async def _override(self, call: Command, team: Team, rest: str) -> Reply:
        wish = await self._wish(call, team, rest, "override")
        return self.done(team, await self._run(changes.override, team, wish), call.now)

    def done(self, team: Team, made: Made, now: datetime) -> Reply:
        """The change is made: everybody here knows it at once."""
        self._desk.board.put(made.standing)
        pieces = made.standing.shifts(max(now, made.start), made.end)[:NEXT]
        return Answer(answers.changed(made.standing, pieces, made.id, zone_of(team)))

    async def _swap(self, call: Command, team: Team, rest: str) -> Reply:
        other = await self._other(team, rest)
        return self.done(team, await self._run(changes.swap, team, call.user_id, other), call.now)

    async def _other(self, team: Team, rest: str) -> str:
        other, after = asking.parse_person(rest, "swap")
        if after:
            raise UserError(
                "A swap trades your current or next turn for theirs, so it needs no dates. "
                "`/rotation override @somebody FROM UNTIL` gives single hours away."
            )
        await self._desk.check_can_have(team, other)
        return other

    async def _skip(self, call: Command, team: Team, rest: str) -> Reply:
        wish = await self._wish(call, team, rest, "skip")
        return self.done(team, await self._run(changes.skip, team, wish), call.now)

    async def _take(self, call: Command, team: Team, rest: str) -> Reply:
        if rest:
            raise UserError("`/rotation take` takes it from now until the shift ends; it needs nothing more.")
        return await self.take(call, team)

    async def take(self, call: Call, team: Team) -> Reply:
        """*Take it now*."""
        await self._desk.check_can_have(team, call.user_id, by=call.user_id)
        made = await self._run(changes.override, team, Wish(by=call.user_id, person=call.user_id))
        return self.done(team, made, call.now)

    async def _cover(self, call: Command, team: Team, rest: str) -> Reply:
        start, end = asking.parse_span(rest, call.now, zone_of(team))
        wish = Wish(by=call.user_id, person=call.user_id, start=start, end=end)
        return await self.cover(call, team, wish)

    async def cover(self, call: Call, team: Team, wish: Wish) -> Reply:
        """*Find cover*."""
        cover = await self._run(covering.look_for, team, wish)
        hours = words.span(cover.start, cover.end, zone_of(team))
        told = f"I have asked in the channel of {mrkdwn.escape(team.name)} who can cover {hours}, and ask again as it comes nearer."
        return Answer(words.said(f"{told} `/rotation undo cover` stops that."))

    async def _undo(self, call: Command, team: Team, rest: str) -> Reply:
        word = rest.casefold()
        if word == "cover":
            await self._run(covering.stop, team, call.user_id, leads=self._desk.leads(call, team))
            return Answer(words.said("The channel is not asked any more."))
        if word and not (word.isascii() and word.isdigit() and len(word) <= 15):
            raise UserError(
                "Write the change's number, such as `/rotation undo 12`: `/rotation list` shows them."
            )
        return await self.undo(call, team, int(word) if word else None)

    async def undo(self, call: Call, team: Team, change_id: int | None) -> Reply:
        """*Undo*."""
        made = await self._run(changes.withdraw, team, call.user_id, change_id)
        self._desk.board.put(made.standing)
        pieces = made.standing.shifts(max(call.now, made.start), made.end)[:NEXT]
        lines = "\n".join(words.line(one, zone_of(team)) for one in pieces)
        return Answer(words.said(f"Taken back. How it is now:\n{lines}"))

    async def _preview(self, call: Command, team: Team, rest: str) -> Reply:
        word, more = (*rest.split(None, 1), "", "")[:2]
        if word.casefold() not in TRIED:
            raise UserError(
                "Preview works with override, swap and skip. Write it as you would do it: "
                "`/rotation preview override @bob tomorrow`."
            )
        tried = await self._tried(call, team, word.casefold(), more.strip())
        pieces = domain.coming(tried.rotation, tried.overrides, tried.absences, call.now, NEXT)
        # What was changed a moment ago leaves a piece that nobody can see on a clock.
        seen = [one for one in pieces if one.end - one.start >= timedelta(minutes=1)]
        return Answer(answers.preview(tried, seen, zone_of(team)))

    async def _tried(self, call: Command, team: Team, word: str, rest: str) -> Standing:
        if word == "swap":
            other = await self._other(team, rest)
            return (await self._run(changes.swap, team, call.user_id, other, keep=False)).standing
        wish = await self._wish(call, team, rest, word)
        if word == "skip":
            return (await self._run(changes.skip, team, wish, keep=False)).standing
        return (await self._run(changes.try_override, team, wish)).standing

    async def _note(self, call: Command, team: Team, rest: str) -> Reply:
        # What Slack escaped and mentioned is kept in words.
        said = plain(mrkdwn.read(rest, await people_in(self._desk.deps.directory, rest)))
        await self._run(handing.leave_note, team, call.user_id, said)
        return Answer(
            words.said("Kept for whoever is on duty next. `/rotation pack` shows all that is handed on.")
        )

    async def _pack(self, call: Command, team: Team, _rest: str) -> Reply:
        last = await self._read(handoffs.last_of, team.id)
        mine = last if last is not None and last.person == call.user_id else None
        return Answer(await self._packs.message(team, mine))

    async def _calendar(self, call: Command, team: Team, rest: str) -> Reply:
        renew = rest.casefold() == "new"
        if rest and not renew:
            raise UserError(
                "`/rotation calendar` shows the addresses; `/rotation calendar new` makes new ones."
            )
        whole, own = await self._feeds.addresses(team, call.user_id, renew=renew)
        return Answer(answers.calendars(team.name, whole, own))


def _overview(
    connection: Connection, team: Team, now: datetime, *, handled: CountHandled
) -> tuple[Standing, Overview]:
    standing = store.of_team(connection, team, now - store.LATELY)
    past = store.of_team(connection, team, now - LATELY, history=True)
    assert standing is not None and past is not None
    had: Sequence[Shift | Gap] = past.shifts(now - LATELY, now)
    seen = Overview(
        coming=standing.coming(now, NEXT),
        changes=rows.standing_ones(connection, team.id, now),
        covers=covers.open_of(connection, team.id, now),
        totals=domain.totals(had, zone_of(team)),
        handled=handled(connection, team.id, now - LATELY),
    )
    return standing, seen
