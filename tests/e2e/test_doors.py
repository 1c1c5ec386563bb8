"""The doors that are opened on purpose: the form, one line, shortcuts; where each leads and where the receipt is."""

from pathlib import Path

import pytest

from bot.sandbox.story import Form
from tests.e2e.office import PAYMENTS, PLATFORM, Office, Transport, open_office
from tests.e2e.screen import error_of, form_of, said, sends

pytestmark = pytest.mark.by_turns

LABELS = ["Team", "Summary", "Details", "Type", "Urgency", "Component", "Asking as"]


async def opens(office: Office, who: str = "ana", *, in_: str = "#general", text: str = "") -> Form:
    return form_of(await office.person(who).runs(f"/ask-team {text}".strip(), in_=in_))


async def test_the_form_has_the_fields_that_people_know(office: Office) -> None:
    form = await opens(office)
    assert (form.title, form.submit_label, form.labels) == ("Ask a team", "Send", LABELS)
    assert form.options("Type") == ["Question", "Bug", "Task", "Incident"]
    assert form.options("Urgency") == ["Low", "Normal", "High", "Urgent"]
    assert form.options("Component") == ["Billing", "Checkout"]
    assert form.value("Team") == "Payments"


async def test_a_form_becomes_a_card_with_all_that_was_said(office: Office) -> None:
    form = await opens(office)
    form.fill("Summary", "Refund stuck")
    form.fill("Details", "Order 123, paid twice")
    form.pick("Type", "Task")
    form.pick("Urgency", "High")
    form.pick("Component", "Checkout")
    await sends(form)
    card = await office.card("#1")
    for words in ("Refund stuck", "Order 123, paid twice", "Task", "High", "Checkout", "@ana", "New"):
        assert words in card.text, words


async def test_the_receipt_of_a_form_is_a_direct_message(office: Office) -> None:
    form = await opens(office)
    form.fill("Summary", "Refund stuck")
    await sends(form)
    receipt = await office.person("ana").waits_for("#1", in_="dm")
    assert "is with Payments" in receipt.text
    assert "@alice is on duty" in receipt.text
    assert "Answer by 15:00" in receipt.text


@pytest.mark.parametrize(
    ("who", "source"),
    [("boss", "Management"), ("erin", "Customer support"), ("frank", "Partner team"), ("bob", "Teammate"),
     ("ana", "Other")],
)  # fmt: skip
async def test_asking_as_is_filled_in_from_the_teams_sources(office: Office, who: str, source: str) -> None:
    assert (await opens(office, who)).value("Asking as") == source


async def test_a_changed_asking_as_is_shown_beside_what_is_known(office: Office) -> None:
    form = await opens(office)
    form.fill("Summary", "Refund stuck")
    form.pick("Asking as", "Management")
    await sends(form)
    card = await office.card("#1")
    assert "Management (known as Other)" in card.text
    assert "Normal" in card.text


async def test_a_priority_rule_is_named_on_the_card(office: Office) -> None:
    form = await opens(office)
    form.fill("Summary", "Invoices doubled")
    form.pick("Type", "Bug")
    form.pick("Component", "Billing")
    form.pick("Urgency", "Low")
    await sends(form)
    card = await office.card("#1")
    assert "Urgent" in card.text
    assert "Priority by rule: Bug of component Billing is Urgent" in card.text


async def test_another_team_in_the_form_brings_its_components_and_keeps_what_was_typed(
    office: Office,
) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = await opens(office, "boss")
    assert form.value("Team") is None and "Component" not in form.labels
    form.fill("Summary", "Refund stuck")
    form.pick("Type", "Incident")
    await form.pick("Team", "Payments")
    assert form.labels == LABELS
    assert (form.value("Summary"), form.value("Type")) == ("Refund stuck", "Incident")
    assert form.value("Asking as") == "Management"
    await form.pick("Team", "Platform")
    assert "Component" not in form.labels and form.value("Asking as") == "Other"


