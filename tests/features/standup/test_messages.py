"""What Slack takes: messages of check-ins at their largest."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.features.standup.domain.checkins import Asked, Blocker, Checkin, Round, State
from bot.features.standup.domain.parts import BLOCKERS_AT_ONCE, blocker_messages
from bot.features.standup.views import notices, status, summary, words
from bot.features.standup.views.notices import Week
from bot.features.standup.views.summary import Facts
from bot.sandbox.slack.limits import check_message
from bot.slack.blocks import Message

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 30)
SHARP = "<&>" * 100


def _checkin(number: int, state: State) -> Checkin:
    return Checkin(
        id=number, round_id=1, user_id=f"U{number:03d}", day=DAY, zone="UTC", opens_at=NOW, closes_at=NOW,
        state=state, note=SHARP, answers=("x",),
    )  # fmt: skip


def _blocker(number: int, text: str = SHARP) -> Blocker:
    return Blocker(
        id=number, checkin_id=number, team_id=1, series="morning", user_id=f"U{number:03d}", text=text, day=DAY,
        raised_at=NOW,
    )  # fmt: skip


def _facts(people: int = 0, blockers: int = 0, text: str = SHARP) -> Facts:
    states = [State.ANSWERED, State.SKIPPED, State.AWAY, State.ASKED, State.MISSED]
    return Facts(
        name="Morning", period=DAY, asked=Asked(questions=("Next?",)), waiting=(), states={}, now=NOW, today=DAY,
        checkins=[_checkin(number, states[number % len(states)]) for number in range(people)],
        blockers=[_blocker(number, text) for number in range(blockers)], zone="UTC",
        names={f"U{number:03d}": f"Person & Person Number {number}" for number in range(people)},
    )  # fmt: skip


def _check(message: Message) -> None:
    check_message(message.text, list(message.blocks))


def test_two_hundred_people_who_give_long_reasons_fit_into_one_summary() -> None:
    message = summary.summary(_facts(people=200, blockers=40))
    _check(message)
    assert all(title in message.text for title in ("Answered: ", "Skipped: ", "Away: ", "No answer: "))


def test_in_a_week_of_several_days_somebody_is_told_of_once() -> None:
    wednesday = [replace(_checkin(0, State.ASKED), note=""), replace(_checkin(1, State.SKIPPED), note="")]
    facts = _facts(people=1)
    message = summary.summary(replace(facts, checkins=[*facts.checkins, *wednesday]))
    assert message.text.count("Number 0") == 1 and "Answered: Person &amp; Person Number 0" in message.text
    assert "Skipped: U001" in message.text and "No answer" not in message.text


def test_a_digest_and_a_status_of_two_hundred_people_fit() -> None:
    facts = _facts(people=200, blockers=20)
    asked = Asked(questions=("Next?",), digest=True)
    round_ = Round(
        id=1, team_id=1, series="morning", name="Morning", day=DAY, period=DAY, asked=asked, channel="C1",
        closes_at=NOW, closed_at=NOW,
    )  # fmt: skip
    week = Week(first=DAY, checkins=facts.checkins, blockers=facts.blockers, anonymous=False)
    digest = notices.digest(round_, week, facts.names)
    _check(digest)
    assert "… (" not in str(digest.blocks[1]) and "In the way: 20 things, 0 of them solved." in str(
        digest.blocks[1]
    )
    told = status.status("Payments", [(round_, facts.checkins)] * 3, facts.names, NOW, "UTC")
    _check(told)
    assert all(title in str(told.blocks[0]) for title in ("Answered: ", "Skipped: ", "No answer: "))


def test_what_does_not_fit_into_the_summary_stands_in_messages_below_it() -> None:
    facts = _facts(blockers=30, text="Blocker")
    assert blocker_messages(30) == 2
    assert "And 18 more, at the top of the thread." in str(summary.summary(facts).blocks)
    pages = [summary.more_blockers(facts, page) for page in (1, 2)]
    for page in pages:
        _check(page)
    assert [page.text.count("Blocker") for page in pages] == [12, 6]
    assert "Nothing more" in summary.more_blockers(facts, 3).text


def test_so_many_messages_of_blockers_are_needed() -> None:
    counts = (0, 1, BLOCKERS_AT_ONCE, BLOCKERS_AT_ONCE + 1, 2 * BLOCKERS_AT_ONCE, 2 * BLOCKERS_AT_ONCE + 1)
    assert [blocker_messages(count) for count in counts] == [0, 0, 0, 1, 1, 2]


def test_names_are_listed_as_far_as_there_is_room() -> None:
    assert words.listed(["Ana", "Bob", "Carol"]) == "Ana, Bob and Carol"
    assert words.listed(["Ana", "Bob", "Carol"], room=11) == "Ana, Bob and 1 more"
    assert words.listed(["Ana", "Bob"], room=2) == "2"
    assert words.listed([]) == ""
