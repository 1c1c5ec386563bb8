"""What somebody may not see, what was taken back, and places that the bot is not in."""

from tests.e2e.office import Office
from tests.e2e.screen import form_of, said, sends


async def test_a_guest_reads_nothing_of_the_queue_but_their_own(office: Office) -> None:
    ana, gina = office.person("ana"), office.person("gina")
    await ana.runs("/ask-team payments Numbers nobody outside may read")
    await office.card("Numbers nobody outside may read")
    await gina.says("Where is my refund?", in_="#ask-payments")
    await office.card("Where is my refund?")
    listed = said(await gina.runs("/triage", in_="#ask-payments"))
    assert "Where is my refund?" in listed and "Numbers" not in listed
    assert "does not exist" in said(await gina.runs("/triage 1", in_="#ask-payments"))


async def test_a_message_sent_on_from_where_the_bot_is_not_is_answered_directly(office: Office) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    message = await ana.says("The statement is blank", in_="#random")
    form = form_of(await alice.message_shortcut("Send to triage", message))
    await sends(form)
    receipt = await ana.waits_for("#1", in_="dm")
    card = await office.card("The statement is blank")
    await card.click("Resolve", by=alice)
    await ana.waits_for("Resolved", thread=receipt)


async def test_what_was_deleted_before_it_was_filed_cannot_be_filed(office: Office) -> None:
    ana = office.person("ana")
    message = await ana.tells_bot("My password is hunter2")
    offer = await ana.waits_for("Shall I file", thread=message)
    await ana.deletes(message)
    await office.box.events_delivered()
    assert "Only the one who wrote it" in said(await offer.click(offer.buttons[0], by=ana))
    assert not await office.person("alice").sees(in_="#triage-payments")


async def test_a_long_text_that_was_deleted_is_gone_below_the_card_too(office: Office) -> None:
    ana, alice = office.person("ana"), office.person("alice")
    message = await ana.says("Secret ledger\n" + "hunter2 " * 400, in_="#ask-payments")
    card = await office.card("Secret ledger")
    await alice.waits_for("Full text", thread=card)
    await ana.deletes(message)
    await alice.waits_for("This part of the text is gone", thread=card)
    assert "hunter2" not in " ".join(seen.text for seen in await alice.sees(thread=card))
