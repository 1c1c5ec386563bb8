"""Searches in the simulated Jira: Cloud's behind its index, Data Center's with a total."""

import pytest

from bot.sandbox.jira import JiraSite
from tests.sandbox.jira.conftest import Rest
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(30)]
cloud_only = pytest.mark.parametrize("edition", ["cloud"], indirect=True)
data_center_only = pytest.mark.parametrize("edition", ["datacenter"], indirect=True)


@cloud_only
async def test_cloud_search_sees_a_new_issue_only_after_the_index_lag(
    rest: Rest, site: JiraSite, clock: Clock
) -> None:
    site.index_lag = 30
    await rest.create(labels=["frontdesk-abc"])
    query = {"jql": 'project = PAY AND labels = "frontdesk-abc"', "fields": "key"}
    early = await rest.call("GET", "search/jql", params=query)
    clock.advance(31)
    late = await rest.call("GET", "search/jql", params=query)
    assert (early.json["issues"], [one["key"] for one in late.json["issues"]]) == ([], ["PAY-1"])


@cloud_only
async def test_cloud_search_gives_ids_alone_and_no_total(rest: Rest) -> None:
    await rest.create()
    answer = await rest.call("POST", "search/jql", body={"jql": "project = PAY"})
    assert answer.json == {"issues": [{"id": "10000"}], "isLast": True}


@cloud_only
async def test_cloud_search_pages_by_token(rest: Rest) -> None:
    for _ in range(3):
        await rest.create()
    body = {"jql": "project = PAY ORDER BY key ASC", "maxResults": 2, "fields": ["key"]}
    first = await rest.call("POST", "search/jql", body=body)
    second = await rest.call(
        "POST", "search/jql", body={**body, "nextPageToken": first.json["nextPageToken"]}
    )
    assert [one["key"] for one in first.json["issues"] + second.json["issues"]] == ["PAY-1", "PAY-2", "PAY-3"]


@cloud_only
@pytest.mark.parametrize(
    "jql",
    [
        "order by key",
        "project = NOPE",
        "nonsense",
        "project == PAY",
        'labels = "a" OR labels = "b"',
        "colour = red",
    ],
)
async def test_bad_jql_is_refused(rest: Rest, jql: str) -> None:
    assert (await rest.call("GET", "search/jql", params={"jql": jql})).status == 400


@cloud_only
async def test_clouds_old_search_is_gone(rest: Rest) -> None:
    assert (await rest.call("GET", "search", params={"jql": "project = PAY"})).status == 410


@data_center_only
async def test_data_center_search_has_a_total(rest: Rest) -> None:
    await rest.create(labels=["x"])
    answer = await rest.call("GET", "search", params={"jql": 'labels = "x"', "fields": "summary"})
    assert (answer.json["total"], answer.json["issues"][0]["fields"]) == (1, {"summary": "Refund stuck"})
