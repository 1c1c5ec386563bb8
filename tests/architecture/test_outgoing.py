"""Every kind of outgoing work says what happens when nobody knows whether it arrived; the document tells the same."""

from typing import Any

from bot.bootstrap import build
from bot.outbox.delivery import Delivery
from bot.settings import Settings
from tests.support.sources import ROOT, rows_of

TABLE = ROOT / "docs" / "outgoing.md"


def _after_a_doubt(delivery: Delivery) -> str:
    if delivery.look_up is not None:
        return "looks"
    return "never again" if delivery.at_most_once else "repeats"


async def _deliveries() -> dict[str, Delivery]:
    values: dict[str, Any] = {
        "database_url": "sqlite:///never-opened.db",
        "slack_bot_token": "xoxb-1",
        "jira_url": "https://jira.example",
        "jira_token": "x",
    }
    product = build(Settings(_env_file=None, **values))  # pyright: ignore[reportCallIssue]
    found = dict(product.deliveries)
    await product.deps.slack.close()
    if product.deps.jira is not None:
        await product.deps.jira.close()
    await product.database.close()
    return found


async def test_the_document_tells_of_every_kind_what_the_product_does() -> None:
    told = {row[0].strip("`"): (row[1], row[2]) for row in rows_of(TABLE, "## Every kind")}
    done = {kind: (one.rather, _after_a_doubt(one)) for kind, one in (await _deliveries()).items()}
    assert told == done


async def test_the_document_says_of_every_kind_what_people_see_when_it_is_given_up() -> None:
    assert [row[0] for row in rows_of(TABLE, "## Every kind") if len(row) != 4 or not row[3]] == []


async def test_only_slack_bounds_a_doubt_in_time() -> None:
    bounded = {kind for kind, one in (await _deliveries()).items() if one.longest_doubt is not None}
    assert bounded.isdisjoint({"ticket.create", "ticket.attach", "ticket.first_comment", "issue.write"})
    assert {"request.card", "standup.prompt", "alarm"} <= bounded
