"""Hostile and huge texts from Slack to the card, the receipt and the lists: shown as they were meant, calling nobody."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.sandbox.story import Seen
from tests.e2e.office import Office
from tests.e2e.screen import error_of, form_of, said, sends

pytestmark = pytest.mark.by_turns


def read_as_markup(value: Any) -> list[str]:
    """Every text in a message or form that Slack would read as markup."""
    if isinstance(value, Mapping):
        whole = value if value.get("type") == "mrkdwn" or "type" not in value else {}
        own = [text for text in [whole.get("text")] if isinstance(text, str)]
        return own + [text for inner in value.values() for text in read_as_markup(inner)]
    return [text for inner in value for text in read_as_markup(inner)] if isinstance(value, list) else []


def sent(office: Office) -> str:
    """Every text that the bot gave to Slack to be read as markup, as it was on the wire."""
    found: list[str] = []
    for record in office.box.journal.records:
        found += read_as_markup(record.arguments if record.direction == "to_slack" else record.response)
    assert found
    return "\n".join(found)


async def by_message(office: Office, text: str) -> Seen:
    """The card of a message in the intake channel."""
    await office.person("ana").says(text, in_="#ask-payments")
    card = await office.card("#1")
    await office.settled()
    return await card.now()


@pytest.mark.parametrize("token", ["<!channel>", "<!here>", "<!everyone>", "<!subteam^S0PAYMENTS>"])
async def test_no_alarm_typed_by_a_person_reaches_anybody(office: Office, token: str) -> None:
    card = await office.asks(f"{token} refund stuck")
    assert "refund stuck" in card.text
    said(await office.person("alice").runs("/triage", in_="#triage-payments"))
    said(await office.person("alice").runs("/triage 1", in_="#triage-payments"))
    await office.settled()
    assert token not in sent(office)
    assert token.replace("<", "&lt;").replace(">", "&gt;") in sent(office)


async def test_a_real_alarm_in_a_message_becomes_words(office: Office) -> None:
    card = await by_message(office, "@channel refund stuck")
    assert "@channel refund stuck" in card.text
    assert "<!channel>" not in sent(office)


async def test_people_are_shown_by_name_and_not_called(office: Office) -> None:
    card = await by_message(office, "@bob knows about @carol's refund")
    assert "@bob knows about @carol" in card.text
    assert "<@U0BOB00001>" not in sent(office)


async def test_an_unknown_person_in_a_line_is_plain_words(office: Office) -> None:
    card = await office.asks("ask <@U999999999> or <#C999999999>")
    assert "U999999999" in card.text
    assert "<@U999999999>" not in sent(office).replace("&lt;@U999999999&gt;", "")


async def test_a_link_that_pretends_shows_where_it_leads(office: Office) -> None:
    card = await by_message(office, "<https://evil.example|https://slack.com/login> is down")
    assert "https://evil.example" in card.text
    assert "<https://evil.example" not in sent(office)


@pytest.mark.parametrize(
    "text",
    ["a < b & c > d", "a &lt; b &amp; c", "*bold* _it_ ~no~ `code`", "```rm -rf /```", "> quote :tada:", "%s %(x)s {0}",
     "'; DROP TABLE requests;--"],
)  # fmt: skip
async def test_marks_and_entities_are_shown_as_typed(office: Office, text: str) -> None:
    card = await office.asks(f"{text} stuck")
    assert f"{text} stuck" in card.text


async def test_a_receipt_shows_the_words_as_typed(office: Office) -> None:
    await office.asks("*bold* <b> & `code` stuck")
    receipt = await office.person("ana").waits_for("#1 is with", in_="dm")
    assert "*bold* <b> & `code` stuck" in receipt.text


async def test_a_list_shows_the_words_without_formatting(office: Office) -> None:
    await office.asks("*bold* <b> & `code` stuck")
    text = said(await office.person("alice").runs("/triage", in_="#triage-payments"))
    assert "*bold* <b> & `code` stuck" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("invoice \u202efdp.exe", "invoice fdp.exe"),
        ("pass\u200bword\u2060", "password"),
        ("null\x00byte", "nullbyte"),
        ("family 👩‍👩‍👧‍👦 emoji", "family"),
    ],
)
async def test_invisible_and_turning_characters_are_gone(office: Office, text: str, shown: str) -> None:
    card = await office.asks(text)
    assert shown in card.text
    assert not any(hidden in card.text for hidden in "\u202e\u200b\u2060\x00")


async def test_many_marks_on_one_letter_are_limited(office: Office) -> None:
    card = await office.asks("Z" + "\u0301" * 2000 + " stuck")
    assert card.text.count("\u0301") < 20 and "stuck" in card.text


@pytest.mark.parametrize("text", ["\u00a0", "\u200b\u200b", "\u202e"])
async def test_a_line_of_nothing_files_nothing(office: Office, text: str) -> None:
    shown = await office.person("ana").runs(f"/ask-team payments {text}")
    assert shown is not None
    assert await office.count() == 0


async def test_a_message_of_nothing_visible_files_nothing_and_says_so(office: Office) -> None:
    await office.person("ana").says("\u200b", in_="#ask-payments")
    told = await office.person("ana").waits_for("in a few words", in_="#ask-payments")
    assert told.only_for == "ana"
    assert await office.count() == 0


async def test_forty_thousand_characters_reach_the_thread_of_the_card_whole(office: Office) -> None:
    text = " ".join(f"word{n:05d}" for n in range(3990))
    assert 39_000 < len(text) <= 40_000
    card = await by_message(office, text)
    assert "more, in the thread)" in card.text
    parts = [seen.text for seen in await office.person("alice").sees(thread=card) if "Full text" in seen.text]
    whole = "".join(part.split(")", 1)[1].replace("\n", "") for part in parts)
    assert whole == text
    assert [part.split("\n")[0] for part in parts] == [f"Full text ({n} of 5)" for n in range(1, 6)]


async def test_ten_thousand_lines_are_carried(office: Office) -> None:
    card = await by_message(office, "First line\n" + "\n".join("x" for _ in range(10_000)))
    assert "First line" in card.text


async def test_a_long_first_line_is_cut_on_the_card_and_whole_below(office: Office) -> None:
    card = await office.asks("Refund " * 100 + "end")
    assert "more)" in card.text and "Refund end" in card.text


async def test_no_character_is_torn_where_a_text_is_cut(office: Office) -> None:
    await by_message(office, "👩‍👩‍👧‍👦" * 2000)
    assert "\ufffd" not in sent(office)


async def test_a_form_refuses_more_than_its_field_holds(office: Office) -> None:
    form = form_of(await office.person("ana").runs("/ask-team"))
    form.fill("Summary", "x" * 251)
    assert await error_of(form, "Summary")


async def test_a_form_takes_what_its_fields_hold(office: Office) -> None:
    form = form_of(await office.person("ana").runs("/ask-team"))
    form.fill("Summary", "x" * 250)
    form.fill("Details", "y" * 3000)
    await sends(form)
    assert "(1000 more, in the thread)" in (await office.card("#1")).text


async def test_a_reason_with_alarms_calls_nobody(office: Office) -> None:
    card = await office.asks("Refund stuck")
    form = form_of(await card.choose("Decline", by=office.person("alice")))
    form.fill("Why?", "<!channel> *no* <@U0BOB00001>")
    await sends(form)
    told = await office.person("ana").waits_for(
        "#1 is Declined", thread=await office.person("ana").waits_for("#1 is with", in_="dm")
    )
    assert "<!channel> *no*" in told.text
    await office.settled()
    assert "<!channel>" not in sent(office)
