"""A small real Bolt app, so that the sandbox is tried by the library that the product uses; over HTTP or Socket Mode."""

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Sandbox

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users:read.email",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "tokens_revoked",
    "user_change",
]


def manifest(*, scopes: list[str] | None = None, events: list[str] | None = None) -> dict[str, Any]:
    """The manifest of the tiny bot."""
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": "Tiny"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "Tiny", "always_online": True},
            "slash_commands": [
                {"command": "/ask", "description": "Ask", "should_escape": True},
                {"command": "/form", "description": "Form", "should_escape": False},
                {"command": "/slow", "description": "Slow", "should_escape": False},
                {"command": "/broken", "description": "Broken", "should_escape": False},
            ],
            "shortcuts": [
                {"name": "Open form", "type": "global", "callback_id": "open_form", "description": "Form"},
                {"name": "Quote it", "type": "message", "callback_id": "quote_it", "description": "Quote"},
            ],
        },
        "oauth_config": {"scopes": {"bot": SCOPES if scopes is None else scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS if events is None else events},
            "interactivity": {"is_enabled": True},
        },
    }


def card(title: str, *, claimed_by: str = "") -> list[dict[str, Any]]:
    """A card with a button, a menu and a select."""
    text = f"*{title}*" + (f" claimed by <@{claimed_by}>" if claimed_by else "")
    options = [
        {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("Snooze", "Decline")
    ]
    menu = {"type": "overflow", "action_id": "menu", "options": options}
    claim = {
        "type": "button",
        "action_id": "claim",
        "value": "1",
        "text": {"type": "plain_text", "text": "Claim"},
    }
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}, "accessory": menu}
    ]
    return blocks if claimed_by else [*blocks, {"type": "actions", "elements": [claim]}]


def form() -> dict[str, Any]:
    """A form with a text, a select that tells the bot at once, and a place to show what was chosen."""
    options = [
        {"text": {"type": "plain_text", "text": team}, "value": team.lower()}
        for team in ("Payments", "Search")
    ]
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": {"type": "plain_text", "text": "Ask a team"},
        "submit": {"type": "plain_text", "text": "Send"},
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "team",
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": "Team"},
                "element": {"type": "static_select", "action_id": "team", "options": options},
            },
            {
                "type": "input",
                "block_id": "summary",
                "label": {"type": "plain_text", "text": "Summary"},
                "element": {"type": "plain_text_input", "action_id": "summary", "max_length": 200},
            },
        ],
    }


def make_app(box: Sandbox, heard: list[dict[str, Any]]) -> AsyncApp:
    """The app; `heard` collects the events it was told."""
    client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
    app = AsyncApp(
        client=client,
        signing_secret=box.signing_secret,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )

    @app.command("/ask")
    async def ask(ack: Any, command: Any, client: Any) -> None:
        posted = await client.chat_postMessage(
            channel="C0TRIAGE01", text="A request", blocks=card(command["text"])
        )
        await ack(f"Sent as {posted['ts'][-3:]}: {command['text']}")

    @app.command("/form")
    async def open_form(ack: Any, command: Any, client: Any) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=form())
        await ack()

    @app.command("/slow")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(30)

    @app.command("/broken")
    async def broken(ack: Any) -> None:
        raise RuntimeError("broken on purpose")

    @app.shortcut("open_form")
    async def shortcut(ack: Any, shortcut: Any, client: Any) -> None:
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form())
        await ack()

    @app.shortcut("quote_it")
    async def quote(ack: Any, shortcut: Any, respond: Any) -> None:
        await respond(f"You chose: {shortcut['message']['text']}")
        await ack()

    _interactive(app, heard)
    return app


def _interactive(app: AsyncApp, heard: list[dict[str, Any]]) -> None:
    @app.action("claim")
    async def claim(ack: Any, body: Any, client: Any, respond: Any) -> None:
        claimed = card("taken", claimed_by=body["user"]["id"])
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="taken", blocks=claimed
        )
        await respond("It is yours.")
        await ack()

    @app.action("menu")
    async def menu(ack: Any, action: Any, respond: Any) -> None:
        await respond(f"{action['selected_option']['value']} it is")
        await ack()

    @app.action("team")
    async def team(ack: Any, body: Any, action: Any, client: Any) -> None:
        view = form()
        chosen = {"type": "plain_text", "text": f"For {action['selected_option']['value']}"}
        view["blocks"].append({"type": "section", "text": chosen})
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        await ack()

    @app.view("ask")
    async def submitted(ack: Any, body: Any, view: Any, client: Any) -> None:
        summary = view["state"]["values"]["summary"]["summary"]["value"]
        if summary == "bad":
            await ack(response_action="errors", errors={"summary": "Please say more."})
            return
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Received: {summary}")
        await ack()

    @app.view_closed("ask")
    async def closed(ack: Any) -> None:
        heard.append({"type": "view_closed"})
        await ack()

    async def event(event: Any) -> None:
        heard.append(event)

    for name in sorted({name.partition(".")[0] for name in EVENTS}):
        app.event(name)(event)


@asynccontextmanager
async def tiny_bot(box: Sandbox, transport: str = "http"):
    """The tiny bot running against the box; yields the events it hears."""
    heard: list[dict[str, Any]] = []
    app = make_app(box, heard)
    if transport == "socket":
        connection = AsyncSocketModeHandler(app, box.app_token)
        await connection.connect_async()
        await box.socket_connected()
        box.deliver_by_socket()
        try:
            yield heard
        finally:
            await connection.close_async()
        return
    listener = socket.create_server(("127.0.0.1", 0))
    runner = web.AppRunner(app.server(path="/slack/events").web_app, shutdown_timeout=0.2)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    box.deliver_by_http(f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events")
    try:
        yield heard
    finally:
        await runner.cleanup()
