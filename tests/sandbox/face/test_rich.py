"""rich_text and Markdown as HTML, and nothing hostile in it."""

from typing import Any

import pytest

from bot.sandbox.face.blocks import rich
from tests.sandbox.face.easel import surface

AT = surface()


def line(*pieces: dict[str, Any], kind: str = "rich_text_section") -> dict[str, Any]:
    return {"type": kind, "elements": list(pieces)}


def shown(*elements: dict[str, Any]) -> str:
    return str(rich.rich_text({"type": "rich_text", "elements": list(elements)}, AT))


PIECES = [
    ({"type": "text", "text": "<b>"}, "&lt;b&gt;"),
    ({"type": "text", "text": "x", "style": {"bold": True, "italic": True}}, "<i><b>x</b></i>"),
    ({"type": "text", "text": "x", "style": {"code": True}}, "<code>x</code>"),
    ({"type": "emoji", "name": "tada"}, "🎉"),
    ({"type": "user", "user_id": AT.me.id}, '<span class="mention mine">@ana</span>'),
    ({"type": "channel", "channel_id": "C0SECRET01"}, '<span class="mention">#private-channel</span>'),
    ({"type": "broadcast", "range": "here"}, '<span class="mention mine">@here</span>'),
    ({"type": "team", "team_id": "T0SANDBOX1"}, '<span class="mention">@Sandbox</span>'),
    ({"type": "link", "url": "javascript:alert(1)", "text": "press"}, "press"),
    ({"type": "date", "timestamp": 1795512600, "format": "{date_num}", "fallback": "x"}, "2026-11-24"),
    ({"type": "date", "timestamp": 10**18, "format": "{date_num}", "fallback": "one day"}, "one day"),
    ({"type": "date", "timestamp": "soon", "fallback": "one day"}, "one day"),
    ({"type": "color", "value": 'red" onclick="x'}, "red&#34; onclick=&#34;x"),
]


@pytest.mark.parametrize(("piece", "html"), PIECES)
def test_pieces_become_html(piece: dict[str, Any], html: str) -> None:
    assert shown(line(piece)) == f'<div class="text">{html}</div>'


def test_a_color_shows_itself() -> None:
    assert '<span class="chip" style="background: #2EB67D"></span>#2EB67D' in shown(
        line({"type": "color", "value": "#2EB67D"})
    )


def test_lists_are_numbered_and_indented() -> None:
    items = [line({"type": "text", "text": "one"}), line({"type": "text", "text": "two"})]
    ordered = {"type": "rich_text_list", "style": "ordered", "offset": 2, "indent": 1, "elements": items}
    html = shown(ordered)
    assert '<ol start="3" style="margin-left: 1.5em">' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize("value", ["x", None, [], -4, {}])
def test_a_list_with_an_odd_indent_is_drawn_all_the_same(value: Any) -> None:
    one = {"type": "rich_text_list", "style": "bullet", "indent": value, "elements": [line()]}
    assert "<ul" in shown(one)


def test_quotes_and_code_keep_their_frames() -> None:
    assert shown(line({"type": "text", "text": "a"}, kind="rich_text_quote")) == "<blockquote>a</blockquote>"
    assert shown(line({"type": "text", "text": "a"}, kind="rich_text_preformatted")) == "<pre>a</pre>"


@pytest.mark.parametrize("element", [{"type": "rich_text_song"}, line({"type": "song"})])
def test_what_slack_does_not_know_is_shown_as_an_error(element: dict[str, Any]) -> None:
    assert "Slack knows no rich text" in shown(element)


MARKDOWN = [
    ("**a** *b* ~~c~~ `d`", "<strong>a</strong> <em>b</em> <s>c</s> <code>d</code>"),
    ("# Title", '<p class="b-heading h1">Title</p>'),
    ("<script>alert(1)</script>", "&lt;script&gt;"),
    ("![a picture](https://example.com/a.png)", "a picture"),
    ("[x](https://example.com/:tada:)", 'href="https://example.com/:tada:"'),
    ("hello :tada:", "hello 🎉"),
    ("`:tada:`", "<code>:tada:</code>"),
    ("- [x] done\n- [ ] open", '<span role="img" aria-label="done">☑</span> done'),
    ("|a|b|\n|-|-|\n|1|2|", "<td>2</td>"),
]


@pytest.mark.parametrize(("text", "html"), MARKDOWN)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert html in rich.markdown(text, AT)


@pytest.mark.parametrize(
    "text", ["[x](javascript:alert(1))", "<javascript:alert(1)>", "[x](data:text/html,y)"]
)
def test_hostile_links_lead_nowhere(text: str) -> None:
    assert "href=" not in rich.markdown(text, AT)


def test_a_markdown_picture_is_not_loaded() -> None:
    assert "<img" not in rich.markdown("![p](https://example.com/a.png)", AT)
