"""`/standup` and its words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.core.calendar import local_date
from bot.core.errors import UserError
from bot.core.text import plain
from bot.features.standup import asking
from bot.features.standup.asking import Away
from bot.features.standup.domain.checkins import Checkin, Round, Turn
from bot.features.standup.domain.figures import Figures, figures
from bot.features.standup.domain.people import Calendar
from bot.features.standup.listeners.answering import Answering
from bot.features.standup.listeners.desk import NO_TEAM, Desk, calendar
from bot.features.standup.names import names_of
from bot.features.standup.service import opening, skipping
from bot.features.standup.store import blockers, rows
from bot.features.standup.store import figures as figure_store
from bot.features.standup.views import away_form, ids, report, settings_form, status, words
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.calls import Call, Command, Submission
from bot.slack.mrkdwn import escape, read
from bot.slack.replies import Answer, FormErrors, Nothing, OpenForm, Reply
from bot.teams import absences, choices
from bot.teams.domain import Team
from bot.teams.help import help_for
from bot.teams.lines import Line
from bot.teams.plans import StandupPlan
from bot.teams.presence import Absence, Choices
from bot.teams.roster import Teams
from bot.teams.words import STANDUP

WEEKS = timedelta(weeks=4)
MOST_COMING = 5
ONLY_MEMBERS = "Only members of {team} have its check-ins."


class Commands:
    """One function for each word."""

    def __init__(self, desk: Desk, answering: Answering) -> None:
        self._desk = desk
        self._answering = answering
        self._run = desk.deps.transactions.run
        self._read = desk.deps.transactions.read

    async def standup(self, call: Command) -> Reply:
        """The form, or what the word asks for."""
        teams = await self._desk.teams()
        line = asking.parse(call.text, teams)
        if line.word == "help":
            return Answer(status.said(await help_for(STANDUP, self._desk.deps.directory, call)))
        if line.word == "settings":
            return await self._settings(call)
        team = _team_for(call, line, teams)
        words_ = {
            "": self._form,
            "status": self._status,
            "when": self._when,
            "skip": self._skip,
            "resume": self._resume,
            "away": self._away,
            "report": self._report,
        }
        return await words_[line.word](call, team, line.rest)

    async def _form(self, call: Command, team: Team, _rest: str) -> Reply:
        await self._check_member(call, team)
        members = await self._desk.members(team)
        turn = await self._read(_turn_for, team, members, call)
        return await self._answering.form_for(team, turn, call.user_id, call.now)

    async def _check_member(self, call: Command, team: Team) -> None:
        if not (await self._desk.teams()).is_member(team, call.user_id):
            raise UserError(ONLY_MEMBERS.format(team=team.name))

    async def _status(self, call: Command, team: Team, _rest: str) -> Reply:
        await self._desk.check_works(call, team)
        found = await self._read(_today, team, call.now)
        names = await names_of(
            self._desk.deps.directory, [one.user_id for _, those in found for one in those]
        )
        return Answer(status.status(team.name, found, names, call.now, await self._zone(call, team)))

    async def _zone(self, call: Command, team: Team) -> str:
        return (await self._desk.deps.directory.person(call.user_id)).tz or team.timezone

    async def _when(self, call: Command, team: Team, _rest: str) -> Reply:
        whose = ""
        if not (await self._desk.teams()).is_member(team, call.user_id):
            await self._desk.check_works(call, team)
            whose = team.name
        members = await self._desk.members(team)
        found = await self._read(_coming, team, members, call)
        return Answer(status.when(found, await self._zone(call, team), whose))

    async def _skip(self, call: Command, team: Team, rest: str) -> Reply:
        await self._check_member(call, team)
        members = await self._desk.members(team)
        today = await self._read(_today_of, team, members, call)
        last, reason = asking.parse_skip(rest, today)
        if last is not None:
            wish = Away(person=None, first=today, last=last, reason=as_said(reason))
            return await self._set_away(call, team, wish)
        skipped = await self._run(_skip_today, team, members, call, reason)
        if not skipped:
            raise UserError(
                "There is no check-in of yours left today. `/standup when` says when the next one is."
            )
        those = words.listed([one.name for one in skipped])
        return Answer(status.said(f"You skip today: {those}. `/standup resume` takes it back."))

    async def _resume(self, call: Command, team: Team, rest: str) -> Reply:
        other = asking.parse_other(rest)
        if other is not None and other != call.user_id:
            return await self._resume_other(call, team, other)
        await self._check_member(call, team)
        found = await self._run(_resume, await self._all_of(team, call.user_id), call)
        return Answer(status.back(found))

    async def _resume_other(self, call: Command, team: Team, other: str) -> Reply:
        if not await self._desk.leads(call, team):
            raise UserError(f"Only the lead of {team.name} writes down that others are back.")
        if not (await self._desk.teams()).works_queue(team, other):
            raise UserError(f"That person is not in {team.name}. Name somebody of the team.")
        found = await self._run(_resume, await self._all_of(team, other), replace(call, user_id=other))
        name = escape((await self._desk.deps.directory.person(other)).name)
        was_away = found.ended or found.dropped
        told = f"{name} is back." if was_away else f"{name} was not written down as away."
        return Answer(status.said(told))

    async def _all_of(self, team: Team, user_id: str) -> list[tuple[Team, Sequence[str]]]:
        """This team, and the person's others: whoever is away is away from all of them."""
        teams = await self._desk.teams()
        others = [
            one
            for one in teams.active
            if one.standups and one.id != team.id and teams.is_member(one, user_id)
        ]
        return [(one, await self._desk.members(one)) for one in (team, *others)]

    async def _away(self, call: Command, team: Team, rest: str) -> Reply:
        members = await self._desk.members(team)
        today = await self._read(_today_of, team, members, call)
        if rest:
            wish = asking.parse_away(rest, today)
            return await self._set_away(call, team, replace(wish, reason=as_said(wish.reason)))
        leads = await self._desk.leads(call, team)
        if not leads and not (await self._desk.teams()).works_queue(team, call.user_id):
            raise UserError(ONLY_MEMBERS.format(team=team.name))
        return OpenForm(away_form.build(team.id, today, call.user_id, for_others=leads))

    async def away_submitted(self, call: Submission) -> Reply:
        """*Away* was sent."""
        team_id = ids.id_in(call.view.private_metadata)
        if team_id is None:
            raise UserError("This form is from another time. `/standup away` opens the present one.")
        team = await self._desk.team(team_id)
        today = await self._read(_today_of, team, await self._desk.members(team), call)
        person, first, last, reason = away_form.read(call)
        if last < today:
            raise UserError("That day is in the past. Choose the last day.", field=away_form.UNTIL)
        return await self._set_away(call, team, Away(person=person, first=first, last=last, reason=reason))

    async def _set_away(self, call: Call, team: Team, wish: Away) -> Reply:
        user_id = wish.person or call.user_id
        teams = await self._desk.teams()
        if user_id != call.user_id and not await self._desk.leads(call, team):
            raise UserError(f"Only the lead of {team.name} writes down when others are away.")
        if user_id == call.user_id and not teams.works_queue(team, user_id):
            raise UserError(ONLY_MEMBERS.format(team=team.name))
        if not teams.works_queue(team, user_id):
            words_ = f"That person is not in {team.name}. Name somebody of the team."
            raise UserError(words_, field=away_form.PERSON)
        absence, longest = await self._run(_set_away, await self._all_of(team, user_id), call, wish, user_id)
        is_own = user_id == call.user_id
        name = "" if is_own else (await self._desk.deps.directory.person(user_id)).name
        return Answer(status.away(name, absence, longest))

    async def _report(self, call: Command, team: Team, _rest: str) -> Reply:
        await self._desk.check_works(call, team)
        found, open_ones = await self._read(_report, team, call.now)
        people = [user_id for one in found for user_id in one.people]
        names = await names_of(self._desk.deps.directory, [*people, *(one.user_id for one in open_ones)])
        today = local_date(call.now, team.zone)
        return Answer(report.report(team.name, found, names, open_ones, today))

    async def _settings(self, call: Command) -> Reply:
        found = await self._read(choices.of_people, [call.user_id])
        zone = (await self._desk.deps.directory.person(call.user_id)).tz or "not known"
        return OpenForm(settings_form.build(found.get(call.user_id, Choices()), zone))

    async def settings_submitted(self, call: Submission) -> Reply:
        """*My check-ins* was sent."""
        remind, places, wrong = settings_form.read(call)
        if wrong:
            told = (
                f"I do not know the holidays of {wrong[0][:20]}. Write a country's code, such as PL or DE-BY."
            )
            return FormErrors({"places": told})
        await self._run(_choose, call.user_id, Choices(reminders=remind, holidays=places))
        return Nothing()


