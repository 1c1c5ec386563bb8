"""The doors that messages come through: emoji, intake channels, mentions, direct messages; and what is left alone."""

import pytest

from bot.sandbox.story import Seen
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import form_of, said, sends

pytestmark = pytest.mark.by_turns


async def test_the_teams_emoji_files_a_message_for_its_author(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#general")
    await office.person("bob").reacts(message, ":ticket:")
    assert "#1" in (await office.person("ana").waits_for("is with Payments", thread=message)).text
    card = await office.card("#1")
    assert "@ana" in card.text and "Filed by @bob" in card.text and "Refund stuck" in card.text


async def test_an_emoji_on_a_reply_files_that_reply(office: Office) -> None:
    ana = office.person("ana")
    root = await ana.says("Morning all", in_="#general")
    reply = await ana.says("Refund stuck, by the way", thread=root)
    await office.person("bob").reacts(reply, ":ticket:")
    assert "Refund stuck, by the way" in (await office.card("#1")).text


async def test_other_emoji_file_nothing(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#general")
    for emoji in (":+1:", ":eyes:", ":white_check_mark:"):
        await office.person("bob").reacts(message, emoji)
    assert await office.count() == 0


async def test_an_emoji_in_a_private_channel_asks_the_one_who_used_it_first(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#payments-private")
    await office.person("bob").reacts(message, ":ticket:")
    asked = await office.person("bob").waits_for("This is a private place", in_="#payments-private")
    assert asked.only_for == "bob"
    assert await office.count() == 0
    assert "It goes to Payments" in said(await asked.click("Share and send to Payments"))
    assert "Refund stuck" in (await office.card("#1")).text


async def test_an_emoji_where_two_teams_could_be_meant_asks_which(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    message = await office.person("ana").says("Refund stuck", in_="#general")
    await office.person("bob").reacts(message, ":ticket:")
    asked = await office.person("bob").waits_for("Which team is this for?", in_="#general")
    assert asked.buttons == ["Payments", "Platform"]
    await asked.click("Platform")
    await office.person("frank").waits_for("Refund stuck", in_="#triage-platform")


async def test_a_teams_own_emoji_means_that_team_wherever_it_is_used(office: Office) -> None:
    await office.apply(PAYMENTS, {**PLATFORM, "ticket_emoji": "wrench"})
    message = await office.person("ana").says("📣 Refund stuck", in_="#ask-payments")
    await office.person("bob").reacts(message, ":wrench:")
    await office.person("frank").waits_for("Refund stuck", in_="#triage-platform")


async def test_a_second_door_on_the_same_message_is_answered_with_its_number(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#ask-payments")
    await office.card("#1")
    await office.person("bob").reacts(message, ":ticket:")
    told = await office.person("bob").waits_for("already", in_="#ask-payments")
    assert told.only_for == "bob" and "#1" in told.text
    assert await office.count() == 1


async def test_an_emoji_on_the_bots_own_message_files_nothing_and_says_so(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await office.person("bob").reacts(card, ":ticket:")
    told = await office.person("bob").waits_for("a message of mine", in_="#triage-payments")
    assert told.only_for == "bob"
    assert await office.count() == 1


async def test_several_people_with_the_emoji_make_one_request(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#general")
    for name in ("bob", "carol", "alice"):
        await office.person(name).reacts(message, ":ticket:")
    assert await office.count() == 1


async def test_a_message_in_an_intake_channel_is_filed(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck\nOrder 123", in_="#ask-payments")
    receipt = await office.person("ana").waits_for("#1", thread=message)
    assert "is with Payments" in receipt.text
    card = await office.card("#1")
    assert "Refund stuck" in card.text and "Order 123" in card.text
    assert message.permalink in str(card.blocks)


@pytest.mark.parametrize("text", ["📣 Maintenance tonight", ":mega: Maintenance tonight"])
async def test_an_announcement_in_an_intake_channel_is_left_alone(office: Office, text: str) -> None:
    await office.person("lead").says(text, in_="#ask-payments")
    assert await office.count() == 0


async def test_bots_joins_and_replies_in_an_intake_channel_file_nothing(office: Office) -> None:
    root = await office.person("lead").says("📣 Maintenance tonight", in_="#ask-payments")
    await office.person("deploybot").says("Deployed 1.2", in_="#ask-payments")
    await office.person("frank").joins("#ask-payments")
    await office.person("ana").says("When exactly?", thread=root)
    await office.person("ana").says("When exactly?", thread=root, broadcast=True)
    assert await office.count() == 0


async def test_a_message_of_only_files_is_filed_by_their_names(office: Office) -> None:
    await office.person("ana").says("", in_="#ask-payments", files=[("refund.png", b"x")])
    assert "File: refund.png" in (await office.card("#1")).text


async def test_an_edit_of_the_message_changes_the_card_and_files_nothing(office: Office) -> None:
    ana = office.person("ana")
    message = await ana.says("Refund stuck", in_="#ask-payments")
    card = await office.card("#1")
    await ana.edits(message, "Refund stuck for order 124")
    await office.card("Refund stuck for order 124")
    await office.person("alice").waits_for("edited the message", thread=card)
    assert await office.count() == 1


async def test_an_edit_to_nothing_visible_is_answered_like_a_deletion(office: Office) -> None:
    ana = office.person("ana")
    message = await ana.says("Refund stuck", in_="#ask-payments")
    await office.card("#1")
    await ana.edits(message, "\u200b")
    assert "(deleted by its author)" in (await office.card("#1 (deleted")).text


async def test_a_deleted_message_takes_its_words_from_the_card(office: Office) -> None:
    ana = office.person("ana")
    message = await ana.says("My password is hunter2", in_="#ask-payments")
    card = await office.card("#1")
    await ana.deletes(message)
    await office.card("(deleted by its author)")
    assert "hunter2" not in (await card.now()).text


async def test_events_that_come_twice_file_once(office: Office) -> None:
    office.box.deliver_twice()
    await office.person("ana").says("Refund stuck", in_="#ask-payments")
    assert await office.count() == 1


async def offered(office: Office, who: str, in_: str, text: str = "@frontdesk Refund stuck") -> Seen:
    message = await office.person(who).says(text, in_=in_)
    return await office.person(who).waits_for("I am the front desk", thread=message)


async def test_a_mention_is_answered_with_what_the_bot_can_do_and_an_offer(office: Office) -> None:
    answer = await offered(office, "ana", "#general")
    assert "/ask-team" in answer.text and "/triage" in answer.text
    assert answer.buttons == ["Send it to Payments"]
    assert await office.count() == 0


async def test_the_offer_of_a_mention_files_the_text_without_the_bots_name(office: Office) -> None:
    answer = await offered(office, "ana", "#general")
    assert "#1" in said(await answer.click("Send it to Payments"))
    card = await office.card("#1")
    assert "Refund stuck" in card.text and "frontdesk" not in card.text.lower()


async def test_the_offer_pressed_twice_files_once(office: Office) -> None:
    answer = await offered(office, "ana", "#general")
    await answer.click("Send it to Payments")
    assert "#1 is already with Payments" in said(await answer.click("Send it to Payments"))
    assert await office.count() == 1


async def test_only_the_one_who_wrote_it_accepts_the_offer(office: Office) -> None:
    answer = await offered(office, "ana", "#general")
    refused = said(await answer.click("Send it to Payments", by=office.person("bob")))
    assert "Only the one who wrote it can file it" in refused
    assert await office.count() == 0


async def test_a_mention_in_a_private_channel_offers_to_share(office: Office) -> None:
    answer = await offered(office, "ana", "#payments-private")
    assert answer.buttons == ["Share and send it to Payments"]
    await answer.click("Share and send it to Payments")
    card = await office.card("#1")
    assert "From a private conversation" in card.text
    assert "The message it came from" not in card.text


async def test_a_mention_with_several_teams_offers_the_form(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    answer = await offered(office, "ana", "#general")
    form = form_of(await answer.click("Send it to a team"))
    assert form.value("Summary") == "Refund stuck"
    await form.pick("Team", "Platform")
    await sends(form)
    await office.person("frank").waits_for("Refund stuck", in_="#triage-platform")


async def test_a_bare_greeting_gets_no_offer(office: Office) -> None:
    assert (await offered(office, "ana", "#general", "@frontdesk hello")).buttons == []


async def test_a_mention_in_an_intake_channel_is_filed_and_offers_nothing(office: Office) -> None:
    message = await office.person("ana").says("@frontdesk Refund stuck", in_="#ask-payments")
    await office.card("#1")
    await office.settled()
    shown = await office.person("ana").sees(thread=message)
    assert not any("I am the front desk" in seen.text for seen in shown)


async def test_a_direct_message_is_answered_with_an_offer_and_talked_over_in_its_thread(
    office: Office,
) -> None:
    ana = office.person("ana")
    message = await ana.tells_bot("Refund stuck")
    answer = await ana.waits_for("I am the front desk", thread=message)
    await answer.click("Send it to Payments")
    assert "is with Payments" in (await ana.waits_for("#1 is with Payments, priority", thread=message)).text
    card = await office.card("#1")
    await ana.says("Order 123", thread=message)
    await office.person("alice").waits_for("Order 123", thread=card)
    assert await office.count() == 1


async def test_a_direct_message_with_several_teams_opens_a_form_that_says_who_reads(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    ana = office.person("ana")
    message = await ana.tells_bot("Refund stuck")
    answer = await ana.waits_for("I am the front desk", thread=message)
    form = form_of(await answer.click("Send it to a team"))
    assert form.submit_label == "Share and send"
    await form.pick("Team", "Payments")
    assert "everybody in Payments's triage channel" in form.text
    await sends(form)
    assert "Refund stuck" in (await office.card("#1")).text
