"""What those who joined a request get, and what the team reads of them."""

from bot.core.threads import ThreadRef
from bot.feature import Deps
from bot.features.requests import store
from bot.features.requests.deliveries.state import readable, team_of, without_secrets
from bot.features.requests.service import joining
from bot.features.requests.store import askers
from bot.features.requests.views import similar, words
from bot.outbox.delivery import Delivery, Entry, Ref
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.posting import Post, post_delivery


class JoinedDeliveries:
    """Outgoing work for and about the others who ask for the same."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._read = deps.transactions.read

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "request.joined": post_delivery(slack, self._greeting, settle=_greeted, rather="delivered"),
            "request.joined_line": post_delivery(slack, self._line, rather="once"),
            "request.joined_notice": post_delivery(slack, self._notice, rather="delivered"),
        }

    async def _greeting(self, entry: Entry) -> Post:
        request = await self._read(store.by_id, entry.payload["request_id"])
        people = await self._read(askers.count_askers, request.id) + 1
        team = await team_of(self._deps, request)
        summary = await readable(self._deps, request.summary)
        return Post(
            message=similar.greeting(request, summary, team.name, people), to_user=entry.payload["user"]
        )

    async def _line(self, entry: Entry) -> Post:
        request_id = entry.payload["request_id"]
        card = await self._read(store.thread_of, request_id, "card")
        if card is None:
            raise Stale("there is no card to write below")
        people = await self._read(askers.count_askers, request_id) + 1
        message = similar.line(entry.payload["user"], people)
        return Post(message=message, channel=card.channel, thread_ts=card.thread_ts)

    async def _notice(self, entry: Entry) -> Post:
        request = await self._read(store.by_id, entry.payload["request_id"])
        line = await self._read(store.history_line, entry.payload["line_id"])
        if line is None:
            raise Stale("no such line")
        team = await team_of(self._deps, request)
        original = await self._read(store.number_of_line, line.id, request.id)
        if original is not None:
            line = await without_secrets(self._deps, request.workspace_id, original, line)
        text = words.notice_for_others(request, line, original, team.zone)
        return await self._post(entry, similar.told(text, words.reason_of(line)))

    async def _post(self, entry: Entry, message: Message) -> Post:
        user_id = entry.payload["user"]
        place = await self._read(askers.asker_thread, entry.payload["request_id"], user_id)
        if place is None:
            return Post(message=message, to_user=user_id)
        return Post(message=message, channel=place.channel, thread_ts=place.thread_ts)


def _greeted(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    place = ThreadRef(channel=ref["channel"], thread_ts=ref["ts"])
    joining.greeted(uow, entry.payload["request_id"], entry.payload["user"], place)
