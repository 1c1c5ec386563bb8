"""Signed calls that are strange: not for us, from bots, with pieces missing or of another kind, or sent many times."""

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from bot.features.requests.models import requests
from bot.outbox.models import outbox
from bot.sandbox.slack.courier import Reply
from tests.e2e.office import Office, open_office
from tests.support.loglines import log_lines

TEAM, APP, INTAKE = "T0SANDBOX1", "A0SANDBOX1", "C0ASKPAY01"
WRONG: tuple[Any, ...] = (None, 7, True, "", "x", [], ["x"], {}, {"id": 7})
_GONE = object()

module_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    directory = tmp_path_factory.mktemp("office")
    async with open_office(f"sqlite:///{directory}/frontdesk.db", directory, with_jira=False) as opened:
        yield opened


async def count(office: Office) -> int:
    return await office.product.database.read(
        lambda c: c.scalar(select(func.count()).select_from(requests)) or 0
    )


async def unsent(office: Office) -> int:
    """How much was ever meant to leave for Slack."""
    return await office.product.database.read(
        lambda c: c.scalar(select(func.count()).select_from(outbox)) or 0
    )


async def send(office: Office, body: Mapping[str, Any], **headers: str) -> Reply:
    """Sends it as Slack does: events as JSON, interactions as a form."""
    if body.get("type") == "event_callback":
        raw, kind = json.dumps(body).encode(), "application/json"
    else:
        raw, kind = urlencode({"payload": json.dumps(body)}).encode(), "application/x-www-form-urlencoded"
    return await office.box.send_raw(raw, {**office.box.signed_headers(raw, kind), **headers})


def event(event_id: str, **inner: Any) -> dict[str, Any]:
    """An envelope of Slack's around an event."""
    return {
        "type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event_id": event_id, "event_time": 1,
        "event": inner, "authorizations": [{"team_id": TEAM, "user_id": "U0SANDBOX1", "is_bot": True}],
    }  # fmt: skip


def asked(ts: str, **more: Any) -> dict[str, Any]:
    """Ana writes in the intake channel."""
    fields = {
        "type": "message", "text": f"Refund {ts}", "user": "U0ANA00001", "channel": INTAKE, "ts": ts,
        "event_ts": ts, "channel_type": "channel", **more,
    }  # fmt: skip
    return event(f"Ev{ts}", **fields)


NOT_FOR_US = {
    "of another app": asked("100.1") | {"api_app_id": "A0OTHER"},
    "of another workspace": asked("100.2") | {"team_id": "T0OTHER", "authorizations": []},
    "without an event": asked("100.3") | {"event": None},
    "with a list for an event": asked("100.4") | {"event": ["message"]},
    "without a type": asked("100.5", type=None),
    "of nobody": asked("100.6", user=None),
    "without a place": asked("100.7", channel=None),
    "of another bot": asked("100.8", bot_id="B0OTHER", user="U0DEPLOY01"),
    "of a bot of the old kind": asked("100.9", subtype="bot_message", user=None),
    "of the bot itself": asked("100.10", user="U0SANDBOX1"),
    "of somebody who joins": asked("100.11", subtype="channel_join"),
    "that is an edit": asked("100.12", subtype="message_changed", message={"ts": "1.1", "text": "x"}),
    "in a thread": asked("100.13", thread_ts="99.1"),
    "that is to be left alone": asked("100.14", text=":mega: Office closes at five"),
}


@module_loop
@pytest.mark.parametrize("name", NOT_FOR_US)
async def test_an_event_that_asks_for_nothing_is_accepted_and_nothing_comes_of_it(
    office: Office, name: str
) -> None:
    before = await count(office), await unsent(office)
    with log_lines() as log:
        reply = await send(office, NOT_FOR_US[name])
    assert (reply.status, reply.text) == (200, "")
    assert (await count(office), await unsent(office)) == before
    assert not log.errors


