"""Cards, containers, tables, charts, plans: what Slack accepts at each limit and one beyond, what is found and read inside."""

from typing import Any

import pytest

from bot.sandbox.clock import SandboxClock
from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.cast import CHANNELS, GROUPS, PEOPLE, seed
from bot.sandbox.slack.ids import Serials
from bot.sandbox.slack.manifest import read_manifest
from bot.sandbox.slack.render import read_blocks
from bot.sandbox.slack.state import elements, with_ids
from bot.sandbox.slack.world import World
from tests.sandbox.slack.test_blocks import Block, actions, button, field, plain, section
from tests.sandbox.slack.tiny_bot import manifest


def card(**more: Any) -> Block:
    return {"type": "card", "title": plain("Refund stuck"), **more}


def carousel(count: int) -> Block:
    return {"type": "carousel", "elements": [card()] * count}


def container(*inside: Block, **more: Any) -> Block:
    return {"type": "container", "title": plain("Two wait"), "child_blocks": list(inside), **more}


def raw(text: str = "x") -> Block:
    return {"type": "raw_text", "text": text}


def data_table(rows: int, columns: int = 2, **more: Any) -> Block:
    return {"type": "data_table", "caption": "All", "rows": [[raw()] * columns] * rows, **more}


def table(rows: int, columns: int = 2, **more: Any) -> Block:
    return {"type": "table", "rows": [[raw()] * columns] * rows, **more}


def chart(given: Block, title: str = "Week") -> Block:
    return {"type": "data_visualization", "title": title, "chart": given}


def pie(count: int, value: float = 1) -> Block:
    return chart({"type": "pie", "segments": [{"label": str(n), "value": value} for n in range(count)]})


def bars(count: int, labels: list[str] | None = None, categories: list[str] | None = None) -> Block:
    points = [{"label": label, "value": 1} for label in labels or ["Mon", "Tue"]]
    series = [{"name": str(n), "data": points} for n in range(count)]
    axis = {"categories": categories or ["Mon", "Tue"]}
    return chart({"type": "bar", "series": series, "axis_config": axis})


def task(**more: Any) -> Block:
    return {"type": "task_card", "task_id": "t", "title": "Read", "status": "pending", **more}


def quiet(*inside: Block) -> Block:
    return {"type": "context_actions", "elements": list(inside)}


def bin_(**more: Any) -> Block:
    return {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "bin", **more}


def feedback(**more: Any) -> Block:
    half = {"text": plain("Good"), "value": "good"}
    return {
        "type": "feedback_buttons",
        "action_id": "f",
        "positive_button": half,
        "negative_button": half,
        **more,
    }


RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}],
}

FINE: list[tuple[str, Block]] = [
    ("a card of its limits", card(title=plain("x" * 150), subtitle=plain("x" * 150), body=plain("x" * 200))),
    ("a card of buttons only", {"type": "card", "actions": [button()]}),
    ("ten cards", carousel(10)),
    ("a container of ten", container(*[section("x")] * 10)),
    ("a container with a rich title", {"type": "container", "rich_text_title": RICH, "child_blocks": [section("x")]}),
    ("five small buttons", quiet(*[bin_(action_id=str(n)) for n in range(4)], feedback())),
    ("a data table of a hundred rows and a header", data_table(101)),
    ("a data table of twenty columns", data_table(2, 20, page_size=100, row_header_column_index=19)),
    ("a table of a hundred rows", table(100, 20)),
    ("a table of rich text and numbers", table(1) | {"rows": [[RICH, {"type": "raw_number", "value": 7, "text": "7"}]]}),
    ("a pie of six", pie(6)),
    ("six rows of bars", bars(6)),
    ("a plan", {"type": "plan", "title": "Mend it", "tasks": [task(), task(status="complete")]}),
    ("a plan of nothing yet", {"type": "plan", "title": "Mend it"}),
    ("a task with all", task(details=RICH, output=RICH, sources=[{"type": "url", "url": "https://a.example", "text": "A"}])),
]  # fmt: skip

