"""What people write as answers, and what of it is in their way."""

from datetime import UTC, date, datetime

import pytest

from bot.features.standup.domain import answers, blockers
from bot.features.standup.domain.blockers import age_words
from bot.features.standup.domain.checkins import Asked, Blocker, Checkin, State
from bot.features.standup.domain.figures import figures
from bot.features.standup.domain.parts import LONGEST_PART, parts
from bot.teams.plans import FollowUp

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
QUESTIONS = ("Done?", "Next?", "Blocked?")


@pytest.mark.parametrize(
    "text", ["", "-", "No", "no.", "n/a", "None!", " nothing ", "немає", "нет", "nein", "👍"]
)
def test_words_that_say_nothing(text: str) -> None:
    assert answers.says_nothing(text) and blockers.named_in(text) == []


@pytest.mark.parametrize("text", ["No access to the bank", "none of the tests run", "Nothing works", "1"])
def test_words_that_say_something(text: str) -> None:
    assert not answers.says_nothing(text) and blockers.named_in(text) == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. a\n2. b\n3. c", ["a", "b", "c"]),
        ("1) a\nmore\n2) b\n3)", ["a\nmore", "b", ""]),
        ("a\n\nb\n\nc", ["a", "b", "c"]),
        ("1. only one", None),
        ("2. b\n1. a", None),
        ("1. a\n2. b", ["a", "b"]),
        ("1. a\n2. b\n3. c\n4. d", None),
        ("a\n\nb", None),
        ("just words", None),
    ],
)
def test_one_message_for_all_questions(text: str, found: list[str] | None) -> None:
    assert answers.whole(text, 3) == found


def test_answers_of_another_time_go_with_their_questions() -> None:
    who = FollowUp(after=1, ask="Who helps?")
    before = Asked(questions=QUESTIONS, follow_ups=(who,))
    now = Asked(questions=("Blocked?", "Mood?", "Done?"), follow_ups=(who,))
    assert answers.taken_over(now, before, ["a", "b", "c", "d"]) == ("c", "", "a", "d")


def test_what_was_solved_does_not_come_up_again_by_the_same_answer() -> None:
    solved = _blocker(1, "The bank is down")
    changes = blockers.compare("the bank is down", [], 7, raised=[solved])
    assert (changes.new, changes.withdrawn) == ((), ())


def test_a_list_of_bullets_is_several_blockers() -> None:
    assert blockers.named_in("- The bank\n- No\n* The office") == ["The bank", "The office"]
    assert blockers.named_in("The bank\n- is down") == ["The bank\n- is down"]
    assert len(blockers.named_in("\n".join(f"- {n}" for n in range(30)))) == blockers.MOST


def test_follow_ups_are_due_by_the_answer() -> None:
    always, named = FollowUp(after=3, ask="Who?"), FollowUp(after=1, ask="Which?", when=("Bank", "yes"))
    asked = Asked(questions=QUESTIONS, follow_ups=(always, named))
    assert answers.follow_ups_due(asked, ["the bank", "", "no"]) == [1]
    assert answers.follow_ups_due(asked, ["", "", "it rains"]) == [0]


def _blocker(id: int, text: str, *, checkin_id: int = 7, request_id: int | None = None) -> Blocker:
    return Blocker(
        id=id, checkin_id=checkin_id, team_id=1, series="morning", user_id="U1", text=text, day=NOW.date(),
        raised_at=NOW, request_id=request_id,
    )  # fmt: skip


def test_the_same_words_are_the_same_blocker_and_what_is_named_no_more_is_withdrawn() -> None:
    known = [
        _blocker(1, "The bank is down"),
        _blocker(2, "No keys"),
        _blocker(3, "Old", checkin_id=5),
        _blocker(4, "Filed", request_id=9),
    ]
    changes = blockers.compare("- the  Bank is DOWN\n- New", known, 7)
    assert changes.new == ("New",)
    assert [one.id for one in changes.withdrawn] == [2]


def test_what_was_solved_since_does_not_come_up_anew_in_the_same_check_in() -> None:
    solved = [_blocker(1, "The bank is down")]
    assert blockers.compare("The bank is down", [], 7, solved).new == ()
    assert blockers.compare("The bank is down\nagain", [], 7, solved).new == ("The bank is down\nagain",)


def test_ages_are_told_in_days() -> None:
    days = [date(2026, 11, n) for n in (30, 29, 27)]
    assert [age_words(day, NOW.date()) for day in days] == ["today", "1 day", "3 days"]


def _checkin(state: State, *, minutes: int | None = None, texts: tuple[str, ...] = ()) -> Checkin:
    answered = None if minutes is None else NOW.replace(minute=minutes)
    return Checkin(
        id=1, round_id=1, user_id="U1", day=NOW.date(), zone="UTC", opens_at=NOW, closes_at=NOW, state=state,
        answered_at=answered, answers=texts,
    )  # fmt: skip


def test_being_away_and_a_bot_that_was_not_there_do_not_count() -> None:
    checkins = [_checkin(State.ANSWERED, minutes=10), _checkin(State.ASKED), _checkin(State.AWAY),
                _checkin(State.MISSED), _checkin(State.SKIPPED)]  # fmt: skip
    found = figures("Morning", checkins)
    assert (found.total.answered, found.total.asked, found.total.percent) == (1, 3, 33)
    assert found.median_answer is not None and found.median_answer.total_seconds() == 600
    assert figures("Morning", checkins, anonymous={1}).people == {}
    assert figures("Morning", []).total.percent == 0


@pytest.mark.parametrize("length", [0, 1, 2900, 2901, 8000, 10_000, 40_000])
def test_answers_of_any_length_are_told_whole_in_parts_that_fit(length: int) -> None:
    text = ("word " * 8000)[:length]
    found = parts(_checkin(State.ANSWERED, texts=("a", text, "")), Asked(questions=QUESTIONS))
    assert "".join(piece for part in found for question, piece in part) == "a" + text
    assert all(sum(len(piece) + len(question) for question, piece in part) <= LONGEST_PART for part in found)
    assert all(len(part) <= 20 for part in found)
