"""The checks of outbound calls notice what they are there for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.slack.journal import Record
from tests.support.slack_specs import check_call, specs

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
needs_specs = pytest.mark.skipif(not specs().is_dir(), reason=f"Slack's data is not at {specs()}")


def call(kind: str, verdict: str | None = None, **arguments: Any) -> Record:
    return Record(direction="to_slack", kind=kind, arguments=arguments, started=NOW, verdict=verdict)


def test_a_fine_call_has_no_complaint() -> None:
    blocks = [{"type": "divider"}]
    assert check_call(call("chat.postMessage", channel="C1", text="x", blocks=blocks, unfurl_links="0")) == []


@needs_specs
@pytest.mark.parametrize(
    ("record", "words"),
    [
        (call("chat.shout", channel="C1"), "no such method"),
        (call("chat.postMessage", channel="C1", text="x", colour="red"), "unknown argument colour"),
        (call("chat.postMessage", text="x"), "missing argument channel"),
        (call("views.open", view={}), "missing argument trigger_id"),
        (call("conversations.history", channel="C1", limit="many"), "limit is no integer"),
        (
            call("chat.postMessage", channel="C1", text="x", unfurl_links="maybe"),
            "unfurl_links is no boolean",
        ),
    ],
)
def test_a_call_that_the_lists_do_not_know_is_complained_of(record: Record, words: str) -> None:
    assert any(words in complaint for complaint in check_call(record))


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (call("chat.postMessage", channel="C1", blocks=[{"type": "divider"}]), "without a plain text"),
        (call("chat.postMessage", channel="C1", text="x", blocks='[{"type": "banner"}]'), "unsupported type"),
        (call("chat.postMessage", channel="C1", text="x" * 40_001), "longer than Slack takes"),
        (call("views.open", trigger_id="1", view={"type": "modal", "blocks": []}), "title"),
        (
            call("chat.postMessage", channel="C1", text="x", metadata={"event_type": 1}),
            "invalid_metadata_format",
        ),
        (call("response_url", text="x", colour="red"), "unknown field colour"),
        (call("chat.postMessage", "no_text", channel="C1", text="x"), "no_text"),
    ],
)
def test_a_call_beyond_slacks_limits_is_complained_of(record: Record, words: str) -> None:
    assert any(words in complaint for complaint in check_call(record))
