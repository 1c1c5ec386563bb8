"""What the slice sends: the weekly report to a lead, the rows as a file, and why there is no file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.calendar import local_date
from bot.core.figures import Avoidable, Figures
from bot.core.sheet import as_csv
from bot.feature import Deps
from bot.features.reports import domain
from bot.features.reports.domain import Doc
from bot.features.reports.service import Neighbours
from bot.features.reports.views import report, words
from bot.features.reports.views.report import Offers
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Refused, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.mrkdwn import escape
from bot.slack.posting import LONGEST_DOUBT, Post, channel_of, post_delivery
from bot.slack.uploads import Upload, find_upload, upload
from bot.teams.domain import Team

# About two megabytes. `frontdesk export requests` has no such end.
MOST_ROWS = 10_000


class ReportDeliveries:
    """Outgoing work of the slice, counted as things stand when it leaves."""

    def __init__(self, deps: Deps, to: Neighbours) -> None:
        self._deps = deps
        self._to = to

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "report.weekly": post_delivery(
                slack, self._weekly, give_up=_without_charts, mends=_may_go_plain, rather="once"
            ),
            "report.csv": Delivery(
                prepare=self._prepare_csv,
                look_up=self._find_csv,
                give_up=_no_csv,
                rather="delivered",
                longest_doubt=LONGEST_DOUBT,
                timeout=20.0,
            ),
            "report.no_csv": post_delivery(slack, self._told_why, rather="delivered"),
        }

    async def _weekly(self, entry: Entry) -> Post:
        team = (await self._deps.directory.teams()).get(entry.payload["team_id"])
        if team is None or not team.active:
            raise Stale("its team is gone")
        if (await self._deps.directory.person(entry.payload["user_id"])).deleted:
            raise Stale("its lead has left")
        week, now = date.fromisoformat(entry.payload["week"]), self._deps.clock.now()
        figures, found = await self._deps.transactions.read(_counted, self._to, team, week, now)
        since, until = domain.window(week, team.zone)
        told = words.told_of(figures, [team], since, until)
        docs: Sequence[Doc] | None = None if found is None else domain.docs(found)
        offers = Offers(csv=([team.id], since, until), weekly=(team.id, True))
        message = report.weekly(team.name, told, docs, offers)
        if entry.payload.get("plain"):
            message = report.without_charts(message)
        return Post(message=message, to_user=entry.payload["user_id"])

    async def _prepare_csv(self, entry: Entry) -> Send:
        wanted = await self._teams_of(entry)
        since, until = _times(entry)
        rows = await self._deps.transactions.read(_rows, self._to, wanted, since, until)
        content = as_csv(rows, self._to.columns).encode()
        file = Upload(
            name=_name(entry, wanted),
            title=f"Requests of {' and '.join(team.name for team in wanted)}"[:200],
            content=content,
            comment=_comment(wanted, since, until, len(rows)),
        )

        async def send() -> Ref:
            post = Post(message=report.sentence(""), to_user=entry.payload["user_id"])
            channel = await channel_of(self._deps.slack, post)
            return await upload(self._deps.slack, channel, file)

        return send

    async def _find_csv(self, entry: Entry) -> Ref | None:
        post = Post(message=report.sentence(""), to_user=entry.payload["user_id"])
        channel = await channel_of(self._deps.slack, post)
        name = _name(entry, await self._teams_of(entry))
        return await find_upload(self._deps.slack, channel, name, entry.sent_at or entry.created_at)

    async def _teams_of(self, entry: Entry) -> list[Team]:
        teams = await self._deps.directory.teams()
        found = [team for team in teams.all if team.id in entry.payload["team_ids"]]
        if not found:
            raise Stale("its teams are gone")
        return found

    async def _told_why(self, entry: Entry) -> Post:
        said = (
            f"I could not give you the requests as a file. {entry.payload['why']} "
            "Whoever runs Frontdesk can write the same file with `frontdesk export requests`."
        )
        return Post(message=report.sentence(said), to_user=entry.payload["user_id"])


def _counted(
    connection: Connection, to: Neighbours, team: Team, week: date, now: datetime
) -> tuple[Figures, Sequence[Avoidable] | None]:
    """The figures of the weeks before; in the first report of a month also what a page would have spared."""
    figures = to.figures(connection, [team.id], now, *domain.window(week, team.zone))
    month = domain.month_before(week, team.zone)
    return figures, None if month is None else to.avoidable(connection, team.id, *month)


def _rows(
    connection: Connection, to: Neighbours, teams: Sequence[Team], since: datetime, until: datetime
) -> list[Mapping[str, Any]]:
    return [row for team in teams for row in to.rows(connection, team.key, since, until, MOST_ROWS)]


def _times(entry: Entry) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(entry.payload["since"]), datetime.fromisoformat(entry.payload["until"])


def _days(teams: Sequence[Team], since: datetime, until: datetime) -> tuple[date, date]:
    zone = teams[0].zone
    return local_date(since, zone), local_date(until - timedelta(microseconds=1), zone)


def _name(entry: Entry, teams: Sequence[Team]) -> str:
    # With the entry's id, by which the file is found again after a doubt.
    first, last = _days(teams, *_times(entry))
    whose = teams[0].key if len(teams) == 1 else "teams"
    return f"requests-{whose}-{first}-to-{last}-{entry.id}.csv"


def _comment(teams: Sequence[Team], since: datetime, until: datetime, rows: int) -> str:
    names = " and ".join(escape(team.name) for team in teams)
    first, last = _days(teams, since, until)
    said = f"What came in to {names} from {first} to {last}: {rows} request{'' if rows == 1 else 's'}."
    if rows >= MOST_ROWS:
        said += f" A file holds the first {MOST_ROWS:,} of a team; `frontdesk export requests` writes all."
    return said


def _may_go_plain(entry: Entry, refused: Refused) -> bool:
    return refused.reason == "invalid_blocks" and not entry.payload.get("plain")


def _without_charts(uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
    """Where Slack does not know charts (they are new, and not everywhere), the words go alone."""
    if _may_go_plain(entry, refused):
        uow.enqueue("report.weekly", {**entry.payload, "plain": True}, once=f"{entry.dedup}:plain")


def _no_csv(uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
    payload = {"user_id": entry.payload["user_id"], "why": refused.words or "Slack did not take it."}
    uow.enqueue("report.no_csv", payload, once=f"{entry.dedup}:refused")
