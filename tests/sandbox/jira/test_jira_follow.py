"""What a follower of issues asks: histories, resolutions, comments by their marks, many issues at once."""

from typing import Any

import pytest

from bot.sandbox.jira import JiraSite, seed
from tests.sandbox.jira.conftest import Rest
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]
cloud_only = pytest.mark.parametrize("edition", ["cloud"], indirect=True)
data_center_only = pytest.mark.parametrize("edition", ["datacenter"], indirect=True)


def text(rest: Rest, words: str) -> Any:
    """Rich text in the form of the edition."""
    if rest.version == "2":
        return words
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    return {"type": "doc", "version": 1, "content": [paragraph]}


async def fields_of(rest: Rest, key: str = "PAY-1") -> dict[str, Any]:
    return (await rest.call("GET", f"issue/{key}")).json["fields"]


async def test_a_done_issue_has_a_resolution_and_a_reopened_one_has_none(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    assert (await fields_of(rest))["resolution"] is None
    site.moves("PAY-1", "Done", resolution="Won't Do")
    done = await fields_of(rest)
    site.moves("PAY-1", "In Progress")
    again = await fields_of(rest)
    assert (done["resolution"]["name"], again["resolution"]) == ("Won't Do", None)


async def test_the_changelog_has_ids_and_the_order_of_its_edition(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    site.moves("PAY-1", "In Progress", by=seed.ALICE)
    site.moves("PAY-1", "Done", by=seed.BOB)
    answer = await rest.call("GET", "issue/PAY-1", params={"fields": "status", "expand": "changelog"})
    histories = answer.json["changelog"]["histories"]
    newest = histories[0 if site.edition == "cloud" else -1]
    assert newest["author"]["displayName"] == "Bob Marsh"
    status, resolution = newest["items"]
    assert (status["from"], status["fromString"], status["to"]) == ("3", "In Progress", "10001")
    assert (resolution["field"], resolution["from"], resolution["toString"]) == ("resolution", None, "Done")
    assert ("fieldId" in status) == (site.edition == "cloud")


async def test_a_history_is_left_out_unless_it_is_asked_for(rest: Rest) -> None:
    await rest.create()
    assert "changelog" not in (await rest.call("GET", "issue/PAY-1")).json


async def test_clouds_changelog_stops_at_a_hundred(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    for number in range(102):
        site.moves("PAY-1", "In Progress" if number % 2 else "To Do")
    answer = await rest.call("GET", "issue/PAY-1", params={"expand": "changelog"})
    shown = len(answer.json["changelog"]["histories"])
    assert (shown, answer.json["changelog"]["total"]) == (100 if site.edition == "cloud" else 102, 102)


async def test_a_security_level_is_told(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    site.restricts("PAY-1", "Staff only")
    assert (await fields_of(rest))["security"]["name"] == "Staff only"
    site.restricts("PAY-1", None)
    assert (await fields_of(rest))["security"] is None


@cloud_only
async def test_many_issues_come_in_order_without_those_that_are_not_there(rest: Rest, site: JiraSite) -> None:
    site.index_lag = 60
    first, second = await rest.create(), await rest.create()
    ids = [second.json["id"], "99999", first.json["id"]]
    answer = await rest.call("POST", "issue/bulkfetch", body={"issueIdsOrKeys": ids, "fields": ["summary"]})
    assert [one["key"] for one in answer.json["issues"]] == ["PAY-1", "PAY-2"]
    assert answer.json["issueErrors"] == []


@cloud_only
async def test_more_than_a_hundred_issues_at_once_are_refused(rest: Rest) -> None:
    ids = [str(one) for one in range(101)]
    assert (await rest.call("POST", "issue/bulkfetch", body={"issueIdsOrKeys": ids})).status == 400


@data_center_only
async def test_an_unknown_id_spoils_a_search_unless_it_is_not_validated(rest: Rest) -> None:
    known = (await rest.create()).json["id"]
    asked = {"jql": f"id in ({known}, 99999)", "fields": ["status"]}
    strict = await rest.call("POST", "search", body=asked)
    loose = await rest.call("POST", "search", body={**asked, "validateQuery": False})
    assert strict.status == 400 and "99999" in strict.json["errorMessages"][0]
    assert [one["key"] for one in loose.json["issues"]] == ["PAY-1"]


async def test_a_comment_is_found_again_by_its_property(rest: Rest) -> None:
    await rest.create()
    mark = {"key": "frontdesk", "value": {"id": "m1"}}
    made = await rest.call(
        "POST", "issue/PAY-1/comment", body={"body": text(rest, "Hi"), "properties": [mark]}
    )
    here = f"comment/{made.json['id']}/properties"
    keys = await rest.call("GET", here)
    shown = await rest.call("GET", f"{here}/frontdesk")
    other = await rest.call("GET", f"{here}/other")
    changed = await rest.call("PUT", f"{here}/frontdesk", body={"id": "m2"})
    assert [one["key"] for one in keys.json["keys"]] == ["frontdesk"]
    assert (shown.json["value"], other.status, changed.status) == ({"id": "m1"}, 404, 200)


async def test_one_changes_and_removes_ones_own_comment_only(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    mine = (await rest.call("POST", "issue/PAY-1/comment", body={"body": text(rest, "Frist")})).json["id"]
    other = site.says("PAY-1", "Hers").comment_id
    change = {"body": text(rest, "First")}
    assert (await rest.call("PUT", f"issue/PAY-1/comment/{mine}", body=change)).status == 200
    assert site.issue("PAY-1").comments[0] == ("Frontdesk", "First")
    assert (await rest.call("PUT", f"issue/PAY-1/comment/{other}", body=change)).status == 400
    assert (await rest.call("DELETE", f"issue/PAY-1/comment/{other}")).status == 400
    assert (await rest.call("DELETE", f"issue/PAY-1/comment/{mine}")).status == 204
    assert (await rest.call("DELETE", f"issue/PAY-1/comment/{mine}")).status == 404
    assert (await rest.call("PUT", f"issue/PAY-1/comment/{mine}", body=change)).status == 404
    assert site.issue("PAY-1").comments == (("Nina Novak", "Hers"),)


async def test_the_newest_comments_come_first_when_asked(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    for word in ("one", "two", "three"):
        site.says("PAY-1", word)
    params: dict[str, Any] = {"orderBy": "-created", "startAt": 1, "maxResults": 1}
    answer = await rest.call("GET", "issue/PAY-1/comment", params=params)
    shown = answer.json["comments"][0]
    assert (answer.json["total"], shown["id"]) == (3, site.stored["PAY-1"].comments[1].comment_id)


async def test_hidden_comments_say_so(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    role = {"type": "role", "value": "Administrators"}
    site.says("PAY-1", "For few", visibility=role)
    site.says("PAY-1", "For agents", internal=True)
    few, agents = (await rest.call("GET", "issue/PAY-1/comment")).json["comments"]
    assert (few["visibility"], agents["jsdPublic"]) == (role, False)


async def test_a_transition_with_a_screen_wants_its_fields(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    params = {"expand": "transitions.fields"}
    plain = (await rest.call("GET", "issue/PAY-1/transitions", params=params)).json["transitions"][2]
    site.screens["31"] = (seed.RESOLUTION,)
    shown = (await rest.call("GET", "issue/PAY-1/transitions", params=params)).json["transitions"][2]
    field = shown["fields"]["resolution"]
    move: dict[str, Any] = {"transition": {"id": "31"}}
    without = await rest.call("POST", "issue/PAY-1/transitions", body=move)
    chosen = {**move, "fields": {"resolution": {"id": "10002"}}}
    given = await rest.call("POST", "issue/PAY-1/transitions", body=chosen)
    assert plain["fields"] == {} and field["required"]
    assert [one["name"] for one in field["allowedValues"]] == ["Done", "Won't Do", "Duplicate"]
    assert list(without.json["errors"]) == ["resolution"]
    assert (given.status, site.issue("PAY-1").resolution) == (204, "Duplicate")


async def test_a_transition_without_a_screen_takes_no_fields(rest: Rest, site: JiraSite) -> None:
    await rest.create()
    move = {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}}
    answer = await rest.call("POST", "issue/PAY-1/transitions", body=move)
    assert (answer.status, list(answer.json["errors"]), site.issue("PAY-1").status) == (
        400,
        ["resolution"],
        "To Do",
    )


async def test_a_moved_issue_keeps_its_id_and_is_found_by_both_keys(rest: Rest, site: JiraSite) -> None:
    made = (await rest.create()).json
    assert site.moves_to_project("PAY-1", "OPS") == "OPS-1"
    by_old = (await rest.call("GET", "issue/PAY-1", params={"expand": "changelog"})).json
    by_id = (await rest.call("GET", f"issue/{made['id']}")).json
    assert (by_old["key"], by_id["key"], by_old["id"]) == ("OPS-1", "OPS-1", made["id"])
    items = by_old["changelog"]["histories"][0]["items"]
    assert [(one["field"], one["toString"]) for one in items] == [("project", "Operations"), ("Key", "OPS-1")]


@cloud_only
async def test_a_search_by_update_lags_too(rest: Rest, site: JiraSite, clock: Clock) -> None:
    await rest.create()
    clock.advance(600)
    site.index_lag = 30
    site.says("PAY-1", "News")
    query = {"jql": 'project = PAY AND updated >= "-5m"', "fields": "key"}
    early = await rest.call("GET", "search/jql", params=query)
    clock.advance(31)
    late = await rest.call("GET", "search/jql", params=query)
    assert (early.json["issues"], [one["key"] for one in late.json["issues"]]) == ([], ["PAY-1"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("summary ~ refund", True),
        ('summary ~ "REF*"', True),
        ('summary ~ "stuck ref*"', True),
        ('summary ~ "efund"', False),
        ("summary ~ refund AND statusCategory != Done", True),
        ('statusCategory = "Done"', False),
        ("summary ~ refund AND issuetype = Bug", False),
        ('updated < "2026-11-01 10:00"', False),
    ],
)
async def test_issues_are_searched_by_words_and_state(rest: Rest, words: str, found: bool) -> None:
    await rest.create()
    path = "search/jql" if rest.version == "3" else "search"
    answer = await rest.call("GET", path, params={"jql": f"project = PAY AND {words}", "fields": "key"})
    assert [one["key"] for one in answer.json["issues"]] == (["PAY-1"] if found else [])


@pytest.mark.parametrize(
    "words",
    [
        'summary ~ "*fund"',
        'summary ~ "a\\"b"',
        'summary ~ "(refund"',
        "summary = refund",
        "labels ~ x",
        "issuetype = Epic",
        "key = PAY-99",
        "updated >= soon",
    ],
)
async def test_a_search_that_jira_cannot_read_is_refused(rest: Rest, words: str) -> None:
    path = "search/jql" if rest.version == "3" else "search"
    assert (await rest.call("GET", path, params={"jql": f"project = PAY AND {words}"})).status == 400


async def test_an_issue_that_its_level_hides_is_not_there_and_comes_back(rest: Rest, site: JiraSite) -> None:
    number = (await rest.create()).json["id"]
    comment = site.says("PAY-1", "Hidden too")
    site.restricts("PAY-1", "Staff only", shuts_out=[site.bot_account])
    by_key = await rest.call("GET", "issue/PAY-1")
    by_comment = await rest.call("GET", f"comment/{comment.comment_id}/properties")
    path = "search/jql" if rest.version == "3" else "search"
    found = await rest.call("GET", path, params={"jql": "project = PAY"})
    site.restricts("PAY-1", None)
    assert (by_key.status, by_comment.status, found.json["issues"]) == (404, 404, [])
    assert (await rest.call("GET", f"issue/{number}")).status == 200


async def test_a_history_names_custom_fields_as_people_do(rest: Rest, site: JiraSite) -> None:
    bug = {"project": {"key": "OPS"}, "issuetype": {"name": "Bug"}}
    await rest.create(**bug, customfield_10030={"value": "Minor"})
    await rest.call("PUT", "issue/OPS-1", body={"fields": {"customfield_10030": {"value": "Major"}}})
    answer = await rest.call("GET", "issue/OPS-1", params={"expand": "changelog"})
    (item,) = answer.json["changelog"]["histories"][0]["items"]
    assert (item["field"], item["fieldtype"], item["from"], item["to"]) == (
        "Severity",
        "custom",
        "10100",
        "10101",
    )
    assert site.issue("OPS-1").fields == {"Severity": "Major", "Priority": "Medium"}
