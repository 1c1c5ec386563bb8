"""A thread and its one issue, from both ends."""

from tests.e2e.office import Office
from tests.e2e.screen import form_of, said


async def test_a_thread_that_has_an_issue_keeps_it_when_it_becomes_a_request(office: Office) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    message = await ana.says("Totals differ between invoice and ledger")
    form = form_of(await alice.message_shortcut("Create Jira issue", message))
    assert await form.submit() is None
    await ana.waits_for("PAY-1", thread=message, timeout=10)
    asked = form_of(await alice.message_shortcut("Send to triage", message))
    assert await asked.submit() is None
    card = await office.card("Totals differ between invoice and ledger")
    await alice.waits_for("Jira\nPAY-1", in_="#triage-payments", timeout=10)
    assert "Create Jira issue" not in (await card.now()).buttons
    assert [issue.key for issue in office.site.issues()] == ["PAY-1"]


async def test_the_second_click_shows_the_first_ones_key(office: Office) -> None:
    ana, alice, bob = office.person("ana"), office.person("alice"), office.person("bob")
    await ana.runs("/ask-team payments One issue only")
    card = await office.card("One issue only")
    first = form_of(await card.click("Create Jira issue", by=alice))
    second = form_of(await card.click("Create Jira issue", by=bob))
    assert await first.submit() is None
    await second.submit()
    await alice.waits_for("PAY-1", thread=card, timeout=10)
    message = await ana.waits_for("#1", in_="dm")
    assert "PAY-1" in said(await alice.message_shortcut("Create Jira issue", card))
    assert [issue.key for issue in office.site.issues()] == ["PAY-1"]
    assert "Asking as" not in message.text
    assert "asked as Other" in office.site.issue("PAY-1").description


async def test_while_jira_is_down_the_wish_is_kept_and_done_later(office: Office) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    await ana.runs("/ask-team payments Patience")
    card = await office.card("Patience")
    form = form_of(await card.click("Create Jira issue", by=alice))
    office.site.down = True
    assert await form.submit() is None
    held = await alice.waits_for("Jira does not answer", thread=card, timeout=15)
    assert "kept" in held.text
    office.site.down = False
    office.clock.advance(60)
    await alice.waits_for("PAY-1", thread=card, timeout=15)
    assert len(office.site.issues()) == 1
