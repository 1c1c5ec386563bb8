"""A token that Slack takes no more: everything for Slack waits, nothing is hammered, and the rest goes on."""

import asyncio

import pytest

from tests.e2e.office import Office
from tests.e2e.screen import said
from tests.support.loglines import log_lines
from tests.support.waiting import until

pytestmark = pytest.mark.by_turns


async def test_after_a_revoked_token_no_call_leaves_and_requests_are_still_taken(office: Office) -> None:
    await office.asks("Before")
    office.box.uninstall()
    with log_lines() as log:
        assert "#2" in said(await office.person("ana").runs("/ask-team payments After"))
        await until(lambda: office.product.deps.slack.token_refused is not None)
        await asyncio.sleep(0.5)
        calls = len(office.box.journal.calls())
        # What waits is due again and again; the minute is one of the machine's own clock.
        for _ in range(3):
            office.clock.advance(61)
            await asyncio.sleep(0.3)
        assert "#3" in said(await office.person("ana").runs("/ask-team payments Later"))
        assert len(office.box.journal.calls()) == calls
    assert len(log.events("slack.login_refused")) == 1
    assert not log.errors
