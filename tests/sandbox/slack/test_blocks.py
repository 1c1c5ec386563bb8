"""What Slack accepts in messages and views, at each limit and one beyond it."""

from typing import Any

import pytest

from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.limits import check_message, check_view
from bot.sandbox.slack.wire import SlackRefusal

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "One", value: str = "1") -> Block:
    return {"text": plain(text), "value": value}


def select(count: int, **more: Any) -> Block:
    return {"type": "static_select", "options": [option(str(n), str(n)) for n in range(count)], **more}


def field(element: Block, **more: Any) -> Block:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


FINE: list[tuple[str, list[Block], str]] = [
    ("fifty blocks in a message", [{"type": "divider"}] * 50, "message"),
    ("a hundred blocks in a form", [{"type": "divider"}] * 100, "modal"),
    ("a section of 3000", [section("x" * 3000)], "message"),
    ("a header of 150", [{"type": "header", "text": plain("x" * 150)}], "message"),
    ("a context of 10", [{"type": "context", "elements": [plain("x")] * 10}], "message"),
    ("25 buttons", [actions(*(button(action_id=str(n)) for n in range(25)))], "message"),
    (
        "a button of 75 with a value of 2000",
        [actions(button(text=plain("x" * 75), value="v" * 2000))],
        "message",
    ),
    ("a select of 100", [actions(select(100))], "message"),
    (
        "an overflow of 5",
        [section("x", accessory={"type": "overflow", "options": [option()] * 5})],
        "message",
    ),
    ("a text input", [field({"type": "plain_text_input", "max_length": 3000})], "modal"),
    ("a select with an initial option", [field(select(3, initial_option=option("1", "1")))], "modal"),
    ("an alert in a form", [{"type": "alert", "text": plain("x")}], "modal"),
    ("ten fields", [{"type": "section", "fields": [plain("x")] * 10}], "home"),
]

WRONG: list[tuple[str, list[Block], str, str]] = [
    ("51 blocks in a message", [{"type": "divider"}] * 51, "message", "no more than 50"),
    ("101 blocks in a form", [{"type": "divider"}] * 101, "modal", "no more than 100"),
    ("an unknown block", [{"type": "banner"}], "message", "unsupported type: banner"),
    ("an unknown element", [actions({"type": "slider", "action_id": "a"})], "message", "unsupported type: slider"),
    ("a section of 3001", [section("x" * 3001)], "message", "less than 3001"),
    ("an empty section", [section("")], "message", "must be more than 0"),
    ("a section with nothing", [{"type": "section"}], "message", "missing required field: text"),
    ("a header of 151", [{"type": "header", "text": plain("x" * 151)}], "message", "less than 151"),
    ("a header in mrkdwn", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "message", "plain_text"),
    ("a context of 11", [{"type": "context", "elements": [plain("x")] * 11}], "message", "no more than 10"),
    ("26 buttons", [actions(*(button(action_id=str(n)) for n in range(26)))], "message", "no more than 25"),
    ("a button of 76", [actions(button(text=plain("x" * 76)))], "message", "less than 76"),
    ("a value of 2001", [actions(button(value="v" * 2001))], "message", "less than 2001"),
    ("an action id of 256", [actions(button(action_id="a" * 256))], "message", "less than 256"),
    ("a block id of 256", [section("x", block_id="b" * 256)], "message", "less than 256"),
    ("the same block id twice", [section("x", block_id="b")] * 2, "message", "must be unique"),
    ("the same action id twice", [actions(button(), button())], "message", "already exists"),
    ("a style of no use", [actions(button(style="blue"))], "message", "primary, danger"),
    ("an unknown field", [actions(button(colour="red"))], "message", "invalid additional property: colour"),
    ("a select of 101", [actions(select(101))], "message", "no more than 100"),
    ("a select of none", [actions(select(0))], "message", "no fewer than 1"),
    ("an overflow of 1", [section("x", accessory={"type": "overflow", "options": [option()]})], "message", "fewer than 2"),
    ("an overflow of 6", [section("x", accessory={"type": "overflow", "options": [option()] * 6})], "message", "than 5"),
    ("an option of 76", [actions(select(1, options=[option("x" * 76)]))], "message", "less than 76"),
    ("an initial option of no list", [field(select(3, initial_option=option("9", "9")))], "modal", "must match one"),
    ("a text input in actions", [actions({"type": "plain_text_input"})], "message", "unsupported type"),
    ("an input without an element", [{"type": "input", "label": plain("x")}], "modal", "missing required field: element"),
    ("a text of more than its own limit", [field({"type": "plain_text_input", "max_length": 5, "initial_value": "x" * 6})],
     "modal", "less than 6"),
    ("a maximum above 3000", [field({"type": "plain_text_input", "max_length": 3001})], "modal", "between 1 and 3000"),
    ("a field told of nothing known", [field({"type": "plain_text_input",
     "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}})], "modal", "one or both of on_enter_pressed"),
    ("an alert in a message", [{"type": "alert", "text": plain("x")}], "message", "unsupported type: alert"),
    ("a container in a form", [{"type": "container", "child_blocks": [section("x")]}], "modal", "unsupported type"),
    ("a date that is none", [field({"type": "datepicker", "initial_date": "tomorrow"})], "modal", "YYYY-MM-DD"),
    ("an image without words", [{"type": "image", "image_url": "https://example.com/a.png"}], "message", "alt_text"),
    ("an empty text in rich text", [{"type": "rich_text", "elements": [{"type": "rich_text_section",
     "elements": [{"type": "text", "text": ""}]}]}], "message", "must be more than 0"),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "surface"), [case[1:] for case in FINE], ids=[case[0] for case in FINE])
def test_blocks_within_the_limits_are_taken(blocks: list[Block], surface: str) -> None:
    assert check_blocks(blocks, surface) == []


@pytest.mark.parametrize(
    ("blocks", "surface", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_blocks_beyond_the_limits_are_complained_of(blocks: list[Block], surface: str, words: str) -> None:
    complaints = check_blocks(blocks, surface)
    assert any(words in complaint for complaint in complaints), complaints
    assert all("[json-pointer:/blocks" in complaint for complaint in complaints)


def test_a_message_of_more_than_eleven_thousand_characters_in_blocks_is_too_long() -> None:
    check_message("x", [section("x" * 2700)] * 4)
    with pytest.raises(SlackRefusal, match="msg_blocks_too_long"):
        check_message("x", [section("x" * 2800)] * 4)


VIEW: Block = {"type": "modal", "title": plain("Title"), "blocks": [section("x")]}


@pytest.mark.parametrize(
    "view",
    [VIEW, {**VIEW, "title": plain("x" * 24), "private_metadata": "x" * 3000, "callback_id": "x" * 255}],
)
def test_a_view_within_the_limits_is_taken(view: Block) -> None:
    check_view(view, ("modal",))


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": plain("x" * 25)},
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": None},
        {"blocks": [field({"type": "plain_text_input"})]},
        {"colour": "red"},
    ],
)
def test_a_view_beyond_the_limits_is_refused(change: Block) -> None:
    with pytest.raises(SlackRefusal, match="invalid_arguments"):
        check_view({**VIEW, **change}, ("modal",))
