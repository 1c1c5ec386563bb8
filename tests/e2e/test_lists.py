"""`/triage` in all its forms: whose queue, in which order, a page at a time, one request, figures, words it does not know."""

from datetime import timedelta

import pytest

from bot.features.requests.domain import State
from bot.sandbox.story import Answer
from bot.teams.domain import Priority
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import said
from tests.features.requests.make import fill, request

pytestmark = pytest.mark.by_turns


async def fills(office: Office, count: int) -> None:
    """So many open requests of Payments, of all priorities in turn, an hour between each."""
    start = office.clock.now() - timedelta(days=20)
    rows = [
        request(
            number=n, workspace_id=office.box.team_id, summary=f"Refund {n}", priority=list(Priority)[n % 4],
            created_at=start + timedelta(hours=n), state=State.NEW,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    await office.product.database.write(fill, rows)


def numbers(answer: Answer) -> list[int]:
    """The requests listed, in order."""
    words = answer.text.replace("\n", " ").split()
    return [int(word[1:]) for word in words if word.startswith("#") and word[1:].isdigit()]


async def shown(office: Office, who: str, line: str, *, in_: str = "#triage-payments") -> Answer:
    answer = await office.person(who).runs(line, in_=in_)
    said(answer)
    assert isinstance(answer, Answer)
    return answer


async def test_the_queue_is_by_priority_then_oldest_first(office: Office) -> None:
    await fills(office, 8)
    answer = await shown(office, "alice", "/triage")
    assert numbers(answer) == [4, 8, 1, 5, 2, 6, 3, 7]
    assert "Payments: open requests · 8 in all" in answer.text


async def test_next_pages_show_each_request_once_and_in_order(office: Office) -> None:
    await fills(office, 45)
    page = await shown(office, "alice", "/triage")
    found = [numbers(page)]
    while page.buttons:
        assert page.buttons == ["Next page"]
        following = await page.click("Next page")
        assert isinstance(following, Answer)
        page = following
        found.append(numbers(page))
    flat = [number for part in found for number in part]
    assert flat == sorted(range(1, 46), key=lambda n: (n % 4, n))
    assert all(len(part) <= 30 for part in found)


async def test_a_list_of_another_time_is_answered_in_words(office: Office) -> None:
    await fills(office, 25)
    page = await shown(office, "alice", "/triage")
    button = {"action_id": "request.page", "block_id": "b", "value": "v0:open:1:1", "type": "button"}
    assert "This list is from another time" in said(await office.person("alice").act(page.message, button))


@pytest.mark.parametrize(
    ("who", "line", "in_", "title"),
    [
        ("ana", "/triage", "#ask-payments", "Payments: open requests"),
        ("ana", "/triage platform", "#ask-payments", "Platform has no open requests"),
        ("alice", "/triage", "#general", "Payments: open requests"),
        ("frank", "/triage", "#general", "Platform has no open requests"),
        ("frank", "/triage", "#triage-payments", "Payments: open requests"),
    ],
)
async def test_the_queue_is_the_channels_else_ones_own(
    office: Office, who: str, line: str, in_: str, title: str
) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    if in_ == "#triage-payments":
        await office.person(who).joins(in_)
    await office.asks("Refund stuck")
    assert title in (await shown(office, who, line, in_=in_)).text


async def test_without_any_team_that_could_be_meant_the_answer_names_them(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    answer = await shown(office, "erin", "/triage", in_="#general")
    assert "Which team?" in answer.text and "payments" in answer.text and "platform" in answer.text


async def test_mine_are_those_that_i_hold(office: Office) -> None:
    await office.asks("Refund stuck")
    second = await office.asks("Invoice doubled")
    await second.click("Claim", by=office.person("bob"))
    assert numbers(await shown(office, "bob", "/triage mine")) == [2]
    assert "You hold no open request" in (await shown(office, "alice", "/triage mine")).text


async def test_next_takes_the_first_unclaimed_one(office: Office) -> None:
    await office.asks("Old question")
    await office.asks("Boss wants this", by="boss")
    answer = await shown(office, "alice", "/triage next")
    assert answer.text == "#2 is yours:\nBoss wants this"
    assert "@alice" in (await office.card("In progress")).text


async def test_next_with_nothing_to_claim_says_so(office: Office) -> None:
    assert "Nothing waits to be claimed" in (await shown(office, "alice", "/triage next")).text


async def test_one_request_is_shown_with_its_history(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await card.click("Claim", by=office.person("bob"))
    await (await card.now()).choose("Wait for requester", by=office.person("bob"))
    for line in ("/triage 1", "/triage #1"):
        text = (await shown(office, "alice", line)).text
        assert "#1 Refund stuck" in text and "Waiting on requester" in text
        history = ["@ana filed it", "@bob claimed it", "@bob waits for the requester"]
        assert [text.index(words) for words in history] == sorted(text.index(words) for words in history)
        assert "Open its card" in text


async def test_a_duplicate_names_its_original(office: Office) -> None:
    await office.asks("Refund stuck")
    card = await office.asks("Refund stuck too", by="bob")
    form = await card.choose("Mark as duplicate", by=office.person("alice"))
    assert form is not None and not isinstance(form, Answer)
    form.fill("Duplicate of which request?", "1")
    assert await form.submit() is None
    assert "Duplicate of #1" in (await shown(office, "alice", "/triage 2")).text


async def test_all_shows_every_state_newest_first(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await office.asks("Invoice doubled")
    await card.click("Resolve", by=office.person("alice"))
    answer = await shown(office, "alice", "/triage all")
    assert numbers(answer) == [2, 1]
    assert "Resolved" in answer.text
    assert numbers(await shown(office, "alice", "/triage")) == [2]


async def test_stats_tell_what_came_in_and_what_became_of_it(office: Office) -> None:
    card = await office.asks("Refund stuck")
    await office.asks("Invoice doubled", by="boss")
    await card.click("Claim", by=office.person("alice"))
    await (await card.now()).click("Resolve", by=office.person("alice"))
    text = (await shown(office, "alice", "/triage stats")).text
    for words in (
        "Payments: the last 4 weeks (28 Oct–24 Nov, today included)",
        "Came in: 2; resolved: 1",
        "Open now: 1",
        "Management 1",
        "@alice 1",
    ):
        assert words in text, words


async def test_an_empty_queue_says_so(office: Office) -> None:
    answer = await shown(office, "alice", "/triage")
    assert "Payments has no open requests" in answer.text
    assert answer.buttons == []


@pytest.mark.parametrize(
    ("word", "hint"),
    [("mien", "/triage mine"), ("stat", "/triage stats"), ("xyzzy", "/triage help"), ("-1", "help")],
)
async def test_an_unknown_word_is_answered_with_what_could_be_meant(
    office: Office, word: str, hint: str
) -> None:
    text = (await shown(office, "alice", f"/triage {word}")).text
    assert "I do not know that word" in text and hint in text


async def test_help_lists_the_words(office: Office) -> None:
    text = (await shown(office, "alice", "/triage help")).text
    for word in ("mine", "next", "12", "stats", "all"):
        assert f"/triage {word}" in text


async def test_the_queue_of_a_removed_team_stays_readable_in_its_channel(office: Office) -> None:
    await office.apply(PLATFORM, PAYMENTS)
    await office.asks("Refund stuck")
    await office.apply(PLATFORM)
    assert numbers(await shown(office, "alice", "/triage")) == [1]
    assert "Refund stuck" in (await shown(office, "alice", "/triage 1")).text
