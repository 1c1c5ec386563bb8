"""Blocks and elements as HTML: every kind is drawn, hostile words stay words, and odd JSON breaks no page."""

import copy
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.sandbox.face.blocks.examples import Example, examples
from bot.sandbox.slack.blocks import BLOCKS, check_blocks
from bot.sandbox.slack.elements import ELEMENTS
from tests.sandbox.face.easel import drawn, surface, templates

ALL = examples()
KNOWN = [one for one in ALL if one.group != "unknown"]
# Slack makes these itself; no bot can send them.
NOT_SENT = ("auth_provider", "call", "file")
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
ODD: list[Any] = [5, "x", None, [], {}, [None], ["x"], [[None]], True, {"text": 5}, {"type": "banner"}, 1e999]


def named(example: Example) -> str:
    return f"{example.kind}-{ALL.index(example)}"


def shown(example: Example) -> str:
    return drawn([example.kept], surface(kind=example.surface, complaints=example.complaints))


def test_every_kind_of_the_checker_has_a_macro_and_an_example() -> None:
    environment = templates()
    assert set(environment.get_template("blocks.html").module.__dict__["BLOCKS"]) == BLOCKS
    assert set(environment.get_template("elements.html").module.__dict__["ELEMENTS"]) == ELEMENTS
    assert {one.kind for one in ALL if one.group == "blocks"} == BLOCKS
    assert {one.kind for one in ALL if one.group == "elements"} == ELEMENTS


@pytest.mark.parametrize("example", KNOWN, ids=named)
def test_every_example_is_drawn_without_an_error(example: Example) -> None:
    html = shown(example)
    assert "unknown-block" not in html
    # Something is there to be seen.
    assert example.kind == "divider" or re.sub(r"<[^>]+>|\s", "", html) or "<input" in html


@pytest.mark.parametrize("example", [one for one in KNOWN if one.kind not in NOT_SENT], ids=named)
def test_every_example_is_taken_by_slack(example: Example) -> None:
    assert check_blocks([example.sent], example.surface) == []


@pytest.mark.parametrize("example", [one for one in KNOWN if one.kind in NOT_SENT], ids=named)
def test_what_slack_makes_itself_is_taken_from_no_bot(example: Example) -> None:
    assert check_blocks([example.sent], example.surface) != []


@pytest.mark.parametrize("example", [one for one in ALL if one.group == "unknown"], ids=named)
def test_what_slack_does_not_know_is_shown_with_its_json(example: Example) -> None:
    html = shown(example)
    assert "unknown-block" in html
    assert f"“{example.kind}”" in html
    assert "What was sent" in html
    assert "<b>" not in html
    assert check_blocks([example.sent], example.surface) != []


class Tags(HTMLParser):
    """Every tag and attribute of a page, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def hostile(value: Any) -> Any:
    """The same JSON with hostile words wherever words stand, but for what chooses how it is drawn."""
    if isinstance(value, dict):
        kept = ("type", "style", "trigger_actions_on")
        return {name: inner if name in kept else hostile(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner) for inner in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize("example", KNOWN, ids=named)
def test_hostile_words_stay_words(example: Example) -> None:
    html = drawn([hostile(example.kept)], surface(kind=example.surface))
    found = Tags(html)
    assert not found.tags & {"script", "img", "iframe", "object"}
    assert [name for name, _ in found.attributes if name.startswith("on")] == []
    links = [value for name, value in found.attributes if name in ("href", "src", "action")]
    assert all(link.startswith(("#", "/as/", "http://", "https://", "mailto:")) for link in links)


@pytest.mark.parametrize("example", KNOWN, ids=named)
def test_odd_json_breaks_no_page(example: Example) -> None:
    for odd in spoilt(example.kept):
        assert isinstance(drawn([odd, {"type": "divider"}], surface(kind=example.surface)), str)


def spoilt(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The block with one field after the other missing, or of another type."""
    for path in _paths(block):
        yield _changed(block, path, missing=True)
        for value in ODD:
            yield _changed(block, path, value)


