"""What others asked before, shown while the form is filled in: joining an open request, an answer that was enough."""

import pytest
from sqlalchemy import func, select

from bot.features.requests import deflected
from bot.features.requests.models import request_askers
from bot.sandbox.story import Form
from tests.e2e.office import BEGINS, PAYMENTS, PLATFORM, Office
from tests.e2e.screen import form_of, said, sends
from tests.e2e.steps import receipt_of

pytestmark = pytest.mark.by_turns


async def types(office: Office, words: str, *, by: str = "erin", in_: str = "#general") -> Form:
    """The form in which this person has written a summary, once the bot has heard of it."""
    form = form_of(await office.person(by).runs("/ask-team", in_=in_))
    await form.fill("Summary", words)
    return form


async def answered(office: Office) -> None:
    """Request #1 of Ana, which Alice answered and resolved."""
    card = await office.asks("Refund stuck for order 123")
    alice = office.person("alice")
    await card.click("Claim", by=alice)
    await alice.says("// she always asks this", thread=card)
    await alice.says("Press *Retry* in the back office, then wait a minute.", thread=card)
    await alice.says("Thanks!", thread=card)
    await office.settled()
    await card.click("Resolve", by=alice)
    await office.settled()


async def test_an_open_request_is_joined_instead_of_filed_again(office: Office) -> None:
    card = await office.asks("Refund stuck for order 123")
    form = await types(office, "Refunds are stuck")
    assert "#1 Refund stuck for order 123" in form.text and "New · Payments" in form.text
    assert form.value("Summary") == "Refunds are stuck"
    done = form_of(await form.click("Me too"))
    assert "You ask for #1 too: 2 people do now" in done.text
    erin, alice = office.person("erin"), office.person("alice")
    greeting = await erin.waits_for("You ask for #1 too", in_="dm")
    assert "@ana and 1 more" in (await office.card("and 1 more")).text
    await alice.waits_for("@erin asks for the same: 2 people", thread=card)
    await card.click("Claim", by=alice)
    await erin.waits_for("#1 is In progress: @alice works on it", thread=greeting)
    await card.click("Resolve", by=alice)
    told = await erin.waits_for("#1 is Resolved by @alice", thread=greeting)
    assert "ask with /ask-team" in told.text and told.buttons == []
    await office.person("ana").waits_for("#1 is Resolved", thread=await receipt_of(office, "#1"))
    assert await office.count() == 1


async def test_what_somebody_joined_is_on_their_home_tab_until_it_is_closed(office: Office) -> None:
    erin, alice = office.person("erin"), office.person("alice")
    card = await office.asks("Refund stuck for order 123")
    await erin.opens_home()
    await (await types(office, "Refunds are stuck")).click("Me too")
    office.clock.advance(3)
    home = await erin.home(shows="You ask for these too")
    assert "#1" in home.text and "asked by @ana" in home.text and "Resolve" not in home.buttons
    await card.click("Claim", by=alice)
    await office.settled()
    office.clock.advance(3)
    await erin.home(shows="@alice of Payments works on it")
    await card.click("Resolve", by=alice)
    await office.settled()
    office.clock.advance(3)
    await office.settled()
    assert "You ask for these too" not in (await erin.home(shows="Nothing of yours is open")).text


async def test_joining_twice_is_joining_once(office: Office) -> None:
    await office.asks("Refund stuck for order 123")
    for words in ("You ask for #1 too: 2 people", "You ask for #1 already"):
        form = await types(office, "Refund stuck")
        assert words in form_of(await form.click("Me too")).text
    await office.settled()
    count = select(func.count()).select_from(request_askers)
    assert await office.product.database.read(lambda connection: connection.scalar(count)) == 1


async def test_whoever_asked_reads_that_it_is_theirs_and_keeps_the_form(office: Office) -> None:
    await office.asks("Refund stuck for order 123")
    form = await types(office, "Refund stuck", by="ana")
    assert "Yours · New · Payments" in form.text and "Me too" not in form.buttons
    assert form.is_open


