"""What a typed line means."""

from dataclasses import replace

import pytest

from bot.features.requests.asking import parse_ask, parse_look
from bot.teams.domain import Team
from bot.teams.roster import Teams
from tests.features.requests.make import team

ELSEWHERE, ASK, TRIAGE = "C0GENERAL1", "C0ASKPAY01", "C0TRIAGE01"
PAYMENTS = team()
CARE = replace(
    PAYMENTS, id=2, key="care", name="Customer Care & Co", triage_channel="C0CARE0001", intake_channels=()
)
CUSTOMER = replace(CARE, id=3, key="customer", name="Customer", triage_channel="C0CUSTOM01")
GONE = replace(CARE, id=4, key="gone", name="Gone", triage_channel="C0GONE0001", active=False)
ONE = Teams(all=(PAYMENTS,), groups={})
SEVERAL = Teams(all=(PAYMENTS, CARE, CUSTOMER, GONE), groups={})


@pytest.mark.parametrize(
    ("text", "channel", "kind", "asked", "rest"),
    [
        ("", ELSEWHERE, "form", None, ""),
        ("   ", ELSEWHERE, "form", None, ""),
        ("", ASK, "form", PAYMENTS, ""),
        ("help", ELSEWHERE, "help", None, ""),
        (" HELP ", ASK, "help", None, ""),
        ("help me with order 5", ASK, "file", PAYMENTS, "help me with order 5"),
        ("payments Refund stuck", ELSEWHERE, "file", PAYMENTS, "Refund stuck"),
        ("Payments: Refund stuck", ELSEWHERE, "file", PAYMENTS, "Refund stuck"),
        ("PAYMENTS, Refund stuck", ELSEWHERE, "file", PAYMENTS, "Refund stuck"),
        ("payments", ELSEWHERE, "form", PAYMENTS, ""),
        ("Customer Care & Co where is my parcel", ELSEWHERE, "file", CARE, "where is my parcel"),
        ("customer  care &  co where is it", ELSEWHERE, "file", CARE, "where is it"),
        ("Customer Care is slow", ELSEWHERE, "file", CUSTOMER, "Care is slow"),
        ("care Refund\nsecond line", ELSEWHERE, "file", CARE, "Refund\nsecond line"),
        ("Refund stuck", ELSEWHERE, "form", None, "Refund stuck"),
        ("Refund stuck", ASK, "file", PAYMENTS, "Refund stuck"),
        ("Refund stuck", TRIAGE, "file", PAYMENTS, "Refund stuck"),
        ("care Refund stuck", ASK, "file", CARE, "Refund stuck"),
        ("gone Refund stuck", ELSEWHERE, "file", GONE, "Refund stuck"),
        ("Refund stuck", "C0GONE0001", "form", None, "Refund stuck"),
    ],
)
def test_the_first_word_is_the_team_else_the_channels(
    text: str, channel: str, kind: str, asked: Team | None, rest: str
) -> None:
    found = parse_ask(text, SEVERAL, channel)
    assert (found.kind, found.team, found.text) == (kind, asked, rest)


@pytest.mark.parametrize(("text", "kind"), [("Refund stuck", "file"), ("", "form"), ("help", "help")])
def test_the_only_team_is_meant_everywhere(text: str, kind: str) -> None:
    found = parse_ask(text, ONE, ELSEWHERE)
    assert found.kind == kind
    assert found.team == (None if kind == "help" else PAYMENTS)


@pytest.mark.parametrize(
    ("text", "kind", "asked", "number"),
    [
        ("", "open", None, 0),
        ("mine", "mine", None, 0),
        ("NEXT", "next", None, 0),
        ("all", "all", None, 0),
        ("stats", "stats", None, 0),
        ("help", "help", None, 0),
        ("12", "one", None, 12),
        ("#12", "one", None, 12),
        (" #007 ", "one", None, 7),
        ("payments", "open", PAYMENTS, 0),
        ("payments stats", "stats", PAYMENTS, 0),
        ("Customer Care & Co all", "all", CARE, 0),
        ("customer next", "next", CUSTOMER, 0),
    ],
)
def test_the_queue_knows_its_words_numbers_and_teams(
    text: str, kind: str, asked: Team | None, number: int
) -> None:
    found = parse_look(text, SEVERAL)
    assert (found.kind, found.team, found.number) == (kind, asked, number)


@pytest.mark.parametrize(
    ("text", "asked", "rest"),
    [("mien", None, "mien"), ("payments mien", PAYMENTS, "mien"), ("#", None, "#")],
)
def test_of_an_unknown_word_it_is_kept_what_was_typed(text: str, asked: Team | None, rest: str) -> None:
    found = parse_look(text, SEVERAL)
    assert (found.kind, found.team, found.rest) == ("unknown", asked, rest)


@pytest.mark.parametrize(
    ("text", "channel", "nearly"),
    [
        ("paymnets refund stuck", ELSEWHERE, PAYMENTS),
        ("Paymants: refund stuck", ELSEWHERE, PAYMENTS),
        ("paymnets refund stuck", ASK, None),
        ("hlep", ELSEWHERE, None),
        ("Refund stuck", ELSEWHERE, None),
        ("payments refund stuck", ELSEWHERE, None),
    ],
)
def test_a_first_word_that_is_nearly_a_team_is_asked_about_where_no_team_is_meant(
    text: str, channel: str, nearly: Team | None
) -> None:
    assert parse_ask(text, SEVERAL, channel).nearly == nearly


def test_with_one_team_the_whole_line_is_the_request_even_where_it_looks_like_a_slip() -> None:
    found = parse_ask("paymnets refund stuck", ONE, ELSEWHERE)
    assert (found.kind, found.nearly, found.text) == ("file", None, "paymnets refund stuck")


@pytest.mark.parametrize(
    ("text", "kind", "asked"),
    [
        ("settings", "settings", None),
        ("care settings", "settings", CARE),
        ("settings care", "settings", CARE),
        ("Settings Customer Care & Co", "settings", CARE),
        ("settings carr", "unknown", None),
        ("new-team", "new-team", None),
    ],
)
def test_settings_are_asked_for_with_the_team_before_or_behind(
    text: str, kind: str, asked: Team | None
) -> None:
    found = parse_look(text, SEVERAL)
    assert (found.kind, found.team) == (kind, asked)
