"""The Home tab: everybody's own things in one place, with what can be done to them, kept current by few updates."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.features import escalation
from bot.features.home import views
from bot.features.requests import HomeSections
from bot.features.requests.desk import Desk
from bot.features.requests.domain import State
from bot.sandbox.home import Home
from bot.sandbox.slack.blocks import check_blocks
from tests.e2e.office import BEGINS, PAYMENTS, Office
from tests.e2e.screen import form_of, said, sends
from tests.e2e.steps import shows
from tests.features.requests.make import fill, request
from tests.support.waiting import PATIENT

pytestmark = pytest.mark.by_turns


async def opens(office: Office, name: str, *, shows: str = "") -> Home:
    """Their tab, as it is when they open it."""
    await office.person(name).opens_home()
    await office.settled()
    return await office.person(name).home(shows=shows)


def published(office: Office, user_id: str) -> int:
    """How many views of this person Slack has got."""
    return len(
        [
            call
            for call in office.box.journal.records
            if call.kind == "views.publish" and call.arguments.get("user_id") == user_id
        ]
    )


async def test_what_somebody_asked_says_whose_move_it_is_until_it_is_done(office: Office) -> None:
    ana = office.person("ana")
    home = await opens(office, "ana", shows="Nothing of yours is open")
    form = form_of(await home.click("Ask a team"))
    form.fill("Summary", "Refund <!channel> stuck")
    await sends(form)
    home = await ana.home(shows="You asked · 1 open")
    assert "#1 Refund <!channel> stuck" in home.text.replace("*", "")
    assert "Payments has to take it, answer by" in home.text
    assert "Open the thread" in home.text
    card = await office.card("#1")
    await card.click("Claim", by=office.person("alice"))
    await ana.home(shows="In progress · @alice of Payments works on it")
    card = await shows(office, "In progress")
    await card.choose("Wait for requester", by=office.person("alice"))
    home = await ana.home(shows="Needs you · 1")
    assert "Waiting on you: Payments needs your answer" in home.text.replace("*", "")
    assert await home.click("Resolve") is None
    home = await ana.home(shows="Nothing of yours is open")
    await home.click("Show finished ones")
    home = await ana.home(shows="Finished, the latest first")
    assert "Resolved" in home.text
    await home.click("Reopen")
    # The page that was turned to is still the one that is shown.
    home = await ana.home(shows="Nothing of yours is finished yet")
    await home.click("Show open ones")
    await ana.home(shows="You asked · 1 open")


async def test_a_member_takes_the_next_one_and_closes_it_without_leaving_the_tab(office: Office) -> None:
    await office.asks("Refund stuck")
    home = await opens(office, "alice", shows="You hold nothing")
    assert "Payments: 1 open · 1 not claimed" in home.text.replace("*", "")
    form = form_of(await home.click("Claim next"))
    assert "#1" in form.text and "Refund stuck" in form.text
    home = await office.person("alice").home(shows="With you · 1")
    assert "Payments: 1 open · 0 not claimed" in home.text.replace("*", "")
    assert "Claim next" not in home.buttons
    form = form_of(await home.click("See the queue"))
    assert "Refund stuck" in form.text
    assert await home.click("Resolve") is None
    await office.person("alice").home(shows="nothing is open")
    await shows(office, "Resolved")


async def test_a_button_that_is_behind_the_times_says_so_and_the_tab_catches_up(office: Office) -> None:
    card = await office.asks("Refund stuck")
    home = await opens(office, "alice", shows="1 not claimed")
    # Of her team's figures her tab hears a little later.
    await card.click("Claim", by=office.person("bob"))
    form = form_of(await home.click("Claim next"))
    assert "Nothing waits to be claimed" in form.text
    home = await office.person("alice").home(shows="0 not claimed")
    asked = await opens(office, "ana", shows="You asked · 1 open")
    await card.click("Resolve", by=office.person("bob"))
    form = form_of(await asked.click("Resolve"))
    assert "#1" in form.text and "Resolved" in form.text
    await office.person("ana").home(shows="Nothing of yours is open")


async def test_a_team_s_counts_follow_a_little_later(office: Office) -> None:
    await opens(office, "bob", shows="nothing is open")
    await office.asks("Refund stuck")
    office.clock.advance(timedelta(seconds=25))
    await office.person("bob").home(shows="1 not claimed")


async def test_who_never_opened_the_tab_costs_no_call(office: Office) -> None:
    await office.asks("Refund stuck")
    await opens(office, "alice")
    card = await office.asks("Another")
    await card.click("Resolve", by=office.person("alice"))
    office.clock.advance(timedelta(seconds=25))
    await office.person("alice").home(shows="1 open · 1 not claimed")
    assert published(office, "U0ANA00001") == published(office, "U0BOB00001") == 0


async def test_a_lead_sees_what_nobody_took_in_time_and_gives_it_to_somebody(office: Office) -> None:
    await office.asks("Refund stuck")
    home = await opens(office, "lead")
    assert "Needs you" not in home.text
    office.clock.advance(timedelta(hours=5))
    # The next one is called just then, which shows on the tab without opening it.
    home = await office.person("lead").home(shows="Needs you · 1", timeout=PATIENT)
    assert "should have been taken" in home.text and "1 overdue" in home.text
    form = form_of(await home.click("Assign"))
    form.pick("Who takes it?", "bob")
    await sends(form)
    await shows(office, "In progress", "@bob")
    office.clock.advance(timedelta(seconds=25))
    home = await office.person("lead").home(shows="0 not claimed")
    assert "Needs you" not in home.text


async def test_in_a_team_whose_lead_assigns_everything_without_a_person_needs_the_lead(
    office: Office,
) -> None:
    await office.apply(PAYMENTS | {"split_of_work": "lead_assigns"})
    await office.asks("Refund stuck")
    home = await opens(office, "lead", shows="Needs you · 1")
    assert "nobody has it; to be taken by" in home.text
    assert "overdue" not in home.text


async def test_the_first_visit_is_welcomed_once_each_in_their_own_words(office: Office) -> None:
    for name, words in (
        ("ana", "Ask a team"),
        ("bob", "Claim next"),
        ("lead", "what needs you"),
        ("olga", "New team"),
    ):
        home = await opens(office, name, shows="Welcome to Frontdesk")
        assert words in home.text
        assert "Three things to try" in home.text
    home = await opens(office, "ana", shows="Nothing of yours is open")
    assert "Welcome" not in home.text
    home = await office.person("bob").home(shows="Welcome")
    await home.click("Got it")
    await office.settled()
    assert "Welcome" not in (await office.person("bob").home()).text


async def test_whoever_leaves_the_group_that_makes_a_team_no_longer_sees_its_queue(office: Office) -> None:
    group = office.box.add_user_group("payers", ["alice", "bob"])
    await office.apply(PAYMENTS | {"user_group": group, "members": None, "rotation": None})
    await opens(office, "bob", shows="Payments")
    office.box.set_user_group(group, ["alice"])
    await office.settled()
    office.clock.advance(2)
    await office.settled()
    assert "Payments" not in (await office.person("bob").home()).text


async def test_duty_that_passes_shows_itself_on_the_tabs_of_the_team(office: Office) -> None:
    home = await opens(office, "bob", shows="@alice is on duty until")
    form = form_of(await home.click("Take it now"))
    assert "Done" in form.text
    await office.person("bob").home(shows="you are on duty")


async def test_pages_stay_where_somebody_turned_them_and_start_anew_after_an_hour(office: Office) -> None:
    for number in range(1, 12):
        await office.person("ana").runs(f"/ask-team payments Wish {number}", in_="#general")
    home = await opens(office, "ana", shows="Wish 11")
    await home.click("Older")
    home = await office.person("ana").home(shows="Wish 3")
    assert "Wish 11" not in home.text
    answer = await office.person("ana").runs("/ask-team payments Wish 12", in_="#general")
    assert "#12" in said(answer)
    home = await office.person("ana").home(shows="12 open")
    assert "Wish 3" in home.text and "Wish 12" not in home.text
    office.clock.advance(timedelta(hours=2))
    home = await opens(office, "ana", shows="Wish 12")
    assert "Newer" not in home.buttons


async def test_the_queue_on_top_of_the_tab_turns_its_pages_there(office: Office) -> None:
    rows = [request(id=number, number=number, summary=f"Wish {number}") for number in range(1, 31)]
    await office.product.database.write(fill, rows, workspace_id=office.box.team_id)
    home = await opens(office, "alice", shows="30 open")
    form = form_of(await home.click("See the queue"))
    assert "Wish 1 " in form.text and "Wish 25" not in form.text
    shown = form_of(await form.click("Next page"))
    assert "Wish 25" in shown.text and "Wish 1 " not in shown.text
    # In place of the page before: nothing lies below it.
    await shown.close()
    assert office.box.workspace.views.stacks.get("U0ALICE001", []) == []


async def test_while_the_cards_have_no_place_the_tab_tells_all_the_same(office: Office) -> None:
    await opens(office, "ana", shows="Nothing of yours is open")
    office.box.remove_bot("triage-payments")
    await office.person("ana").runs("/ask-team payments Refund stuck", in_="#general")
    await office.person("ana").home(shows="You asked · 1 open")


async def test_five_hundred_requests_are_all_reached_within_slack_s_limits(office: Office) -> None:
    summary = f"<!channel> *{'w' * 3000}* <@U0BOB00001> " * 3
    rows = [
        request(
            id=number, number=number, summary=f"Wish {number} {summary}", requester="U0ALICE001",
            assignee="U0ALICE001", state=State.RESOLVED if number % 2 else list(State)[number % 4],
            closed_at=BEGINS if number % 2 else None, created_at=BEGINS,
        )
        for number in range(1, 501)
    ]  # fmt: skip
    await office.product.database.write(fill, rows, workspace_id=office.box.team_id)
    # The tab as she opens it, with her check-ins, queue and duty: Slack has taken it.
    await opens(office, "alice", shows="With you · 250")
    deps = office.product.deps
    shown = HomeSections(Desk(deps, lambda _team, _at: None), escalation.dues)
    for show, place, numbers in (
        (shown.asked, "open", range(2, 501, 2)),
        (shown.asked, "done", range(1, 501, 2)),
        (shown.held, "open", range(2, 501, 2)),
    ):
        assert await _walk(show, place, office) == set(numbers)


async def _walk(show: Callable[..., Awaitable[Any]], place: str, office: Office) -> set[int]:
    """The numbers of all requests on all pages, each of which Slack would take."""
    found: set[int] = set()
    following: str | None = place
    while following is not None:
        page = await show("U0ALICE001", office.clock.now(), following)
        drawn = [*page.blocks, *views.turns("section", page.turns)]
        assert check_blocks(drawn, "home") == []
        assert len(drawn) <= 12
        assert "<!channel>" not in str(drawn)
        found |= {int(number) for number in re.findall(r"\*#(\d+)\*", str(drawn))}
        following = dict(page.turns).get("Older") or dict(page.turns).get("Next")
    return found
