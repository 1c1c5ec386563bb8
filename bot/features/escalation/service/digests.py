"""The daily digest: once for each team and working day, silent where there is nothing to tell."""

from datetime import date, datetime

from bot.features.escalation import store
from bot.features.escalation.domain import digest as rules
from bot.features.escalation.service.around import Neighbours
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.domain import Team

# So many of a team's open requests are looked through, the most urgent first.
MOST_OPEN = 2000


def send(uow: UnitOfWork, to: Neighbours, team: Team, day: date, until: datetime) -> None:
    """Asks for the digest of the day that ends at `until`; of several who ask, the first does."""
    if not store.first_digest(uow.connection, team.id, day, uow.now):
        return
    standings = to.open_of_team(uow.connection, team.id, MOST_OPEN)
    ladders = store.of_requests(uow.connection, [one.id for one in standings])
    lines = rules.sorted_out(standings, ladders, team, uow.now, until)
    told, untold = lines[: rules.MOST], max(len(lines) - rules.MOST, 0)
    counts = {part.value: sum(one is part for one, _ in lines) for part in rules.Part}
    pages = rules.pages(told)
    for number, page in enumerate(pages):
        payload = {
            "team_id": team.id,
            "day": day.isoformat(),
            "page": number,
            "lines": [[part.value, request_id] for part, request_id in page],
            "counts": counts,
            "untold": untold if number == len(pages) - 1 else 0,
            "until": until.isoformat(),
        }
        uow.enqueue(
            "escalation.digest", payload, once=name_of(team.id, day, number), lane=f"digest:{team.id}:{day}"
        )


def skip(uow: UnitOfWork, team: Team, day: date) -> None:
    """Nobody was there when the day began, and it is too late to tell what it would bring."""
    store.first_digest(uow.connection, team.id, day, uow.now)


def name_of(team_id: int, day: date, page: int) -> str:
    """The name for ever of a page of the digest."""
    return f"escalation:digest:{team_id}:{day}:{page}"
