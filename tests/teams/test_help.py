"""Help for one person in one place: their team, their words, where they are."""

from dataclasses import replace

import pytest

from bot.slack import blocks
from bot.teams import help
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import Role, Vocabulary
from bot.teams.words import ALL, ASK_TEAM, ROTATION, STANDUP, TRIAGE
from tests.teams.make import two_teams

PAYMENTS, ORDERS = two_teams().teams
PAYMENTS, ORDERS = replace(PAYMENTS, id=1), replace(ORDERS, id=2)
BOTH = Teams(all=(PAYMENTS, ORDERS), groups={"U0OTTO0001": frozenset({"S0ORDERS01"})})
ONE = Teams(all=(PAYMENTS,), groups={})
ALICE, LEAD, ANA, OTTO = "U0ALICE001", "U0LEAD0001", "U0ANA00001", "U0OTTO0001"
ELSEWHERE, TRIAGE_CHANNEL = "C0GENERAL1", PAYMENTS.triage_channel


def _told(
    own: Vocabulary, who: str, where: str = ELSEWHERE, teams: Teams = BOTH, *, admin: bool = False
) -> str:
    return help.text(own, help.placed(own, teams, who, where, admin=admin))


@pytest.mark.parametrize(
    ("who", "where", "admin", "team", "role"),
    [
        (ANA, ELSEWHERE, False, PAYMENTS, Role.ANYBODY),
        (ANA, ORDERS.triage_channel, False, ORDERS, Role.ANYBODY),
        (ALICE, ELSEWHERE, False, PAYMENTS, Role.MEMBER),
        (ALICE, ORDERS.triage_channel, False, ORDERS, Role.ANYBODY),
        (OTTO, ELSEWHERE, False, ORDERS, Role.MEMBER),
        (LEAD, ELSEWHERE, False, PAYMENTS, Role.LEAD),
        (ANA, ELSEWHERE, True, PAYMENTS, Role.ADMIN),
    ],
)
def test_it_is_about_the_channels_team_else_the_readers_own(
    who: str, where: str, admin: bool, team: Team, role: Role
) -> None:
    reader = help.placed(TRIAGE, BOTH, who, where, admin=admin)
    assert (reader.team, reader.role) == (team, role)


def test_a_command_that_some_teams_have_not_is_about_one_that_has_it() -> None:
    reader = help.placed(ROTATION, BOTH, OTTO, ORDERS.triage_channel, admin=False)
    assert (reader.team, reader.role, reader.is_here) == (PAYMENTS, Role.ANYBODY, False)


def test_whoever_is_no_member_reads_which_words_are_for_members() -> None:
    told = _told(TRIAGE, ANA)
    assert "• `/triage next`" not in told and "For members of Payments: `mine`, `next`." in told
    assert "For members of" not in _told(TRIAGE, ALICE)
    assert "For the lead of Payments, or a workspace admin: `settings`." in _told(TRIAGE, ALICE)
    assert "For workspace admins: `new-team`." in _told(TRIAGE, LEAD)
    assert "• `/triage new-team`" in _told(TRIAGE, ANA, admin=True)
    assert "`/standup` alone" in _told(STANDUP, ANA)


def test_only_leads_read_what_is_for_leads() -> None:
    assert "how well Frontdesk itself worked" in _told(TRIAGE, LEAD)
    assert "how well Frontdesk itself worked" not in _told(TRIAGE, ALICE)
    assert "somebody is away" in _told(STANDUP, LEAD) and "somebody is away" not in _told(STANDUP, ALICE)


def test_in_a_teams_channel_its_name_is_left_out_of_the_examples() -> None:
    here = _told(ASK_TEAM, ANA, TRIAGE_CHANNEL)
    assert "`/ask-team Billing has not answered" in here and "This is a channel of Payments" in here
    assert "`/ask-team payments Billing has not answered" in _told(ASK_TEAM, ANA)


def test_teams_are_listed_where_one_has_to_be_named() -> None:
    assert "Begin with one of `payments`, `orders`." in _told(ASK_TEAM, ALICE)
    assert "Where no team is named, Payments is meant." in _told(TRIAGE, ALICE)
    assert "Where no team is named, Payments is meant." in _told(ASK_TEAM, ALICE, teams=ONE)


def test_names_of_the_team_stand_in_the_examples() -> None:
    reader = replace(help.placed(ROTATION, BOTH, ALICE, ELSEWHERE, admin=False), colleague="Bob")
    assert "`/rotation swap @Bob`" in help.text(ROTATION, reader)
    assert "with :ticket: on it" in _told(ASK_TEAM, ANA)


def test_an_admin_reads_what_they_can_do_where_no_team_is() -> None:
    set_up = "you can set up a team with `/triage new-team`"
    assert f"This is no team's channel. As a workspace admin {set_up}" in _told(TRIAGE, ANA, admin=True)
    assert set_up not in _told(TRIAGE, ANA, TRIAGE_CHANNEL, admin=True) + _told(TRIAGE, LEAD)
    nothing = Teams(all=(), groups={})
    assert set_up in _told(STANDUP, ANA, teams=nothing, admin=True)
    assert set_up not in _told(STANDUP, ANA, teams=nothing)


def test_before_there_is_a_team_it_says_so() -> None:
    assert "No team is set up for this yet." in _told(ASK_TEAM, ANA, teams=Teams(all=(), groups={}))


def test_names_that_people_chose_are_no_markup() -> None:
    odd = replace(PAYMENTS, name="<!here> & co", components=("`rm` <!channel>",))
    told = _told(ASK_TEAM, ANA, teams=Teams(all=(odd,), groups={}))
    assert "<!" not in told and "&lt;!here&gt; &amp; co" in told
    assert "'rm' &lt;!channel&gt; has not answered" in told


@pytest.mark.parametrize("own", ALL, ids=lambda own: own.command)
@pytest.mark.parametrize("role", Role)
def test_it_fits_a_section_whoever_reads_it(own: Vocabulary, role: Role) -> None:
    many = [replace(PAYMENTS, id=number, key=f"a-rather-long-key-{number}") for number in range(40)]
    reader = help.Reader(role=role, team=many[0], teams=many, colleague="Maximiliana Featherstonehaugh")
    told = help.text(own, reader)
    assert len(told) <= blocks.SECTION and "{" not in told