def _team_for(call: Command, line: Line, teams: Teams) -> Team:
    """The team named, else the channel's, else the person's only one. Raises UserError."""
    with_check_ins = [team for team in teams.active if team.standups]
    if not with_check_ins:
        raise UserError(NO_TEAM)
    if line.team is not None:
        return line.team
    here = [
        team
        for team in with_check_ins
        if call.channel_id in team.channels or any(one.channel == call.channel_id for one in team.standups)
    ]
    own = [team for team in teams.of_person(call.user_id) if team.standups]
    for found in (here, own, with_check_ins):
        if len(found) == 1:
            return found[0]
    keys = words.listed([f"`{team.key}`" for team in own or with_check_ins])
    raise UserError(f"Which team? Begin with its name: {keys}.")


def _turn_for(connection: Connection, team: Team, members: Sequence[str], call: Command) -> Turn:
    known = calendar(connection, team, members, call)
    now_open = opening.open_now(connection, known, call.user_id, call.now)
    waiting = [one for one in now_open if one.checkin is None or not one.checkin.state.is_final]
    if waiting or now_open:
        return (waiting or now_open)[0]
    coming = opening.coming(connection, known, call.user_id, call.now, MOST_COMING)
    asking_ones = [one for one in coming if one.plan.kind == "checkin"]
    if not asking_ones:
        raise UserError(f"{team.name} has no check-in in sight for you. `/standup when` lists what there is.")
    return asking_ones[0]


