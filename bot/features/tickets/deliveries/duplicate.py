"""An issue that was made twice after a lost answer: the later one says which one counts. Nothing is deleted."""

from bot.core.text import Document, Link, Text, paragraph
from bot.feature import Deps
from bot.features.tickets import store
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Stale

TIMEOUT = 15.0
LOOK_AFTER = (1.0, 5.0)


def duplicate(deps: Deps, jira: JiraGateway) -> Delivery:
    """A comment on the issue that does not count, once."""

    async def prepare(entry: Entry) -> Send:
        ticket = await deps.transactions.read(store.by_id, entry.payload["ticket_id"])
        if ticket is None or not ticket.key or not ticket.url:
            raise Stale("there is no issue that counts")
        document = _comment(ticket.key, ticket.url)

        async def send() -> Ref:
            return {"comment": await jira.comments.add(entry.payload["key"], document, entry.dedup)}

        return send

    async def look_up(entry: Entry) -> Ref | None:
        found = await jira.comments.find(entry.payload["key"], entry.dedup, entry.created_at)
        return {"comment": found} if found else None

    return Delivery(prepare=prepare, look_up=look_up, rather="once", look_after=LOOK_AFTER, timeout=TIMEOUT)


def _comment(key: str, url: str) -> Document:
    words = Text(
        text=". Frontdesk made this issue twice, because Jira did not answer in time: please close it."
    )
    return Document(blocks=(paragraph("Duplicate of ", Link(url=url, label=key), words),))
