"""Jira's events are read in both editions' shapes; what nobody promised is passed over."""

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jira.reading import parsed
from bot.jira.shapes import CommentNow
from bot.jira.webhooks import (
    CommentChanged,
    CommentGone,
    IssueChanged,
    IssueGone,
    IssueTold,
    read_event,
    signature_is_right,
)

AT = "2026-11-02T10:00:00.250+0100"
MOMENT = datetime(2026, 11, 2, 9, 0, 0, 250_000, tzinfo=UTC)
SITE = "https://jira.example/rest/api/2"
NINA = {
    "cloud": {"accountId": "5b10a2", "displayName": "Nina", "accountType": "atlassian"},
    "datacenter": {"name": "nina", "key": "JIRAUSER10100", "displayName": "Nina"},
}
ACCOUNT = {"cloud": "5b10a2", "datacenter": "nina"}
EDITIONS = pytest.mark.parametrize("edition", ["cloud", "datacenter"])


def issue(**fields: Any) -> dict[str, Any]:
    """An issue as an event has it."""
    status = {"id": "3", "name": "In Progress", "statusCategory": {"id": 4, "key": "indeterminate"}}
    return {"id": "10000", "key": "PAY-1", "fields": {"summary": "Refund stuck", "status": status, **fields}}


def comment(edition: str, **more: Any) -> dict[str, Any]:
    """A comment of issue 10000 as an event has it."""
    return {
        "self": f"{SITE}/issue/10000/comment/10500",
        "id": "10500",
        "author": NINA[edition],
        "updateAuthor": NINA[edition],
        "body": "*Done* by noon",
        "created": AT,
        "updated": AT,
        **more,
    }


def event(name: str, **members: Any) -> dict[str, Any]:
    return {"timestamp": 1793610000250, "webhookEvent": name, **members}


def seen_comment(body: dict[str, Any]) -> CommentChanged:
    found = read_event(body)
    assert isinstance(found, CommentChanged)
    return found


def seen_issue(body: dict[str, Any]) -> IssueTold:
    found = read_event(body)
    assert isinstance(found, IssueChanged)
    return found.issue


@EDITIONS
def test_a_change_of_status_tells_who_moved_it(edition: str) -> None:
    changelog = {"id": "1", "items": [{"field": "status", "fromString": "To Do", "toString": "In Progress"}]}
    body = event(
        "jira:issue_updated",
        issue_event_type_name="issue_generic",
        user=NINA[edition],
        issue=issue(assignee=NINA[edition], resolution=None, updated=AT, security=None),
        changelog=changelog,
    )
    assert read_event(body) == IssueChanged(
        issue=IssueTold(
            id="10000",
            key="PAY-1",
            summary="Refund stuck",
            status="In Progress",
            status_id="3",
            category="indeterminate",
            assignee="Nina",
            tells_assignee=True,
            resolution=None,
            tells_resolution=True,
            updated=MOMENT,
            is_restricted=False,
            moved_by="Nina",
        ),
        who="Nina",
        account=ACCOUNT[edition],
    )


def test_what_an_event_is_silent_about_is_not_taken_for_empty() -> None:
    told = seen_issue(event("jira:issue_updated", issue={"id": "10000", "key": "PAY-1", "fields": {}}))
    assert told == IssueTold(id="10000", key="PAY-1")


def test_somebody_taken_off_an_issue_is_told() -> None:
    told = seen_issue(event("jira:issue_updated", issue=issue(assignee=None)))
    assert (told.assignee, told.tells_assignee) == (None, True)


def test_a_change_of_something_else_names_no_mover() -> None:
    changelog = {"items": [{"field": "summary"}]}
    body = event("jira:issue_updated", issue=issue(), user=NINA["cloud"], changelog=changelog)
    assert seen_issue(body).moved_by == ""


def test_a_security_level_restricts() -> None:
    assert seen_issue(event("jira:issue_created", issue=issue(security={"id": "1"}))).is_restricted


@EDITIONS
@pytest.mark.parametrize("name", ["comment_created", "comment_updated"])
def test_a_comment_is_read_with_its_author(edition: str, name: str) -> None:
    found = seen_comment(event(name, issue=issue(), comment=comment(edition)))
    assert (found.issue_id, found.issue_key) == ("10000", "PAY-1")
    assert found.comment == CommentNow(
        id="10500",
        account=ACCOUNT[edition],
        author="Nina",
        body="*Done* by noon",
        created=MOMENT,
        updated=MOMENT,
        is_hidden=False,
    )


def test_a_comment_of_data_center_without_its_issue_is_placed_by_its_address() -> None:
    found = seen_comment(event("comment_created", comment=comment("datacenter")))
    assert (found.issue_id, found.issue_key, found.issue) == ("10000", "", None)


@pytest.mark.parametrize("kind", ["issue_commented", "issue_comment_edited"])
def test_an_update_of_data_center_that_carries_a_comment_tells_both(kind: str) -> None:
    body = event(
        "jira:issue_updated",
        issue_event_type_name=kind,
        user=NINA["datacenter"],
        issue=issue(updated=AT),
        comment=comment("datacenter"),
    )
    found = seen_comment(body)
    assert (found.comment.id, found.account) == ("10500", "nina")
    assert found.issue is not None and found.issue.status == "In Progress"