async def test_what_was_closed_in_the_meantime_is_not_joined(office: Office) -> None:
    card = await office.asks("Refund stuck for order 123")
    form = await types(office, "Refund stuck")
    await card.click("Resolve", by=office.person("alice"))
    await office.settled()
    assert "#1 was closed in the meantime" in form_of(await form.click("Me too")).text
    await (await office.person("erin").form()).close()
    await sends(form)
    assert await office.count() == 2


async def test_a_solved_one_shows_its_answer_and_that_can_be_enough(office: Office) -> None:
    await answered(office)
    form = await types(office, "refund is stuck")
    assert "@alice answered:" in form.text and "Press *Retry* in the back office" in form.text
    assert "always asks" not in form.text and "Thanks!" not in form.text
    assert "Glad that #1 helped. Nothing was sent" in form_of(await form.click("That helped")).text
    assert await office.count() == 1
    found = await office.product.database.read(deflected, [1], BEGINS)
    assert (found.joined, found.helped) == (0, 1)


async def test_the_answer_given_in_a_private_triage_channel_is_for_its_people_only(office: Office) -> None:
    await answered(office)
    office.box.channel("triage-payments").kind = "group"
    shown = (await types(office, "refund is stuck")).text
    assert "#1 Refund stuck" in shown and "Retry" not in shown
    assert "Retry" in (await types(office, "refund is stuck", by="bob")).text
    assert "Retry" in (await types(office, "refund is stuck", by="ana")).text


async def test_a_request_from_a_private_place_is_shown_to_nobody_else(office: Office) -> None:
    ana = office.person("ana")
    form = form_of(await ana.runs("/ask-team", in_="dm"))
    await form.fill("Summary", "Refund of my own salary stuck")
    await sends(form)
    await office.card("#1")
    assert "salary" not in (await types(office, "refund salary stuck")).text
    assert "#1" in (await types(office, "refund salary stuck", by="bob")).text


async def test_what_is_typed_on_changes_what_is_shown_and_the_form_is_sent_as_ever(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    await office.asks("Refund stuck for order 123")
    form = await types(office, "Refund stuck")
    await form.fill("Details", "Since noon")
    await form.pick("Team", "Payments")
    assert "#1 Refund stuck" in form.text and form.value("Details") == "Since noon"
    await form.fill("Summary", "Coffee machine leaks")
    assert "#1" not in form.text and form.buttons == []
    assert (form.value("Team"), form.value("Details")) == ("Payments", "Since noon")
    await sends(form)
    card = await office.card("#2")
    assert "Coffee machine leaks" in card.text and "Since noon" in card.text


async def test_what_others_wrote_is_no_markup_in_somebody_elses_form(office: Office) -> None:
    await office.person("ana").says("Refund <!channel> *stuck* <@U0BOB00001>", in_="#ask-payments")
    await office.settled()
    form = await types(office, "refund stuck channel")
    section = next(block for block in form.view.blocks if block.get("block_id") == "similar.1")
    assert "<!channel>" not in section["text"]["text"] and "<@U0BOB00001>" not in section["text"]["text"]


async def test_a_message_sent_to_triage_opens_the_form_with_what_looks_alike(office: Office) -> None:
    await office.asks("Refund stuck for order 123")
    message = await office.person("ana").says("My refund is stuck too", in_="#general")
    form = form_of(await office.person("erin").message_shortcut("Send to triage", message))
    assert "#1 Refund stuck" in form.text


async def test_one_line_is_filed_at_once_and_its_receipt_names_one_that_is_open(office: Office) -> None:
    await office.asks("Refund stuck for order 123")
    answer = said(
        await office.person("erin").runs("/ask-team payments Refund stuck for order 7", in_="#general")
    )
    assert answer.startswith("#2 is with Payments")
    receipt = await receipt_of(office, "#2", by="erin")
    assert "Perhaps the same: #1 Refund stuck for order 123 (New)" in receipt.text
    assert "Perhaps" not in (await receipt_of(office, "#1")).text