@module_loop
async def test_a_hundred_messages_of_bots_in_the_intake_channel_get_no_word(office: Office) -> None:
    before = len(office.box.journal.calls("chat.postMessage"))
    bots = [asked(f"200.{n}", bot_id="B0OTHER") for n in range(50)]
    bots += [asked(f"201.{n}", user="U0SANDBOX1", bot_id="B0SANDBOX1") for n in range(50)]
    replies = await asyncio.gather(*(send(office, bot) for bot in bots))
    assert {reply.status for reply in replies} == {200}
    assert await unsent(office) == 0 or len(office.box.journal.calls("chat.postMessage")) == before


@module_loop
async def test_a_repetition_of_an_event_that_never_came_is_taken_like_the_first(office: Office) -> None:
    before = await count(office)
    again = {"x-slack-retry-num": "3", "x-slack-retry-reason": "http_timeout"}
    for _ in range(2):
        assert (await send(office, asked("300.1"), **again)).status == 200
    assert await count(office) == before + 1


@module_loop
async def test_an_event_that_quotes_the_words_of_a_certificate_check_is_not_lost(office: Office) -> None:
    before = await count(office)
    link = {"type": "link", "url": "https://x.example/?a=1&ssl_check=1&b=2"}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}]
    assert (await send(office, asked("301.1", blocks=blocks))).status == 200
    assert await count(office) == before + 1


@module_loop
async def test_the_same_event_fifty_times_at_once_files_one_request(office: Office) -> None:
    before = await count(office)
    replies = await asyncio.gather(*(send(office, asked("302.1")) for _ in range(50)))
    assert {reply.status for reply in replies} == {200}
    assert await count(office) == before + 1


