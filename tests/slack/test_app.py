"""From a body to its answer: whatever a listener does, the person hears of it where they are."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.response import BoltResponse

from bot.core.errors import UserError
from bot.db.errors import DatabaseUnavailable
from bot.slack.answers import Answers
from bot.slack.app import SlackApp, result_of
from bot.slack.blocks import Message
from bot.slack.calls import Call, Event
from bot.slack.gateway import Identity, SlackGateway
from bot.slack.refusals import TooSlow
from bot.slack.replies import Answer, Choices, Nothing, Reply
from tests.support.clock import MovableClock
from tests.support.loglines import log_lines

WHO = Identity(workspace_id="T1", user_id="UBOT", bot_id="BBOT", url="https://x.slack.com/", app_id="A1")
PERSON = {"team": {"id": "T1"}, "user": {"id": "U1"}}
COMMAND = {"command": "/do", "text": "a <b> ```c```", "team_id": "T1", "user_id": "U1", "trigger_id": "1"}
FORM = {
    **PERSON, "type": "view_submission",
    "view": {"id": "V1", "type": "modal", "callback_id": "do", "blocks": [{"type": "input", "block_id": "first"}]},
}  # fmt: skip
SEARCH = {**PERSON, "type": "block_suggestion", "action_id": "do", "block_id": "b", "value": "x"}
EVENT = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1",
         "event": {"type": "message", "user": "U1", "channel": "C1", "ts": "1.1"}}  # fmt: skip

Dispatch = Callable[[dict[str, Any]], Awaitable[BoltResponse]]


async def raising(error: Exception) -> Reply:
    raise error


class Bot:
    """An app whose every listener does `does`; `heard` is what they were called with."""

    def __init__(self, slack: SlackGateway) -> None:
        self.heard: list[Call | Event] = []
        self.answered: list[tuple[str, str]] = []
        self.does: Callable[[], Awaitable[Reply]] = self._nothing
        table = {"/do": self._listen, "do": self._listen}
        answers = Answers(slack, "http://127.0.0.1:9/api/")
        self.app = SlackApp(
            slack, answers, MovableClock(), commands=table, shortcuts=table, actions=table, submissions=table,
            options=table, events={"message": [self._listen]},
            answered=lambda kind, result: self.answered.append((kind, result)),
        )  # fmt: skip

    async def _nothing(self) -> Reply:
        return Nothing()

    async def _listen(self, call: Any) -> Reply:
        self.heard.append(call)
        return await self.does()

    async def gets(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and content of the answer."""
        response = await self.app.dispatch(body)
        return response.status, json.loads(response.body) if response.body else None


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    slack = SlackGateway("xoxb-x", "http://127.0.0.1:9/api/")
    slack.identity = WHO
    yield Bot(slack)
    await slack.close()


async def test_a_listener_that_says_nothing_is_an_empty_acknowledgement(bot: Bot) -> None:
    for body in (COMMAND, FORM, EVENT):
        assert await bot.gets(body) == (200, None)
    assert len(bot.heard) == 3


async def test_an_answer_to_a_command_is_for_the_person_alone(bot: Bot) -> None:
    async def answers() -> Reply:
        return Answer(Message(text="Done"))

    bot.does = answers
    assert await bot.gets(COMMAND) == (200, {"response_type": "ephemeral", "text": "Done"})


async def test_options_for_a_search_come_in_the_reply(bot: Bot) -> None:
    async def offers() -> Reply:
        return Choices(({"value": "a"},))

    bot.does = offers
    assert await bot.gets(SEARCH) == (200, {"options": [{"value": "a"}]})


async def test_a_refusal_of_a_field_stands_beside_it(bot: Bot) -> None:
    bot.does = lambda: raising(UserError("Choose a team.", field="team"))
    assert await bot.gets(FORM) == (200, {"response_action": "errors", "errors": {"team": "Choose a team."}})


async def test_a_refusal_of_a_whole_form_stands_beside_its_first_field(bot: Bot) -> None:
    bot.does = lambda: raising(UserError("Slow down."))
    assert await bot.gets(FORM) == (200, {"response_action": "errors", "errors": {"first": "Slow down."}})


async def test_a_refusal_of_a_form_without_fields_takes_its_place(bot: Bot) -> None:
    bot.does = lambda: raising(UserError("Slow down."))
    status, answer = await bot.gets({**FORM, "view": {**FORM["view"], "blocks": []}})
    assert (status, answer["response_action"]) == (200, "update")
    assert "Slow down." in json.dumps(answer["view"])


async def test_without_a_database_a_command_gets_its_text_back(bot: Bot) -> None:
    bot.does = lambda: raising(DatabaseUnavailable("gone"))
    status, answer = await bot.gets(COMMAND)
    assert status == 200
    assert "Not recorded" in answer["text"]
    assert "a <b> '''c'''" in answer["text"]


async def test_without_a_database_a_form_stays_open(bot: Bot) -> None:
    bot.does = lambda: raising(DatabaseUnavailable("gone"))
    status, answer = await bot.gets(FORM)
    assert (status, answer["response_action"]) == (200, "errors")
    assert "Your text is kept here" in answer["errors"]["first"]


async def test_without_a_database_an_event_is_refused_so_that_it_comes_again(bot: Bot) -> None:
    bot.does = lambda: raising(DatabaseUnavailable("gone"))
    assert await bot.gets(EVENT) == (503, None)


async def test_a_listener_that_takes_too_long_is_stopped_and_the_person_told(bot: Bot) -> None:
    stopped = asyncio.Event()

    async def hangs() -> Reply:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return Nothing()

    bot.does = hangs
    (_, answer), (status, _) = await asyncio.gather(bot.gets(COMMAND), bot.gets(EVENT))
    assert "Not recorded" in answer["text"]
    assert status == 503
    await asyncio.wait_for(stopped.wait(), 1)


