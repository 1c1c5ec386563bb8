"""`/standup` and its words, written by all kinds of people in all kinds of ways."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.story import Answer, Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.standup_office import CHANNEL, MORNING, asked, later, looked, open_standups, prompts, rows_in


@pytest.fixture
async def office(tmp_path: Path, specs: Path) -> AsyncIterator[Office]:
    """Payments with its Morning, a moment before it opens, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path) as opened:
        yield opened
        assert_calls_agree(opened)


async def _told(office: Office, name: str, line: str, in_: str = CHANNEL) -> str:
    answer = await office.person(name).runs(line, in_=in_)
    assert isinstance(answer, Answer), answer
    await looked(office)
    return answer.text.replace("*", "")


async def test_who_is_not_in_the_team_is_told_so(office: Office) -> None:
    for word in ("", "when", "skip", "away until friday", "away", "resume", "status", "report"):
        told = await _told(office, "ana", f"/standup payments {word}", in_="#general")
        assert "Only members of Payments" in told, word


async def test_a_lead_who_is_not_asked_sees_when_the_team_is(office: Office) -> None:
    told = await _told(office, "lead", "/standup when")
    assert "The next check-ins of Payments" in told and "Morning: Mon 30 Nov, 09:30" in told


async def test_a_name_in_the_reason_sends_nobody_away(office: Office) -> None:
    told = await _told(office, "lead", "/standup away @bob until friday, then @carol")
    assert "one at a time" in told
    await later(office, "09:30")
    assert await rows_in(office, "asked") == 3


async def test_an_earlier_absence_that_lasts_longer_is_told(office: Office) -> None:
    await _told(office, "bob", "/standup away until 2026-12-04")
    told = await _told(office, "bob", "/standup away until 2026-12-02")
    assert "An absence until Fri 4 Dec was written down earlier and still stands." in told


async def test_who_comes_back_keeps_the_next_journey(office: Office) -> None:
    await _told(office, "bob", "/standup away 2026-12-10 2026-12-20 sea")
    await _told(office, "bob", "/standup skip dentist")
    told = await _told(office, "bob", "/standup resume")
    assert "Welcome back" in told and "away from Thu 10 Dec until Sun 20 Dec" in told
    told = await _told(office, "bob", "/standup resume")
    assert told == "You will be asked: your absence from Thu 10 Dec until Sun 20 Dec is dropped."
    assert "You were not away" in await _told(office, "bob", "/standup resume")


async def test_another_day_does_not_leave_out_today(office: Office) -> None:
    assert "/standup away tomorrow to tomorrow" in await _told(office, "bob", "/standup skip tomorrow")
    assert "on Tue 1 Dec" in await _told(office, "bob", "/standup away tomorrow to tomorrow")
    await later(office, "09:30")
    await later(office, "09:30", days=1)
    assert len(await asked(office, "bob")) == 1


async def test_five_thousand_characters_are_answered_in_one_sentence(office: Office) -> None:
    for line in ("/standup " + "x" * 5000, "/standup skip " + "long reason " * 420):
        assert len(await _told(office, "alice", line)) < 300


async def test_the_form_takes_the_days_of_an_absence(office: Office) -> None:
    form = await office.person("bob").runs("/standup away", in_=CHANNEL)
    assert isinstance(form, Form) and form.labels == ["From", "Until", "Reason"]
    wrong = await form.submit()
    assert wrong is not None and list(wrong.errors) == ["Until"]
    form.fill("Until", "2026-11-20")
    wrong = await form.submit()
    assert wrong is not None and "in the past" in wrong.errors["Until"]
    form.fill("From", "2026-12-04")
    form.fill("Until", "2026-12-01")
    wrong = await form.submit()
    assert wrong is not None and "before the first" in wrong.errors["Until"]
    form.fill("From", "2026-11-30")
    form.fill("Reason", "<sea> & sun")
    done = await form.submit()
    assert isinstance(done, Form) and "from Mon 30 Nov until Tue 1 Dec" in done.text
    await later(office, "09:30")
    assert await rows_in(office, "away") == 1
    assert "bob (<sea> & sun)" in await _told(office, "alice", "/standup status")


async def test_the_lead_s_form_asks_who_is_meant(office: Office) -> None:
    form = await office.person("lead").runs("/standup away", in_=CHANNEL)
    assert isinstance(form, Form) and form.labels[0] == "Who"
    form.fill("Until", "2026-12-01")
    form.pick("Who", "ana")
    wrong = await form.submit()
    assert wrong is not None and "is not in Payments" in wrong.errors["Who"]
    form.pick("Who", "carol")
    done = await form.submit()
    assert isinstance(done, Form) and "carol is away" in done.text
    await looked(office)
    assert "lead has written down that you are away" in (await prompts(office, "carol", "away"))[0].text


async def test_having_no_holidays_stays_chosen(office: Office) -> None:
    form = await office.person("alice").runs("/standup settings", in_=CHANNEL)
    assert isinstance(form, Form)
    form.fill("Public holidays", "None")
    assert await form.submit() is None
    form = await office.person("alice").runs("/standup settings", in_=CHANNEL)
    assert isinstance(form, Form) and form.value("Public holidays") == "none"


async def test_whoever_is_away_is_away_from_all_their_teams(office: Office) -> None:
    noon = MORNING | {"name": "Noon", "at": "12:00"}
    platform = PLATFORM | {
        "members": ["U0BOB00001"],
        "timezone": "Europe/Kyiv",
        "standups": [noon | {"open_for": "8h"}],
    }
    await office.apply(PAYMENTS | {"standups": [MORNING | {"open_for": "8h"}]}, platform)
    await later(office, "12:05")
    assert "Which team?" in await _told(office, "bob", "/standup", in_="#general")
    await _told(office, "bob", "/standup payments away until 2026-12-01 ill", in_="#general")
    await later(office, "19:30")
    assert await prompts(office, "bob", "no word from you yet") == []
    told = await _told(office, "bob", "/standup payments resume", in_="#general")
    assert "Noon" in told