async def test_words_that_the_form_began_with_stay_when_the_team_is_chosen(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = await opens(office, text="Where is my refund")
    await form.pick("Team", "Platform")
    assert form.value("Summary") == "Where is my refund"
    await sends(form)
    shown = await office.person("frank").waits_for("Where is my refund", in_="#triage-platform")
    assert "#1" in shown.text


async def test_a_form_without_a_team_keeps_the_person_in_it(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = await opens(office, text="Where is my refund")
    assert await error_of(form, "Team")
    assert await office.count() == 0


async def test_a_summary_of_nothing_visible_is_refused_beside_its_field(office: Office) -> None:
    form = await opens(office)
    form.fill("Summary", "\u200b\u00a0")
    assert "in a few words" in await error_of(form, "Summary")


@pytest.mark.parametrize("team", ["payments", "Payments", "PAYMENTS:"])
async def test_a_line_is_filed_at_once(office: Office, team: str) -> None:
    answer = said(await office.person("ana").runs(f"/ask-team {team} Refund stuck for order 123"))
    assert answer.startswith("#1 is with Payments. @alice is on duty.")
    assert "Refund stuck for order 123" in (await office.card("#1")).text


async def test_a_line_without_a_team_goes_to_the_team_of_the_channel(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    answer = await office.person("ana").runs("/ask-team Refund stuck", in_="#ask-payments")
    assert said(answer).startswith("#1 is with Payments")


async def test_a_line_without_a_team_goes_to_the_only_team(office: Office) -> None:
    assert said(await office.person("ana").runs("/ask-team Refund stuck")).startswith("#1 is with Payments")


async def test_a_line_that_names_none_of_several_teams_opens_the_form_with_the_text(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = await opens(office, text="Refund stuck for order 123")
    assert form.value("Summary") == "Refund stuck for order 123"
    assert await office.count() == 0


async def test_a_first_word_that_is_nearly_a_teams_name_is_asked_about_and_nothing_is_filed(
    office: Office,
) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = await opens(office, text="paymnets refund stuck")
    assert "Did you mean Payments" in form.text.replace("*", "")
    assert form.value("Summary") == "paymnets refund stuck" and not form.value("Team")
    assert await office.count() == 0


async def test_a_teams_name_alone_opens_its_form(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    assert (await opens(office, text="platform")).value("Team") == "Platform"


async def test_help_says_how_to_ask(office: Office) -> None:
    answer = said(await office.person("ana").runs("/ask-team help"))
    assert "/ask-team payments Billing has not answered" in answer
    assert await office.count() == 0


async def test_the_same_line_twice_in_a_minute_is_answered_with_the_first_number(office: Office) -> None:
    ana = office.person("ana")
    said(await ana.runs("/ask-team payments Refund stuck"))
    again = said(await ana.runs("/ask-team payments Refund stuck"))
    assert "#1" in again and "already" in again
    assert await office.count() == 1


async def test_the_same_line_after_a_minute_is_a_new_request(office: Office) -> None:
    await office.asks("Refund stuck")
    office.clock.advance(61)
    assert said(await office.person("ana").runs("/ask-team payments Refund stuck")).startswith("#2")


async def test_a_line_from_a_private_channel_names_no_place_on_the_card(office: Office) -> None:
    card = await office.asks("Refund stuck", in_="#payments-private")
    assert "From a private conversation" in card.text
    assert "private" not in card.text.replace("private conversation", "")


async def test_before_any_team_is_set_up_people_are_told_so(database_url: str, tmp_path: Path) -> None:
    async with open_office(database_url, tmp_path, teams=()) as office:
        for line in ("/ask-team", "/ask-team payments Refund stuck", "/triage"):
            assert "No team is set up yet" in said(await office.person("ana").runs(line))


async def test_too_many_in_a_minute_are_slowed_down_and_others_are_not(
    database_url: str, tmp_path: Path, transport: Transport
) -> None:
    async with open_office(database_url, tmp_path, transport=transport, intake_limit=2) as office:
        ana = office.person("ana")
        for number in (1, 2):
            said(await ana.runs(f"/ask-team payments Refund {number}"))
        assert "Slow down, please" in said(await ana.runs("/ask-team payments Refund 3"))
        assert said(await office.person("bob").runs("/ask-team payments Mine")).startswith("#3")


async def test_the_global_shortcut_opens_the_form(office: Office) -> None:
    form = form_of(await office.person("ana").shortcut("Ask a team"))
    form.fill("Summary", "Refund stuck")
    await sends(form)
    assert "Refund stuck" in (await office.card("#1")).text


async def test_a_message_is_sent_to_triage_for_its_author_with_a_link_back(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck\nOrder 123", in_="#general")
    form = form_of(await office.person("bob").message_shortcut("Send to triage", message))
    assert (form.value("Summary"), form.value("Details")) == ("Refund stuck", "Refund stuck\nOrder 123")
    await sends(form)
    card = await office.card("#1")
    assert "@ana" in card.text and "Filed by @bob" in card.text
    assert message.permalink in str(card.blocks)


async def test_the_receipt_of_a_message_is_a_reply_in_its_thread(office: Office) -> None:
    ana = office.person("ana")
    message = await ana.says("Refund stuck", in_="#general")
    await sends(form_of(await office.person("bob").message_shortcut("Send to triage", message)))
    receipt = await ana.waits_for("#1", thread=message)
    assert "is with Payments" in receipt.text
    assert not any("#1" in seen.text for seen in await ana.sees(in_="dm"))


async def test_from_a_private_channel_the_form_says_who_will_read_it(office: Office) -> None:
    message = await office.person("ana").says("Refund stuck", in_="#payments-private")
    form = form_of(await office.person("bob").message_shortcut("Send to triage", message))
    assert form.submit_label == "Share and send"
    assert "everybody in Payments's triage channel" in form.text
    await sends(form)
    card = await office.card("#1")
    assert message.permalink not in str(card.blocks) and "payments-private" not in card.text


async def test_a_form_from_a_private_channel_warns_too(office: Office) -> None:
    assert (await opens(office, in_="#payments-private")).submit_label == "Share and send"


async def test_a_message_that_is_a_request_already_is_answered_with_its_number(office: Office) -> None:
    ana, bob = office.person("ana"), office.person("bob")
    message = await ana.says("Refund stuck", in_="#ask-payments")
    await office.card("#1")
    answer = said(await bob.message_shortcut("Send to triage", message))
    assert "#1" in answer and "already" in answer


async def test_two_forms_for_one_message_make_one_request_and_the_second_hears_so(office: Office) -> None:
    ana, bob = office.person("ana"), office.person("bob")
    message = await ana.says("Refund stuck", in_="#general")
    first = form_of(await ana.message_shortcut("Send to triage", message))
    second = form_of(await bob.message_shortcut("Send to triage", message))
    await sends(first)
    told = await second.submit()
    assert told is not None and "#1" in told.text and "already" in told.text
    assert await office.count() == 1
