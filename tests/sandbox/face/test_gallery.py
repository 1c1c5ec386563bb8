"""The page of all blocks: everything stands there, and what is pressed is answered in words."""

import re

import pytest

from bot.sandbox.face.blocks.examples import examples
from tests.sandbox.face.conftest import Desk


async def test_every_kind_has_its_place_and_its_json(desk: Desk) -> None:
    page = await desk.page("/gallery")
    for example in examples():
        assert f'id="{example.group}-{example.kind}"' in page
    assert page.count('<pre tabindex="0">{') == len(examples())
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


async def test_a_pressed_button_is_answered_with_what_slack_would_send(desk: Desk) -> None:
    key = re.search(r'data-send="([^"]+/claim)"', await desk.page("/gallery"))
    assert key
    told = (await desk.post("/gallery/act", {"key": key[1]}))["say"]
    assert told.startswith("Slack would send this action: {")
    assert '"action_id": "claim"' in told


async def test_a_form_is_answered_with_its_values(desk: Desk) -> None:
    key = re.search(r'name="([^"]+/about)"', await desk.page("/gallery"))
    assert key
    told = (await desk.post("/gallery/submit", {key[1]: "Refund <stuck>"}))["say"]
    assert '"value": "Refund <stuck>"' in told


async def test_an_external_select_finds_something_and_takes_it(desk: Desk) -> None:
    key = re.search(r'data-suggest="([^"]+/issue)"', await desk.page("/gallery"))
    assert key
    address = f"{desk.server.address}/gallery/options"
    async with desk.session.get(address, params={"key": key[1], "typed": "refund"}) as answer:
        assert await answer.json() == {"options": [{"value": "PAY-1", "text": "PAY-1 Refund stuck"}]}
    told = (await desk.post("/gallery/act", {"key": key[1], "value": "PAY-1"}))["say"]
    assert "PAY-1 Refund stuck" in told


@pytest.mark.parametrize("fields", [{}, {"key": "b/none"}, {"key": ""}])
async def test_what_is_not_there_is_said_in_words(desk: Desk, fields: dict[str, str]) -> None:
    assert "not there any more" in (await desk.post("/gallery/act", fields))["say"]
