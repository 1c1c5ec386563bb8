"""The retry decision, as tables."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Doubt, Later, Outcome, Parked, Refused, Stale, Withheld
from bot.outbox.retry import LONGEST_WAIT, MOST_FAILURES, PARKED_AGAIN, Again, Close, backoff, decide

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENTRY = Entry(
    id=1, kind="note", payload={}, dedup="note:1", owner="a", attempts=1, failures=0, looks=0,
    run_at=AT, created_at=AT, sent_at=None, looking_since=None, error=None, correlation=None,
)  # fmt: skip


async def _prepare(_entry: Entry) -> Send:
    raise NotImplementedError


async def _look_up(_entry: Entry) -> Ref | None:
    raise NotImplementedError


LOOKS = Delivery(prepare=_prepare, look_up=_look_up, rather="once")
REPEATS = Delivery(prepare=_prepare, rather="delivered")
AT_MOST_ONCE = Delivery(prepare=_prepare, rather="once")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 1.0), (1, 1.0), (2, 2.0), (5, 16.0), (9, 256.0), (10, LONGEST_WAIT)]
)
def test_the_wait_doubles_up_to_five_minutes(failures: int, seconds: float) -> None:
    assert backoff(failures) == seconds


@pytest.mark.parametrize(("outcome", "result"), [(Stale("gone"), "stale"), (Refused("msg_too_long"), "dead")])
def test_what_can_never_work_is_closed(outcome: Outcome, result: str) -> None:
    decision = decide(ENTRY, LOOKS, outcome, sent_before=False)
    assert isinstance(decision, Close)
    assert decision.result == result


def test_a_complaint_about_what_was_entered_is_no_dead_letter_where_the_person_is_told() -> None:
    complaint = Refused("Jira answered 400", fields={"summary": "too long"})
    told = replace(LOOKS, give_up=lambda *_: None)
    assert decide(ENTRY, told, complaint, sent_before=False) == Close(result="refused")
    assert decide(ENTRY, LOOKS, complaint, sent_before=False) == Close(result="dead")
    assert decide(ENTRY, told, Refused("Jira answered 403"), sent_before=False) == Close(result="dead")


def test_what_goes_another_way_is_no_dead_letter() -> None:
    mended = replace(LOOKS, mends=lambda _, refused: refused.reason == "invalid_blocks")
    assert decide(ENTRY, mended, Refused("invalid_blocks"), sent_before=False) == Close(result="refused")
    assert decide(ENTRY, mended, Refused("msg_too_long"), sent_before=False) == Close(result="dead")


def test_what_lacks_a_permission_ends_quietly_and_whoever_waits_is_told() -> None:
    withheld = Withheld("missing_scope", words="The app misses a permission.")
    told = replace(LOOKS, give_up=lambda *_: None)
    assert decide(ENTRY, told, withheld, sent_before=False) == Close(result="refused")
    assert decide(ENTRY, LOOKS, withheld, sent_before=False) == Close(result="stale")


def test_a_closed_place_is_tried_again_without_using_up_attempts() -> None:
    decision = decide(replace(ENTRY, failures=3), LOOKS, Parked("closed:C1"), sent_before=False)
    assert decision == Again(after=PARKED_AGAIN, failures=3, looks=0, unsent=True, parked=True)


def test_a_pause_that_slack_asks_for_does_not_count() -> None:
    decision = decide(ENTRY, LOOKS, Later("slow down", after=7.0, counted=False), sent_before=False)
    assert decision == Again(after=7.0, failures=0, looks=0, unsent=True)


def test_a_call_that_surely_did_not_happen_is_tried_again_without_a_look() -> None:
    decision = decide(ENTRY, LOOKS, Later("no connection", after=1.0), sent_before=False)
    assert isinstance(decision, Again)
    assert decision.unsent


def test_what_may_have_arrived_before_stays_marked_as_sent() -> None:
    decision = decide(ENTRY, LOOKS, Later("look-up refused", after=2.0), sent_before=True)
    assert isinstance(decision, Again)
    assert not decision.unsent


def test_a_doubt_waits_at_least_until_the_first_look() -> None:
    decision = decide(ENTRY, LOOKS, Doubt("no answer"), sent_before=False)
    assert isinstance(decision, Again)
    assert not decision.unsent
    assert decision.after >= LOOKS.look_after[0]


def test_a_doubt_over_a_repeatable_call_waits_only_the_backoff() -> None:
    decision = decide(ENTRY, REPEATS, Doubt("no answer"), sent_before=False)
    assert isinstance(decision, Again)
    assert decision.after == backoff(1)


@pytest.mark.parametrize(("outcome", "result"), [(Later("no"), "dead"), (Doubt("no"), "doubtful")])
def test_after_the_last_attempt_it_is_given_up(outcome: Outcome, result: str) -> None:
    worn_out = replace(ENTRY, failures=MOST_FAILURES - 1)
    decision = decide(worn_out, LOOKS, outcome, sent_before=False)
    assert isinstance(decision, Close)
    assert decision.result == result