WRONG: list[tuple[str, list[Block], str]] = [
    ("an empty card", [{"type": "card", "subtitle": plain("x")}], "at least one of"),
    ("a card's title of 151", [card(title=plain("x" * 151))], "less than 151"),
    ("a card's body of 201", [card(body=plain("x" * 201))], "less than 201"),
    ("a menu in a card", [card(actions=[{"type": "overflow", "action_id": "a"}])], "unsupported type: overflow"),
    ("a carousel of none", [carousel(0)], "no fewer than 1"),
    ("a carousel of 11", [carousel(11)], "no more than 10"),
    ("a section in a carousel", [{"type": "carousel", "elements": [section("x")]}], "unsupported type: section"),
    ("a container of none", [container()], "no fewer than 1"),
    ("a container of 11", [container(*[section("x")] * 11)], "no more than 10"),
    ("a container without a title", [{"type": "container", "child_blocks": [section("x")]}], "field: title"),
    ("a container in a container", [container(container(section("x")))], "unsupported type: container"),
    ("a fault inside a container", [container(section(""))], "must be more than 0"),
    ("a line that cannot be folded", [container(section("x"), is_collapsible=True, has_header_divider=True)], "must not be"),
    ("the same id inside and outside", [section("x", block_id="b"), container(section("x", block_id="b"))], "unique"),
    ("six small buttons", [quiet(*[bin_(action_id=str(n)) for n in range(6)])], "no more than 5"),
    ("a plain button among small ones", [quiet(button())], "unsupported type: button"),
    ("a small button in a row", [actions(bin_())], "unsupported type: icon_button"),
    ("another sign than the bin", [quiet(bin_(icon="star"))], "must be one of: trash"),
    ("feedback of one half", [quiet(feedback(negative_button=None))], "field: negative_button"),
    ("a data table of a header alone", [data_table(1)], "between 2 and 101"),
    ("a data table of 102 rows", [data_table(102)], "between 2 and 101"),
    ("a data table of 21 columns", [data_table(2, 21)], "between 1 and 20"),
    ("rows of different lengths", [data_table(2) | {"rows": [[raw()], [raw(), raw()]]}], "same number of cells"),
    ("a rich header", [data_table(2) | {"rows": [[RICH], [raw()]]}], "header cells"),
    ("a page of 101 rows", [data_table(2, page_size=101)], "between 1 and 100"),
    ("a heading of no column", [data_table(2, row_header_column_index=2)], "between 0 and 1"),
    ("a data table without a caption", [data_table(2, caption=None)], "field: caption"),
    ("a table of 101 rows", [table(101)], "between 1 and 100"),
    ("rows that are none", [table(1) | {"rows": [None]}], "between 1 and 20 cells"),
    ("cells that are none", [table(1) | {"rows": [[None]]}], "unsupported type"),
    ("a column that leans nowhere", [table(1, column_settings=[{"align": "up"}])], "left, center, right"),
    ("a pie of none", [pie(0)], "no fewer than 1"),
    ("a pie of seven", [pie(7)], "no more than 6"),
    ("a slice of nothing", [pie(1, value=0)], "more than 0"),
    ("a slice of a word", [pie(1) | {"chart": {"type": "pie", "segments": [{"label": "a", "value": "1"}]}}], "a number"),
    ("seven rows of bars", [bars(7)], "no more than 6"),
    ("a value for no category", [bars(1, labels=["Mon", "Sun"])], "every category"),
    ("a category of 21", [bars(1, labels=["x" * 21], categories=["x" * 21])], "less than 21"),
    ("a chart of no kind", [chart({"type": "radar"})], "pie, bar, area, line"),
    ("a title of 51", [chart({"type": "pie", "segments": [{"label": "a", "value": 1}]}, "x" * 51)], "less than 51"),
    ("three charts", [pie(1)] * 3, "no more than 2"),
    ("a task without a name", [task(task_id=None)], "field: task_id"),
    ("a task in no state", [task(status="lost")], "pending, in_progress, complete, error"),
    ("a section in a plan", [{"type": "plan", "title": "x", "tasks": [section("x")]}], "unsupported type: section"),
    ("a source that is a button", [task(sources=[button()])], "unsupported type: button"),
    ("a file", [{"type": "file", "external_id": "x", "source": "remote"}], "unsupported type: file"),
    ("a call", [{"type": "call", "call_id": "R1"}], "unsupported type: call"),
]  # fmt: skip


