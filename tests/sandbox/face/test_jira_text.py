"""Descriptions and comments as HTML: Cloud's documents, Data Center's wiki markup, and what may not act in them."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.face.jira import text as jira_text
from bot.sandbox.face.jira.links import Place
from bot.sandbox.jira import JiraSite, adf, hands, seed
from bot.sandbox.jira.model import Edition
from bot.sandbox.slack import cast
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World
from tests.sandbox.slack.tiny_bot import manifest
from tests.support.jira_running import Clock

pytestmark = pytest.mark.timeout(60)
OURS = {
    *("p", "br", "ul", "ol", "li", "strong", "em", "s", "u", "sup", "sub", "code", "pre", "hr", "a"),
    *("blockquote", "h3", "h4", "h5", "h6", "div", "span", "cite"),
}
CHANNEL = "C0TRIAGE01"
MESSAGE = f"https://sandbox.slack.com/archives/{CHANNEL}/p1700000000000100"


@pytest.fixture(scope="module")
def world() -> World:
    people = Workspace(manifest(), people=cast.PEOPLE, channels=cast.CHANNELS, groups=cast.GROUPS)
    return people.world


def place(world: World, edition: Edition) -> Place:
    site = JiraSite(edition=edition, clock=Clock())
    site.base_url = "http://127.0.0.1:8080"
    fields = {"summary": "A", "issuetype": {"name": "Task"}}
    hands.creates(site, seed.NINA, site.projects["PAY"], fields)
    return Place(site=site, world=world, reader=seed.NINA)


def text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)}


def block(kind: str, *content: dict[str, Any], **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content), "attrs": attrs}


def document(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": list(blocks)}


def item(*words: str) -> dict[str, Any]:
    return block("listItem", *(block("paragraph", text(one)) for one in words))


@pytest.mark.parametrize(
    ("node", "html"),
    [
        (
            block("paragraph", text("a", {"type": "strong"}, {"type": "em"})),
            "<p><em><strong>a</strong></em></p>",
        ),
        (
            block("paragraph", text("a", {"type": "strike"}), text("b", {"type": "underline"})),
            "<p><s>a</s><u>b</u></p>",
        ),
        (block("paragraph", text("<PAY-1>", {"type": "code"})), "<p><code>&lt;PAY-1&gt;</code></p>"),
        (block("paragraph", text("2", {"type": "subsup", "attrs": {"type": "sup"}})), "<p><sup>2</sup></p>"),
        (block("heading", text("T"), level=1), "<h3>T</h3>"),
        (block("bulletList", item("a", "b")), "<ul><li><p>a</p><p>b</p></li></ul>"),
        (block("orderedList", item("a"), order=4), '<ol start="4"><li><p>a</p></li></ol>'),
        (block("codeBlock", text("<a>\nb")), "<pre><code>&lt;a&gt;\nb</code></pre>"),
        (block("blockquote", block("paragraph", text("q"))), "<blockquote><p>q</p></blockquote>"),
        ({"type": "rule"}, "<hr>"),
        (block("paragraph", {"type": "hardBreak"}), "<p><br></p>"),
        (
            block("paragraph", {"type": "mention", "attrs": {"id": seed.ALICE.account_id}}),
            '<p><span class="mention">@Alice Koval</span></p>',
        ),
        (block("paragraph", {"type": "emoji", "attrs": {"shortName": ":eyes:", "text": "👀"}}), "<p>👀</p>"),
        (
            block("paragraph", {"type": "status", "attrs": {"text": "<i>", "color": "red"}}),
            '<p><span class="lozenge">&lt;i&gt;</span></p>',
        ),
        (
            block("paragraph", {"type": "date", "attrs": {"timestamp": "1700000000000"}}),
            '<p><time datetime="2023-11-14">14 Nov 2023</time></p>',
        ),
        (block("paragraph", {"type": "date", "attrs": {"timestamp": "soon"}}), "<p>soon</p>"),
    ],
)
def test_each_part_of_a_document_is_drawn(world: World, node: dict[str, Any], html: str) -> None:
    assert adf.problem(document(node)) is None
    assert jira_text.draw(place(world, "cloud"), document(node)) == html


def test_every_kind_of_node_that_the_site_takes_is_known(world: World) -> None:
    where = place(world, "cloud")
    for kind in adf.INLINE | (set(adf.CHILDREN) - {"doc"}) | {"rule"}:
        assert "Unknown part" not in jira_text.draw(where, document({"type": kind}))


def test_what_lies_too_deep_is_cut_in_words(world: World) -> None:
    node = block("paragraph", text("bottom"))
    for _ in range(3000):
        node = block("blockquote", node)
    html = jira_text.draw(place(world, "cloud"), document(block("paragraph", text("top")), node))
    assert "top" in html and "bottom" not in html
    assert "too deep inside others" in html


def test_an_unknown_part_is_shown_and_not_dropped(world: World) -> None:
    html = jira_text.draw(place(world, "cloud"), document({"type": "<media>"}))
    assert "Unknown part of a document: &lt;media&gt;" in html


def test_a_panel_says_its_kind(world: World) -> None:
    html = jira_text.draw(place(world, "cloud"), document(block("panel", item("x"), panelType="warning")))
    assert 'class="panel warning"' in html and 'aria-label="warning"' in html


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        (
            "a *b* _c_ -d- +e+ ^f^ ~g~",
            "<p>a <strong>b</strong> <em>c</em> <s>d</s> <u>e</u> <sup>f</sup> <sub>g</sub></p>",
        ),
        ("*_both_*", "<p><strong><em>both</em></strong></p>"),
        ("in{*}side{*}words", "<p>in<strong>side</strong>words</p>"),
        ("snake_case_name 2*3*4 a-b-c", "<p>snake_case_name 2*3*4 a-b-c</p>"),
        (r"\*no\* \[no\] \{code\}", "<p>*no* [no] {code}</p>"),
        ("&#42;no&#42; &lt;b&gt; &#92;", "<p>*no* &lt;b&gt; \\</p>"),
        ("{{a <b>}}", "<p><code>a &lt;b&gt;</code></p>"),
        ("h1. Top\nh4. Deep", "<h3>Top</h3><h4>Deep</h4>"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        (r"one \\ two", "<p>one<br>two</p>"),
        ("* a\n** b\n* c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("# a\n#* b", "<ol><li>a<ul><li>b</li></ul></li></ol>"),
        ("* a\n# b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        ("*** deep", "<ul><li><ul><li><ul><li>deep</li></ul></li></ul></li></ul>"),
        ("- a\nmore", "<ul><li>a<br>more</li></ul>"),
        ("{quote}\n*q*\n{quote}", "<blockquote><p><strong>q</strong></p></blockquote>"),
        ("{quote}never closed", "<p>{quote}never closed</p>"),
        ("bq. q", "<blockquote><p>q</p></blockquote>"),
        ("----", "<hr>"),
        ("{code:python}\n*x* <b> {quote}\n{code}", "<pre><code>*x* &lt;b&gt; {quote}</code></pre>"),
        ("{noformat}\n[a|http://b]\n{noformat}", "<pre><code>[a|http://b]</code></pre>"),
        (
            "[~nina] [~ghost]",
            '<p><span class="mention">@Nina Novak</span> <span class="mention">@ghost</span></p>',
        ),
        ("[PAY-1]", '<p><a href="/jira/browse/PAY-1">PAY-1</a></p>'),
        ("[x|javascript:alert(1)]", "<p>[x|javascript:alert(1)]</p>"),
        ("{html}<b>{html}", "<p>{html}&lt;b&gt;{html}</p>"),
        ("{color:red}r{color}", '<p><span class="coloured" style="border-color: red">r</span></p>'),
        ("{color:red;x:y}r{color}", "<p>r</p>"),
    ],
)
def test_wiki_markup_is_drawn(world: World, markup: str, html: str) -> None:
    assert jira_text.draw(place(world, "datacenter"), markup) == html


def test_hidden_code_cannot_be_named_by_an_entity(world: World) -> None:
    html = jira_text.draw(place(world, "datacenter"), "&#57344;7&#57345;\n\ue0000\ue001\n{code}x{code}")
    assert html.count("<pre>") == 1 and "7" in html


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (MESSAGE, f"/as/alice/c/{CHANNEL}?at=1700000000.000100"),
        (
            f"{MESSAGE}?thread_ts=1600000000.000200&cid={CHANNEL}",
            f"/as/alice/c/{CHANNEL}?thread=1600000000.000200&amp;at=1600000000.000200",
        ),
        (
            "https://sandbox.slack.com/archives/C0SECRET01/p1700000000000100",
            "/as/boss/c/C0SECRET01?at=1700000000.000100",
        ),
        ("http://127.0.0.1:8080/browse/PAY-1", "/jira/browse/PAY-1"),
        ("https://example.com/a?b=1&c=2", "https://example.com/a?b=1&amp;c=2"),
        ("mailto:ana@example.com", "mailto:ana@example.com"),
    ],
)
def test_links_lead_into_the_demo_where_they_can(world: World, url: str, address: str) -> None:
    mark = {"type": "link", "attrs": {"href": url}}
    cloud = jira_text.draw(place(world, "cloud"), document(block("paragraph", text("there", mark))))
    wiki = jira_text.draw(place(world, "datacenter"), f"[there|{url}]")
    for html in (cloud, wiki):
        assert f'href="{address}"' in html and ">there</a>" in html


def test_somebody_of_the_workspace_reads_messages_as_themselves(world: World) -> None:
    where = place(world, "datacenter")
    bob = Place(site=where.site, world=where.world, reader=seed.BOB)
    assert f'href="/as/bob/c/{CHANNEL}' in jira_text.draw(bob, f"[x|{MESSAGE}]")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "//example.com/x",
        "/controls/reset",
        "https://",
        "http://[broken",
        "https://sandbox.slack.com/archives/CNOBODY001/p1700000000000100",
    ],
)
def test_other_addresses_are_words_not_links(world: World, url: str) -> None:
    mark = {"type": "link", "attrs": {"href": url}}
    html = jira_text.draw(place(world, "cloud"), document(block("paragraph", text("there", mark))))
    assert "<a" not in html and "there" in html


@pytest.mark.parametrize("edition", ["cloud", "datacenter"])
def test_keys_of_issues_and_addresses_in_words_are_links(world: World, edition: Edition) -> None:
    html = jira_text.draw(place(world, edition), "See PAY-1, PAY-99, XPAY-1 (https://example.com/x).")
    assert html == (
        '<p>See <a href="/jira/browse/PAY-1">PAY-1</a>, PAY-99, XPAY-1 '
        '(<a href="https://example.com/x" rel="noopener noreferrer">https://example.com/x</a>).</p>'
    )


def test_words_typed_on_cloud_stay_as_they_were_typed(world: World) -> None:
    html = jira_text.draw(place(world, "cloud"), "*a* <b>\nline\n\nnext")
    assert html == "<p>*a* &lt;b&gt;<br>line</p><p>next</p>"


@given(
    words=st.text(alphabet="*_-+^~{}[]|\\#h1. \nacode:quote!<>&;'\"\ue000\ue001" + chr(0xF003C), max_size=120)
)
@settings(max_examples=300, deadline=None)
def test_no_wiki_text_makes_other_tags_than_ours(world: World, words: str) -> None:
    html = str(jira_text.draw(place(world, "datacenter"), words))
    tags = set(re.findall(r"<\s*/?\s*([^\s>/]*)", html))
    assert tags <= OURS
    assert all(
        html.count(f"<{tag}>") == html.count(f"</{tag}>") for tag in ("p", "li", "strong", "blockquote")
    )