SHAPES: dict[str, dict[str, Any]] = {
    "message": asked("400.1"),
    "edit": asked("400.2", subtype="message_changed", message={"ts": "1.1"}, previous_message={"ts": "1.1"}),
    "deletion": asked("400.3", subtype="message_deleted", deleted_ts="1.1", previous_message={"ts": "1.1"}),
    "direct message": asked("400.4", channel_type="im", channel="D0ANA00001"),
    "reply": asked("400.5", thread_ts="1.1", files=[{"id": "F1", "name": "x", "permalink": "https://x.example"}]),
    "mention": asked("400.6", type="app_mention"),
    "reaction": event(
        "Ev4", type="reaction_added", user="U0ANA00001", reaction="ticket",
        item={"type": "message", "channel": "C0GENERAL1", "ts": "1.1"},
    ),
    "reaction taken back": event(
        "Ev5", type="reaction_removed", user="U0ANA00001", reaction="eyes",
        item={"type": "message", "channel": "C0TRIAGE01", "ts": "1.1"},
    ),
    "joining": event("Ev6", type="member_joined_channel", user="U0SANDBOX1", channel=INTAKE),
    "profile": event("Ev7", type="user_change", user={"id": "U0ANA00001", "profile": {}}),
    "group": event("Ev8", type="subteam_members_changed", subteam_id="S0SUPPORT1"),
    "unarchived": event("Ev9", type="channel_unarchive", user="U0OLGA0001", channel=INTAKE),
    "global shortcut": {
        "type": "shortcut", "callback_id": "ask_team", "trigger_id": "1.1", "team": {"id": TEAM},
        "user": {"id": "U0ANA00001", "team_id": TEAM},
    },
    "message shortcut": {
        "type": "message_action", "callback_id": "send_to_triage", "trigger_id": "1.1", "team": {"id": TEAM},
        "user": {"id": "U0ANA00001"}, "channel": {"id": INTAKE, "name": "ask-payments"},
        "message": {"ts": "1.1", "text": "x", "user": "U0ANA00001"}, "message_ts": "1.1",
    },
    "button": {
        "type": "block_actions", "trigger_id": "1.1", "team": {"id": TEAM}, "user": {"id": "U0ALICE001"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": INTAKE},
        "channel": {"id": INTAKE}, "message": {"ts": "1.1", "thread_ts": "1.1"},
        "actions": [{"type": "button", "action_id": "request.claim", "block_id": "b", "value": "v1:1",
                     "action_ts": "1.1"}],
    },
    "menu": {
        "type": "block_actions", "trigger_id": "1.1", "team": {"id": TEAM}, "user": {"id": "U0ALICE001"},
        "actions": [{"type": "overflow", "action_id": "request.menu", "block_id": "b", "action_ts": "1.1",
                     "selected_option": {"value": "v1:1:wait"}}],
    },
    "select in a form": {
        "type": "block_actions", "trigger_id": "1.1", "team": {"id": TEAM}, "user": {"id": "U0ANA00001"},
        "view": {"id": "V1", "type": "modal", "callback_id": "request.ask", "private_metadata": "{}", "hash": "1", "blocks": [],
                 "state": {"values": {"team": {"request.ask.team": {"selected_option": {"value": "1"}}}}}},
        "actions": [{"type": "static_select", "action_id": "request.ask.team", "block_id": "team",
                     "selected_option": {"value": "1"}}],
    },
    "form": {
        "type": "view_submission", "trigger_id": "1.1", "team": {"id": TEAM}, "user": {"id": "U0ANA00001"},
        "view": {"id": "V2", "type": "modal", "callback_id": "request.ask", "private_metadata": "{}",
                 "blocks": [{"type": "input", "block_id": "summary"}],
                 "state": {"values": {"summary": {"summary": {"type": "plain_text_input", "value": "x"}}}}},
    },
    "priority form": {
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": "U0ALICE001"},
        "view": {"id": "V3", "type": "modal", "callback_id": "request.priority.form", "private_metadata": "v1:1", "blocks": [],
                 "state": {"values": {"priority": {"priority": {"selected_option": {"value": "high"}}}}}},
    },
    "search": {
        "type": "block_suggestion", "action_id": "a", "block_id": "b", "value": "x", "team": {"id": TEAM},
        "user": {"id": "U0ANA00001"}, "view": {"id": "V4", "type": "modal", "state": {"values": {}}},
    },
    "closing": {
        "type": "view_closed", "team": {"id": TEAM}, "user": {"id": "U0ANA00001"},
        "view": {"id": "V5", "type": "modal", "callback_id": "request.ask"}, "is_cleared": False,
    },
}  # fmt: skip


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every piece of a body."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, piece in inside:
        yield (*so_far, key)
        yield from paths(piece, (*so_far, key))


def spoilt(body: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The body with one piece replaced, or left out."""
    copied = copy.deepcopy(body)
    *way, last = path
    where: Any = copied
    for key in way:
        where = where[key]
    if value is _GONE:
        del where[last]
    else:
        where[last] = value
    return copied


@module_loop
@pytest.mark.parametrize("name", SHAPES)
async def test_no_missing_or_wrong_piece_of_a_call_breaks_the_bot(office: Office, name: str) -> None:
    bodies = [spoilt(SHAPES[name], path, value) for path in paths(SHAPES[name]) for value in (_GONE, *WRONG)]
    assert (await send(office, SHAPES[name])).status == 200
    broken: list[str] = []
    for body in bodies:
        with log_lines() as log:
            reply = await send(office, body)
        # The relay may fail in its own time over threads that were made up here.
        errors = [error for error in log.errors if "relay." not in error]
        if reply.status not in (200, 400) or errors:
            broken.append(f"{reply.status} {body} {errors}")
    assert not broken, "\n".join(broken[:5])


@pytest.mark.postgres
async def test_the_same_event_many_times_on_two_bots_of_one_database_files_one_request(
    postgres: Any, tmp_path: Path
) -> None:
    name = postgres.create(with_tables=False)
    try:
        async with (
            open_office(postgres.url_of(name), tmp_path, with_jira=False) as one,
            open_office(postgres.url_of(name), tmp_path, with_jira=False) as two,
        ):
            sending = [send(office, asked("500.1")) for office in (one, two) for _ in range(25)]
            replies = await asyncio.gather(*sending)
            assert {reply.status for reply in replies} == {200}
            assert await count(one) == 1
    finally:
        postgres.drop(name)
