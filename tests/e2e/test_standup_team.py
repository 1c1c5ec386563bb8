"""A team's check-ins as the team sees them: time zones, away, blockers, kinds of check-ins, a bot that was not there."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.story import Answer, Form
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office
from tests.e2e.standup_office import (
    CHANNEL,
    MORNING,
    QUESTIONS,
    asked,
    at,
    eventually,
    fills_in,
    later,
    looked,
    open_standups,
    prompts,
    rows_in,
    summaries,
    thread_of,
)

BY_MEMBER = MORNING | {"timezone": "member"}


@pytest.fixture
def standups() -> list[dict[str, Any]]:
    return [MORNING]


@pytest.fixture
async def office(tmp_path: Path, specs: Path, standups: list[dict[str, Any]]) -> AsyncIterator[Office]:
    """Payments with these check-ins, on SQLite and over HTTP."""
    async with open_standups(f"sqlite:///{tmp_path}/frontdesk.db", tmp_path, *standups) as opened:
        yield opened
        assert_calls_agree(opened)


async def _told(office: Office, name: str, line: str) -> str:
    answer = await office.person(name).runs(line, in_="#standup-payments")
    assert isinstance(answer, Answer), answer
    await looked(office)
    return answer.text


@pytest.mark.parametrize("standups", [[BY_MEMBER]])
async def test_everyone_is_asked_at_their_own_half_past_nine(office: Office) -> None:
    # Half past nine in Kolkata is six in the morning in Kyiv.
    await later(office, "06:00", days=1)
    assert [len(await asked(office, one)) for one in ("carol", "alice", "bob")] == [1, 0, 0]
    await later(office, "09:30", days=1)
    assert [len(await asked(office, one)) for one in ("carol", "alice", "bob")] == [1, 1, 0]
    await later(office, "11:30", days=1)
    summary = await eventually(office, "0 of 3")
    assert "Later today: bob" in summary.text
    await later(office, "16:30", days=1)
    assert len(await asked(office, "bob")) == 1
    await fills_in(office, "bob", "Refunds", "Payouts", "no")
    summary = await eventually(office, "1 of 3")
    assert "(late)" not in summary.text


@pytest.mark.parametrize("standups", [[BY_MEMBER]])
async def test_a_move_to_another_zone_counts_from_the_next_day(office: Office) -> None:
    await later(office, "08:00", days=1)
    office.box.change_person("alice", tz="America/New_York")
    await office.settled()
    await looked(office)
    await later(office, "09:30", days=1)
    assert len(await asked(office, "alice")) == 1
    await later(office, "09:30", days=2)
    assert len(await asked(office, "alice")) == 1
    await later(office, "16:30", days=2)
    assert len(await asked(office, "alice")) == 2


async def test_whoever_is_away_is_not_asked_and_shown_as_away(office: Office) -> None:
    told = await _told(office, "bob", "/standup skip until 2026-12-01 at the sea")
    assert told.startswith("You are away from Mon 30 Nov until Tue 1 Dec, that day included.")
    told = await _told(office, "lead", "/standup away @carol 2026-11-30 conference")
    assert "is away on Mon 30 Nov. No check-in" in told
    assert "lead has written down that you are away" in (await prompts(office, "carol", "away"))[0].text
    await later(office, "09:30")
    assert [len(await prompts(office, one)) for one in ("alice", "bob", "carol")] == [1, 0, 0]
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    summary = await eventually(office, "1 of 1")
    assert "Away: bob (at the sea) and carol (conference)" in summary.text
    await later(office, "08:00", days=1)
    assert "Welcome back" in await _told(office, "bob", "/standup resume")
    await later(office, "09:30", days=1)
    assert [len(await prompts(office, one)) for one in ("bob", "carol")] == [1, 1]


async def test_others_cannot_write_down_who_is_away_and_dates_are_checked(office: Office) -> None:
    assert "Only the lead" in await _told(office, "bob", "/standup away @carol 2026-12-01")
    assert "in the past" in await _told(office, "bob", "/standup skip until 2026-11-01")
    assert "before the first" in await _told(office, "bob", "/standup away 2026-12-05 2026-12-01")
    assert "cannot read" in await _told(office, "bob", "/standup skip until someday")
    assert "is not in Payments" in await _told(office, "lead", "/standup away @ana 2026-12-01")


async def test_a_public_holiday_is_nobodys_check_in(tmp_path: Path, specs: Path) -> None:
    team = {"holidays": "PL", "people": {"U0BOB00001": {"holidays": "US"}}}
    path = f"sqlite:///{tmp_path}/frontdesk.db"
    async with open_standups(path, tmp_path, MORNING, begins="08:00", team=team) as office:
        # 25 December 2026, a Friday: Christmas in both places.
        await later(office, "23:00", days=24)
        before = await rows_in(office, "away")
        await later(office, "09:30", days=25)
        assert [await prompts(office, one) for one in ("alice", "bob")] == [[], []]
        assert await rows_in(office, "away") == before
        # 6 January 2027, a Wednesday: Epiphany in Poland, and a working day in the United States.
        await later(office, "09:30", days=37)
        assert [len(await prompts(office, one)) for one in ("alice", "bob")] == [0, 1]


async def test_a_blocker_becomes_a_request_once_and_goes_when_it_is_resolved(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "09:32")
    (lead,) = await prompts(office, "lead", "is held up")
    assert "alice is held up (Morning): The bank is down" in lead.text.replace("*", "")
    await later(office, "11:30")
    (summary,) = await summaries(office)
    first = await summary.click("Make it a request")
    assert isinstance(first, Answer) and "#1 is in the queue" in first.text
    second = await lead.click("Make it a request")
    assert isinstance(second, Answer) and "#1 already" in second.text
    await office.settled()
    card = await office.card("#1")
    assert "From the check-in Morning of Monday 30 November" in card.text
    (summary,) = await summaries(office)
    assert "#1 New" in summary.text and "Make it a request" not in summary.buttons
    await later(office, "09:30", days=1)
    form = await (await prompts(office, "alice"))[-1].click("Fill in")
    assert (
        isinstance(form, Form)
        and "Still in your way?" in form.labels
        and "The bank is down (1 day)" in form.options("Still in your way?")
    )
    await form.close()
    await card.click("Resolve")
    await office.settled()
    assert "solved" in (await summaries(office))[0].text
    form = await (await prompts(office, "alice"))[-1].click("Fill in")
    assert isinstance(form, Form) and "Still in your way?" not in form.labels
    assert len(await prompts(office, "lead", "is held up")) == 1


async def test_a_blocker_becomes_a_jira_issue(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    (summary,) = await summaries(office)
    form = await summary.click("Create Jira issue")
    assert isinstance(form, Form) and form.value("Summary") == "The bank is down"
    assert await form.submit() is None
    await office.settled()
    assert [issue.key for issue in office.site.stored.values()] == ["PAY-1"]
    assert "PAY-1" in (await office.card("#1")).text


async def test_an_unticked_blocker_is_solved(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "09:30", days=1)
    form = await (await prompts(office, "alice"))[-1].click("Fill in")
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Waited")
    form.clear("Still in your way?")
    assert await form.submit() is None
    assert "Nothing is in anybody's way" in await _told(office, "alice", "/standup report")


@pytest.mark.parametrize("standups", [[MORNING | {"anonymous": True}]])
async def test_an_anonymous_check_in_names_nobody(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    (summary,) = await summaries(office)
    everything = summary.text + " ".join(await thread_of(office, summary))
    everything += await _told(office, "bob", "/standup status") + await _told(
        office, "bob", "/standup report"
    )
    assert "1 of 3" in everything and "Payouts" in everything
    assert not any(name in everything.casefold() for name in ("alice", "bob", "carol"))


@pytest.mark.parametrize("standups", [[MORNING | {"summary": "weekly", "days": "mon,wed"}]])
async def test_a_weekly_summary_gathers_the_week(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    await later(office, "11:30")
    assert await summaries(office) == []
    await later(office, "09:30", days=2)
    await fills_in(office, "alice", "Payouts", "Rest", "")
    await later(office, "11:30", days=2)
    (summary,) = await summaries(office)
    assert "week of Monday 30 November" in summary.text
    assert [("Mon 30 Nov" in one, "Wed 2 Dec" in one) for one in await thread_of(office, summary)] == [
        (True, False),
        (False, True),
    ]


async def test_a_weekly_summary_does_not_wait_for_a_holiday(tmp_path: Path, specs: Path) -> None:
    weekly = MORNING | {"summary": "weekly", "digest": True, "days": "wed-fri"}
    path = f"sqlite:///{tmp_path}/frontdesk.db"
    async with open_standups(path, tmp_path, weekly, team={"holidays": "US"}) as office:
        # 25 December 2026 is a Friday.
        await later(office, "09:30", days=24)
        await fills_in(office, "alice", "Refunds", "Payouts", "")
        await later(office, "11:30", days=24)
        told = [one.text for one in await summaries(office)]
        assert len(told) == 2 and all("week of Monday 21 December" in one for one in told)


@pytest.mark.parametrize("standups", [[MORNING | {"digest": True, "days": "mon,tue"}]])
async def test_a_digest_ends_the_week(office: Office) -> None:
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    await later(office, "09:30", days=1)
    await later(office, "11:30", days=1)
    digest = [one for one in await summaries(office) if "week of" in one.text]
    assert len(digest) == 1 and "1 of 6 check-ins were answered" in digest[0].text.replace("*", "")
    assert "alice 1/2" in digest[0].text and "The bank is down" in digest[0].text


MEETING = {"name": "Daily call", "kind": "meeting", "at": "10:00", "channel": "C0STANDUP1",
           "agenda": ["Numbers", "Plans"], "call": "https://meet.example.com/pay"}  # fmt: skip


@pytest.mark.parametrize("standups", [[MEETING]])
async def test_a_call_is_announced_with_its_agenda(office: Office) -> None:
    await later(office, "09:49")
    assert await summaries(office) == []
    await later(office, "09:50")
    (told,) = await summaries(office)
    assert "Daily call at 10:00 (in 10 minutes)" in told.text.replace("*", "")
    assert "Numbers" in told.text and told.buttons == ["Join the call"]
    assert "Daily call (a call): Tue 1 Dec, 10:00" in (await _told(office, "alice", "/standup when")).replace(
        "*", ""
    )


async def test_a_bot_that_comes_late_asks_at_once_while_it_is_open(office: Office) -> None:
    await office.stop()
    office.clock.set(at("10:00"))
    await office.restart()
    await looked(office)
    (prompt,) = await prompts(office, "alice")
    assert "Sorry, I am late" in prompt.text
    await later(office, "10:05")
    assert len(await prompts(office, "alice")) == 1


async def test_a_bot_that_comes_too_late_tells_the_lead_and_nobody_counts_as_silent(office: Office) -> None:
    await office.stop()
    office.clock.set(at("13:00"))
    await office.restart()
    await looked(office)
    assert await prompts(office, "alice") == []
    assert await rows_in(office, "missed") == 3
    (told,) = await prompts(office, "lead", "I was not running")
    assert "Monday 30 November" in told.text
    assert await summaries(office) == []
    await office.restart()
    await looked(office)
    assert len(await prompts(office, "lead", "I was not running")) == 1


async def test_somebody_who_left_is_not_asked(office: Office) -> None:
    office.box.deactivate("bob")
    await office.settled()
    await later(office, "09:30")
    assert await rows_in(office, "asked") == 2


async def test_a_channel_that_is_closed_to_the_bot_gets_its_summary_when_it_opens(office: Office) -> None:
    office.box.remove_bot("standup-payments")
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    office.clock.set(at("11:30"))
    jobs = [job for feature in office.product.features for job in feature.jobs if job.name == "standup.look"]
    await jobs[0].run(office.clock.now())
    office.box.invite_bot("standup-payments")
    summary = await office.person("alice").waits_for("1 of 3", in_=CHANNEL, timeout=8)
    assert summary.thread_ts in ("", summary.ts)
    await office.settled()


async def test_the_words_of_the_command(office: Office) -> None:
    assert "opens your check-in" in await _told(office, "alice", "/standup help")
    assert "Did you mean /standup status?" in await _told(office, "alice", "/standup statsu")
    assert "Morning: Mon 30 Nov, 09:30" in (await _told(office, "alice", "/standup when")).replace("*", "")
    assert "has not been asked anything today" in await _told(office, "alice", "/standup status")
    await later(office, "09:30")
    await fills_in(office, "alice", "Refunds", "Payouts", "")
    status = await _told(office, "bob", "/standup payments status")
    assert "1 of 3 answered\nAnswered: alice\nStill open until 04:30: bob and carol" in status
    assert "You skip today: Morning" in await _told(office, "bob", "/standup skip dentist")
    assert "no check-in of yours left today" in await _told(office, "bob", "/standup payments skip")
    assert "Only members of Payments" in await _told(office, "ana", "/standup payments report")
    assert "Only members of Payments" in await _told(office, "ana", "/standup payments")


async def test_the_report_shows_shares_and_what_is_in_the_way(office: Office) -> None:
    await later(office, "09:30")
    await later(office, "09:40")
    await fills_in(office, "alice", "Refunds", "Payouts", "The bank is down")
    await later(office, "11:30")
    answer = await office.person("alice").runs("/standup report", in_=CHANNEL)
    assert isinstance(answer, Answer)
    told = answer.text.replace("*", "")
    assert "Morning: 1 of 3 answered (33 %); usually 10 minutes after it opened." in told
    assert "alice 1/1, bob 0/1, carol 0/1" in told
    assert "In the way: 1" in told and "alice: The bank is down (today)" in told


async def test_the_home_tab_says_what_asks_and_when_the_next_one_is(office: Office) -> None:
    await office.person("alice").opens_home()
    home = await office.person("alice").home(shows="Check-ins")
    assert "Morning: Mon 30 Nov, 09:30" in home.text.replace("*", "")
    await later(office, "09:30")
    home = await office.person("alice").home(shows="is open until 11:30")
    form = await home.click("Fill in")
    assert isinstance(form, Form)
    form.fill(QUESTIONS[0], "Refunds")
    assert await form.submit() is None
    home = await office.person("alice").home(shows="answered. You can change that")
    assert "Tue 1 Dec, 09:30" in home.text
    await office.person("ana").opens_home()
    assert "Nothing of yours is open" in (await office.person("ana").home(shows="Nothing")).text


async def test_sixty_people_fit_into_one_summary_and_its_thread(tmp_path: Path, specs: Path) -> None:
    path = f"sqlite:///{tmp_path}/frontdesk.db"
    crowd = [f"U0CROWD{number:03d}" for number in range(60)]
    team = {"members": ["U0ALICE001", *crowd], "rotation": None}
    async with open_standups(path, tmp_path, begins="09:00", team=team) as office:
        for number, user_id in enumerate(crowd):
            office.box.add_person(
                f"crowd{number}", id=user_id, tz="Europe/Kyiv", real_name=f"Crowd Person {number}"
            )
        await later(office, "09:30")
        assert await rows_in(office, "asked") == 61
        for number in range(60):
            text = f"1. {'Done ' * 50}\n2. Next\n3. {'Stuck on ' + str(number) if number % 2 else 'no'}"
            await office.person(f"crowd{number}").tells_bot(text)
        await office.settled()
        await later(office, "11:30")
        (summary,) = await summaries(office)
        assert "60 of 61 answered" in summary.text.replace("*", "")
        assert "No answer: alice" in summary.text and "and 20 more" in summary.text
        assert summary.buttons.count("Make it a request") == 12
        # Thirty blockers: twelve in the summary, the others above the answers in its thread.
        assert len(await thread_of(office, summary)) == 2 + 60
        assert_calls_agree(office)
