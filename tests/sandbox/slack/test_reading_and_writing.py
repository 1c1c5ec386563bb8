"""What people read on the screen, and what Slack makes of what they type."""

from typing import Any

import pytest

from bot.sandbox.slack.render import mrkdwn, read_blocks
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World
from bot.sandbox.slack.written import escape_command, write
from tests.sandbox.slack.tiny_bot import manifest


@pytest.fixture(scope="module")
def world() -> World:
    return Workspace(manifest()).world


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("*bold* _slanted_ ~gone~ `code`", "bold slanted gone code"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("`*not bold*`", "*not bold*"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("hi <@U0BOB00001> and <@U0BOB00001|bob>", "hi @bob and @bob"),
        ("in <#C0GENERAL1> <#C0GENERAL1|general>", "in #general #general"),
        ("<!here> <!subteam^S0PAYMENTS>", "@here @payments"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("<https://example.com|a page> <https://example.com>", "a page https://example.com"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        (":ticket: <@U0NOBODY01>", ":ticket: @U0NOBODY01"),
    ],
)
def test_mrkdwn_is_read_as_shown(world: World, sent: str, read: str) -> None:
    assert mrkdwn(world, sent) == read


@pytest.mark.parametrize(
    ("block", "read"),
    [
        ({"type": "header", "text": {"type": "plain_text", "text": "*Plain*"}}, "*Plain*"),
        (
            {
                "type": "section",
                "fields": [{"type": "mrkdwn", "text": "*a*"}, {"type": "mrkdwn", "text": "b"}],
            },
            "a\nb",
        ),
        (
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}],
            },
            "a b",
        ),
        ({"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A cat"}, "A cat"),
        ({"type": "divider"}, ""),
    ],
)
def test_blocks_are_read_as_shown(world: World, block: dict[str, Any], read: str) -> None:
    assert read_blocks(world, [block]) == read


def test_rich_text_is_read_as_shown(world: World) -> None:
    pieces: list[dict[str, Any]] = [
        {"type": "text", "text": "<!channel> *x* "},
        {"type": "user", "user_id": "U0BOB00001"},
        {"type": "link", "url": "https://example.com", "text": " page"},
    ]
    section = {"type": "rich_text_section", "elements": pieces}
    items = {"type": "rich_text_list", "style": "ordered", "elements": [section, section]}
    shown = "<!channel> *x* @bob page"
    block = {"type": "rich_text", "elements": [section, items]}
    assert read_blocks(world, [block]) == f"{shown}\n1. {shown}\n2. {shown}"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("hi @bob, see #general", "hi <@U0BOB00001>, see <#C0GENERAL1|general>"),
        ("@nobody #nowhere", "@nobody #nowhere"),
        ("me@bob.example", "me@bob.example"),
        ("@here and @payments", "<!here> and <!subteam^S0PAYMENTS>"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("https://example.com/?a=1&b=2", "<https://example.com/?a=1&amp;b=2>"),
        ("at 10:30:45", "at 10:30:45"),
        ("📣 news", ":mega: news"),
    ],
)
def test_typed_text_is_sent_as_slack_sends_it(world: World, typed: str, sent: str) -> None:
    assert write(world, typed, "b").text == sent


def test_code_is_a_block_of_its_own(world: World) -> None:
    written = write(world, "see\n```\nx < 1\n```", "b")
    kinds = [element["type"] for element in written.blocks[0]["elements"]]
    assert kinds == ["rich_text_section", "rich_text_preformatted"]


def test_a_command_carries_names_beside_the_ids(world: World) -> None:
    assert escape_command(world, "swap @bob") == "swap <@U0BOB00001|bob>"


BOLD, ITALIC, STRIKE, CODE = ({"style": {name: True}} for name in ("bold", "italic", "strike", "code"))


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


@pytest.mark.parametrize(
    ("typed", "sent", "pieces"),
    [
        ("a *b* c", "a *b* c", [text("a "), text("b") | BOLD, text(" c")]),
        ("_so_ ~no~", "_so_ ~no~", [text("so") | ITALIC, text(" "), text("no") | STRIKE]),
        ("`a < *b* @bob`", "`a &lt; *b* @bob`", [text("a < *b* @bob") | CODE]),
        ("*hi @bob*", "*hi <@U0BOB00001>*", [text("hi ") | BOLD, {"type": "user", "user_id": "U0BOB00001"} | BOLD]),
        ("*a _b_*", "*a _b_*", [text("a ") | BOLD, text("b") | {"style": {"bold": True, "italic": True}}]),
        ("snake_case_name 2*3*4 a~b~c", "snake_case_name 2*3*4 a~b~c", [text("snake_case_name 2*3*4 a~b~c")]),
        ("* a * _ b", "* a * _ b", [text("* a * _ b")]),
        (":white_check_mark:", ":white_check_mark:", [{"type": "emoji", "name": "white_check_mark", "unicode": "2705"}]),
        ("https://x.example/_a_", "<https://x.example/_a_>", [{"type": "link", "url": "https://x.example/_a_"}]),
        ("// *x*", "// *x*", [text("// "), text("x") | BOLD]),
    ],
)  # fmt: skip
def test_marks_that_are_typed_style_the_block(
    world: World, typed: str, sent: str, pieces: list[dict[str, Any]]
) -> None:
    written = write(world, typed, "b")
    assert written.text == sent
    assert written.blocks[0]["elements"] == [{"type": "rich_text_section", "elements": pieces}]


def test_quoted_lines_are_a_quote(world: World) -> None:
    written = write(world, "look\n> one *two*\n> @bob\n>three\n> four", "b")
    assert written.text == "look\n&gt; one *two*\n&gt; <@U0BOB00001>\n&gt;three\n&gt; four"
    found = [(one["type"], one["elements"]) for one in written.blocks[0]["elements"]]
    assert found == [
        ("rich_text_section", [text("look\n")]),
        (
            "rich_text_quote",
            [text("one "), text("two") | BOLD, text("\n"), {"type": "user", "user_id": "U0BOB00001"}],
        ),
        ("rich_text_section", [text(">three\n")]),
        ("rich_text_quote", [text("four")]),
    ]
