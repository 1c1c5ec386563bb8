"""Escalation: who gets a request, who is asked when nobody takes it, and what is overdue. See README.md.

What requests are and whose turn it is are other slices' knowledge; it is passed in.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.feature import Deps, Feature
from bot.features.escalation import jobs, store
from bot.features.escalation.deliveries import EscalationDeliveries
from bot.features.escalation.domain.ladder import Stand, Standing, promise
from bot.features.escalation.domain.split import Rotation
from bot.features.escalation.events import SomebodyCalled
from bot.features.escalation.listeners import Buttons
from bot.features.escalation.people import around
from bot.features.escalation.service import sharing
from bot.features.escalation.service.around import Neighbours
from bot.features.escalation.service.climbing import card_posted, follow, heard
from bot.features.escalation.views import ids, words
from bot.teams.domain import Team

__all__ = [
    "Neighbours",
    "Rotation",
    "SomebodyCalled",
    "Stand",
    "Standing",
    "beginning",
    "build",
    "card_posted",
    "due",
    "dues",
    "follow",
    "heard",
    "note",
]


def build(deps: Deps, to: Neighbours) -> Feature:
    """The slice."""
    buttons = Buttons(deps, to)
    return Feature(
        name="escalation",
        actions={
            ids.SEEN: buttons.seen,
            ids.STILL: buttons.still_on_it,
            ids.PUT_BACK: buttons.put_it_back,
            ids.GIVE_BACK: buttons.give_back,
        },
        deliveries=EscalationDeliveries(deps, to).all(),
        jobs=jobs.jobs(jobs.Looking(deps, to)),
    )


def beginning(deps: Deps, to: Neighbours) -> Callable[[int], Awaitable[None]]:
    """What gives a new request its ladder and its person, once, however often it is called."""

    async def begin(request_id: int) -> None:
        if await deps.transactions.read(store.find, request_id) is not None:
            return
        standing = await deps.transactions.read(to.read, request_id)
        team = (await deps.directory.teams()).get(standing.team_id)
        if team is not None:
            await deps.transactions.run(sharing.begin, to, request_id, await around(deps, team))

    return begin


def note(connection: Connection, standing: Standing) -> str | None:
    """What the card says of why its request has the person it has, or nobody."""
    return words.note(store.find(connection, standing.id), standing.stand, standing.assignee)


def due(connection: Connection, request_id: int, team: Team) -> datetime | None:
    """By when somebody is to take the request; None where nobody is waited for."""
    ladder = store.find(connection, request_id)
    return promise(ladder, team) if ladder else None


def dues(connection: Connection, requests: Mapping[int, Team]) -> dict[int, datetime]:
    """The same for many requests (id to team) by one statement; those of whom nobody is waited for are missing."""
    ladders = store.of_requests(connection, requests.keys())
    promised = {request_id: promise(ladder, requests[request_id]) for request_id, ladder in ladders.items()}
    return {request_id: at for request_id, at in promised.items() if at is not None}
