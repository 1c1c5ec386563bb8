"""Messages about changes, handoffs, hours without anybody, and cover."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.core.text import cut
from bot.feature import Deps
from bot.features.rotation.ahead import gaps_ahead
from bot.features.rotation.domain import Shift
from bot.features.rotation.domain.covers import Cover
from bot.features.rotation.handed import Handoff
from bot.features.rotation.standing import Standing, zone_of
from bot.features.rotation.store import covers, handoffs
from bot.features.rotation.store import standing as store
from bot.features.rotation.views import notices
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import FALLBACK
from bot.slack.posting import Post, call_delivery, post_delivery
from bot.teams.domain import Team

# Somebody has deleted the message: nothing is left to change.
GONE = frozenset({"message_not_found", "cant_update_message"})
NEXT_SHIFTS = 3
IN_SIGHT = timedelta(days=92)


class Told:
    """Outgoing words of the rotation."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._read = deps.transactions.read

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "rotation.changed": post_delivery(slack, self._changed, rather="delivered"),
            "rotation.yours_changed": post_delivery(slack, self._yours_changed, rather="delivered"),
            "rotation.handoff": post_delivery(slack, self._handed_over, rather="once"),
            "rotation.accepted": post_delivery(slack, self._accepted, rather="once"),
            "rotation.gap": post_delivery(slack, self._nobody_left, rather="delivered"),
            "rotation.cover": post_delivery(slack, self._cover, settle=_cover_posted, rather="once"),
            "rotation.cover_now": call_delivery(slack, self._cover_now, rather="delivered", done_when=GONE),
            "rotation.not_covered": post_delivery(slack, self._not_covered, rather="delivered"),
        }

    async def team(self, team_id: int) -> Team:
        """The team; raises Stale once it is not in the file any more."""
        team = (await self._deps.directory.teams()).get(team_id)
        if team is None or not team.active:
            raise Stale("the team is gone")
        return team

    async def standing(self, team: Team) -> Standing:
        """How its rotation stands now; raises Stale without one."""
        found = await self._read(store.of_team, team, self._deps.clock.now() - store.LATELY)
        if found is None:
            raise Stale("the team has no rotation any more")
        return found

    async def _changed(self, entry: Entry) -> Post:
        team = await self.team(entry.payload["team_id"])
        return Post(message=notices.changed(entry.payload, zone_of(team)), channel=team.triage_channel)

    async def _yours_changed(self, entry: Entry) -> Post:
        team = await self.team(entry.payload["team_id"])
        user_id, now = entry.payload["user_id"], self._deps.clock.now()
        standing = await self.standing(team)
        own = [
            one
            for one in standing.shifts(now, now + IN_SIGHT)
            if isinstance(one, Shift) and one.person == user_id
        ]
        message = notices.yours_changed(entry.payload, team.name, own[:NEXT_SHIFTS], zone_of(team))
        return Post(message=message, to_user=user_id)

    async def _handed_over(self, entry: Entry) -> Post:
        team = await self.team(entry.payload["team_id"])
        handoff, last = await self._read(_handoff, entry.payload["handoff_id"])
        if handoff is None or last is None or last.number != handoff.number:
            raise Stale("it has passed on again since")
        standing, now = await self.standing(team), self._deps.clock.now()
        if not handoff.person and not standing.gaps(now, now + timedelta(seconds=1)):
            raise Stale("nobody need be on duty now")
        return Post(
            message=notices.handed_over(handoff, standing.following(now), zone_of(team)),
            channel=team.triage_channel,
        )

    async def _accepted(self, entry: Entry) -> Post:
        team = await self.team(entry.payload["team_id"])
        handoff, _ = await self._read(_handoff, entry.payload["handoff_id"])
        if handoff is None or not handoff.previous:
            raise Stale("nobody handed over")
        return Post(message=notices.accepted(handoff, team.name), to_user=handoff.previous)

    async def _nobody_left(self, entry: Entry) -> Post:
        team = await self.team(entry.payload["team_id"])
        now, standing = self._deps.clock.now(), await self.standing(team)
        told = [[datetime.fromisoformat(at) for at in span] for span in entry.payload["spans"]]
        found = [
            gap
            for gap in gaps_ahead(standing, now)
            if any(start < gap.end and gap.start < end for start, end in told)
        ]
        if not found:
            raise Stale("somebody is there again")
        return Post(message=notices.nobody_left(team.name, found[:10], zone_of(team)), to_user=team.lead)

    async def _cover(self, entry: Entry) -> Post:
        cover, team = await self._find_cover(entry)
        is_over = cover.closed_at is not None or cover.times_asked - 1 != entry.payload["times"]
        # One that may stand there already is looked for, so that it can say so.
        if entry.sent_at is None and is_over:
            raise Stale("nobody is looked for any more, or the question was asked again since")
        message = notices.cover_wanted(cover, zone_of(team), self._deps.clock.now())
        return Post(message=message, channel=team.triage_channel)

    async def _cover_now(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        cover, team = await self._find_cover(entry)
        if cover.ts is None:
            raise Stale("the question was not posted")
        message = notices.cover_wanted(cover, zone_of(team), self._deps.clock.now())
        where = {"channel": cover.channel, "ts": cover.ts}
        return "chat.update", {**where, "text": cut(message.text, FALLBACK), "blocks": list(message.blocks)}

    async def _not_covered(self, entry: Entry) -> Post:
        cover, team = await self._find_cover(entry)
        return Post(message=notices.not_covered(cover, team.name, zone_of(team)), to_user=cover.person)

    async def _find_cover(self, entry: Entry) -> tuple[Cover, Team]:
        cover = await self._read(covers.by_id, entry.payload["cover_id"])
        if cover is None:
            raise Stale("it is gone")
        return cover, await self.team(cover.team_id)


def _handoff(connection: Connection, handoff_id: int) -> tuple[Handoff | None, Handoff | None]:
    found = handoffs.by_id(connection, handoff_id)
    return found, handoffs.last_of(connection, found.team_id) if found else None


def _cover_posted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    cover_id = entry.payload["cover_id"]
    covers.posted(uow.connection, cover_id, ref["channel"], ref["ts"])
    cover = covers.by_id(uow.connection, cover_id)
    if cover is not None and cover.closed_at is not None:
        # It was settled while the question was on its way.
        uow.enqueue("rotation.cover_now", {"cover_id": cover_id}, merge=f"rotation:cover:{cover_id}")
