"""The digest: which day it is of, what belongs in it, in which order, on how many pages."""

from datetime import datetime

import pytest

from bot.features.escalation.domain.digest import MOST, PAGE, Part, day_of, pages, part_of, sorted_out
from bot.features.escalation.domain.ladder import Ladder, Phase, Stand, Standing
from bot.features.escalation.views.digest import Line, Sheet, digest
from bot.slack import blocks
from tests.features.escalation.make import at, ladder, standing, team

NINE, SIX = at("2026-11-24T09:00"), at("2026-11-24T18:00")


@pytest.mark.parametrize(
    ("now", "runs"),
    [
        (NINE, True),
        (at("2026-11-24T08:59"), False),
        (SIX, False),
        (at("2026-11-28T10:00"), False),
        (at("2026-12-25T10:00"), False),
    ],
)
def test_a_day_runs_in_the_working_hours_of_a_working_day(now: datetime, runs: bool) -> None:
    assert (day_of(team(holidays=("DE",)), now) is not None) is runs


HELD = standing(stand=Stand.HELD, assignee="A")


@pytest.mark.parametrize(
    ("one", "its", "part"),
    [
        (standing(), ladder("2026-11-23T12:00"), Part.OVERDUE),
        (standing(), ladder("2026-11-23T17:00"), Part.SOON),
        (standing(), ladder("2026-11-24T08:00", step=3), Part.SOON),
        (standing(), ladder("2026-11-24T16:00"), None),
        (standing(stand=Stand.WAITING), ladder(phase=Phase.RESTING), Part.WAITING),
        (standing(stand=Stand.WAITING), None, Part.WAITING),
        (standing(stand=Stand.ASLEEP), ladder(phase=Phase.RESTING), None),
        (HELD, ladder("2026-11-24T08:00", phase=Phase.ASKED, holder="A"), Part.OVERDUE),
        (HELD, ladder("2026-11-19T10:00", phase=Phase.HELD, holder="A"), Part.SOON),
        (HELD, ladder("2026-11-23T10:00", phase=Phase.HELD, holder="A"), None),
        (standing(), None, None),
    ],
)
def test_each_request_stands_where_it_belongs(one: Standing, its: Ladder | None, part: Part | None) -> None:
    assert part_of(one, its, team(), NINE, SIX) is part


def test_parts_stand_in_their_order_and_pages_hold_what_a_message_holds() -> None:
    many = [
        standing(id=number, number=number, stand=Stand.WAITING if number % 2 else Stand.NEW)
        for number in range(50)
    ]
    lines = sorted_out(many, {one.id: ladder() for one in many}, team(), NINE, SIX)
    assert [part for part, _ in lines] == [Part.OVERDUE] * 25 + [Part.WAITING] * 25
    assert [len(page) for page in pages(lines)] == [PAGE, PAGE, 10]
    assert pages([]) == [] and MOST % PAGE == 0


def test_the_longest_page_fits_a_message_and_shows_words_as_they_are() -> None:
    hostile = "<!channel> *bold* " + "x" * 300
    lines = [
        Line(part=Part.OVERDUE, standing=standing(number=number, summary=hostile), ladder=ladder(), holder=None, link="https://x.slack.com/archives/C/p1")
        for number in range(PAGE)
    ]  # fmt: skip
    sheet = Sheet(team=team(), now=NINE, page=0, counts={"overdue": PAGE}, untold=7)
    message = digest(sheet, lines)
    assert len(message.text) <= blocks.FALLBACK and "<!channel>" not in message.text
    texts = [
        element["text"]
        for block in message.blocks
        if block["type"] == "rich_text"
        for element in block["elements"][0]["elements"]
    ]
    assert sum(map(len, texts)) < 9000 and len(message.blocks) <= 50
    assert any("<!channel> *bold*" in text for text in texts)
    assert "7 more" in str(message.blocks[-1])
