"""The smallest feature: it stores what it is told and posts it. The running of the product is tried with it."""

from aiohttp import web

from bot.feature import Deps, Feature
from bot.outbox.delivery import Entry
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.calls import Command, Event
from bot.slack.posting import Post, post_delivery
from bot.slack.replies import Answer, Nothing, Reply

CHANNEL = "C0TRIAGE01"


def _store(uow: UnitOfWork, key: str, text: str) -> bool:
    if not uow.first_time(key):
        return False
    uow.enqueue("tiny.post", {"text": text}, once=f"tiny:{key}")
    return True


def tiny_features(deps: Deps) -> tuple[Feature, ...]:
    """One feature: `/ask-team` and messages are stored and posted to the triage channel."""

    async def ask(command: Command) -> Reply:
        await deps.transactions.run(_store, f"cmd:{command.trigger_id}", command.text)
        return Answer(Message(text=f"Stored: {command.text}"))

    async def message(event: Event) -> Reply:
        await deps.transactions.run(_store, f"ev:{event.event_id}", str(event.body.get("text")))
        return Nothing()

    async def render(entry: Entry) -> Post:
        return Post(message=Message(text=entry.payload["text"]), channel=CHANNEL)

    async def called(request: web.Request) -> web.StreamResponse:
        return web.Response(text=f"heard {await request.text()}")

    return (
        Feature(
            name="tiny",
            commands={"/ask-team": ask},
            events={"message": message},
            webhooks={"/tiny/webhook": called},
            deliveries={"tiny.post": post_delivery(deps.slack, render, rather="delivered")},
        ),
    )
