"""What the slice posts: pings and questions in the card's thread, and the daily digest."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.feature import Deps
from bot.features.escalation import store
from bot.features.escalation.domain.digest import Part
from bot.features.escalation.domain.ladder import LATE, Ladder, Phase, Stand, Standing, may_speak
from bot.features.escalation.domain.said import Said
from bot.features.escalation.people import around
from bot.features.escalation.service import climbing, digests
from bot.features.escalation.service.around import Neighbours
from bot.features.escalation.views import asking, digest
from bot.features.escalation.views.digest import Line, Sheet
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Later, Stale
from bot.outbox.store import ref_of
from bot.slack.blocks import Message
from bot.slack.links import permalink
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.domain import Team


class EscalationDeliveries:
    """Outgoing work of the slice, rendered as things stand when it leaves."""

    def __init__(self, deps: Deps, to: Neighbours) -> None:
        self._deps = deps
        self._to = to

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "escalation.ping": post_delivery(slack, self._ping, rather="once"),
            "escalation.ask": post_delivery(slack, self._ask, rather="once"),
            "escalation.shown": call_delivery(slack, self._shown, rather="delivered"),
            "escalation.digest": post_delivery(slack, self._digest, rather="once"),
        }

    async def _ping(self, entry: Entry) -> Post:
        standing, ladder, team = await self._read(entry.payload["request_id"])
        said = _said(entry)
        if entry.sent_at is None and not asking.is_open(ladder, said, Phase.UNCLAIMED):
            raise Stale("nobody is to be asked any more")
        await self._not_at_night(entry, ladder, team)
        return _below(standing, asking.ping(standing, team, said, await self._asked(entry, team)))

    async def _ask(self, entry: Entry) -> Post:
        standing, ladder, team = await self._read(entry.payload["request_id"])
        said = _said(entry)
        if entry.sent_at is None and not asking.is_open(ladder, said, Phase.ASKED):
            raise Stale("its holder has moved it")
        await self._not_at_night(entry, ladder, team)
        return _below(standing, asking.ask(standing, team, said, await self._asked(entry, team)))

    async def _asked(self, entry: Entry, team: Team) -> str:
        """Whom a word asks: what was held back asks who is there by now, and its time begins now."""
        meant: str = entry.payload["person"]
        if entry.sent_at is not None or self._deps.clock.now() - entry.created_at <= LATE:
            return meant
        people = await around(self._deps, team)
        asked = await self._deps.transactions.run(climbing.ask_anew, self._to, _said(entry), people)
        return asked or meant

    async def _not_at_night(self, entry: Entry, ladder: Ladder | None, team: Team) -> None:
        """Raises Stale or Later for what was held back until nobody works any more."""
        now = self._deps.clock.now()
        opens = may_speak(ladder, team, now) if ladder else now
        if entry.sent_at is not None or opens <= now or now - entry.created_at <= LATE:
            return
        if entry.payload.get("late"):
            raise Later("nobody works now", after=(opens - now).total_seconds(), counted=False)
        said = _said(entry)
        name = climbing.name_of(said.request_id, said.run, said.step)
        await self._deps.transactions.run(climbing.say_later, entry.kind, entry.payload, name, opens)
        raise Stale("it is said when the team works next")

    async def _shown(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        said = _said(entry)
        name = climbing.name_of(said.request_id, said.run, said.step)
        read = self._deps.transactions.read
        posted = await read(ref_of, name) or await read(ref_of, climbing.late_name_of(name))
        if posted is None:
            raise Stale("it says so when it is posted")
        standing, ladder, team = await self._read(said.request_id)
        shown = asking.pinged if entry.payload["is_ping"] else asking.asked
        message = shown(standing, ladder, team, said, entry.payload["person"])
        return "chat.update", {
            "channel": posted["channel"],
            "ts": posted["ts"],
            "text": message.text,
            "blocks": list(message.blocks),
        }

    async def _read(self, request_id: int) -> tuple[Standing, Ladder | None, Team]:
        standing, ladder = await self._deps.transactions.read(_both, self._to, request_id)
        team = (await self._deps.directory.teams()).get(standing.team_id)
        if team is None:
            raise Stale("its team is gone")
        return standing, ladder, team

    async def _digest(self, entry: Entry) -> Post:
        payload = entry.payload
        team = (await self._deps.directory.teams()).get(payload["team_id"])
        if team is None:
            raise Stale("the team is gone")
        if entry.sent_at is None and self._deps.clock.now() >= datetime.fromisoformat(payload["until"]):
            raise Stale("its day is over")
        lines = [
            await self._line(Part(part), standing, ladder)
            for part, standing, ladder in await self._deps.transactions.read(_still, self._to, payload)
        ]
        if not lines and entry.sent_at is None:
            raise Stale("all of it is done")
        sheet = Sheet(
            team=team,
            now=self._deps.clock.now(),
            page=payload["page"],
            counts=payload["counts"],
            untold=payload["untold"],
        )
        first = digests.name_of(team.id, payload["day"], 0)
        above = await self._deps.transactions.read(ref_of, first) if payload["page"] else None
        return Post(
            message=digest.digest(sheet, lines),
            channel=above["channel"] if above else team.triage_channel,
            thread_ts=above["ts"] if above else None,
        )

    async def _line(self, part: Part, standing: Standing, ladder: Ladder | None) -> Line:
        holder = await self._deps.directory.person(standing.assignee) if standing.assignee else None
        card = standing.card
        link = permalink(self._deps.slack.identity, card.channel, card.thread_ts) if card else None
        standing = replace(standing, summary=await self._to.readable(self._deps, standing.summary))
        return Line(
            part=part, standing=standing, ladder=ladder, holder=holder.name if holder else None, link=link
        )


def _said(entry: Entry) -> Said:
    payload = entry.payload
    return Said(request_id=payload["request_id"], run=payload["run"], step=payload["step"])


def _both(connection: Connection, to: Neighbours, request_id: int) -> tuple[Standing, Ladder | None]:
    return to.read(connection, request_id), store.find(connection, request_id)


def _below(standing: Standing, message: Message) -> Post:
    if standing.card is None:
        raise Stale("there is no card to write below")
    return Post(message=message, channel=standing.card.channel, thread_ts=standing.card.thread_ts)


def _still(connection: Connection, to: Neighbours, payload: Any) -> list[tuple[str, Standing, Ladder | None]]:
    """What a page was to tell, without what was done since."""
    found: list[tuple[str, Standing, Ladder | None]] = []
    for part, request_id in payload["lines"]:
        try:
            standing = to.read(connection, request_id)
        except UserError:
            continue
        waits = standing.stand is Stand.WAITING if part == Part.WAITING else standing.stand in _ACTIVE
        if waits:
            found.append((part, standing, store.find(connection, request_id)))
    return found


_ACTIVE = (Stand.NEW, Stand.HELD)
