"""The handover to whoever is on duty now, and how it looks once they have accepted it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.text import cut
from bot.feature import Deps
from bot.features.rotation.deliveries.told import GONE
from bot.features.rotation.handed import FindWork, Handoff, Note, OpenWork
from bot.features.rotation.standing import zone_of
from bot.features.rotation.store import handoffs
from bot.features.rotation.views import pack as view
from bot.features.rotation.views.pack import Pack
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Outcome, Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import FALLBACK, Message
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.domain import Team

# Notes of the last person's whole time on duty; without one before, of so long.
USUAL_STINT = timedelta(days=14)


class Packs:
    """Outgoing handovers, and the same to look at."""

    def __init__(self, deps: Deps, find_work: FindWork) -> None:
        self._deps = deps
        self._find_work = find_work

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "rotation.pack": post_delivery(slack, self._pack, settle=_posted, rather="once"),
            "rotation.pack_now": call_delivery(slack, self._pack_now, rather="delivered", done_when=GONE),
        }

    async def message(self, team: Team, handoff: Handoff | None) -> Message:
        """What is handed on as it stands now; with the button where there is something to accept."""
        now = self._deps.clock.now()
        work, notes = await self._deps.transactions.read(self._find, team, handoff, now)
        names = {note.author: (await self._deps.directory.person(note.author)).name for note in notes}
        return view.pack(
            Pack(
                team=team.name,
                zone=zone_of(team),
                work=work,
                until=handoff.until if handoff else None,
                handoff=handoff,
                notes=notes,
                names=names,
                workspace_url=await self._workspace_url(),
            )
        )

    async def _workspace_url(self) -> str:
        try:
            return (await self._deps.slack.who_am_i()).url
        except Outcome:
            # Numbers without links do as well.
            return ""

    def _find(
        self, connection: Connection, team: Team, handoff: Handoff | None, now: datetime
    ) -> tuple[OpenWork, list[Note]]:
        since = now - USUAL_STINT
        if handoff is not None:
            since = handoffs.begin_of_stint(connection, handoff) or since
        return self._find_work(connection, team, now), handoffs.notes_since(connection, team.id, since)

    async def _load(self, entry: Entry) -> tuple[Team, Handoff]:
        team = (await self._deps.directory.teams()).get(entry.payload["team_id"])
        handoff = await self._deps.transactions.read(handoffs.by_id, entry.payload["handoff_id"])
        if team is None or not team.active or handoff is None:
            raise Stale("the team is gone")
        return team, handoff

    async def _pack(self, entry: Entry) -> Post:
        team, handoff = await self._load(entry)
        last = await self._deps.transactions.read(handoffs.last_of, team.id)
        # One that may stand there already is looked for, so that it can say so.
        if entry.sent_at is None and (last is None or last.number != handoff.number):
            raise Stale("it has passed on again since")
        return Post(message=await self.message(team, handoff), to_user=handoff.person)

    async def _pack_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        team, handoff = await self._load(entry)
        if handoff.pack_ts is None:
            raise Stale("it was not posted")
        message = await self.message(team, handoff)
        where = {"channel": handoff.pack_channel, "ts": handoff.pack_ts}
        return "chat.update", {**where, "text": cut(message.text, FALLBACK), "blocks": list(message.blocks)}


def _posted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    handoffs.pack_posted(uow.connection, entry.payload["handoff_id"], ref["channel"], ref["ts"])
