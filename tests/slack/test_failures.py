"""What Slack's error codes mean for an attempt."""

import json
from pathlib import Path

import pytest

from bot.outbox.outcomes import Doubt, Later, Parked, Refused
from bot.slack.failures import UNTIL_MENDED, outcome_of


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel"])
def test_a_closed_place_is_waited_for_by_name(code: str) -> None:
    outcome = outcome_of(code, channel="C1")
    assert isinstance(outcome, Parked)
    assert outcome.reason == "closed:C1"


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "request_timeout"])
def test_an_error_inside_slack_leaves_a_doubt(code: str) -> None:
    assert isinstance(outcome_of(code), Doubt)


@pytest.mark.parametrize("code", sorted(UNTIL_MENDED))
def test_a_refused_token_is_tried_again_without_using_up_attempts(code: str) -> None:
    outcome = outcome_of(code)
    assert isinstance(outcome, Later)
    assert (outcome.after, outcome.counted) == (60.0, False)


def test_too_many_requests_are_a_pause_and_no_failure() -> None:
    outcome = outcome_of("ratelimited")
    assert isinstance(outcome, Later)
    assert not outcome.counted


def test_every_documented_error_of_a_post_has_words_for_a_person(specs: Path) -> None:
    codes = json.loads((specs / "slack" / "errors.json").read_text())["chat.postMessage"]
    refused = [outcome for code in codes if isinstance(outcome := outcome_of(code), Refused)]
    assert len(refused) > 5
    assert all(outcome.words.endswith(".") for outcome in refused)
