"""What the Home tab says of requests: whose move it is, what is promised, and what can be done."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.threads import ThreadRef
from bot.features.requests.domain import Request, State
from bot.features.requests.values import Listed, Place, Window
from bot.features.requests.views import home
from bot.features.requests.views.home import Around, Asked, Needs, Queue
from bot.sandbox.slack.blocks import check_blocks
from tests.features.requests.make import ALICE, ANA, in_state, request
from tests.support.clock import MONDAY

LATER = MONDAY + timedelta(hours=2)
AROUND = Around(
    now=MONDAY,
    zone=ZoneInfo("Europe/Kyiv"),
    teams={1: "Pay & Co"},
    names={"U0BOB00001": "bob"},
    links={12: "https://x.slack.com/archives/C1/p11"},
    dues={12: LATER},
)


def listed(*requests: Request) -> tuple[Listed, ...]:
    return tuple(Listed(request=one, thread=ThreadRef(channel="C1", thread_ts="1.1")) for one in requests)


def asked(*requests: Request, place: Place | None = None, done: bool = False) -> home.Page:
    window = Window(rows=listed(*requests))
    found = Asked(window=window, open=len(requests), has_finished=done)
    return home.asked(found, place or Place(), AROUND)


def words(blocks: Sequence[Any]) -> str:
    """All that stands in the blocks; Slack would take them on the Home tab."""
    assert check_blocks(list(blocks), "home") == []
    return str(blocks)


@pytest.mark.parametrize(
    ("state", "said", "button"),
    [
        (State.NEW, "Pay &amp; Co has to take it, answer by", "Resolve"),
        (State.IN_PROGRESS, f"<@{ALICE}> of Pay &amp; Co works on it", "Resolve"),
        (State.WAITING, "*Waiting on you*: Pay &amp; Co needs your answer in the thread", "Resolve"),
        (State.SNOOZED, "Pay &amp; Co comes back to it then", "Resolve"),
        (State.RESOLVED, "Resolved <!date", "Reopen"),
        (State.DECLINED, "Declined <!date", "Reopen"),
        (State.DUPLICATE, "Duplicate <!date", "Reopen"),
    ],
)
def test_each_state_says_whose_move_it_is(state: State, said: str, button: str) -> None:
    shown = words(asked(in_state(state)).blocks)
    assert said in shown and f"'text': '{button}'" in shown
    assert "<https://x.slack.com/archives/C1/p11|Open the thread>" in shown


def test_what_somebody_joined_is_followed_and_not_theirs_to_end() -> None:
    window = Window(rows=listed(request(id=1, number=1)))
    others = listed(request(id=2, number=2), in_state(State.WAITING))
    found = Asked(window=window, open=1, has_finished=False, followed=others, follows_more=True)
    shown = words(home.asked(found, Place(), AROUND).blocks)
    assert shown.count("'text': 'Resolve'") == 1
    assert "You ask for these too: you are told how they go. The latest of them are here." in shown
    assert f"has to take it · asked by <@{ANA}>" in shown
    assert f"Waiting on <@{ANA}>: Pay &amp; Co needs their answer" in shown


def test_what_is_late_promises_nothing_any_more() -> None:
    window = Asked(window=Window(rows=listed(request())), open=1, has_finished=False)
    late = home.asked(window, Place(), Around(**{**vars(AROUND), "now": LATER}))
    assert "has to take it" in words(late.blocks) and "answer by" not in words(late.blocks)


def test_people_s_words_are_no_markup_that_calls_anybody() -> None:
    hostile = request(summary="<!channel> <@U0BOB00001> <@U0EVIL0001> <https://evil|click> & " + "w" * 400)
    shown = words(asked(hostile).blocks)
    assert "&lt;!channel&gt; @bob &lt;@U0EVIL0001&gt;" in shown
    assert "<https://evil" not in shown


def test_what_is_finished_is_offered_only_where_there_is_something() -> None:
    assert asked(request()).turns == []
    assert asked(request(), done=True).turns == [("Show finished ones", "done")]
    assert asked(place=Place(kind="done")).turns == [("Show open ones", "open")]


def test_empty_lists_say_what_there_is_to_do() -> None:
    assert "Ask a team" in words(asked().blocks)
    assert "will be listed here" in words(asked(place=Place(kind="done")).blocks)
    assert "You hold nothing" in words(home.held(Window(rows=()), 0, AROUND).blocks)
    assert home.needs(Needs(), AROUND) == []


def test_a_page_in_the_middle_leads_both_ways() -> None:
    window = Window(
        rows=listed(request()), newer=Place(way="before", key=(12,)), older=Place(way="after", key=(12,))
    )
    turns = home.held(window, 30, AROUND).turns
    assert turns == [("Previous", "open.before.12"), ("Next", "open.after.12")]


def test_a_lead_reads_how_long_somebody_should_have_taken_it() -> None:
    late = Around(**{**vars(AROUND), "now": LATER + timedelta(hours=3)})
    shown = words(home.needs(Needs(unclaimed=listed(request()), total=7), late))
    assert "Needs you · 7" in shown and "3 h ago" in shown and "6 more" in shown
    assert "to be taken by" in words(home.needs(Needs(unclaimed=listed(request()), total=1), AROUND))


def test_an_answer_that_a_team_waits_for_stands_on_top_with_the_way_to_its_thread() -> None:
    found = Needs(answers=listed(in_state(State.WAITING)), unclaimed=listed(request()), total=2)
    shown = home.needs(found, AROUND)
    assert "Waiting on you" in words(shown[1:2]) and "Open the thread" in str(shown[1])
    assert "Assign" in str(shown[2]) and len(shown) == 3


def test_a_queue_offers_the_next_one_only_while_something_waits() -> None:
    waits = Queue(team_id=1, name="Pay & Co", open=5, unclaimed=2, waiting=1, overdue=1)
    shown = words(home.queues([waits], []).blocks)
    assert (
        "*Pay &amp; Co*: 5 open · 2 not claimed · :warning: 1 overdue · 1 waiting on the requester" in shown
    )
    assert "Claim next" in shown
    calm = words(home.queues([Queue(team_id=1, name="A"), Queue(team_id=2, name="B")], []).blocks)
    assert "nothing is open" in calm and "Claim next" not in calm and "Your teams' queues" in calm
    more = Queue(team_id=1, name="A", open=900, unclaimed=900, overdue=300, more=True)
    assert "at least 300 overdue" in words(home.queues([more], []).blocks)