def _paths(value: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        yield (name,)
        if depth < 3:
            yield from ((name, *rest) for rest in _paths(inner, depth + 1))


def _changed(
    block: dict[str, Any], path: tuple[Any, ...], value: Any = None, *, missing: bool = False
) -> Any:
    changed = copy.deepcopy(block)
    owner: Any = changed
    for name in path[:-1]:
        owner = owner[name]
    if missing:
        del owner[path[-1]]
    else:
        owner[path[-1]] = value
    return changed


@pytest.mark.parametrize("given", [5, "x", None, [], {}, {"type": []}, {"type": None}, {"type": {"a": 1}}])
def test_what_is_no_block_is_shown_as_an_error_and_the_next_is_drawn(given: Any) -> None:
    html = drawn([given, {"type": "header", "text": {"type": "plain_text", "text": "Here I am"}}])
    assert "unknown-block" in html
    assert "Here I am" in html


@pytest.mark.parametrize(
    "block",
    [
        {"type": "actions", "elements": [None]},
        {"type": "actions", "elements": "x"},
        {"type": "table", "rows": [None]},
        {"type": "table", "rows": [[None]]},
        {"type": "section", "fields": 5},
        {"type": "markdown", "text": 5},
        {"type": "actions", "elements": [{"type": "static_select", "action_id": "a", "options": "x"}]},
    ],
)
def test_what_cannot_be_drawn_is_said_and_not_left_out(block: dict[str, Any]) -> None:
    html = drawn([block])
    assert "cannot be drawn" in html
    assert "What was sent" in html


def field(kind: str, **more: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Label"}
    element = {"type": kind, "action_id": "a", **more}
    return {"type": "input", "block_id": "b", "label": label, "element": element}


def test_a_forms_input_has_a_name_and_tells_nothing_by_itself() -> None:
    html = drawn([field("plain_text_input")], surface(kind="modal"))
    assert 'name="b/a"' in html
    assert "data-send" not in html
    assert '<label class="label" id="x-b/a-label" for="x-b/a">' in html


def test_an_input_that_the_bot_hears_of_says_when() -> None:
    heard = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    html = drawn([field("plain_text_input", **heard) | {"dispatch_action": True}], surface(kind="modal"))
    assert 'data-send="b/a"' in html
    assert 'data-on="on_character_entered"' in html


def test_a_complaint_stands_beside_its_field() -> None:
    html = drawn([field("plain_text_input")], surface(kind="modal", complaints={"b": "Say <more>."}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="x-b/a-more"' in html
    assert re.search(r'id="x-b/a-more" class="small complaint">Say &lt;more&gt;\.', html)


def test_what_was_typed_stands_there_instead_of_the_initial_value() -> None:
    typed = {("b", "a"): {"type": "plain_text_input", "value": "typed"}}
    html = drawn([field("plain_text_input", initial_value="first")], surface(kind="modal", typed=typed))
    assert 'value="typed"' in html
    assert "first" not in html


def test_an_instant_is_shown_in_the_persons_zone() -> None:
    html = drawn([field("datetimepicker", initial_date_time=1796023800)], surface(kind="modal"))
    assert 'value="2026-11-30T08:30"' in html


def test_one_field_only_takes_the_focus() -> None:
    texts = [{"text": {"type": "plain_text", "text": one}, "value": one} for one in ("a", "b", "c")]
    html = drawn([field("checkboxes", options=texts, focus_on_load=True)], surface(kind="modal"))
    assert html.count("autofocus") == 1


def test_a_question_before_a_press_is_words_only() -> None:
    confirm = {
        "title": {"type": "plain_text", "text": "Sure?"},
        "text": {"type": "mrkdwn", "text": 'It is *gone* then, "for ever"'},
        "style": "danger",
    }
    button = {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": "Go"},
        "confirm": confirm,
    }
    html = drawn([{"type": "actions", "block_id": "b", "elements": [button]}])
    asked = dict(Tags(html).attributes)["data-confirm"]
    assert '"text": "It is gone then, \\"for ever\\""' in asked
    assert '"danger": true' in asked
    assert '"yes": "Yes"' in asked


def test_a_button_for_a_few_is_not_for_others() -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Secret"}}
    at = surface()
    mine = {"type": "actions", "elements": [button | {"visible_to_user_ids": [at.me.id]}]}
    others = {"type": "actions", "elements": [button | {"visible_to_user_ids": ["U404"]}]}
    assert "Secret" in drawn([mine])
    assert "Secret" not in drawn([others])


def test_no_secret_channel_can_be_chosen() -> None:
    block = {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "conversations_select", "action_id": "a"}],
    }
    html = drawn([block])
    assert "#ask-payments" in html
    assert "#payments-private" in html
    assert "#secret" not in html
    assert "#old-news" not in html


def test_buttons_in_cards_know_their_own_block() -> None:
    card = {"type": "card", "block_id": "inner"}
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}
    html = drawn([{"type": "carousel", "block_id": "outer", "elements": [card | {"actions": [button]}]}])
    assert 'data-send="inner/a"' in html
