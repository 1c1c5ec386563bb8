"""Slack's own captured calls, sent to the running bot: answered as Slack expects, and nothing filed that nobody asked.

Each goes out twice: as it was captured (another app in another workspace), and adapted to the workspace of the tests.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, select

from bot.features.requests.models import requests
from bot.sandbox.slack.courier import Reply
from bot.sandbox.slack.messages import Message
from tests.e2e.office import Office
from tests.support.loglines import log_lines

ANA, ALICE, INTAKE, DIRECT = "U0ANA00001", "U0ALICE001", "C0ASKPAY01", "D0ANA00001"
OURS = {
    "T111": "T0SANDBOX1", "T_INSTALLED": "T0SANDBOX1", "T-auth": "T0SANDBOX1", "T-installed-workspace": "T0SANDBOX1",
    "T_SOURCE": "T0PARTNER1", "T-other-side": "T0PARTNER1", "A111": "A0SANDBOX1", "A1111": "A0SANDBOX1",
    "W111": ANA, "U111": ANA, "W222": ALICE, "U222": ALICE, "U333": ALICE, "W23456789": ALICE,
    "UB111": "U0DEPLOY01", "UB222": "U0DEPLOY01", "C111": INTAKE, "C222": "C0GENERAL1", "D111": DIRECT,
}  # fmt: skip

# Adapted, these are messages that a person writes in the intake channel. Nothing else may file anything.
FILES = {
    "events/message.json": "Hello World!",
    "events/message.user.json": "Hi there! Thanks for sharing the info!",
    "events/message.file_share.json": "Hi there!",
    "events/message.org.json": "<@U0ALICE001>",
    "socket_mode/events_api.message.json": "<@U0ANA00001> Hi here!",
    "socket_mode/events_api.message.retry.json": "<@U0ANA00001>",
}
NOT_CALLS = {"SOURCES.json", "socket_mode/hello.json", "socket_mode/disconnect.json"}


@dataclass(frozen=True, kw_only=True)
class Captured:
    """One captured call: `kind` is Slack's name of it."""

    name: str
    kind: str
    body: dict[str, Any]


def captured(specs: Path) -> list[Captured]:
    """Every call among the payloads; an envelope of Socket Mode is opened."""
    root = specs / "slack" / "payloads"
    found: list[Captured] = []
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        if name in NOT_CALLS or name.startswith("views/"):
            continue
        body = json.loads(path.read_text(encoding="utf-8"))
        body = body.get("payload", body)
        kind = "slash_command" if "command" in body else str(body.get("type", "ssl_check"))
        found.append(Captured(name=name, kind=kind, body=body))
    return found


def adapted(value: Any) -> Any:
    """The same with the ids of the workspace of the tests, inside texts too."""
    if isinstance(value, dict):
        return {key: adapted(piece) for key, piece in value.items()}
    if isinstance(value, list):
        return [adapted(piece) for piece in value]
    if not isinstance(value, str):
        return value
    for theirs, ours in OURS.items():
        value = ours if value == theirs else value.replace(f"<@{theirs}>", f"<@{ours}>")
    return value


def on_this_machine(value: Any, office: Office) -> Any:
    """Response addresses lead here: no test calls the real Slack."""
    text = json.dumps(value)
    for real in ("https://hooks.slack.com/", "http://localhost:8888/"):
        text = text.replace(real, f"{office.box.slack_api_url.removesuffix('api/')}response/")
    return json.loads(text)


def at_home(call: Captured, office: Office, number: int) -> Captured:
    """Adapted, an event of its own, about messages that are there."""
    body = adapted(call.body)
    if call.kind == "event_callback":
        body["event_id"] = f"Ev{call.name}"
        event = body["event"]
        # Three captured messages share one timestamp: here each is a message of its own.
        stamp = f"{int(office.clock.now().timestamp())}.{number:06d}"
        if "ts" in event and "thread_ts" not in event:
            event["ts"] = event["event_ts"] = stamp
        for told in (event, event.get("item", {}), event.get("root", {})):
            if isinstance(told.get("ts"), str):
                place = told.get("channel") or event["channel"]
                channel = office.box.workspace.world.channel(place)
                channel.messages[told["ts"]] = Message(
                    ts=told["ts"], channel_id=place, user=ANA, text=str(told.get("text", "Hello"))
                )
    return Captured(name=call.name, kind=call.kind, body=body)