async def test_a_surprise_is_told_with_a_reference_that_stands_in_the_log(bot: Bot) -> None:
    bot.does = lambda: raising(ZeroDivisionError("secret words"))
    with log_lines() as log:
        _, answer = await bot.gets(COMMAND)
    (line,) = log.events("slack.listener_broke")
    assert line["reference"] in answer["text"]
    assert "secret" not in answer["text"]
    assert line["exc_info"]


async def test_a_surprise_in_an_event_is_not_acknowledged(bot: Bot) -> None:
    bot.does = lambda: raising(ZeroDivisionError())
    with log_lines() as log:
        assert await bot.gets(EVENT) == (503, None)
    assert len(log.events("slack.event_broke")) == 1


async def test_a_refusal_in_an_event_is_acknowledged(bot: Bot) -> None:
    bot.does = lambda: raising(UserError("No."))
    with log_lines() as log:
        assert await bot.gets(EVENT) == (200, None)
    assert not log.errors


@pytest.mark.parametrize(
    "inner",
    [{"bot_id": "B2"}, {"user": "UBOT"}, {"subtype": "bot_message"}, {"message": {"bot_id": "B2"}}],
)
async def test_what_bots_write_reaches_no_listener(bot: Bot, inner: dict[str, Any]) -> None:
    assert await bot.gets({**EVENT, "event": {**EVENT["event"], **inner}}) == (200, None)
    assert bot.heard == []


@pytest.mark.parametrize(
    "other", [{"api_app_id": "A2"}, {"team_id": "T2"}, {"event": None}, {"event_id": None}]
)
async def test_an_event_that_is_not_for_us_reaches_no_listener(bot: Bot, other: dict[str, Any]) -> None:
    assert await bot.gets({**EVENT, **other}) == (200, None)
    assert bot.heard == []


async def test_an_event_of_a_shared_channel_is_ours_by_its_authorization(bot: Bot) -> None:
    shared = {**EVENT, "team_id": "T2", "authorizations": [{"team_id": "T1"}]}
    assert await bot.gets(shared) == (200, None)
    assert [call.workspace_id for call in bot.heard] == ["T1"]


async def test_a_command_of_another_workspace_is_told_that_the_bot_is_not_set_up_there(bot: Bot) -> None:
    _, answer = await bot.gets({**COMMAND, "team_id": "T2"})
    assert "not set up in this workspace" in answer["text"]
    assert bot.heard == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({**COMMAND, "command": "/gone"}, "I do not know that command"),
        ({**FORM, "view": {**FORM["view"], "callback_id": "gone"}}, "This form is from another time"),
    ],
)
async def test_a_name_that_nobody_knows_any_more_is_answered_in_words(
    bot: Bot, body: dict[str, Any], words: str
) -> None:
    status, answer = await bot.gets(body)
    assert status == 200
    assert words in json.dumps(answer)


@pytest.mark.parametrize("kind", ["view_closed", "interactive_message", "dialog_submission", "of_the_future"])
async def test_a_kind_that_nobody_listens_to_is_acknowledged(bot: Bot, kind: str) -> None:
    body = {**FORM, "type": kind, "callback_id": "x", "actions": [{"name": "a", "value": "b"}]}
    with log_lines() as log:
        assert await bot.gets(body) == (200, None)
    assert not log.errors


@pytest.mark.parametrize(
    "body", [{}, {"type": None}, {"type": "block_actions"}, {"command": 7}, {"type": "shortcut"}]
)
async def test_what_is_no_call_is_refused(bot: Bot, body: dict[str, Any]) -> None:
    status, _ = await bot.gets(body)
    assert status in (200, 400)
    assert bot.heard == []


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (None, "ok"),
        (UserError("Slow down."), "ok"),
        (DatabaseUnavailable("gone"), "unavailable"),
        (TooSlow(), "unavailable"),
        (KeyError("ours"), "unavailable"),
    ],
)
async def test_a_call_counts_as_answered_unless_it_is_we_who_failed(
    bot: Bot, error: Exception | None, result: str
) -> None:
    if error is not None:
        bot.does = lambda: raising(error)
    for body in (COMMAND, FORM, EVENT):
        await bot.gets(body)
    kinds = ("command", "view_submission", "event_callback")
    assert bot.answered == [(kind, result) for kind in kinds]


async def test_a_failure_counts_for_its_own_call_alone(bot: Bot) -> None:
    failing = asyncio.Event()

    async def fails_late() -> Reply:
        await failing.wait()
        raise DatabaseUnavailable("gone")

    bot.does = fails_late
    slow = asyncio.create_task(bot.gets(COMMAND))
    while not bot.heard:
        await asyncio.sleep(0)
    bot.does = lambda: _quick(failing)
    await bot.gets(FORM)
    await slow
    assert sorted(bot.answered) == [("command", "unavailable"), ("view_submission", "ok")]


async def _quick(done: asyncio.Event) -> Reply:
    done.set()
    return Nothing()


@pytest.mark.parametrize(("seconds", "result"), [(2.99, "ok"), (3.0, "ok"), (3.01, "too_slow")])
def test_an_answer_after_three_seconds_reaches_nobody(seconds: float, result: str) -> None:
    assert result_of(seconds, failed=False) == result
    assert result_of(seconds, failed=True) == "unavailable"


async def test_what_is_not_for_us_counts_for_nothing(bot: Bot) -> None:
    await bot.gets({**EVENT, "team_id": "T2"})
    assert bot.answered == []
