"""A ticket's rules: its names, its fields, who may make one."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.tickets import domain
from bot.teams.people import Person
from bot.teams.roster import Teams
from tests.features.tickets.make import ASKER, CARD, ELSEWHERE, facts, wish
from tests.teams.make import payments

TEAM = replace(payments(), id=1)
TEAMS = Teams(all=(TEAM,), groups={})


def test_a_label_is_frontdesk_and_eight_letters_or_digits() -> None:
    assert re.fullmatch(r"frontdesk-[a-z2-7]{8}", domain.label_of(b"\x00\xff\x10\x20\x30"))
    assert domain.label_of(b"\x00" * 5) != domain.label_of(b"\x01" * 5)


def test_both_threads_of_a_request_are_the_request() -> None:
    request = domain.as_thread(facts())
    assert domain.threads_of(request, CARD) == (CARD, ASKER)
    assert domain.threads_of(request, ASKER) == (ASKER, CARD)
    assert domain.subject_of(12, CARD) == domain.subject_of(12, ASKER) == "request:12"
    assert domain.subjects_of(12, (CARD, ASKER))[1:] == (
        "thread:C0TRIAGE01:100.000001", "thread:C0ASKPAY01:100.000002",
    )  # fmt: skip


def test_a_thread_of_no_request_is_named_by_its_place() -> None:
    assert domain.subjects_of(None, (ELSEWHERE,)) == ("thread:C0GENERAL1:100.000003",)


def test_a_summary_becomes_one_clean_line() -> None:
    assert domain.checked(wish(summary="  Refund\n stuck\u202e \x00")) == ("PAY", "Task", "Refund stuck")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": " \u00a0\u200b"}, "summary"),
        ({"summary": "x" * 256}, "summary"),
        ({"project": "../../admin"}, "project"),
        ({"project": "PAY OR project=SECRET"}, "project"),
        ({"project": ""}, "project"),
        ({"issue_type": "  "}, "issue_type"),
    ],
)
def test_a_wrong_field_is_refused_by_name(changed: dict[str, str], field: str) -> None:
    with pytest.raises(UserError) as refused:
        domain.checked(wish(**changed))
    assert refused.value.field == field


def test_a_summary_of_255_characters_is_taken() -> None:
    assert len(domain.checked(wish(summary="x" * 255))[2]) == 255


@pytest.mark.parametrize(
    ("more", "is_admin"),
    [
        ({}, True),
        ({"is_admin": False}, False),
        ({"company": "T0OTHER001"}, False),
        ({"is_guest": True}, False),
        ({"deleted": True}, False),
    ],
)
def test_only_this_workspaces_admins_are_admins_here(more: dict[str, Any], is_admin: bool) -> None:
    values: dict[str, Any] = {"id": "U1", "name": "o", "is_admin": True, "company": "T1"} | more
    assert Person(**values).is_admin_of("T1") is is_admin


def test_people_of_another_team_do_not_work_the_requests_queue() -> None:
    other = replace(TEAM, id=2, key="search", lead="U0LEAD0009", members=("U0ZOE00001",))
    teams = Teams(all=(TEAM, other), groups={})
    request = domain.as_thread(facts())
    assert not domain.works_here(teams, request, "U0ZOE00001")
    assert domain.works_here(teams, None, "U0ZOE00001")
    assert domain.works_here(teams, request, "U0ALICE001")


def test_a_request_of_a_team_that_was_taken_out_of_the_file_can_still_be_worked() -> None:
    gone = Teams(all=(replace(TEAM, active=False),), groups={})
    assert domain.works_here(gone, domain.as_thread(facts()), "U0ALICE001")


def test_the_jira_settings_are_the_requests_teams_then_the_channels_then_ones_own() -> None:
    other = replace(
        TEAM, id=2, key="search", triage_channel="C9", intake_channels=(), members=("U0ZOE00001",)
    )
    teams = Teams(all=(TEAM, other), groups={})
    assert domain.team_for(teams, domain.as_thread(facts(team_id=2)), "C0ASKPAY01", "U0ALICE001") == other
    assert domain.team_for(teams, None, "C9", "U0ALICE001") == other
    assert domain.team_for(teams, None, "C0GENERAL1", "U0ZOE00001") == other
    assert domain.team_for(teams, None, "C0GENERAL1", "U0ALICE001") == TEAM
