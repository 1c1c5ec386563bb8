"""The reckoning itself: what is missing, what stands twice and what the outbox says wrongly is noticed."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.slack.messages import Message
from tests.faults import figures
from tests.faults.crowd import Asked, gather
from tests.faults.life import Place, open_place
from tests.faults.reckoning import Reckoning, reckon, settled

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

FOUND = Reckoning(
    sent={"line": 3, "claim": 1}, recorded=2, told=1, failed=1, unanswered=0, given_up=0, kept=[], lost=["x"],
    doubled=[], untrue=[], worst=1.234,
)  # fmt: skip


def named(place: Place, name: str) -> Message:
    """The message that carries this name."""
    return next(
        message
        for channel in place.box.workspace.world.channels.values()
        for message in channel.messages.values()
        if ((message.metadata or {}).get("event_payload") or {}).get("id") == name
    )


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_what_is_gone_what_is_there_twice_and_what_nobody_stored_is_noticed(
    database_url: str, tmp_path: Path
) -> None:
    async with open_place(database_url, tmp_path) as place, gather(place) as crowd:
        await crowd.works(4, every=0.1)
        await settled(place)
        before = await reckon(crowd)
        assert (before.lost, before.doubled, before.untrue) == ([], [], [])
        assert (before.acts, before.recorded) == (4, 4)

        channels = place.box.workspace.world.channels
        receipt, card = named(place, "req:1:receipt"), named(place, "req:1:card")
        del channels[receipt.channel_id].messages[receipt.ts]
        channels[card.channel_id].messages["1.000001"] = replace(card, ts="1.000001")
        crowd.done.append(Asked(kind="line", words="never stored", outcome="recorded", said="#9"))
        after = await reckon(crowd)
    assert after.lost == ["line never stored ('#9')", "req:1:receipt"]
    assert after.doubled == ["req:1:card × 2"]
    assert after.untrue == ["done and not there: req:1:receipt"]


def test_figures_become_a_table_of_the_newest_runs() -> None:
    row = {"trouble": "killed", "database": "sqlite", "acts": FOUND.acts, "recorded": 2, "told": 1, "failed": 1,
           "lost": FOUND.lost, "doubled": [], "worst": FOUND.worst}  # fmt: skip
    older = row | {"acts": 99}
    *_, last = figures.table([older, row]).splitlines()
    assert last == "| killed | sqlite | 4 | 2 | 1 | 1 | 1 | 0 | 1.23 s |"
    assert "99" not in figures.table([older, row])


def test_the_document_has_the_place_for_them() -> None:
    text = figures.DOCUMENT.read_text(encoding="utf-8")
    assert text.index(figures.BEGINS) < text.index(figures.ENDS)
