"""The simulated Jira answers as the real one: accepted calls and refusals."""

from typing import Any

import aiohttp
import pytest

from bot.sandbox.jira import JiraSite
from bot.sandbox.jira.api import routes
from tests.sandbox.jira.conftest import Rest
from tests.support.jira_specs import ROOT

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]
cloud_only = pytest.mark.parametrize("edition", ["cloud"], indirect=True)
data_center_only = pytest.mark.parametrize("edition", ["datacenter"], indirect=True)


def text(rest: Rest, words: str) -> Any:
    """Rich text in the form of the edition."""
    if rest.version == "2":
        return words
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]}],
    }


async def test_a_wrong_token_is_refused_with_401(rest: Rest) -> None:
    answer = await rest.call("GET", "myself", headers={"Authorization": "Bearer wrong"})
    assert answer.status == 401


async def test_the_server_tells_its_kind_without_a_token(rest: Rest, edition: str) -> None:
    answer = await rest.call("GET", "serverInfo", headers={})
    assert answer.json["deploymentType"] == ("Cloud" if edition == "cloud" else "Server")


async def test_a_person_reads_what_was_created(rest: Rest, site: JiraSite) -> None:
    answer = await rest.create(description=text(rest, "It hangs."), labels=["from-slack"])
    assert answer.status == 201
    seen = site.issue(answer.json["key"])
    assert (seen.summary, seen.description, seen.labels) == ("Refund stuck", "It hangs.", ("from-slack",))


async def test_keys_count_up_within_a_project(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    await rest.create(project={"key": "OPS"})
    await rest.create()
    assert [one.key for one in site.issues()] == ["PAY-1", "OPS-1", "PAY-2"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 256}, "summary"),
        ({"summary": "two\nlines"}, "summary"),
        ({"labels": ["two words"]}, "labels"),
        ({"issuetype": {"name": "Saga"}}, "issuetype"),
        ({"project": {"key": "NOPE"}}, "project"),
        ({"project": {"key": "HR"}}, "project"),
        ({"customfield_1": "x"}, "customfield_1"),
        ({"priority": {"name": "Loud"}}, "priority"),
        ({"components": [{"name": "Nowhere"}]}, "components"),
        ({"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}}, "customfield_10030"),
    ],
)
async def test_a_bad_field_is_named(rest: Rest, site: JiraSite, fields: dict[str, Any], field: str) -> None:
    answer = await rest.create(**fields)
    assert (answer.status, list(answer.json["errors"])) == (400, [field])
    assert site.issues() == []


async def test_a_project_closed_for_creating_is_refused(rest: Rest, site: JiraSite) -> None:
    site.allow(site.bot_account, "OPS")
    answer = await rest.create()
    assert (answer.status, answer.json["errorMessages"]) == (
        400,
        ["You do not have permission to create issues in this project."],
    )


@cloud_only
async def test_rest_v3_wants_a_document(rest: Rest) -> None:
    answer = await rest.create(description="words")
    assert "Atlassian Document" in answer.json["errors"]["description"]


@cloud_only
async def test_rest_v3_refuses_an_invalid_document(rest: Rest) -> None:
    empty = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}],
    }
    answer = await rest.create(description=empty)
    assert "INVALID_INPUT" in answer.json["errorMessages"]


@data_center_only
async def test_rest_v2_wants_a_string(rest: Rest) -> None:
    answer = await rest.create(description={"type": "doc"})
    assert answer.json["errors"]["description"] == "Operation value must be a string"


@cloud_only
async def test_cloud_serves_rest_v2_with_strings_too(rest: Rest, site: JiraSite) -> None:
    rest.version = "2"
    answer = await rest.create(description="words")
    shown = await rest.call("GET", f"issue/{answer.json['key']}", params={"fields": "description"})
    assert shown.json["fields"] == {"description": "words"}


@data_center_only
async def test_data_center_has_no_rest_v3(rest: Rest) -> None:
    rest.version = "3"
    assert (await rest.call("GET", "myself")).status == 404


async def test_create_metadata_is_paged_as_the_edition_names_it(rest: Rest, edition: str) -> None:
    types = await rest.call("GET", "issue/createmeta/PAY/issuetypes", params={"maxResults": 1})
    key = "issueTypes" if edition == "cloud" else "values"
    assert ([one["name"] for one in types.json[key]], types.json["total"]) == (["Task"], 3)


async def test_create_metadata_names_required_fields(rest: Rest, edition: str) -> None:
    answer = await rest.call("GET", "issue/createmeta/OPS/issuetypes/10004")
    fields = answer.json["fields" if edition == "cloud" else "values"]
    required = [one["name"] for one in fields if one["required"] and not one["hasDefaultValue"]]
    assert required == ["Summary", "Issue Type", "Project", "Severity"]


async def test_a_hidden_project_does_not_exist_for_the_account(rest: Rest) -> None:
    projects = await rest.call("GET", "project")
    one = await rest.call("GET", "project/HR")
    assert ([project["key"] for project in projects.json], one.status) == (["PAY", "OPS"], 404)


