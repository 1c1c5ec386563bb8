"""The story that everything else stands on."""

from pathlib import Path

import pytest

from bot.sandbox.forms import Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Transport, open_office


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_a_request_goes_from_a_line_in_slack_to_jira_and_back_to_its_asker(
    empty_database_url: str, tmp_path: Path, way: Transport, specs: Path
) -> None:
    """`/ask-team` → receipt, card, ping → Claim → talk → Create Jira issue → Resolve → told."""
    async with open_office(empty_database_url, tmp_path, transport=way) as office:
        ana, alice = office.person("ana"), office.person("alice")

        answer = await ana.runs("/ask-team payments Refund stuck for order 123")
        assert answer is not None and "#1" in answer.text and "Payments" in answer.text

        receipt = await ana.waits_for("#1", in_="dm")
        assert "Payments" in receipt.text and "on duty" in receipt.text
        card = await office.card("Refund stuck for order 123")
        assert ("New" in card.text and "Ana Moreau" in card.text) or "@ana" in card.text
        ping = await alice.waits_for("you are on duty", in_="#triage-payments", thread=card)
        assert "@" in ping.text

        await card.click("Claim", by=alice)
        await ana.waits_for("In progress", thread=receipt)
        card = await card.now()
        assert "In progress" in card.text

        await ana.says("It was paid on Monday", thread=receipt)
        mirrored = await alice.waits_for("It was paid on Monday", thread=card)
        assert "Ana" in mirrored.text or "ana" in mirrored.text
        await alice.says("Looking at the ledger now", thread=card)
        heard = await ana.waits_for("Looking at the ledger now", thread=receipt)
        assert "Alice" in heard.text or "alice" in heard.text
        await alice.says("// customer is difficult", thread=card)

        form = await card.click("Create Jira issue", by=alice)
        assert isinstance(form, Form)
        assert await form.submit() is None
        on_card = await alice.waits_for("PAY-1", thread=card, timeout=10)
        assert "PAY-1" in on_card.text
        await ana.waits_for("PAY-1", thread=receipt, timeout=10)
        assert "PAY-1" in (await card.now()).text
        issue = office.site.issue("PAY-1")
        assert issue.summary == "Refund stuck for order 123"
        assert "It was paid on Monday" in issue.description
        assert "Looking at the ledger now" in issue.description
        assert "difficult" not in issue.description

        await (await card.now()).click("Resolve", by=alice)
        await ana.waits_for("Resolved", thread=receipt)
        assert "difficult" not in " ".join(seen.text for seen in await ana.sees(in_="dm", thread=receipt))
        assert "Resolved" in (await card.now()).text
    assert_calls_agree(office)
