"""The joints between the slices: what one tells or asks another, which none of them may know itself.

Only the composition root uses them; what a slice is, and which there are, it alone says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.core.figures import Figures
from bot.core.text import plain
from bot.feature import Deps, Feature
from bot.features import (
    escalation,
    in_step,
    questions,
    reports,
    requests,
    rotation,
    standup,
    tickets,
)
from bot.features.rotation.forecast import keep_plans
from bot.indicators import store, words
from bot.indicators.domain import first_day, indicators
from bot.jira import texts
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack import calls
from bot.slack.replies import Reply
from bot.teams.domain import Team
from bot.teams.roster import Teams


def for_check_ins(desk: requests.Desk, to_jira: Feature) -> standup.Requests:
    """What somebody's blocker may become: a request, and that an issue."""

    async def file(work: standup.NewWork) -> requests.Filed:
        return await requests.file_blocker(
            desk,
            work.team,
            work.workspace_id,
            requester=work.requester,
            filed_by=work.filed_by,
            summary=work.summary,
            details=work.details,
            key=work.key,
        )

    def has_card(connection: Connection, request_id: int) -> bool:
        return requests.facts(connection, request_id).card is not None

    async def open_jira(call: calls.Action, request_id: int) -> Reply:
        return await to_jira.actions[tickets.BUTTON](replace(call, value=requests.value_of(request_id)))

    return standup.Requests(file=file, has_card=has_card, open_jira=open_jira)


def issue_of(connection: Connection, request_id: int) -> tickets.IssueLink | None:
    """A request's issue with its status beside the key."""
    issue = tickets.issue_of(connection, request_id)
    return replace(issue, status=in_step.shown_state(connection, issue.key)) if issue else None


def about_us(connection: Connection, now: datetime) -> Sequence[str]:
    """How well the product itself worked: a heading, then a line for each indicator."""
    found = indicators(store.since(connection, first_day(now.date())))
    return [words.heading(found, now.date()), *(line.sentence for line in words.lines(found))]


def _words_of(body: object) -> str:
    return plain(texts.read(body))


NEIGHBOURS = in_step.Neighbours(
    threads_of_issue=partial(tickets.threads_of_issue, facts=requests.facts),
    threads_of_ticket=partial(tickets.threads_of_ticket, facts=requests.facts),
    rename=partial(tickets.rename, card_changed=requests.refresh_card),
    resolve=requests.resolve_by_issue,
    reopen=requests.reopen_by_issue,
    card_changed=requests.refresh_card,
    words_of=_words_of,
)
TICKETS = in_step.Tickets(
    of_ticket=partial(tickets.threads_of_ticket, facts=requests.facts),
    of_request=partial(tickets.ticket_of_request, facts=requests.facts),
    of_thread=partial(tickets.ticket_of_thread, facts=requests.facts),
    want_files=tickets.want_files,
)


def _ask(uow: UnitOfWork, call: calls.Event, offer: requests.Offer, teams: Teams) -> bool:
    origin = offer.origin
    written = questions.Written(
        user_id=offer.user_id,
        text=offer.text,
        channel=call.body["channel"],
        ts=call.body["ts"],
        root_ts=origin.root_ts,
        in_thread=origin.thread_ts not in (None, origin.ts),
        is_shared=call.with_others,
    )
    return questions.ask(uow, written, teams)


QUESTIONS = requests.Questions(is_one=questions.is_question, ask=_ask)


def for_escalation(rotation: escalation.Rotation) -> escalation.Neighbours:
    """What escalation reads and does of requests."""

    def open_of_team(connection: Connection, team_id: int, limit: int) -> list[escalation.Standing]:
        found = requests.open_of_team(connection, team_id, limit)
        return [standing(request) for request in found]

    def open_after(connection: Connection, request_id: int, limit: int) -> list[escalation.Standing]:
        return [standing(request) for request in requests.open_after(connection, request_id, limit)]

    return escalation.Neighbours(
        rotation=rotation,
        read=lambda connection, request_id: _with_card(connection, requests.by_id(connection, request_id)),
        lock=lambda connection, request_id: _with_card(connection, requests.lock(connection, request_id)),
        open_of_team=open_of_team,
        open_after=open_after,
        open_of_people=requests.open_of_people,
        assign=requests.assign_by_split,
        put_back=requests.put_back,
        name_on_duty=requests.name_on_duty,
        card_changed=requests.refresh_card,
        readable=requests.readable,
    )


def split(deps: Deps, to: escalation.Neighbours) -> requests.Split:
    """What requests need to know of how work is shared out."""

    def note(connection: Connection, request: requests.Request) -> str | None:
        return escalation.note(connection, standing(request))

    def due(connection: Connection, request: requests.Request, team: Team) -> datetime | None:
        return escalation.due(connection, request.id, team)

    return requests.Split(begin=escalation.beginning(deps, to), note=note, due=due)


def _with_card(connection: Connection, request: requests.Request) -> escalation.Standing:
    return replace(standing(request), card=requests.thread_of(connection, request.id, "card"))


def standing(request: requests.Request) -> escalation.Standing:
    """A request as escalation sees it."""
    return escalation.Standing(
        id=request.id,
        number=request.number,
        team_id=request.team_id,
        stand=_STANDS[request.state],
        state=request.state.label,
        priority=request.priority,
        assignee=request.assignee,
        on_duty=request.on_duty,
        summary=request.summary,
        created_at=request.created_at,
        updated_at=request.updated_at,
    )


_STANDS: Mapping[requests.State, escalation.Stand] = {
    requests.State.NEW: escalation.Stand.NEW,
    requests.State.IN_PROGRESS: escalation.Stand.HELD,
    requests.State.WAITING: escalation.Stand.WAITING,
    requests.State.SNOOZED: escalation.Stand.ASLEEP,
    requests.State.RESOLVED: escalation.Stand.CLOSED,
    requests.State.DECLINED: escalation.Stand.CLOSED,
    requests.State.DUPLICATE: escalation.Stand.CLOSED,
}


def _figures(
    connection: Connection, team_ids: Sequence[int], now: datetime, since: datetime, until: datetime
) -> Figures:
    """All that came in to these teams, whoever may read it: for their leads."""
    return requests.figures(connection, None, team_ids, now, since, until)


REPORTS = reports.Neighbours(
    figures=_figures,
    avoidable=requests.avoidable,
    rows=requests.export.export_rows,
    columns=requests.export.COLUMNS,
)


def find_work(connection: Connection, team: Team, now: datetime) -> rotation.OpenWork:
    """What is open in a team, with its issues: what is handed on with duty."""
    counts, found = requests.open_work(connection, team)
    return rotation.OpenWork(counts=counts, first=[_work(connection, team, one) for one in found])


def _work(connection: Connection, team: Team, one: requests.OpenRequest) -> rotation.Work:
    issue = issue_of(connection, one.id)
    return rotation.Work(
        number=one.number,
        summary=one.summary,
        kind=one.kind,
        priority=one.priority,
        requester=one.requester,
        assignee=one.assignee,
        # Of what came back to the queue the time counts from then.
        due=escalation.due(connection, one.id, team) or one.due,
        snoozed_until=one.snoozed_until,
        card=one.card,
        issue=issue.key if issue else None,
        issue_url=issue.url if issue else None,
        issue_status=issue.status if issue else None,
    )


def before_change(connection: Connection, team: Team) -> None:
    """The team's settings are about to change: whose turn it was so far is kept."""
    keep_plans(connection, [team])


ROTATION = rotation.Neighbours(
    find_work=find_work, handled=requests.handled_since, count_open=requests.open_of_people
)
