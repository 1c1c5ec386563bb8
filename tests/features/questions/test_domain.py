"""Which texts are questions, which are not, and what answers them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.features.questions.domain import About, Question, is_for_all, lines, read
from bot.teams.domain import Team
from bot.teams.roster import Teams
from tests.teams.make import two_teams

PAYMENTS, ORDERS = two_teams().teams
PAYMENTS = replace(PAYMENTS, id=1)
ORDERS = replace(ORDERS, id=2, name="Customer Orders")
TEAMS = Teams(all=(PAYMENTS, ORDERS), groups={"U0OTTO0001": frozenset({"S0ORDERS01"})})
GENERAL = "C0GENERAL1"
DUTY, REQUEST, OPEN, MINE, CHECK_IN = About.DUTY, About.REQUEST, About.OPEN, About.MINE, About.CHECK_IN


def asked(about: About, team: Team | None = None, when: str = "", **more: Any) -> Question:
    return Question(about=about, team=team, when=when, **more)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("who is on duty", asked(DUTY)),
        ("Who’s on duty?", asked(DUTY)),
        ("WHOS ON DUTY RIGHT NOW???", asked(DUTY)),
        ("hi there, who is on call today please", asked(DUTY)),
        ("Could you tell me who has duty in payments?", asked(DUTY, PAYMENTS)),
        ("who is on duty in Payments now", asked(DUTY, PAYMENTS)),
        ("who's on triage for the customer orders team tomorrow?", asked(DUTY, ORDERS, "tomorrow")),
        ("who is on duty tomorrow in payments", asked(DUTY, PAYMENTS, "tomorrow")),
        ("who is on duty next week?", asked(DUTY, None, "next week")),
        ("who will be on duty on friday", asked(DUTY, None, "friday")),
        ("who is on call at the weekend", asked(DUTY, None, "weekend")),
        ("who is on duty on 2026-12-24", asked(DUTY, None, "2026-12-24")),
        ("who is next?", asked(DUTY)),
        ("whose turn is it", asked(DUTY)),
        ("who is on duty in paymnets", asked(DUTY, PAYMENTS, unsure=True)),
        ("who is on duty for logistics?", asked(DUTY, unknown=True)),
        ("where is 12", asked(REQUEST, number=12)),
        ("Where’s #12?", asked(REQUEST, number=12)),
        ("what happened to #7", asked(REQUEST, number=7)),
        ("any news on #7?", asked(REQUEST, number=7)),
        ("how is request #7 going?", asked(REQUEST, number=7)),
        ("is #7 done?", asked(REQUEST, number=7)),
        ("status of 7", asked(REQUEST, number=7)),
        ("who has #7", asked(REQUEST, number=7)),
        ("#7?", asked(REQUEST, number=7)),
        ("what's open?", asked(OPEN)),
        ("what is still open in payments", asked(OPEN, PAYMENTS)),
        ("show me the queue", asked(OPEN)),
        ("how many are open?", asked(OPEN)),
        ("what is mine", asked(MINE)),
        ("What's on my plate?", asked(MINE)),
        ("what do I have to do", asked(MINE)),
        ("my requests", asked(MINE)),
        ("what have I asked?", asked(MINE)),
        ("when is my next check-in?", asked(CHECK_IN)),
        ("when's my next standup", asked(CHECK_IN)),
        ("when is the next stand-up in payments", asked(CHECK_IN, PAYMENTS)),
        ("next checkin", asked(CHECK_IN)),
    ],
)
def test_a_short_question_is_understood(text: str, question: Question) -> None:
    assert read(text, TEAMS) == question


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "Refund stuck for order 123",
        "Who is on duty and could restart the billing server?",
        "who is on duty should call Acme back about the refunds",
        "Where is the refund of order 12?",
        "where is 12 Main Street",
        "What is open is the question of who pays",
        "what's open in the office kitchen after six",
        "My requests to the API time out",
        "what is mine is yours, but the export is broken",
        "when is my next check-in broken again, please mend it",
        "#7",
        "12",
        "who",
        "help",
        "next",
        "the queue worker is down",
        "is 12 minutes too long for a refund?",
        "status 500 from checkout",
        "who is on duty " + "x" * 200,
    ],
)
def test_what_could_be_a_request_is_no_question(text: str) -> None:
    assert read(text, TEAMS) is None


@pytest.mark.parametrize(
    ("question", "who", "where", "answered"),
    [
        (asked(DUTY), "U0ANA00001", GENERAL, ("/rotation payments",)),
        (asked(DUTY, PAYMENTS, "next week"), "U0ANA00001", GENERAL, ("/rotation payments list next week",)),
        (asked(DUTY, unknown=True), "U0ANA00001", GENERAL, ()),
        (asked(REQUEST, number=12), "U0ANA00001", GENERAL, ("/triage 12",)),
        (asked(OPEN), "U0ANA00001", GENERAL, ("/triage",)),
        (asked(OPEN, ORDERS), "U0ANA00001", GENERAL, ("/triage orders",)),
        (asked(MINE), "U0ALICE001", GENERAL, ("/triage mine",)),
        (asked(CHECK_IN), "U0ALICE001", GENERAL, ("/standup payments when",)),
        (asked(CHECK_IN), "U0OTTO0001", GENERAL, ()),
    ],
)
def test_it_is_answered_by_lines_that_anybody_could_type(
    question: Question, who: str, where: str, answered: tuple[str, ...]
) -> None:
    assert lines(question, TEAMS, who, where) == answered


def test_without_a_team_the_channels_is_meant_then_ones_own_then_all_with_a_rotation() -> None:
    orders = replace(ORDERS, rotation=PAYMENTS.rotation)
    both = Teams(all=(PAYMENTS, orders), groups=TEAMS.groups)
    assert lines(asked(DUTY), both, "U0ANA00001", GENERAL) == ("/rotation payments", "/rotation orders")
    assert lines(asked(DUTY), both, "U0ALICE001", GENERAL) == ("/rotation payments",)
    assert lines(asked(DUTY), both, "U0ALICE001", orders.triage_channel) == ("/rotation orders",)
    none = Teams(all=(ORDERS,), groups={})
    assert lines(asked(DUTY), none, "U0ALICE001", GENERAL) == ("/rotation",)


def test_only_who_is_on_duty_is_told_to_everybody_in_a_channel() -> None:
    assert [about for about in About if is_for_all(asked(about))] == [DUTY]
