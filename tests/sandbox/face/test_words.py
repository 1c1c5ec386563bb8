"""Slack's words as HTML: marks, mentions, links and dates as one person sees them, and nothing hostile."""

import pytest

from bot.sandbox.face.blocks import words
from tests.sandbox.face.easel import NOW, surface

AT = surface()
ANA, BOB = AT.me.id, AT.world.account("bob").id
STAMP = int(NOW.timestamp())

CASES = [
    ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
    ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
    ("`*not bold* &lt;b&gt;`", "<code>*not bold* &lt;b&gt;</code>"),
    ("before\n```\nif a &lt; b:\n  *x*\n```\nafter", "before<pre>if a &lt; b:\n  *x*</pre>after"),
    ("&gt; one\n&gt; two\nthree", "<blockquote>one\ntwo</blockquote>three"),
    ("a &amp;lt; b", "a &amp;lt; b"),
    (":tada: :+1: :no_such_thing: 10:30:45", "🎉 👍 :no_such_thing: 10:30:45"),
    (f"<@{ANA}>", '<span class="mention mine">@ana</span>'),
    (f"*<@{BOB}>*", '<b><span class="mention">@bob</span></b>'),
    ("<@U404>", '<span class="mention">@U404</span>'),
    ("<!here>", '<span class="mention mine">@here</span>'),
    ("<!subteam^S0PAYMENTS>", '<span class="mention">@payments</span>'),
    ("<#C0ASKPAY01>", '<a class="mention" href="/as/ana/c/C0ASKPAY01">#ask-payments</a>'),
    ("<#C0SECRET01>", '<span class="mention">#private-channel</span>'),
    ("<mailto:ana@example.com|Ana>", '<a href="mailto:ana@example.com" target="_blank" rel="noreferrer noopener">Ana</a>'),
    (
        "<https://example.com/?a=1&amp;b=2|the *page*>",
        '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noreferrer noopener">the *page*</a>',
    ),
    (
        "See https://example.com/a_b_c.",
        'See <a href="https://example.com/a_b_c" target="_blank" rel="noreferrer noopener">https://example.com/a_b_c</a>.',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html"), CASES)
def test_marks_become_html(text: str, html: str) -> None:
    assert words.mrkdwn(text, AT) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "*<img src=x onerror=alert(1)>*",
        "```<script>alert(1)</script>```",
        "`<script>`",
        "<javascript:alert(1)|press>",
        "< javascript:alert(1)|press>",
        "<java\tscript:alert(1)|press>",
        "<data:text/html,alert|press>",
        '<https://example.com/"onmouseover="alert(1)|press>',
        "<https://example.com|<script>>",
        "\x000\x00 :tada: \x001\x00",
        "<!date^1^{date}^javascript:alert(1)|press>",
    ],
)
def test_hostile_words_stay_words(text: str) -> None:
    html = str(words.mrkdwn(text, AT))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html.lower()
    assert 'href="data' not in html
    assert '"onmouseover' not in html
    assert "\x00" not in html


DATES = [
    ("{date_num} {time}", "2026-11-24 10:30"),
    ("{date_short} at {time_secs}", "Nov 24, 2026 at 10:30:00"),
    ("{date}", "November 24th, 2026"),
    ("{date_long}", "Tuesday, November 24th, 2026"),
    ("{date_short_pretty}", "today"),
    ("{date_slash}", "11/24/2026"),
    ("{nonsense}", "{nonsense}"),
]


@pytest.mark.parametrize(("form", "shown"), DATES)
def test_dates_are_those_of_the_persons_zone(form: str, shown: str) -> None:
    assert words.mrkdwn(f"<!date^{STAMP}^{form}|then>", AT) == shown


@pytest.mark.parametrize(
    ("hours", "shown"), [(0, "now"), (-3, "3 hours ago"), (26, "in 1 day"), (-49, "2 days ago")]
)
def test_how_long_ago_is_counted_from_the_stages_time(hours: int, shown: str) -> None:
    assert words.date(STAMP + hours * 3600, "{ago}", AT) == shown


@pytest.mark.parametrize("stamp", ["99999999999999999999", "253402300799", "-5", "soon", ""])
def test_a_date_that_there_is_not_shows_its_fallback(stamp: str) -> None:
    assert words.mrkdwn(f"<!date^{stamp}^{{date}}|some &amp; day>", AT) == "some &amp; day"


def test_the_same_instant_is_another_hour_elsewhere() -> None:
    assert words.date(STAMP, "{time}", surface("erin")) == "18:30"


def test_links_to_messages_lead_inside_the_demo() -> None:
    place = "https://sandbox.slack.com/archives/C0ASKPAY01/p1795512600000100"
    assert 'href="/as/ana/c/C0ASKPAY01?at=1795512600.000100"' in words.mrkdwn(f"<{place}|there>", AT)
    threaded = words.mrkdwn(f"<{place}?thread_ts=1795512000.000200&amp;cid=C0ASKPAY01|there>", AT)
    assert "thread=1795512000.000200&amp;at=1795512600.000100" in threaded
    assert "target=" not in threaded


def test_links_to_messages_of_another_workspace_lead_there() -> None:
    shown = words.mrkdwn("<https://other.slack.com/archives/C0ASKPAY01/p1795512600000100|there>", AT)
    assert 'href="https://other.slack.com/' in shown


def test_plain_text_has_emoji_unless_it_says_no() -> None:
    assert words.plain("<b> :tada:") == "&lt;b&gt; 🎉"
    assert words.plain(":tada:", with_emoji=False) == ":tada:"
