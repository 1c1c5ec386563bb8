"""What the product counted of itself, held against what stands in the workspace. No test is here."""

from collections import Counter

from sqlalchemy import Connection, select

from bot.indicators import store
from bot.indicators.domain import Indicators, indicators
from bot.outbox.models import outbox
from bot.scheduling.counting import Counting
from tests.e2e.office import BEGINS, Office

TOPIC = ("channel_topic", "group_topic")


def counted_so_far(connection: Connection) -> Indicators:
    """What lies in the table."""
    return indicators(store.since(connection, BEGINS.date()))


async def counted(office: Office) -> Indicators:
    """What is counted when everything has settled."""
    await office.settled()
    product = office.product
    counting = Counting(product.deps.transactions, product.tally, product.features)
    await product.tally.write(product.deps.transactions)
    await counting.count_days(office.clock.now())
    return await product.database.read(counted_so_far)


async def posts(office: Office) -> Counter[str]:
    """How many messages of the bot stand in the workspace, by the kind of work that made them."""
    standing = [
        message
        for channel in office.box.workspace.world.channels.values()
        for message in channel.messages.values()
        # That the bot changed a topic, Slack writes by itself.
        if message.user == office.box.bot_user_id and message.subtype not in TOPIC
    ]
    nameless = [message.text for message in standing if not message.metadata]
    assert nameless == []
    kinds = await office.product.database.read(_kinds)
    return Counter(kinds[message.metadata["event_payload"]["id"]] for message in standing if message.metadata)


def _kinds(connection: Connection) -> dict[str, str]:
    """The kind of each entry, by the name that travels with its message."""
    return {row.dedup: row.kind for row in connection.execute(select(outbox.c.dedup, outbox.c.kind))}


def posting_kinds(office: Office) -> set[str]:
    """Kinds of work that say themselves that they end in one new message."""
    return {
        kind
        for feature in office.product.features
        for kind, delivery in feature.deliveries.items()
        if delivery.prepare.__qualname__.startswith("post_delivery.")
    }


async def assert_counted_as_posted(office: Office) -> Indicators:
    """Each message of the bot is one entry that was done, kind by kind; returns what was counted."""
    found = await counted(office)
    standing = await posts(office)
    kinds = posting_kinds(office) | standing.keys()
    done = {kind: n for (_, kind, result), n in found.results.items() if result == "done" and kind in kinds}
    assert done == standing
    return found
