"""Which addresses lead to an issue, and where its card may be shown."""

from dataclasses import replace

import pytest

from bot.features.unfurls.domain import IssueLink, Pasted, issue_in, projects_in
from bot.features.unfurls.listeners import read_links
from bot.teams.domain import Team
from tests.teams.make import payments

SITE = "https://acme.atlassian.net"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"{SITE}/browse/PAY-12", "PAY-12"),
        (f"{SITE}/browse/pay-12", "PAY-12"),
        (f"{SITE}/browse/PAY-12/", "PAY-12"),
        (f"{SITE}/browse/PAY-12?focusedCommentId=1#comment-1", "PAY-12"),
        (f"{SITE}:443/browse/PAY-12", "PAY-12"),
        ("https://ACME.Atlassian.net/browse/PAY-12", "PAY-12"),
        (f"{SITE}/jira/software/projects/PAY/boards/1?selectedIssue=PAY-12", "PAY-12"),
        (f"{SITE}/secure/RapidBoard.jspa?rapidView=1&amp;selectedIssue=PAY-12", "PAY-12"),
        (f"{SITE}/browse/PAY-0", None),
        (f"{SITE}/browse/PAY", None),
        (f"{SITE}/browse/PAY-1-2", None),
        (f"{SITE}/browse/ＰＡＹ-1", None),
        (f"{SITE}/browse/paß-1", None),
        (f"{SITE}/browse/PAY-12/extra", None),
        (f"{SITE}/browse/", None),
        (f"{SITE}/", None),
        (f"{SITE}/wiki/browse/PAY-12", None),
        (f"{SITE}:8443/browse/PAY-12", None),
        ("https://acme.atlassian.net.example.com/browse/PAY-12", None),
        ("https://acme.atlassian.net@example.com/browse/PAY-12", None),
        ("https://somebody@acme.atlassian.net/browse/PAY-12", None),
        ("https://other.atlassian.net/browse/PAY-12", None),
        ("ftp://acme.atlassian.net/browse/PAY-12", None),
        ("https://[::1/browse/PAY-12", None),
        ("https://acme.atlassian.net:port/browse/PAY-12", None),
        ("", None),
    ],
)
def test_only_an_address_on_our_jira_leads_to_an_issue(url: str, key: str | None) -> None:
    assert issue_in(url, SITE) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://jira.example.com:8080/jira/browse/PAY-12", "PAY-12"),
        ("http://jira.example.com:8080/jira/secure/x?selectedIssue=PAY-12", "PAY-12"),
        ("http://jira.example.com:8080/browse/PAY-12", None),
        ("http://jira.example.com:8080/jiraX/browse/PAY-12", None),
        ("http://jira.example.com:8080/other?selectedIssue=PAY-12", None),
        ("http://jira.example.com/jira/browse/PAY-12", None),
    ],
)
def test_a_jira_below_a_path_and_on_a_port_is_known_by_both(url: str, key: str | None) -> None:
    assert issue_in(url, "http://jira.example.com:8080/jira/") == key


def wanting(project: str = "PAY") -> Team:
    team = payments()
    assert team.jira is not None
    return replace(team, jira=replace(team.jira, project=project, unfurl=True))


@pytest.mark.parametrize("channel", ["C0TRIAGE01", "C0ASKPAY01", "C0PARTNER1"])
def test_a_team_that_wants_cards_gets_them_in_its_channels(channel: str) -> None:
    assert projects_in([wanting()], channel) == {"PAY"}


def test_nobody_gets_cards_elsewhere_or_unasked() -> None:
    assert projects_in([wanting()], "C0GENERAL1") == frozenset()
    assert projects_in([payments()], "C0ASKPAY01") == frozenset()
    assert projects_in([replace(wanting(), jira=None)], "C0ASKPAY01") == frozenset()
    assert projects_in([replace(wanting(), active=False)], "C0ASKPAY01") == frozenset()


def test_a_channel_of_two_teams_shows_the_projects_of_those_that_want_it() -> None:
    assert projects_in([wanting(), wanting("OPS"), payments()], "C0PARTNER1") == {"PAY", "OPS"}


def test_at_most_five_issues_are_shown_each_once_and_of_these_projects_only() -> None:
    keys = ["OPS-1", "PAY-1", "PAY-1", "PAY-2", "PAY-3", "PAY-4", "PAY-5", "PAY-6"]
    links = tuple(IssueLink(url=f"{at}", key=key) for at, key in enumerate(keys))
    chosen = Pasted(channel="C1", ts="1.1", links=links).only(frozenset({"PAY"}))
    assert [link.key for link in chosen.links] == ["PAY-1", "PAY-2", "PAY-3", "PAY-4", "PAY-5"]
    assert chosen.links[0].url == "1"


@pytest.mark.parametrize(
    "change",
    [
        {"source": "composer", "channel": "COMPOSER"},
        {"source": None},
        {"channel": 5},
        {"message_ts": ""},
        {"message_ts": None},
        {"links": "https://acme.atlassian.net/browse/PAY-1"},
        {"links": [{"url": 5}, {}, None, "x"]},
        {"links": []},
    ],
)
def test_a_draft_and_an_event_without_sense_are_passed_over(change: dict[str, object]) -> None:
    event: dict[str, object] = {
        "type": "link_shared",
        "channel": "C1",
        "message_ts": "1.1",
        "source": "conversations_history",
        "links": [{"domain": "atlassian.net", "url": f"{SITE}/browse/PAY-1"}],
    }
    assert read_links(event, SITE) is not None
    assert read_links(event | change, SITE) is None
