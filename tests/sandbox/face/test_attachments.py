"""Attachments of the old kind, and what addresses and colours of a bot may do on a page."""

from typing import Any

import pytest

from bot.sandbox.face.blocks.drawing import color_of, is_loaded, safe_link
from tests.sandbox.face.easel import attached

ATTACHMENTS = [
    ({"text": "*Hi*", "color": "good"}, "<b>Hi</b>"),
    ({"fallback": "in <short>"}, "in &lt;short&gt;"),
    ({"title": "Page", "title_link": "https://example.com"}, 'href="https://example.com"'),
    ({"title": "Page", "title_link": "javascript:alert(1)"}, 'href="#"'),
    ({"fields": [{"title": "Team", "value": "*Pay*", "short": True}]}, "<b>Pay</b>"),
    ({"blocks": [{"type": "banner"}]}, "Slack knows no block"),
    ({"fields": "x"}, "This attachment cannot be drawn"),
    (5, "This attachment cannot be drawn"),
]


@pytest.mark.parametrize(("attachment", "html"), ATTACHMENTS)
def test_attachments_are_drawn(attachment: Any, html: str) -> None:
    assert html in attached([attachment])


@pytest.mark.parametrize(
    ("given", "color"),
    [
        ("good", "#2eb67d"),
        ("#36a64f", "#36a64f"),
        ("36a64f", "#36a64f"),
        ("red; background: url(x)", "#868686"),
        (None, "#868686"),
        (5, "#868686"),
    ],
)
def test_the_bar_has_a_color_or_none(given: Any, color: str) -> None:
    assert color_of(given) == color


@pytest.mark.parametrize(
    "address", ["javascript:x", "data:x", "//example.com", "", None, 5, "http://[", "a b"]
)
def test_unsafe_addresses_lead_nowhere(address: Any) -> None:
    assert safe_link(address) == "#"


@pytest.mark.parametrize(
    ("address", "loaded"),
    [
        ("http://127.0.0.1:8080/a.png", True),
        ("http://localhost/a.png", True),
        ("https://example.com/a.png", False),
        ("http://127.0.0.1.example.com/a.png", False),
        ("data:image/png;base64,x", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_pictures_come_from_this_machine_only(address: Any, loaded: bool) -> None:
    assert is_loaded(address) is loaded