async def test_permissions_follow_the_project(rest: Rest, site: JiraSite) -> None:
    site.allow(site.bot_account, "OPS")
    params = {"projectKey": "PAY", "permissions": "CREATE_ISSUES"}
    answer = await rest.call("GET", "mypermissions", params=params)
    assert answer.json["permissions"]["CREATE_ISSUES"]["havePermission"] is False


async def test_a_remote_link_with_the_same_global_id_is_updated(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    body = {"globalId": "slack://T1/C1/1", "object": {"title": "Thread", "url": "https://example.com/1"}}
    first = await rest.call("POST", "issue/PAY-1/remotelink", body=body)
    body["object"] = {"title": "The thread", "url": "https://example.com/1"}
    second = await rest.call("POST", "issue/PAY-1/remotelink", body=body)
    assert (first.status, second.status) == (201, 200)
    assert site.issue("PAY-1").links == (("The thread", "https://example.com/1"),)


async def test_a_remote_link_needs_title_and_url(rest: Rest) -> None:
    await rest.create()
    answer = await rest.call("POST", "issue/PAY-1/remotelink", body={"object": {}})
    assert sorted(answer.json["errors"]) == ["title", "url"]


async def test_comments_are_kept_in_order_with_their_properties(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    properties = [{"key": "frontdesk.id", "value": {"id": "c1"}}]
    body = {"body": text(rest, "Hello"), "properties": properties}
    await rest.call("POST", "issue/PAY-1/comment", body=body)
    site.says("PAY-1", "Hi")
    listed = await rest.call("GET", "issue/PAY-1/comment", params={"expand": "properties"})
    assert site.issue("PAY-1").comments == (("Frontdesk", "Hello"), ("Nina Novak", "Hi"))
    assert listed.json["comments"][0]["properties"] == properties


async def test_a_transition_moves_the_issue(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    moves = await rest.call("GET", "issue/PAY-1/transitions")
    done = next(one for one in moves.json["transitions"] if one["to"]["statusCategory"]["key"] == "done")
    answer = await rest.call("POST", "issue/PAY-1/transitions", body={"transition": {"id": done["id"]}})
    assert (answer.status, site.issue("PAY-1").status) == (204, "Done")


async def test_an_edit_adds_a_label(rest: Rest, site: JiraSite) -> None:
    await rest.create(labels=["a"])
    await rest.call("PUT", "issue/PAY-1", body={"update": {"labels": [{"add": "b"}]}})
    assert site.issue("PAY-1").labels == ("a", "b")


async def test_a_deleted_issue_is_gone(rest: Rest) -> None:
    await rest.create()
    await rest.call("DELETE", "issue/PAY-1")
    assert (await rest.call("GET", "issue/PAY-1")).status == 404


async def test_an_entity_property_is_written_and_read(rest: Rest) -> None:
    await rest.create()
    first = await rest.call("PUT", "issue/PAY-1/properties/frontdesk", body={"request": 12})
    second = await rest.call("PUT", "issue/PAY-1/properties/frontdesk", body={"request": 13})
    shown = await rest.call("GET", "issue/PAY-1/properties/frontdesk")
    assert (first.status, second.status, shown.json["value"]) == (201, 200, {"request": 13})


async def test_an_attachment_needs_the_xsrf_header(rest: Rest) -> None:
    await rest.create()

    def form() -> aiohttp.FormData:
        data = aiohttp.FormData()
        data.add_field("file", b"log", filename="log.txt", content_type="text/plain")
        return data

    url = "issue/PAY-1/attachments"
    without = await rest.call("POST", url, data=form())
    given = await rest.call(
        "POST", url, data=form(), headers={**rest.headers, "X-Atlassian-Token": "no-check"}
    )
    assert (without.status, [one["filename"] for one in given.json]) == (403, ["log.txt"])


async def test_people_are_found_by_the_editions_parameter(rest: Rest, edition: str) -> None:
    word = "query" if edition == "cloud" else "username"
    found = await rest.call("GET", "user/search", params={word: "nina"})
    assert [one["displayName"] for one in found.json] == ["Nina Novak"]
    assert ("accountId" in found.json[0]) == (edition == "cloud")


async def test_broken_json_and_other_content_types_are_refused(rest: Rest) -> None:
    headers = {**rest.headers, "Content-Type": "application/json"}
    broken = await rest.call("POST", "issue", data=b"{", headers=headers)
    plain = await rest.call(
        "POST", "issue", data=b"{}", headers={**rest.headers, "Content-Type": "text/plain"}
    )
    assert (broken.status, plain.status) == (400, 415)


async def test_the_readme_names_exactly_the_operations_there_are() -> None:
    readme = (ROOT / "bot" / "sandbox" / "jira" / "README.md").read_text(encoding="utf-8")
    table = readme.split("What can be brought about")[0]
    rows = {line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")}
    assert rows - {"operation", "---"} == {one.name for one in routes()}