@pytest.mark.parametrize(
    "hiding",
    [
        {"visibility": {"type": "role", "value": "Administrators"}},
        {"visibility": {"type": "group", "value": "staff"}},
        {"jsdPublic": False},
        {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]},
    ],
)
def test_a_comment_that_not_everybody_may_read_is_hidden(hiding: dict[str, Any]) -> None:
    found = seen_comment(event("comment_created", issue=issue(), comment=comment("cloud", **hiding)))
    assert found.comment.is_hidden


@pytest.mark.parametrize("public", [{"jsdPublic": True}, {"visibility": None}, {"properties": []}])
def test_a_public_comment_is_not_hidden(public: dict[str, Any]) -> None:
    found = seen_comment(event("comment_created", issue=issue(), comment=comment("cloud", **public)))
    assert not found.comment.is_hidden


@EDITIONS
def test_a_deleted_comment_is_named(edition: str) -> None:
    body = event("comment_deleted", issue=issue(), comment=comment(edition))
    assert read_event(body) == CommentGone(issue_id="10000", issue_key="PAY-1", comment_id="10500")


def test_a_deleted_comment_without_its_issue_is_named_by_ids() -> None:
    body = event("comment_deleted", comment={"id": 10500, "self": f"{SITE}/issue/10000/comment/10500"})
    assert read_event(body) == CommentGone(issue_id="10000", issue_key="", comment_id="10500")


def test_a_deleted_issue_is_named() -> None:
    body = event("jira:issue_deleted", issue=issue())
    assert read_event(body) == IssueGone(issue_id="10000", issue_key="PAY-1")


def test_a_comment_by_somebody_who_is_gone_has_no_account() -> None:
    found = seen_comment(event("comment_created", issue=issue(), comment=comment("cloud", author=None)))
    assert (found.comment.author, found.comment.account) == ("", "")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        event("jira:version_released"),
        event("jira:issue_updated"),
        event("jira:issue_updated", issue={"id": "10000", "key": "../x"}),
        event("jira:issue_updated", issue={"id": "1 OR 1", "key": "PAY-1"}),
        event("comment_created"),
        event("comment_created", comment={"id": "1", "created": AT}),
        event("comment_created", issue=issue(), comment=comment("cloud", created="yesterday")),
        event("comment_created", issue=issue(), comment=comment("cloud", id="../1")),
        event("comment_deleted", issue=issue(), comment={}),
        event("jira:issue_deleted", issue=[]),
        {"webhookEvent": ["comment_created"]},
    ],
)
def test_what_is_unreadable_is_passed_over(body: Any) -> None:
    assert read_event(body) is None


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([AT, "10000", "PAY-1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "key", "name", "self", "fields", "items"]), inner)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.sampled_from(["jira:issue_updated", "jira:issue_deleted", "comment_created", "comment_deleted"]),
    st.sampled_from(["issue", "comment", "user", "changelog"]),
    st.sampled_from(
        [None, "fields", "author", "status", "created", "updated", "visibility", "properties", "body"]
    ),
    JSON,
)
def test_odd_members_never_raise(name: str, member: str, inside: str | None, odd: Any) -> None:
    body = event(name, issue=issue(), comment=comment("cloud"), user=NINA["cloud"], changelog={"items": []})
    read_event(body | {member: odd if inside is None else {**body[member], inside: odd}})


def sign(secret: str, raw: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def test_the_right_signature_is_taken() -> None:
    assert signature_is_right("s3cret", sign("s3cret", b'{"a": 1}'), b'{"a": 1}')


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256=",
        sign("other", b"{}"),
        sign("s3cret", b"{} "),
        sign("s3cret", b"{}").replace("sha256=", "sha1="),
        sign("s3cret", b"{}").removeprefix("sha256="),
        sign("s3cret", b"{}") + "ü",
        "sha256=\udc80",
    ],
)
def test_every_other_signature_is_refused(header: str) -> None:
    assert not signature_is_right("s3cret", header, b"{}")


def test_without_a_secret_no_signature_is_right() -> None:
    assert not signature_is_right("", sign("", b"{}"), b"{}")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (r'"a\u0000b"', "a\ufffdb"),
        (r'"half \ud83d of a pair"', "half \ufffd of a pair"),
        (r'"\uDE00"', "\ufffd"),
        (r'"\ud83d\ude00 \u00e9"', "\U0001f600 é"),
        (r'"\\u0000 \\ud83d"', r"\u0000 \ud83d"),
    ],
)
def test_what_no_database_stores_is_replaced_and_nothing_else(raw: str, read: str) -> None:
    assert parsed(raw) == read


@pytest.mark.parametrize("raw", ["[" * 100_000, "{", "9" * 5_000])
def test_json_that_cannot_be_read_is_one_error(raw: str) -> None:
    with pytest.raises(ValueError):
        parsed(raw)


@EDITIONS
def test_a_name_is_no_longer_than_what_is_stored(edition: str) -> None:
    long = NINA[edition] | {"displayName": "N" * 255}
    told = read_event(
        {"webhookEvent": "comment_created", "issue": issue(), "comment": comment(edition, author=long)}
    )
    assert isinstance(told, CommentChanged)
    assert told.comment.author == "N" * 200
