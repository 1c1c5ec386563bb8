"""Waiting before Slack says so."""

import pytest

from bot.slack.pace import Pace


def test_a_short_burst_into_one_channel_goes_at_once_and_the_rest_one_a_second() -> None:
    pace = Pace()
    waits = [pace.reserve("chat.postMessage", "C1", 100.0) for _ in range(7)]
    assert waits == [0, 0, 0, 0, 1, 2, 3]


def test_another_channel_has_a_pace_of_its_own() -> None:
    pace = Pace()
    for _ in range(10):
        pace.reserve("chat.postMessage", "C1", 100.0)
    assert pace.reserve("chat.postMessage", "C2", 100.0) == 0


def test_a_method_that_is_counted_for_the_workspace_is_not_counted_by_channel() -> None:
    pace = Pace()
    waits = [pace.reserve("chat.update", f"C{n}", 100.0) for n in range(21)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0


def test_time_that_passes_fills_the_bucket_up_to_its_brim() -> None:
    pace = Pace()
    for _ in range(4):
        pace.reserve("chat.postMessage", "C1", 100.0)
    assert [pace.reserve("chat.postMessage", "C1", 1000.0) for _ in range(5)] == [0, 0, 0, 0, 1]


def test_after_a_refusal_nothing_of_the_kind_leaves_before_slack_allows_it() -> None:
    for pace in (Pace(), Pace(generous=True)):
        pace.told_off("chat.postMessage", "C1", 30.0, 100.0)
        assert pace.reserve("chat.postMessage", "C1", 110.0) == 20
        assert pace.reserve("chat.postMessage", "C2", 110.0) == 0
        assert pace.reserve("chat.postMessage", "C1", 131.0) == 0


def test_a_shorter_refusal_does_not_end_a_longer_one() -> None:
    pace = Pace()
    pace.told_off("users.info", None, 30.0, 100.0)
    pace.told_off("users.info", None, 1.0, 101.0)
    assert pace.reserve("users.info", None, 110.0) == 20


def test_the_memory_for_channels_is_bounded() -> None:
    pace = Pace()
    for number in range(10_050):
        pace.reserve("chat.postMessage", f"C{number}", 1.0)
    assert len(pace.buckets) < 10_050


def test_a_backlog_in_one_channel_drains_although_most_are_sent_away() -> None:
    """A place that nobody comes for must not be counted, or the channel would never be free again."""
    pace, waiting, sent, now = Pace(), 60, 0, 100.0
    while waiting and now < 200.0:
        for _ in range(waiting):
            if pace.reserve("chat.postMessage", "C1", now) > 8.0:
                pace.give_back("chat.postMessage", "C1", now)
            else:
                waiting, sent = waiting - 1, sent + 1
        now += 8.0
    assert (waiting, sent) == (0, 60)


def test_two_hundred_people_are_written_to_at_once_and_the_rest_five_a_second() -> None:
    pace = Pace()
    waits = [pace.reserve("chat.postMessage", f"D{number}", 100.0) for number in range(205)]
    assert waits == [0] * 200 + [0.2, 0.4, 0.6, 0.8, 1.0]


def test_a_refusal_in_a_quiet_channel_makes_the_whole_workspace_wait_and_then_go_one_by_one() -> None:
    pace = Pace()
    for number in range(50):
        pace.reserve("chat.postMessage", f"D{number}", 100.0)
    pace.told_off("chat.postMessage", "D49", 10.0, 100.0)
    waits = [pace.reserve("chat.postMessage", f"E{number}", 105.0) for number in range(3)]
    assert waits == pytest.approx([5.0, 5.2, 5.4])
    assert pace.reserve("users.info", None, 105.0) == 0


def test_a_refusal_in_a_busy_channel_is_its_own() -> None:
    pace = Pace()
    for _ in range(2):
        pace.reserve("chat.postMessage", "C1", 100.0)
    pace.told_off("chat.postMessage", "C1", 10.0, 100.0)
    assert pace.reserve("chat.postMessage", "C2", 100.0) == 0
    assert pace.reserve("chat.postMessage", "C1", 105.0) == 5
