"""What `POST /jira/webhook` answers to those who are Jira, and to those who are not."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.features.in_step.models import jira_comments, jira_issues
from bot.outbox.models import inbox, outbox
from tests.features.in_step.conftest import SECRET, Desk
from tests.support.locks import held_for_writing
from tests.support.waiting import until

CREATED = "2026-11-23T10:00:00.000+0000"


@pytest.fixture
def edition() -> str:
    """Who calls is checked before anybody looks at what they say; shapes of both editions have their own tests."""
    return "cloud"


def comment_event(issue_id: str, **more: Any) -> dict[str, Any]:
    """Nina commented."""
    nina = {"accountId": "nina", "displayName": "Nina Novak"}
    comment = {
        "id": "900", "author": nina, "body": "Fixed in 2.4", "created": CREATED, "updated": CREATED
    } | more  # fmt: skip
    return {"webhookEvent": "comment_created", "issue": {"id": issue_id, "key": "PAY-1"}, "comment": comment}


def signed(raw: bytes, secret: str = SECRET, identifier: str = "one") -> dict[str, str]:
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Hub-Signature": f"sha256={digest}",
        "X-Atlassian-Webhook-Identifier": identifier,
    }


async def post(http: aiohttp.ClientSession, desk: Desk, raw: bytes, headers: Mapping[str, str]) -> int:
    async with http.post(f"{desk.address}/jira/webhook", data=raw, headers=headers) as answer:
        assert "Traceback" not in await answer.text()
        return answer.status


async def stored(desk: Desk) -> tuple[int, ...]:
    """How much of everything is stored."""
    tables = (inbox, outbox, jira_issues, jira_comments)
    queries = [select(func.count()).select_from(table) for table in tables]
    return await desk.deps.transactions.read(lambda c: tuple(c.scalar(query) or 0 for query in queries))


async def test_a_signed_event_is_stored_and_what_follows_is_read(
    desk: Desk, http: aiohttp.ClientSession
) -> None:
    issue, card, _ = await desk.issue()
    raw = json.dumps(comment_event(issue.issue_id)).encode()
    assert await post(http, desk, raw, signed(raw)) == 200
    await desk.quiet()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]


@pytest.mark.parametrize("secret", [None])
async def test_without_a_secret_everything_is_refused(
    desk: Desk, http: aiohttp.ClientSession, secret: str | None
) -> None:
    issue, _, _ = await desk.issue()
    before = await stored(desk)
    raw = json.dumps(comment_event(issue.issue_id)).encode()
    for headers in ({}, signed(raw), signed(raw, secret="")):
        assert await post(http, desk, raw, headers) == 403
    assert await stored(desk) == before
    assert secret is None


async def test_what_is_not_signed_with_the_secret_gets_401_and_leaves_nothing(
    desk: Desk, http: aiohttp.ClientSession
) -> None:
    issue, _, _ = await desk.issue()
    before = await stored(desk)
    raw = json.dumps(comment_event(issue.issue_id)).encode()
    right = signed(raw)["X-Hub-Signature"]
    weak = hmac.new(SECRET.encode(), raw, hashlib.sha1).hexdigest()
    for signature in (
        "", "sha256=", "sha256=00", right.removeprefix("sha256="), right.upper(), f"sha1={weak}",
        signed(raw, "another secret")["X-Hub-Signature"], signed(raw + b" ")["X-Hub-Signature"],
    ):  # fmt: skip
        assert await post(http, desk, raw, {"X-Hub-Signature": signature}) == 401, signature
    assert await post(http, desk, raw, {}) == 401
    assert await stored(desk) == before


async def test_two_signatures_are_none(desk: Desk, http: aiohttp.ClientSession) -> None:
    raw = b"{}"
    headers = [("X-Hub-Signature", signed(raw)["X-Hub-Signature"]), ("X-Hub-Signature", "sha256=00")]
    async with http.post(f"{desk.address}/jira/webhook", data=raw, headers=headers) as answer:
        assert answer.status == 401


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
async def test_signed_nonsense_gets_400(desk: Desk, http: aiohttp.ClientSession, raw: bytes) -> None:
    before = await stored(desk)
    assert await post(http, desk, raw, signed(raw)) == 400
    assert await stored(desk) == before


@pytest.mark.parametrize(
    "body", [[], 3, None, {}, {"webhookEvent": "project_created"}, {"webhookEvent": "comment_created"},
             {"webhookEvent": "jira:issue_updated", "issue": {"id": [], "key": {}}}]
)  # fmt: skip
async def test_signed_events_that_say_nothing_get_200_and_leave_nothing(
    desk: Desk, http: aiohttp.ClientSession, body: Any
) -> None:
    before = await stored(desk)
    raw = json.dumps(body).encode()
    assert await post(http, desk, raw, signed(raw)) == 200
    assert await stored(desk) == before


async def test_a_body_of_more_than_a_megabyte_gets_413(desk: Desk, http: aiohttp.ClientSession) -> None:
    raw = b'"' + b"x" * 1024 * 1024 + b'"'
    assert await post(http, desk, raw, signed(raw)) == 413


async def test_an_issue_that_no_thread_follows_gets_200_and_leaves_nothing(
    desk: Desk, http: aiohttp.ClientSession
) -> None:
    await desk.issue()
    before = await stored(desk)
    raw = json.dumps(comment_event("999999")).encode()
    assert await post(http, desk, raw, signed(raw)) == 200
    assert await stored(desk) == before


async def test_the_same_event_again_changes_nothing(desk: Desk, http: aiohttp.ClientSession) -> None:
    issue, card, _ = await desk.issue()
    raw = json.dumps(comment_event(issue.issue_id)).encode()
    for identifier in ("one", "one", "two", "", "x" * 5000):
        assert await post(http, desk, raw, signed(raw, identifier=identifier)) == 200
    await desk.quiet()
    assert len(await desk.said_in(card)) == 1


async def test_an_event_that_only_names_its_issue_is_looked_into_once_under_its_name(
    desk: Desk, http: aiohttp.ClientSession
) -> None:
    issue, _, _ = await desk.issue()
    raw = json.dumps(
        {"webhookEvent": "jira:issue_updated", "issue": {"id": issue.issue_id, "key": issue.key}}
    )
    looks: list[tuple[int, ...]] = []
    for _ in range(2):
        assert await post(http, desk, raw.encode(), signed(raw.encode(), identifier="the same")) == 200
        await desk.quiet()
        looks.append(await stored(desk))
    assert looks[0] == looks[1]


async def test_while_the_database_cannot_store_jira_is_asked_to_call_again(
    desk: Desk, http: aiohttp.ClientSession
) -> None:
    issue, card, _ = await desk.issue()
    raw = json.dumps(comment_event(issue.issue_id)).encode()
    async with held_for_writing(str(desk.deps.transactions.database.url.database)):
        assert await post(http, desk, raw, signed(raw)) == 503

    async def is_taken() -> bool:
        return await post(http, desk, raw, signed(raw)) == 200

    await until(is_taken)
    await desk.quiet()
    assert await desk.said_in(card) == ["Nina Novak in Jira: Fixed in 2.4"]


@pytest.mark.parametrize("edition", ["datacenter"])
async def test_on_data_center_an_event_is_not_believed_about_who_may_read_a_comment(
    desk: Desk, http: aiohttp.ClientSession, edition: str
) -> None:
    """A service desk there may leave out that a comment is internal."""
    issue, card, _ = await desk.issue()
    written = desk.site.says("PAY-1", "For agents", internal=True)
    event = comment_event(issue.issue_id, id=written.comment_id, body="For agents")
    event["comment"]["author"] = {"name": "nina", "displayName": "Nina Novak"}
    raw = json.dumps(event).encode()
    assert await post(http, desk, raw, signed(raw)) == 200
    await desk.quiet()
    assert await desk.said_in(card) == [] and edition == "datacenter"