def _today(connection: Connection, team: Team, now: datetime) -> list[tuple[Round, list[Checkin]]]:
    today = local_date(now, team.zone)
    found: list[tuple[Round, list[Checkin]]] = []
    for plan in opening.check_ins(team):
        # Whose day has not begun here, or is over already, is in the rounds beside today's.
        near = rows.rounds_between(
            connection, team.id, plan.series, today - timedelta(days=6), today + timedelta(days=1)
        )
        here = [one for one in near if one.day == today or one.closes_at > now]
        found += [(one, rows.checkins_of(connection, [one.id])) for one in here]
    return found


def _coming(connection: Connection, team: Team, members: Sequence[str], call: Command) -> list[Turn]:
    known = calendar(connection, team, members, call)
    return opening.coming(connection, known, call.user_id, call.now, MOST_COMING)


def _today_of(connection: Connection, team: Team, members: Sequence[str], call: Call) -> date:
    known: Calendar = calendar(connection, team, members, call)
    return local_date(call.now, known.zone_of(call.user_id, call.now))


def as_said(reason: str) -> str:
    """What was typed after a command, with names in place of Slack's ids."""
    return plain(read(reason))


def _skip_today(
    uow: UnitOfWork, team: Team, members: Sequence[str], call: Command, reason: str
) -> list[StandupPlan]:
    return skipping.skip_today(
        uow, calendar(uow.connection, team, members, call), call.user_id, as_said(reason)
    )


def _resume(uow: UnitOfWork, those: Sequence[tuple[Team, Sequence[str]]], call: Command) -> status.Back:
    ended: list[Absence] = []
    again: list[str] = []
    for number, (team, members) in enumerate(those):
        # What was left out in another team stays so: only this one was named.
        known = calendar(uow.connection, team, members, call)
        more, open_again = skipping.back(uow, known, call.user_id, left_out=number == 0)
        ended += more
        again += [plan.name for plan in open_again]
    today = _today_of(uow.connection, *those[0], call)
    # Who is here already means what was to come; who comes back does not give up the next journey.
    dropped = [] if ended or again else absences.drop(uow.connection, call.user_id, today)
    coming = absences.of_people(uow.connection, [call.user_id], today, date.max)
    return status.Back(ended=bool(ended), again=again, dropped=dropped, coming=coming)


def _set_away(
    uow: UnitOfWork, those: Sequence[tuple[Team, Sequence[str]]], call: Call, wish: Away, user_id: str
) -> tuple[Absence, date]:
    """The absence, and the last day of those that go on from it or that it lies in."""
    absence = absences.add(
        uow.connection,
        user_id=user_id,
        first_day=wish.first,
        last_day=wish.last,
        reason=wish.reason,
        set_by=call.user_id,
        now=uow.now,
    )
    for team, members in those:
        skipping.away(uow, calendar(uow.connection, team, members, call), absence)
    if user_id != call.user_id:
        uow.enqueue(
            "standup.absence_told", {"absence_id": absence.id, "by": call.user_id, "user_id": user_id}
        )
    near = absences.of_people(uow.connection, [user_id], wish.first, wish.last + timedelta(days=1))
    return absence, max(one.last_day for one in near)


def _report(
    connection: Connection, team: Team, now: datetime
) -> tuple[list[Figures], list[blockers.Blocker]]:
    first = local_date(now, team.zone) - WEEKS
    found = figure_store.since(connection, team.id, first, now)
    made = [
        figures(rounds[-1].name, checkins, anonymous={one.id for one in rounds if one.asked.anonymous})
        for rounds, checkins in found.values()
        if checkins
    ]
    return made, blockers.open_of_team(connection, team.id)


def _choose(uow: UnitOfWork, user_id: str, chosen: Choices) -> None:
    choices.choose(uow.connection, user_id, chosen, uow.now)
