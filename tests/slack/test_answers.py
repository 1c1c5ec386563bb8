"""Other contents for a form in which somebody is typing: the newest stays, whatever the order of the answers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.story import Form, Sandbox
from bot.slack import blocks
from bot.slack.answers import Answers
from bot.slack.calls import Action, parse_view
from bot.slack.gateway import SlackGateway
from bot.slack.replies import UpdateForm

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
async def answers(box: Sandbox, gateway: SlackGateway) -> AsyncIterator[Answers]:
    opened = Answers(gateway, box.slack_api_url)
    yield opened
    await opened.close()


def form_saying(words: str) -> Any:
    return blocks.modal(callback_id="ask", title="Ask", blocks=[blocks.section(words)])


async def opened(box: Sandbox, gateway: SlackGateway) -> tuple[Form, Action]:
    """A form on Ana's screen, and a letter typed into it before it changes."""
    ana = box.person("ana")
    trigger = box.workspace.doors.trigger(ana.id).id
    answer = await gateway.call("views.open", trigger_id=trigger, view=form_saying("first"))
    typed = Action(
        workspace_id=box.team_id, user_id=ana.id, now=NOW, action_id="typed", block_id="b", value="x",
        action_ts="1", trigger_id=trigger, view=parse_view(answer["view"]),
    )  # fmt: skip
    return await ana.form(), typed


async def test_a_letter_typed_before_our_last_change_arrived_may_change_the_form_again(
    box: Sandbox, gateway: SlackGateway, answers: Answers
) -> None:
    form, typed = await opened(box, gateway)
    for words in ("second", "third"):
        await answers.give(typed, UpdateForm(form_saying(words), unless_changed=True))
    assert form.text == "third"


async def test_what_was_found_for_a_form_that_has_changed_otherwise_is_dropped(
    box: Sandbox, gateway: SlackGateway, answers: Answers
) -> None:
    form, typed = await opened(box, gateway)
    await answers.give(typed, UpdateForm(form_saying("another team")))
    await answers.give(typed, UpdateForm(form_saying("late"), unless_changed=True))
    assert form.text == "another team"
