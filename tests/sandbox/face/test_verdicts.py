"""What became of a call, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.face.inspector import verdicts
from bot.sandbox.jira.journal import CallRecord
from bot.sandbox.jira.webhooks import Delivery
from bot.sandbox.slack.journal import Record

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def slack(direction: str = "to_slack", **more: Any) -> Record:
    given = {"finished": AT, "status": 200, "response": {"ok": True}} | more
    return Record(direction=direction, kind="chat.postMessage", arguments={}, started=AT, **given)


def jira(**more: Any) -> CallRecord:
    given = {"status": 200, "response": {}} | more
    return CallRecord(
        edition="cloud",
        operation="create_issue",
        method="POST",
        path="/rest/api/3/issue",
        query={},
        content_type="application/json",
        body={},
        started=AT,
        finished=AT,
        **given,
    )


def webhook(status: int) -> Delivery:
    return Delivery(
        event="comment_created",
        identifier="1",
        attempt=1,
        status=status,
        at=AT,
        url="http://127.0.0.1/jira",
        payload={},
        began=0.0,
        took=0.1,
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ratelimited", "refused, limits: ratelimited"),
        ("not_in_channel", "refused, membership: not_in_channel"),
        ("is_archived", "refused, membership: is_archived"),
        ("invalid_auth", "refused, scopes: invalid_auth"),
        ("expired_trigger_id", "refused, expired: expired_trigger_id"),
        ("message_not_found", "refused: message_not_found"),
    ],
)
def test_a_refusal_of_slack_says_what_it_is_about(code: str, words: str) -> None:
    found = verdicts.of_slack_call(slack(response={"ok": False, "error": code}))
    assert (found.kind, found.words) == ("refused", words)


def test_a_call_that_went_well_is_fine() -> None:
    assert verdicts.of_slack_call(slack()).kind == "fine"
    assert verdicts.of_slack_call(slack("to_bot", response="")).kind == "fine"
    assert verdicts.of_jira_call(jira()).kind == "fine"
    assert verdicts.of_delivery(webhook(204)).kind == "fine"


def test_a_broken_rule_comes_before_everything_else() -> None:
    found = verdicts.of_slack_call(slack(verdict="msg_too_long", fault="rate_limited"))
    assert (found.kind, found.words) == ("broke", "broke a rule: msg_too_long")


@pytest.mark.parametrize("kind", ["rate_limited", "drop_after", "down", "hang"])
def test_an_ordered_fault_is_told_from_trouble_of_the_bots_own(kind: str) -> None:
    found = verdicts.of_slack_call(slack(status=None, fault=kind))
    assert found.kind == "fault"
    assert found.words == f"fault ordered: {verdicts.FAULTS[kind]}"
    assert verdicts.of_jira_call(jira(fault=kind)).kind == "fault"


def test_a_fault_that_nobody_has_words_for_is_named() -> None:
    assert verdicts.of_slack_call(slack(fault="lightning")).words == "fault ordered: lightning"


def test_a_call_that_has_not_ended_is_under_way() -> None:
    assert verdicts.of_slack_call(slack(finished=None, status=None)).kind == "waiting"


@pytest.mark.parametrize(
    ("response", "words"),
    [("operation_timeout", "longer than 3 seconds"), ("no socket is connected", "no socket is connected")],
)
def test_a_bot_that_does_not_answer_is_silent(response: str, words: str) -> None:
    found = verdicts.of_slack_call(slack("to_bot", status=None, response=response))
    assert found.kind == "silent"
    assert words in found.words


def test_a_connection_without_an_answer_is_silent() -> None:
    assert verdicts.of_slack_call(slack(status=None, response="connection closed")).kind == "silent"
    assert verdicts.of_jira_call(jira(status=0)).kind == "silent"
    assert verdicts.of_delivery(webhook(0)).kind == "silent"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "refused: 400"),
        (401, "refused, not allowed: 401"),
        (403, "refused, not allowed: 403"),
        (429, "refused, limits: 429"),
    ],
)
def test_a_status_speaks_where_no_code_does(status: int, words: str) -> None:
    assert verdicts.of_jira_call(jira(status=status)).words == words
    assert verdicts.of_delivery(webhook(status)).words == words
    assert verdicts.of_slack_call(slack("to_bot", status=status, response="")).words == words


def test_every_verdict_is_of_a_kind_that_can_be_chosen() -> None:
    records = [
        slack(),
        slack(verdict="no_text"),
        slack(fault="html"),
        slack(status=None),
        slack(finished=None),
        slack(response={"ok": False, "error": "x"}),
    ]
    assert {verdicts.of_slack_call(record).kind for record in records} == set(verdicts.KINDS)
