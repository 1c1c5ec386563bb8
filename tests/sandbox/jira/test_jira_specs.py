"""Calls that Atlassian describes in other places are compared too."""

from typing import Any

import pytest

from bot.sandbox.jira.journal import CallRecord
from tests.support.jira_running import Clock
from tests.support.jira_specs import check_call, specs_path

pytestmark = pytest.mark.skipif(
    not specs_path().exists(), reason="Atlassian's API document is not on this machine (FRONTDESK_SPECS)"
)


def call(method: str, path: str, *, edition: Any = "cloud", body: Any = None, **query: str) -> CallRecord:
    now = Clock()()
    return CallRecord(
        edition=edition,
        operation="",
        method=method,
        path=path,
        query={name: [value] for name, value in query.items()},
        content_type="application/json",
        body=body,
        status=200,
        response=None,
        started=now,
        finished=now,
    )


@pytest.mark.parametrize(
    ("record", "is_fine"),
    [
        (call("GET", "/rest/agile/1.0/board", projectKeyOrId="PAY"), True),
        (call("GET", "/rest/agile/1.0/board", projectKey="PAY"), False),
        (call("GET", "/rest/agile/1.0/board/17/sprint", state="active"), True),
        (call("GET", "/rest/agile/1.0/board/17/epic"), False),
        (call("POST", "/rest/agile/1.0/board", body={}), False),
        (call("GET", "/rest/webhooks/1.0/webhook"), True),
        (call("GET", "/rest/jira-webhook/1.0/webhooks", edition="datacenter"), True),
        (call("GET", "/rest/auth/1/session"), False),
        (call("PUT", "/rest/api/3/issue/PAY-1/comment/5", body={"body": "words"}), False),
        (
            call("PUT", "/rest/api/2/issue/PAY-1/comment/5", edition="datacenter", body={"body": "words"}),
            True,
        ),
        (
            call(
                "POST", "/rest/api/2/search", edition="datacenter", body={"jql": "", "validateQuery": False}
            ),
            True,
        ),
    ],
)
def test_a_call_is_compared_wherever_it_is_described(record: CallRecord, is_fine: bool) -> None:
    assert (check_call(record) == []) is is_fine