@pytest.mark.parametrize("block", [case[1] for case in FINE], ids=[case[0] for case in FINE])
def test_blocks_within_the_limits_are_taken(block: Block) -> None:
    assert check_blocks([block], "message") == []


@pytest.mark.parametrize(("blocks", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_blocks_beyond_the_limits_are_complained_of(blocks: list[Block], words: str) -> None:
    complaints = check_blocks(blocks, "message")
    assert any(words in complaint for complaint in complaints), complaints
    assert all("[json-pointer:/blocks" in complaint for complaint in complaints)


@pytest.mark.parametrize(
    "block", [container(section("x")), table(1), data_table(2), pie(1), task(), quiet(bin_())]
)
@pytest.mark.parametrize("surface", ["modal", "home"])
def test_what_is_for_messages_is_taken_nowhere_else(block: Block, surface: str) -> None:
    assert any("unsupported type" in complaint for complaint in check_blocks([block], surface))


def test_a_file_is_asked_for_in_forms_only() -> None:
    asked = field({"type": "file_input", "action_id": "a"})
    assert check_blocks([asked], "modal") == []
    assert any("unsupported type: file_input" in one for one in check_blocks([asked], "message"))


HOLDERS = [
    card(actions=[button()]),
    {"type": "carousel", "elements": [card(actions=[button()])]},
    container(section("x", accessory=button())),
    container(actions(button())),
    quiet(bin_(action_id="go")),
    data_table(2) | {"rows": [[raw()], [{"type": "action", "element": button()}]]},
]


@pytest.mark.parametrize("block", HOLDERS, ids=[f"{one['type']}-{n}" for n, one in enumerate(HOLDERS)])
def test_what_can_be_pressed_is_found_wherever_it_stands(block: Block) -> None:
    [kept] = with_ids([block], Serials())
    [placed] = elements([kept])
    assert placed.element["action_id"] == "go"
    assert placed.block["block_id"]


def test_everything_gets_an_id_of_its_own() -> None:
    def nameless() -> Block:
        return {"type": "button", "text": plain("Go")}

    inside = container(section("x", accessory=nameless()), actions(nameless(), nameless()))
    kept = with_ids(
        [inside, {"type": "carousel", "elements": [card(actions=[nameless()]), card(actions=[nameless()])]}],
        Serials(),
    )
    keys = [placed.key for placed in elements(kept)]
    assert len(set(keys)) == len(keys) == 5
    assert "block_id" not in inside


READ: list[tuple[Block, str]] = [
    (
        card(subtitle=plain("Payments"), body={"type": "mrkdwn", "text": "*Waits*"}),
        "Refund stuck\nPayments\nWaits",
    ),
    (carousel(2), "Refund stuck\nRefund stuck"),
    (container(section("*x*"), subtitle=plain("For you")), "Two wait\nFor you\nx"),
    (data_table(2, caption="All"), "All\nx | x\nx | x"),
    (bars(1), "Week\n0: Mon 1, Tue 1"),
    (pie(1), "Week\n0: 1"),
    ({"type": "plan", "title": "Mend it", "tasks": [task(details=RICH)]}, "Mend it\nRead\nHi"),
    (task(sources=[{"type": "url", "url": "https://a.example", "text": "A page"}]), "Read\nA page"),
]


@pytest.mark.parametrize(
    ("block", "words"), READ, ids=[f"{one[0]['type']}-{n}" for n, one in enumerate(READ)]
)
def test_people_read_the_words_inside(block: Block, words: str) -> None:
    world = World(clock=SandboxClock(), manifest=read_manifest(manifest()))
    seed(world, PEOPLE, CHANNELS, GROUPS)
    assert read_blocks(world, [block]) == words
