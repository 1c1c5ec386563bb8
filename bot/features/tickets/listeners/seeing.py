"""Who may make an issue of a thread, and whether they can see it: asked when the form opens and when it is sent."""

import asyncio
from dataclasses import dataclass, replace

from bot.core.errors import UserError
from bot.core.threads import RequestThread
from bot.core.wire import inner
from bot.feature import Deps
from bot.features.tickets import domain
from bot.features.tickets.domain import Place
from bot.features.tickets.views import words
from bot.outbox.outcomes import Outcome, Parked, Refused
from bot.slack.calls import Call
from bot.teams.roster import Teams

# A form must open within three seconds of the click.
PATIENCE = 1.0
PAGE = 1000
MOST_PAGES = 5


@dataclass(frozen=True, kw_only=True)
class Look:
    """What Slack says of a channel; None where it did not say."""

    private: bool | None = None
    member: bool | None = None


class Seeing:
    """Asks Slack and the roster. Nothing is remembered but what they remember."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    async def check_rights(self, call: Call, teams: Teams, request: RequestThread | None) -> None:
        """Raises UserError for somebody who may not make an issue of this thread."""
        if domain.works_here(teams, request, call.user_id):
            return
        person = await self._deps.directory.person(call.user_id)
        if not person.is_known:
            raise UserError(words.WHO_ARE_YOU)
        if not person.is_admin_of(call.workspace_id):
            raise domain.refusal(teams, request)

    async def look_at(self, channel: str) -> Look:
        """The channel, as far as Slack tells it in a second."""
        try:
            asked = self._deps.slack.call("conversations.info", channel=channel)
            told = inner(await asyncio.wait_for(asked, PATIENCE), "channel")
        except (Parked, Refused):
            return Look(private=None, member=False)
        except (Outcome, TimeoutError):
            return Look()
        private = any(told.get(name) is True for name in ("is_private", "is_im", "is_mpim"))
        return Look(private=private, member=private or told.get("is_member") is not False)

    async def seen(self, user_id: str, place: Place) -> Place:
        """The place as it is now. Raises UserError where this person cannot see what is there.

        What the bot cannot read itself is taken as the form carries it: nothing more of it goes along.
        """
        look = await self.look_at(place.thread.channel)
        if not place.reachable and look.member is not True:
            return place
        if look.private is None:
            raise UserError(words.NO_SUCH_THREAD if look.member is False else words.UNSEEN)
        person = await self._deps.directory.person(user_id)
        if (look.private or person.is_guest) and not await self._is_member(user_id, place.thread.channel):
            raise UserError(words.NO_SUCH_THREAD)
        return replace(place, private=place.private or look.private)

    async def _is_member(self, user_id: str, channel: str) -> bool:
        try:
            return await asyncio.wait_for(self._find_member(user_id, channel), PATIENCE)
        except (Parked, Refused):
            return False
        except (Outcome, TimeoutError) as error:
            raise UserError(words.UNSEEN) from error

    async def _find_member(self, user_id: str, channel: str) -> bool:
        more: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            answer = await self._deps.slack.call("conversations.members", channel=channel, limit=PAGE, **more)
            if user_id in (answer.get("members") or ()):
                return True
            cursor = inner(answer, "response_metadata").get("next_cursor")
            if not cursor:
                return False
            more = {"cursor": str(cursor)}
        return False
