"""Everything that is shown, for any text: legal for Slack, readable as plain text, and nothing in it calls anybody."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.categories import Category
from bot.core.errors import UserError
from bot.core.text import pieces
from bot.features.requests.domain import Door, Move, Origin, State
from bot.features.requests.service.intake import LONGEST_SUMMARY, split_text
from bot.features.requests.values import HistoryLine, Page
from bot.features.requests.views import ask_form, card, lists, messages, move_forms, words
from bot.features.requests.views.card import CardFacts
from bot.features.requests.views.lists import Around, Titled
from bot.sandbox.slack.limits import check_message, check_view
from bot.slack.blocks import Message
from bot.teams.help import Reader
from tests.features.requests.make import ALICE, ANA, BOB, in_state, request, team
from tests.support.clock import MONDAY

HOSTILE = st.text(max_size=300) | st.sampled_from(
    [
        "<!channel> <!here> <!subteam^S1>",
        "<@U999> <#C1>",
        "<https://evil.example|https://slack.com/login>",
        "*bold* _it_ ~no~ ```code``` > quote",
        "\u202egnp.exe\u200b\u0000",
        "a &amp; b &lt;c&gt;",
        "&" * 3000,
        "<" * 250,
        "👩‍👩‍👧‍👦" * 900,
        "e" + "\u0301" * 10_000,
        "x" * 40_000,
        "line\n" * 10_000,
    ]
)
ALARMS = re.compile(r"<!(?!date\^)|<@(?!U0)|<#(?!C0)|<https?:[^>|]*\|https?:")
AROUND = Around(original=7, card_link=None, names={})
NAMES = {1: "Payments & <Co>"}


def asked(text: str) -> tuple[str, str]:
    """Summary and details as intake keeps them."""
    try:
        return split_text(text, "")
    except UserError:
        return "Refund stuck", ""


def strings(value: Any) -> list[str]:
    """Every mrkdwn text in these blocks."""
    if isinstance(value, Mapping):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for inner in value.values() for text in strings(inner)]
    return [text for inner in value for text in strings(inner)] if isinstance(value, list | tuple) else []


def check(message: Message) -> None:
    """Slack takes it, a screen reader can read it, and no text of a person became markup that calls or misleads."""
    check_message(message.text[:3500], [dict(block) for block in message.blocks])
    assert message.text.strip()
    for text in [message.text, *strings(message.blocks)]:
        assert not ALARMS.search(text), text


def facts(summary: str, details: str, **more: Any) -> CardFacts:
    return CardFacts(team=team(), now=MONDAY, summary=summary, details=details, **more)


def line(move: Move, state: State, **told: Any) -> HistoryLine:
    return HistoryLine(id=1, at=MONDAY, actor=ALICE, move=move, state=state, facts=told)


@given(text=HOSTILE, reason=HOSTILE, state=st.sampled_from(list(State)))
@settings(deadline=None, max_examples=60)
def test_the_card_is_legal_and_harmless_for_any_text(text: str, reason: str, state: State) -> None:
    summary, details = asked(text)
    shown = replace(
        in_state(state), summary=summary, details=details, reason=reason, component=reason[:200] or "x",
        priority_rule=reason[:900] or None, filed_by=BOB,
    )  # fmt: skip
    check(card.card(shown, facts(summary, details, issue_key="PAY-1", issue_status=reason[:100])))


@given(text=HOSTILE)
@settings(deadline=None, max_examples=60)
def test_what_the_requester_reads_is_legal_and_harmless_for_any_text(text: str) -> None:
    summary, _ = asked(text)
    told = words.notice_words(
        in_state(State.DECLINED), line(Move.DECLINE, State.DECLINED, reason=text[:1000]), None, team().zone
    )
    check(messages.receipt(request(summary=summary), summary, team(), "15:40 today"))
    check(messages.notice(told, text[:1000], request(), State.DECLINED))


@given(text=HOSTILE)
@settings(deadline=None, max_examples=60)
def test_lists_are_legal_and_harmless_for_any_text(text: str) -> None:
    summary, _ = asked(text)
    page = Page(
        requests=tuple(request(id=n, summary=summary) for n in range(20)), next="v1:open:1:2,3,4", total=41
    )
    check(lists.page(page, Titled(title=text[:200] or "x", empty="none"), MONDAY, NAMES, {}))
    history = [line(Move.DECLINE, State.DECLINED, reason=text[:1000])] * 50
    check(lists.one(request(summary=summary), history[:8], team().zone, AROUND))


def test_a_long_history_still_fits_into_one_message() -> None:
    history = [line(Move.DECLINE, State.DECLINED, reason="&" * 1000)] * 50
    check(lists.one(request(), history, team().zone, AROUND))


@given(text=HOSTILE)
@settings(deadline=None, max_examples=40)
def test_a_long_text_follows_in_pieces_that_are_legal_and_lose_nothing(text: str) -> None:
    _, details = asked(text)
    parts = pieces(details, 8700)
    assert "".join(parts) == details
    for number, part in enumerate(parts, 1):
        check(messages.more_details(part, number, len(parts)))


@given(text=HOSTILE, private=st.booleans())
@settings(deadline=None, max_examples=60)
def test_the_form_is_legal_for_any_words_that_it_starts_with(text: str, private: bool) -> None:
    origin = Origin(door=Door.SHORTCUT, channel="C0GENERAL1", ts="1.2", private=private)
    draft = ask_form.draft_of(text, origin=origin, requester=ANA, team=team(), source=None)
    check_view(dict(ask_form.ask_form(draft, [team()])), ("modal",))
    assert len(draft.summary) <= LONGEST_SUMMARY


def test_the_form_is_legal_with_very_many_teams_and_components() -> None:
    many = tuple(f"Component {number} {'x' * 80}" for number in range(150))
    teams = [team(id=n, key=f"t{n}", name=f"Team {n} {'y' * 90}", components=many) for n in range(1, 151)]
    draft = ask_form.draft_of("Hi", origin=Origin(door=Door.FORM), requester=ANA, team=teams[0], source=None)
    check_view(dict(ask_form.ask_form(draft, teams)), ("modal",))


@pytest.mark.parametrize(
    "form",
    [
        move_forms.assign_form,
        move_forms.priority_form,
        move_forms.snooze_form,
        move_forms.decline_form,
        move_forms.duplicate_form,
    ],
)
def test_the_forms_of_the_card_are_legal_for_the_highest_number(form: Any) -> None:
    check_view(dict(form(request(number=999_999_999))), ("modal",))


@given(text=HOSTILE, shares=st.booleans())
@settings(deadline=None, max_examples=40)
def test_offers_and_questions_are_legal_for_any_text(text: str, shares: bool) -> None:
    teams = [team(id=n, name=(text[:80] or "x") + str(n)) for n in range(1, 31)]
    button = messages.offer_button("C1", "1.2", teams[0], shares=shares, first=True)
    reader = Reader(team=teams[0], teams=teams)
    check(messages.offer(text, reader, button))
    check(messages.share_first("C1", "1.2", teams, private=shares, readers=ask_form.readers_of(teams[0])))
    check(messages.offer(text, Reader(), None))
    check(messages.ping(request(), ALICE))


@pytest.mark.parametrize("move", list(Move))
def test_every_line_of_history_is_a_sentence_without_gaps(move: Move) -> None:
    told = line(
        move,
        State.NEW,
        to="high" if move is Move.PRIORITY else BOB,
        until=MONDAY.isoformat(),
        reason="r",
        of=7,
    )
    said = words.history_words(told, team().zone)
    assert said
    assert "{who}" not in said and "None" not in said


@pytest.mark.parametrize("move", sorted(set(Move) - {Move.FILE, Move.PRIORITY, Move.EDIT}))
def test_every_change_of_state_is_told_with_number_and_state(move: Move) -> None:
    told = line(move, State.WAITING, to=BOB, until=MONDAY.isoformat(), reason="r", of=7)
    said = words.notice_words(request(), told, None, team().zone)
    assert said.startswith("*#12* is *Waiting on requester*")


@pytest.mark.parametrize("state", list(State))
def test_the_menu_never_holds_more_than_slack_allows(state: State) -> None:
    shown = card.card(in_state(state), facts("Refund stuck", ""))
    overflow = [e for block in shown.blocks for e in block.get("elements", []) if e["type"] == "overflow"]
    assert [len(menu["options"]) <= 5 for menu in overflow] == [True]


@pytest.mark.parametrize("state", list(State))
def test_a_card_asks_what_it_was_once_it_is_resolved_or_declined(state: State) -> None:
    closed = state in (State.RESOLVED, State.DECLINED)
    shown = card.card(replace(in_state(state), category=Category.BUG), facts("Refund stuck", ""))
    check(shown)
    selects = [e for block in shown.blocks for e in block.get("elements", []) if e["type"] == "static_select"]
    chosen = [select["initial_option"]["value"] for select in selects]
    assert chosen == (["v1:12:bug"] if closed else [])
    assert ("it was: Bug" in shown.text) is closed


def test_a_rule_that_set_the_priority_is_named_on_the_card() -> None:
    ruled = request(priority_rule="Bug of component Billing is Urgent")
    assert "Bug of component Billing is Urgent" in json.dumps(card.card(ruled, facts("s", "")).blocks)


def test_a_private_origin_is_neither_named_nor_linked_on_the_card() -> None:
    hidden = request(origin=Origin(door=Door.FORM, channel="C0PRIVATE1", ts="1.2", private=True))
    assert "C0PRIVATE1" not in json.dumps(card.card(hidden, facts("s", "")).blocks)


def test_long_details_say_how_much_more_there_is() -> None:
    shown = json.dumps(card.card(request(), facts("s", "x" * 5000)).blocks)
    assert "(3000 more, in the thread)" in shown


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a &lt; b &amp; c", "a < b & c"),
        ("<@U0BOB00001|bob> look", "@bob look"),
        ("<@U0BOB00001> look", "<@U0BOB00001> look"),
        ("<#C0GENERAL1|general>", "#general"),
        ("<!here> <!channel|@channel>", "@here @channel"),
        ("<!subteam^S1|@pay>", "@pay"),
        ("<https://evil.example|https://slack.com/login>", "https://slack.com/login (https://evil.example)"),
        ("<https://a.example|a.example>", "a.example (https://a.example)"),
        ("<https://a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
    ],
)
def test_slacks_escapes_are_read_as_they_were_typed(typed: str, read: str) -> None:
    assert words.as_typed(typed) == read


def test_at_most_ten_mentioned_people_are_looked_up() -> None:
    assert len(words.people_in(" ".join(f"<@U{n:09d}>" for n in range(500)))) == 10


def test_a_message_with_only_files_is_called_by_their_names() -> None:
    assert (
        words.text_of_message({"text": "", "files": [{"name": "a.png"}, {"name": "b.log"}]})
        == "File: a.png, b.log"
    )


@pytest.mark.parametrize(
    ("length", "said"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 d"), (-5, "0 min")],
)
def test_an_age_is_told_in_one_unit(length: int, said: str) -> None:
    assert words.age(MONDAY, MONDAY + timedelta(minutes=length)) == said
