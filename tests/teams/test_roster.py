"""Questions about all teams at one moment."""

from dataclasses import replace

import pytest

from bot.teams.domain import Source, Team
from bot.teams.roster import Teams
from tests.teams.make import two_teams

PAYMENTS, ORDERS = (replace(team, id=number) for number, team in enumerate(two_teams().teams, start=1))
OLD = replace(PAYMENTS, id=3, key="old", name="Old", triage_channel="C0OLD", intake_channels=(), active=False)
GROUPS = {"U0DAN00001": frozenset({"S0ORDERS01", "S0SUPPORT1"}), "U0ANA00001": frozenset({"S0ORDERS01"})}
TEAMS = Teams(all=(OLD, PAYMENTS, ORDERS), groups=GROUPS)


def test_a_removed_team_is_no_longer_among_the_active() -> None:
    assert TEAMS.active == (PAYMENTS, ORDERS)
    assert TEAMS.get(3) == OLD
    assert TEAMS.get(4) is None


@pytest.mark.parametrize(
    ("word", "team"),
    [
        ("payments", PAYMENTS),
        ("PAYMENTS", PAYMENTS),
        (" Orders ", ORDERS),
        ("old", None),
        ("", None),
        ("pay", None),
    ],
)
def test_a_team_is_found_by_key_or_name(word: str, team: Team | None) -> None:
    assert TEAMS.by_word(word) == team


@pytest.mark.parametrize(
    ("channel", "team"),
    [
        ("C0TRIAGE01", PAYMENTS),
        ("C0ASKPAY01", PAYMENTS),
        ("C0TRIAGE02", ORDERS),
        ("C0PARTNER1", None),
        ("C0OLD", None),
    ],
)
def test_a_team_is_found_by_its_triage_and_intake_channels(channel: str, team: Team | None) -> None:
    assert TEAMS.of_channel(channel) == team


def test_a_removed_team_is_found_in_its_channel_when_asked_for() -> None:
    assert TEAMS.of_channel("C0OLD", removed=True) == OLD
    assert TEAMS.of_triage_channel("C0OLD") == OLD


def test_an_active_team_comes_before_a_removed_one_in_the_same_channel() -> None:
    both = Teams(all=(replace(OLD, triage_channel="C0TRIAGE02"), ORDERS), groups={})
    assert both.of_channel("C0TRIAGE02", removed=True) == ORDERS
    assert both.of_triage_channel("C0TRIAGE02") == ORDERS


def test_the_only_team_is_known_where_there_is_one() -> None:
    assert TEAMS.only() is None
    assert Teams(all=(OLD, ORDERS), groups={}).only() == ORDERS
    assert Teams(all=(OLD,), groups={}).only() is None


def test_the_teams_of_a_person_are_those_whose_queue_they_work() -> None:
    assert TEAMS.of_person("U0ALICE001") == (PAYMENTS,)
    assert TEAMS.of_person("U0LEAD0002") == (ORDERS,)
    assert TEAMS.of_person("U0DAN00001") == (ORDERS,)
    assert TEAMS.of_person("U0NOBODY01") == ()


def test_members_come_from_the_list_or_from_the_user_group() -> None:
    assert TEAMS.members_of(PAYMENTS) == ("U0ALICE001", "U0BOB00001", "U0CAROL001")
    assert TEAMS.members_of(ORDERS) == ("U0ANA00001", "U0DAN00001")


def test_rules_go_by_the_known_user_groups() -> None:
    assert TEAMS.works_queue(ORDERS, "U0ANA00001")
    assert not TEAMS.works_queue(PAYMENTS, "U0ANA00001")
    assert TEAMS.source_of(PAYMENTS, "U0DAN00001", None) is Source.SUPPORT
    assert TEAMS.source_of(ORDERS, "U0DAN00001", None) is Source.TEAMMATE
