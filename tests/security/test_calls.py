"""Calls that are signed and well formed, and lie: sent again, forged, too long, by people who may not."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import Connection, func, select

from bot import audit, bootstrap, running
from bot.audit.models import refused_attempts
from bot.features.requests.models import request_history
from bot.sandbox.story import Seen
from bot.slack.pace import Pace
from tests.e2e.office import Office, open_office
from tests.e2e.screen import form_of
from tests.support.loglines import log_lines

FORM = "application/x-www-form-urlencoded"


def _ignored(reason: str) -> float:
    return REGISTRY.get_sample_value("frontdesk_ignored_events_total", {"reason": reason}) or 0.0


@pytest.mark.by_turns
async def test_a_form_sent_again_files_one_request(office: Office) -> None:
    form = form_of(await office.person("ana").runs("/ask-team"))
    form.fill("Summary", "Refund stuck")
    await form.submit()
    (sent,) = office.box.journal.told("view_submission")
    for _ in range(3):
        assert (await office.box.replay(sent)).status == 200
    assert await office.count() == 1


@pytest.mark.by_turns
@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("other_app", {"api_app_id": "A0OTHER"}),
        ("other_workspace", {"team_id": "T0OTHER"}),
        ("malformed", {"event": None}),
        ("malformed", {"event": {"type": "message", "channel": "C0ASKPAY01", "text": "x", "ts": "1.1", "user": 7}}),
        ("bot", {"event": {"type": "message", "channel": "C0ASKPAY01", "text": "x", "ts": "1.1", "bot_id": "B1"}}),
    ],
)  # fmt: skip
async def test_an_event_that_is_not_for_us_is_counted_and_acknowledged(
    office: Office, reason: str, changes: dict[str, Any]
) -> None:
    inner = {"type": "message", "channel": "C0ASKPAY01", "text": "x", "ts": "1.1", "user": "U0ANA00001"}
    body = {"type": "event_callback", "team_id": "T0SANDBOX1", "api_app_id": "A0SANDBOX1", "event_id": "Ev1",
            "event": inner, **changes}  # fmt: skip
    raw = json.dumps(body).encode()
    before = _ignored(reason)
    reply = await office.box.send_raw(raw, office.box.signed_headers(raw))
    assert (reply.status, reply.text) == (200, "")
    assert _ignored(reason) == before + 1
    assert await office.count() == 0


@pytest.mark.by_turns
async def test_a_forged_form_with_more_than_its_fields_hold_is_answered_in_words(office: Office) -> None:
    form = form_of(await office.person("ana").runs("/ask-team"))
    form.fill("Summary", "Refund stuck")
    form.fill("Details", "canary")
    await form.submit()
    (sent,) = office.box.journal.told("view_submission")
    text = sent.body.decode().replace("canary", "y" * 3001).replace(sent.arguments["view"]["id"], "V0FORGED1")
    assert await office.count() == 1
    with log_lines() as log:
        reply = await office.box.send_raw(text.encode(), office.box.signed_headers(text.encode(), FORM))
    assert reply.status == 200
    assert not log.errors
    # More than a field holds is no harm: it is cut on the card and whole in its thread.
    assert await office.count() == 2
    refused = [one for one in office.box.journal.calls() if one.response and one.verdict]
    assert refused == []


@pytest.mark.by_turns
async def test_a_refused_press_leaves_a_line_and_a_row_that_say_who_and_what(office: Office) -> None:
    card = await office.asks("Refund stuck")
    with log_lines() as log:
        await card.click("Claim", by=office.person("erin"))
        await card.click("Claim", by=office.person("alice"))
    (line,) = log.events("slack.refused_a_person")
    assert (line["by"], line["name"]) == ("U0ERIN0001", "request.claim")
    await office.product.audit.close()
    assert await office.product.database.read(_attempts) == [("U0ERIN0001", "request.claim", "v1:1")]
    database, now = office.product.database, office.clock.now()
    await database.write(audit.purge, now + timedelta(days=89))
    assert len(await database.read(_attempts)) == 1
    await database.write(audit.purge, now + timedelta(days=91))
    assert await database.read(_attempts) == []


def _attempts(connection: Connection) -> list[tuple[str, ...]]:
    columns = refused_attempts.c
    return [tuple(row) for row in connection.execute(select(columns.user_id, columns.name, columns.about))]


@pytest.fixture
async def pair(postgres: Any, tmp_path: Path) -> AsyncIterator[tuple[Office, str]]:
    """An office with a second bot on the same database, and where that one listens."""
    name = postgres.create(with_tables=False)
    try:
        async with open_office(postgres.url_of(name), tmp_path, with_jira=False) as office:
            pace = Pace(generous=True)
            other = await running.start(bootstrap.build(office.settings, clock=office.clock, pace=pace))
            await other.wait_ready(15)
            yield office, f"{other.address}/slack/events"
            await other.close()
    finally:
        postgres.drop(name)


@pytest.mark.postgres
async def test_of_two_who_claim_at_once_on_two_bots_one_wins(pair: tuple[Office, str]) -> None:
    office, other = pair
    card = await office.asks("Refund stuck")
    addresses = (f"{office.running.address}/slack/events", other)
    async with aiohttp.ClientSession() as http:
        statuses = await asyncio.gather(
            *(
                _claims_at(office, http, address, who, card)
                for address, who in zip(addresses, ("alice", "bob"), strict=True)
            )
        )
    assert statuses == [200, 200]
    await office.settled()
    assert await office.product.database.read(_claims) == 1


async def _claims_at(office: Office, http: aiohttp.ClientSession, address: str, who: str, card: Seen) -> int:
    person = office.person(who).account
    button = {"type": "button", "action_id": "request.claim", "block_id": "b", "value": "v1:1",
              "action_ts": f"1.{person.id}"}  # fmt: skip
    payload = office.box.workspace.interactions.message_action(person, card.message, button, {}).payload
    raw = urlencode({"payload": json.dumps(payload)}).encode()
    async with http.post(address, data=raw, headers=office.box.signed_headers(raw, FORM)) as answer:
        return answer.status


def _claims(connection: Connection) -> int:
    query = select(func.count()).select_from(request_history).where(request_history.c.move == "claim")
    return connection.scalar(query) or 0
