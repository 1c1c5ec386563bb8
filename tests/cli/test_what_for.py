"""What an entry is for: numbers, people and places, and never what people wrote."""

from typing import Any

import pytest

from bot.what_for import NOTHING, what_for
from tests.features.requests.conftest import Queue, clock, office

__all__ = ["clock", "office"]

pytestmark = pytest.mark.by_turns


async def test_a_request_is_named_by_its_number(office: Queue) -> None:
    filed = await office.file()
    said = await office.database.read(what_for, {"request_id": filed.request_id, "line_id": 3})
    assert said == f"request #{filed.number}"


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({}, NOTHING),
        ({"text": "Refund stuck", "dedup_key": "x"}, NOTHING),
        ({"team_id": 1, "spans": []}, "team Payments"),
        ({"channel": "C0ASKPAY01", "user": "U0ANA00001", "text": "x"}, "U0ANA00001, channel C0ASKPAY01"),
        ({"request_id": 99}, "request with the id 99, which is gone"),
        ({"ticket_id": 99}, "an issue of thread 99, which is gone"),
        ({"message_id": 99}, "message 99, which is gone"),
        ({"checkin_id": 99}, "check-in 99, which is gone"),
        ({"round_id": 99}, "round 99 of a check-in, which is gone"),
        ({"summary_id": 99}, "summary 99 of a check-in, which is gone"),
        ({"team_id": 99}, "team 99, which is gone"),
        ({"handoff_id": 4}, "handover 4"),
    ],
)
async def test_everything_else_is_named_by_what_is_known(
    office: Queue, payload: dict[str, Any], words: str
) -> None:
    assert await office.database.read(what_for, payload) == words
