"""kill -9 at named points: after a new start each request, card, receipt and ping is there, and there once."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.sandbox.slack.faults import Fault
from tests.faults.life import Life, Place, leases_run_out, open_place, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(90)]

TRIAGE = "C0TRIAGE01"
LINE = "/ask-team payments Refund stuck for order 123"
ONCE = {"req:1:card": 1, "req:1:receipt": 1, "req:1:ping:0": 1}


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(database_url, tmp_path) as opened:
        yield opened


async def between_commit_and_acknowledgement(place: Place) -> None:
    """The request is stored; the person never hears of it, for the bot dies with the answer on its way."""
    place.proxy.hold_answers()
    asking = asyncio.create_task(place.box.person("ana").runs(LINE))
    await until(lambda: _is_filed(place))
    await place.kill()
    place.proxy.cut()
    answer = await asking
    assert answer is not None
    assert "failed" in answer.text
    await place.proxy.listen()


async def between_acknowledgement_and_card(place: Place) -> None:
    """The person was told its number; the card's call has left and never arrives."""
    fault = place.box.faults.add(method="chat.postMessage", kind="hang", channel=TRIAGE, seconds=3600)
    await place.box.person("ana").runs(LINE)
    await _killed_when_struck(place, fault)


async def between_post_and_settle(place: Place) -> None:
    """The card stands in Slack; the bot dies before it hears so."""
    fault = place.box.faults.add(method="chat.postMessage", kind="hang_after", channel=TRIAGE, seconds=3600)
    await place.box.person("ana").runs(LINE)
    await _killed_when_struck(place, fault)
    assert place.posts()["req:1:card"] == 1


async def during_the_cards_update(place: Place) -> None:
    """Somebody has claimed; the card's update is under way."""
    alice = place.box.person("alice")
    await place.box.person("ana").runs(LINE)
    await until(lambda: _is_pinged(place))
    fault = place.box.faults.add(method="chat.update", kind="hang", seconds=3600)
    card = await alice.waits_for("Refund stuck", in_="#triage-payments")
    await card.click("Claim")
    await _killed_when_struck(place, fault)


async def during_the_receipt(place: Place) -> None:
    """The receipt stands in the direct message; the bot dies before it hears so."""
    box = place.box
    # The call names the person; Slack knows the direct message.
    ana = box.person("ana").id
    fault = box.faults.add(method="chat.postMessage", kind="hang_after", channel=ana, seconds=3600)
    await box.person("ana").runs(LINE)
    await _killed_when_struck(place, fault)
    assert place.posts()["req:1:receipt"] == 1


async def _is_pinged(place: Place) -> bool:
    return place.posts()["req:1:ping:0"] == 1


async def _is_filed(place: Place) -> bool:
    return await place.filed() == 1


async def _killed_when_struck(place: Place, fault: Fault) -> None:
    async def struck() -> bool:
        return fault.hits > 0

    await until(struck)
    await place.kill()


POINTS: dict[str, Callable[[Place], Awaitable[None]]] = {
    point.__name__: point
    for point in (
        between_commit_and_acknowledgement,
        between_acknowledgement_and_card,
        between_post_and_settle,
        during_the_cards_update,
        during_the_receipt,
    )
}


@pytest.mark.by_turns
@pytest.mark.parametrize("point", POINTS)
async def test_a_bot_killed_at_this_point_does_everything_once_after_its_new_start(
    place: Place, point: str
) -> None:
    await POINTS[point](place)
    await leases_run_out(place)
    await place.begin()
    await place.quiet()
    assert await place.filed() == 1
    assert {name: place.posts()[name] for name in ONCE} == ONCE
    assert max(place.posts().values()) == 1
    card = await place.box.person("alice").waits_for("Refund stuck", in_="#triage-payments")
    assert ("In progress" in card.text) == (point == during_the_cards_update.__name__)


def cards(place: Place) -> int:
    """How many cards stand in the workspace."""
    return sum(count for name, count in place.posts().items() if name.endswith(":card"))


async def test_who_heard_nothing_and_types_it_again_gets_the_first_ones_number(place: Place) -> None:
    await between_commit_and_acknowledgement(place)
    await place.begin()
    answer = await place.box.person("ana").runs(LINE)
    assert answer is not None
    assert "#1" in answer.text
    assert await place.filed() == 1


async def test_messages_written_while_it_dies_are_filed_once_when_slack_sends_them_again(
    place: Place,
) -> None:
    ana = place.box.person("ana")
    place.proxy.hold_answers()
    for number in range(5):
        await ana.says(f"Refund {number} stuck", in_="#ask-payments")
    await until(lambda: _is_filed_at_all(place))
    await place.kill()
    place.proxy.cut()
    await ana.says("Refund 5 stuck", in_="#ask-payments")
    await place.proxy.listen()
    await leases_run_out(place)
    await place.begin()
    await place.box.events_delivered(25)
    await place.quiet()
    assert await place.filed() == 6
    assert (cards(place), max(place.posts().values())) == (6, 1)


async def _is_filed_at_all(place: Place) -> bool:
    return await place.filed() > 0


async def test_a_stop_in_the_middle_of_work_ends_with_zero_and_loses_nothing(place: Place) -> None:
    ana = place.box.person("ana")
    asking = [asyncio.create_task(ana.runs(f"/ask-team payments Refund {number}")) for number in range(5)]
    await until(lambda: _is_filed_at_all(place))
    assert place.life is not None
    assert await place.life.end(signal.SIGTERM) == 0
    answers = [answer.text for answer in await asyncio.gather(*asking) if answer is not None]
    told = sum("#" in answer for answer in answers)
    assert len(answers) == 5
    assert await place.filed() >= told > 0
    await place.begin()
    await place.quiet()
    assert (cards(place), max(place.posts().values())) == (await place.filed(), 1)


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_a_second_bot_on_the_same_file_ends_with_two_and_says_why(place: Place) -> None:
    second = await Life.begin(place.environment(), place.directory)
    assert await second.ended() == 2
    assert len(second.words) == 1
    assert "runs already" in second.words[0]
