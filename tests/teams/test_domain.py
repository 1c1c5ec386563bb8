"""Pure rules of a team: source, priority, who works the queue, until when to claim."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.teams.domain import (
    Priority,
    PriorityRule,
    RequestType,
    Source,
    SourceRule,
    claim_due,
    priority_of,
    source_of,
    works_queue,
)
from tests.teams.make import payments, two_teams

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("user", "channel", "groups", "source"),
    [
        ("U0ALICE001", "C0ANY", NOBODY, Source.TEAMMATE),
        ("U0BOSS0001", "C0ANY", NOBODY, Source.MANAGEMENT),
        ("U0BOSS0001", "C0PARTNER1", NOBODY, Source.MANAGEMENT),
        ("U0STRANGER", "C0PARTNER1", NOBODY, Source.PARTNER),
        ("U0STRANGER", "C0ANY", frozenset({"S0PARTNERS"}), Source.PARTNER),
        ("U0STRANGER", None, frozenset({"S0SUPPORT1", "S0PARTNERS"}), Source.PARTNER),
        ("U0STRANGER", None, frozenset({"S0SUPPORT1"}), Source.SUPPORT),
        ("U0ALICE001", "C0PARTNER1", NOBODY, Source.PARTNER),
        ("U0STRANGER", None, NOBODY, Source.OTHER),
        ("U0LEAD0001", None, NOBODY, Source.OTHER),
    ],
)
def test_the_first_matching_source_counts(
    user: str, channel: str | None, groups: frozenset[str], source: Source
) -> None:
    assert source_of(payments(), user, channel, groups) is source


def test_the_order_of_the_file_decides_between_sources() -> None:
    rules = (
        SourceRule(source=Source.SUPPORT, channels=frozenset({"C0PARTNER1"})),
        SourceRule(source=Source.PARTNER, channels=frozenset({"C0PARTNER1"})),
    )
    team = replace(payments(), sources=rules)
    assert source_of(team, "U0STRANGER", "C0PARTNER1", NOBODY) is Source.SUPPORT


def test_a_member_by_user_group_is_a_teammate() -> None:
    orders = two_teams().teams[1]
    assert source_of(orders, "U0X", None, frozenset({"S0ORDERS01"})) is Source.TEAMMATE


@pytest.mark.parametrize(
    ("asked", "type", "component", "source", "expected"),
    [
        (Priority.LOW, RequestType.BUG, "Billing", Source.OTHER, Priority.URGENT),
        (Priority.LOW, RequestType.BUG, "billing", Source.MANAGEMENT, Priority.URGENT),
        (Priority.LOW, RequestType.BUG, "Checkout", Source.OTHER, Priority.LOW),
        (Priority.LOW, RequestType.BUG, None, Source.OTHER, Priority.LOW),
        (Priority.LOW, RequestType.TASK, "Billing", Source.MANAGEMENT, Priority.HIGH),
        (Priority.URGENT, RequestType.TASK, None, Source.MANAGEMENT, Priority.HIGH),
        (Priority.NORMAL, RequestType.QUESTION, None, Source.TEAMMATE, Priority.NORMAL),
    ],
)
def test_the_first_matching_rule_sets_the_priority(
    asked: Priority, type: RequestType, component: str | None, source: Source, expected: Priority
) -> None:
    priority, rule = priority_of(payments(), asked=asked, type=type, component=component, source=source)
    assert priority is expected
    assert (rule is None) == (expected is asked)


def test_a_rule_may_look_at_the_urgency_asked_for() -> None:
    rule = PriorityRule(urgency=Priority.URGENT, priority=Priority.HIGH)
    team = replace(payments(), priority_rules=(rule,))
    asked = {"type": RequestType.TASK, "component": None, "source": Source.OTHER}
    assert priority_of(team, asked=Priority.URGENT, **asked)[0] is Priority.HIGH
    assert priority_of(team, asked=Priority.LOW, **asked)[0] is Priority.LOW


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            PriorityRule(type=RequestType.BUG, component="Billing", priority=Priority.URGENT),
            "Bug of component Billing is Urgent",
        ),
        (PriorityRule(source=Source.PARTNER, priority=Priority.HIGH), "Anything from Partner team is High"),
        (
            PriorityRule(type=RequestType.TASK, urgency=Priority.URGENT, priority=Priority.NORMAL),
            "Task asked for as Urgent is Normal",
        ),
    ],
)
def test_a_rule_can_be_read_by_people(rule: PriorityRule, words: str) -> None:
    assert rule.words == words


def test_priorities_are_ordered_from_urgent_to_low() -> None:
    assert sorted(Priority, key=lambda priority: priority.rank) == ["urgent", "high", "normal", "low"]


def test_labels_are_the_words_on_the_screen() -> None:
    assert [source.label for source in Source] == [
        "Teammate", "Management", "Partner team", "Customer support", "Other",
    ]  # fmt: skip
    assert [kind.label for kind in RequestType] == ["Question", "Bug", "Task", "Incident"]
    assert [priority.label for priority in Priority] == ["Urgent", "High", "Normal", "Low"]


@pytest.mark.parametrize(
    ("user", "groups", "may"),
    [
        ("U0LEAD0002", NOBODY, True),
        ("U0X", frozenset({"S0ORDERS01"}), True),
        ("U0X", frozenset({"S0PARTNERS"}), False),
        ("U0ALICE001", NOBODY, False),
    ],
)
def test_members_and_the_lead_work_the_queue(user: str, groups: frozenset[str], may: bool) -> None:
    assert works_queue(two_teams().teams[1], user, groups) is may


def test_guests_may_ask_in_intake_and_source_channels_only() -> None:
    assert payments().open_channels == {"C0ASKPAY01", "C0PARTNER1"}


def test_every_user_group_that_the_file_names_is_known() -> None:
    assert payments().user_groups == {"S0PARTNERS", "S0SUPPORT1", "S0ONDUTY01"}
    assert two_teams().teams[1].user_groups == {"S0ORDERS01"}


FRIDAY_EVENING = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


def test_an_urgent_request_waits_by_the_clock() -> None:
    assert claim_due(payments(), Priority.URGENT, FRIDAY_EVENING) == FRIDAY_EVENING + timedelta(minutes=15)


def test_any_other_request_waits_in_working_time() -> None:
    monday_morning = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert claim_due(payments(), Priority.HIGH, FRIDAY_EVENING) == monday_morning