async def send(office: Office, call: Captured) -> Reply:
    """As Slack sends it: events as JSON, the rest as forms, or in an envelope over the socket."""
    courier = office.box.workspace.courier
    if office.transport == "socket":
        if call.kind == "event_callback":
            return await courier._ask_socket(call.kind, "events_api", call.body, (0, ""))
        return await courier.ask(call.kind, call.body)
    if call.kind in ("event_callback", "url_verification"):
        raw, kind = json.dumps(call.body).encode(), "application/json"
    else:
        form = (
            call.body if call.kind in ("slash_command", "ssl_check") else {"payload": json.dumps(call.body)}
        )
        raw, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    return await office.box.send_raw(raw, office.box.signed_headers(raw, kind))


def complaint(call: Captured, reply: Reply) -> str:
    """What Slack would not expect in this answer; empty if nothing."""
    if reply.status != 200:
        return f"status {reply.status} {reply.failed}"
    match call.kind:
        case "event_callback" | "ssl_check" | "view_closed" | "interactive_message":
            return f"a body: {reply.text}" if reply.text or reply.content else ""
        case "url_verification":
            return "" if reply.content == {"challenge": call.body["challenge"]} else "another challenge"
        case "slash_command":
            words = reply.content.get("text")
            return "" if reply.content.get("response_type") == "ephemeral" and words else "no words"
        case "block_suggestion":
            return "" if reply.content == {"options": []} else "no list of options"
        case "view_submission":
            return (
                ""
                if reply.content.get("response_action") in ("errors", "update")
                else "the form closed silently"
            )
        case "shortcut" | "message_action" | "block_actions":
            return f"a body: {reply.text}" if reply.text or reply.content else ""
        case _:
            return f"an unknown kind {call.kind}"


def foreign_form(call: Captured, reply: Reply) -> bool:
    """A form of another app is not ours to answer: accepted and ignored."""
    theirs = call.body.get("api_app_id") not in (None, "A0SANDBOX1")
    return theirs and call.kind in ("view_submission", "block_suggestion") and not reply.content


def summaries(connection: Connection) -> list[str]:
    return list(connection.scalars(select(requests.c.summary).order_by(requests.c.id)))


async def everything(office: Office, calls: list[Captured]) -> list[str]:
    """Sends all of it; returns what was wrong, and prints what was answered."""
    wrong: list[str] = []
    table: list[str] = []
    for call in calls:
        before = await office.product.database.read(summaries)
        with log_lines() as log:
            reply = await send(office, call)
        told = "" if foreign_form(call, reply) else complaint(call, reply)
        filed = (await office.product.database.read(summaries))[len(before) :]
        wrong += [f"{call.name}: {text}" for text in (told, *log.errors) if text]
        table.append(f"{call.name:52} {call.kind:20} {reply.status} {_short(reply):60.60} {filed or ''}")
    sys.stdout.write("\n".join(["", office.transport, *table, ""]))
    return wrong


def _short(reply: Reply) -> str:
    return json.dumps(reply.content) if reply.content else reply.text or "(empty)"


def over_this_transport(call: Captured, office: Office) -> bool:
    """A socket needs neither the check of certificates nor that of the address."""
    return office.transport == "http" or call.kind not in ("ssl_check", "url_verification")


async def test_every_captured_call_of_another_app_is_answered_and_files_nothing(
    office: Office, specs: Path
) -> None:
    calls = [call for call in captured(specs) if over_this_transport(call, office)]
    theirs = [
        Captured(name=call.name, kind=call.kind, body=on_this_machine(call.body, office)) for call in calls
    ]
    assert len(theirs) > 30
    assert await everything(office, theirs) == []
    assert await office.product.database.read(summaries) == []


async def test_every_captured_call_adapted_to_this_workspace_is_answered_and_files_what_people_asked(
    office: Office, specs: Path
) -> None:
    await office.person("ana").tells_bot("help")
    calls = [call for call in captured(specs) if over_this_transport(call, office)]
    ours = [at_home(call, office, number) for number, call in enumerate(calls)]
    here = [
        Captured(name=call.name, kind=call.kind, body=on_this_machine(call.body, office)) for call in ours
    ]
    assert await everything(office, here) == []
    found = await office.product.database.read(summaries)
    assert sorted(found) == sorted(FILES.values())
    await office.person("alice").waits_for("Hello World!", in_="#triage-payments", timeout=15)
