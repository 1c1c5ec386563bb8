"""Times in messages of check-ins: on the clock of whoever reads them, and in words where Slack does not tell them itself."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.features.standup.domain.checkins import Asked, Blocker, Checkin, Round, State
from bot.features.standup.views import answer_form, notices, prompt, status, summary, words
from bot.features.standup.views.notices import Week
from bot.features.standup.views.prompt import Around
from bot.features.standup.views.summary import Facts
from bot.slack.blocks import Message
from bot.slack.mrkdwn import unescape
from bot.teams.presence import Absence
from tests.features.standup.make import plan

DAY = date(2026, 11, 30)
OPENS = datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
STAMP = int(OPENS.timestamp())
ASKED = Asked(questions=("Done & dusted?", "Next?"), blocker_question=2)
ROUND = Round(
    id=1, team_id=1, series="morning", name="Morning", day=DAY, period=DAY, asked=ASKED, channel="C1",
    closes_at=OPENS + timedelta(hours=2), closed_at=None,
)  # fmt: skip
BLOCKER = Blocker(
    id=1, checkin_id=1, team_id=1, series="morning", user_id="U1", text="The bank is down", day=DAY, raised_at=OPENS
)  # fmt: skip
NAMES = {"U1": "Ana & Co", "U2": "Bob"}


def _checkin(state: State = State.ASKED, hours: int = 2, **more: Any) -> Checkin:
    values: dict[str, Any] = {"id": 1, "user_id": "U1", "zone": "Europe/Kyiv", "note": "at the dentist"}
    return Checkin(
        round_id=1, day=DAY, opens_at=OPENS, closes_at=OPENS + timedelta(hours=hours), state=state, **values | more
    )  # fmt: skip


def test_a_time_is_told_by_slack_and_falls_back_to_the_clock_of_its_reader() -> None:
    assert words.clock(OPENS, "Europe/Kyiv") == f"<!date^{STAMP}^{{time}}|09:30>"
    assert words.clock(OPENS, "America/New_York") == f"<!date^{STAMP}^{{time}}|02:30>"
    assert words.clock(OPENS, "Nowhere/Land") == f"<!date^{STAMP}^{{time}}|07:30 UTC>"
    assert "|Mon 30 Nov at 09:30>" in words.moment(OPENS, "Europe/Kyiv")
    assert "|Sun 29 Nov, 20:30>" in words.day_and_time(OPENS, "Pacific/Pago_Pago")


@pytest.mark.parametrize(
    ("hours", "zone", "told"),
    [
        (2, "", "{time}|11:30>"),
        (2, "America/New_York", "{time}|04:30>"),
        (2, "Pacific/Kiritimati", "{time}|23:30>"),
        (3, "Pacific/Kiritimati", "{date_short_pretty} at {time}|Tue 1 Dec at 00:30>"),
        (24, "", "{date_short_pretty} at {time}|Tue 1 Dec at 09:30>"),
    ],
)
def test_the_end_is_told_with_its_day_where_it_is_another_one_for_the_reader(
    hours: int, zone: str, told: str
) -> None:
    assert words.until(_checkin(hours=hours), zone).endswith(told)


def test_one_day_is_not_told_as_a_span() -> None:
    assert words.span(DAY, DAY) == "on Mon 30 Nov"
    assert words.span(DAY, DAY + timedelta(days=1)) == "from Mon 30 Nov until Tue 1 Dec"
    away = Absence(id=1, user_id="U1", first_day=DAY, last_day=DAY, reason="", set_by="U1")
    assert "that day included" not in status.away("", away, DAY).text


def test_when_it_ends_is_said_once_where_it_ends_for_all_at_once() -> None:
    together = words.still_open([_checkin(), _checkin(user_id="U2")], "Europe/Kyiv")
    assert together == (f"Still open until <!date^{STAMP + 7200}^{{time}}|11:30>", ["", ""])
    title, ends = words.still_open([_checkin(), _checkin(hours=9)], "Europe/Kyiv")
    assert title == "Still open" and ends[1].endswith("|18:30>)")
    assert words.still_open([], "Europe/Kyiv") == ("Still open", [])


def test_prompt_reminder_and_form_tell_their_times_alike() -> None:
    around = Around(now=OPENS, zone="America/New_York")
    asked = prompt.prompt(_checkin(), ROUND, around)
    reminder = prompt.reminder(_checkin(), ROUND, around)
    until = f"until <!date^{STAMP + 7200}^{{time}}|04:30>"
    assert until in asked.text and until in reminder.text
    assert "|Mon 30 Nov at 02:30>" in answer_form.early(OPENS, "America/New_York")


def _messages() -> Iterator[Message]:
    around = Around(now=OPENS, blockers=1, last="yesterday", is_late=True)
    for state in State:
        yield prompt.prompt(_checkin(state), ROUND, around)
    yield prompt.prompt(_checkin(), ROUND, Around(now=OPENS + timedelta(hours=3)))
    for answers in ((), ("Refunds",)):
        yield prompt.reminder(_checkin(answers=answers), ROUND, around)
        for asking in (1, None):
            yield prompt.reply(_checkin(answers=answers), ROUND, asking, "", with_files=True)
    checkins = [_checkin(state, user_id=f"U{number}") for number, state in enumerate(State, 1)]
    answered = _checkin(State.ANSWERED, answers=("Refunds", "Payouts"), is_late=True)
    facts = Facts(
        name="Morning & more", period=DAY, asked=ASKED, checkins=[*checkins, answered], waiting=["U2"],
        blockers=[BLOCKER], states={}, names=NAMES, now=OPENS, today=DAY, zone="Europe/Kyiv",
    )  # fmt: skip
    yield summary.summary(facts)
    yield summary.more_blockers(facts, 1)
    for part in (0, 1):
        yield summary.answers(answered, ASKED, "Ana & Co", part, weekly=True)
    yield notices.digest(
        ROUND, Week(first=DAY, checkins=checkins, blockers=[BLOCKER], anonymous=False), NAMES
    )
    call = plan(name="Call", kind="meeting", agenda=("Numbers",), call="https://meet.example.com/1")
    yield notices.meeting(call, ROUND, [BLOCKER], NAMES, OPENS, ZoneInfo("Europe/Kyiv"))
    yield notices.missed(ROUND, "Pay & Co")
    yield notices.blocked(BLOCKER, "Ana & Co", "Morning")
    yield status.status("Payments", [(ROUND, checkins)], NAMES, OPENS, "Europe/Kyiv")


def _words_of(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in found:
        for text in [block.get("text"), *block.get("elements", ())]:
            if isinstance(text, Mapping) and isinstance(words_ := text.get("text"), str):
                yield words_


def test_every_message_says_as_a_text_alone_what_its_blocks_say() -> None:
    for message in _messages():
        told = _bare(message.text)
        for words_ in _words_of(message.blocks):
            assert _bare(words_).replace(":construction: ", "") in told, message.text
        assert "  " not in message.text and ".." not in message.text


def _bare(text: str) -> str:
    """Without bold, with people's characters as they were; a button's text stands for itself."""
    return re.sub(r"[*]", "", unescape(text))
