"""What the simulated Jira takes away or limits on order: writes, files, tokens, rights, projects."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.jira import JiraSite
from tests.sandbox.jira.conftest import Rest, sign_in
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]
cloud_only = pytest.mark.parametrize("edition", ["cloud"], indirect=True)


def form(content: bytes) -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field("file", content, filename="log.txt", content_type="text/plain")
    return data


async def attach(rest: Rest, content: bytes) -> Any:
    headers = {**rest.headers, "X-Atlassian-Token": "no-check"}
    return await rest.call("POST", "issue/PAY-1/attachments", data=form(content), headers=headers)


async def label(rest: Rest, key: str, word: str) -> Any:
    return await rest.call("PUT", f"issue/{key}", body={"update": {"labels": [{"add": word}]}})


@cloud_only
async def test_too_many_writes_to_one_issue_have_to_wait(rest: Rest, site: JiraSite, clock: Clock) -> None:
    await rest.create()
    await rest.create()
    site.write_limit = (2, 2.0)
    statuses = [(await label(rest, "PAY-1", word)).status for word in ("a", "b")]
    refused = await label(rest, "PAY-1", "c")
    other = await label(rest, "PAY-2", "c")
    reading = await rest.call("GET", "issue/PAY-1")
    clock.advance(int(refused.headers["Retry-After"]))
    later = await label(rest, "PAY-1", "c")
    assert (statuses, refused.status) == ([204, 204], 429)
    assert refused.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert (other.status, reading.status, later.status) == (204, 200, 204)
    assert site.issue("PAY-1").labels == ("a", "b", "c")


async def test_a_file_that_is_too_large_is_refused(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    site.upload_limit = 10
    meta = await rest.call("GET", "attachment/meta")
    assert meta.json == {"enabled": True, "uploadLimit": 10}
    assert (await attach(rest, b"x" * 11)).status == 413
    assert (await attach(rest, b"x" * 10)).status == 200
    assert site.issue("PAY-1").attachments == ("log.txt",)


async def test_attachments_may_be_off(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    site.takes_attachments = False
    meta = await rest.call("GET", "attachment/meta")
    assert meta.json["enabled"] is False
    assert (await attach(rest, b"x")).status == 404


async def test_a_revoked_token_is_refused_until_it_is_good_again(rest: Rest, site: JiraSite) -> None:
    site.lock_out()
    refused = await rest.call("GET", "myself")
    unsigned = await rest.call("GET", "myself", headers=sign_in(site))
    site.let_in()
    assert (refused.status, unsigned.status) == (401, 401)
    assert (await rest.call("GET", "myself")).status == 200


async def test_a_removed_project_takes_its_issues_along(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    await rest.create(project={"key": "OPS"})
    site.remove_project("PAY")
    gone = await rest.call("GET", "issue/PAY-1")
    refused = await rest.create()
    assert (gone.status, list(refused.json["errors"])) == (404, ["project"])
    assert [one.key for one in site.issues()] == ["OPS-1"]


async def test_a_project_that_the_account_may_not_see_any_more_is_not_there(
    rest: Rest, site: JiraSite
) -> None:
    await rest.create()
    site.forbid(site.bot_account, "PAY")
    assert (await rest.call("GET", "issue/PAY-1")).status == 404
    assert (await rest.call("GET", "project/PAY")).status == 404
    assert list((await rest.create()).json["errors"]) == ["project"]
    site.permit(site.bot_account, "PAY")
    assert (await rest.call("GET", "issue/PAY-1")).status == 200


@pytest.mark.parametrize(
    ("permission", "method", "path", "body", "status"),
    [
        ("ADD_COMMENTS", "POST", "issue/PAY-1/comment", {"body": "x"}, 400),
        ("EDIT_ISSUES", "PUT", "issue/PAY-1", {"fields": {"labels": []}}, 403),
        ("TRANSITION_ISSUES", "POST", "issue/PAY-1/transitions", {"transition": {"id": "31"}}, 400),
        ("LINK_ISSUES", "POST", "issue/PAY-1/remotelink", {"object": {}}, 403),
        ("CREATE_ISSUES", "GET", "issue/createmeta/PAY/issuetypes", None, 403),
    ],
)
async def test_a_right_that_was_taken_away_is_missed(
    rest: Rest, site: JiraSite, permission: str, method: str, path: str, body: Any, status: int
) -> None:
    await rest.create()
    rest.version = "2"
    site.forbid(site.bot_account, "PAY", permission)
    params = {"projectKey": "PAY", "permissions": f"{permission},BROWSE_PROJECTS"}
    held = (await rest.call("GET", "mypermissions", params=params)).json["permissions"]
    assert (held[permission]["havePermission"], held["BROWSE_PROJECTS"]["havePermission"]) == (False, True)
    answer = await rest.call(method, path, body=body)
    assert answer.status == status and (answer.json["errorMessages"] or answer.json["errors"])


async def test_without_the_right_to_transition_there_are_no_transitions(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    site.forbid(site.bot_account, "PAY", "TRANSITION_ISSUES")
    assert (await rest.call("GET", "issue/PAY-1/transitions")).json["transitions"] == []


@cloud_only
async def test_a_hidden_address_still_finds_its_person(rest: Rest, site: JiraSite) -> None:
    site.hides_addresses = True
    found = await rest.call("GET", "user/search", params={"query": "nina@example.com"})
    assert [one["displayName"] for one in found.json] == ["Nina Novak"]
    assert "emailAddress" not in found.json[0]
