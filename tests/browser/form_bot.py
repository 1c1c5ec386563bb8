"""A small bot that shows what the product does not use yet: forms on forms, a Home tab, questions before a press, external selects."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.story import Sandbox
from tests.sandbox.slack.listener import Listener, listening
from tests.sandbox.slack.tiny_bot import manifest

__all__ = ["form_bot", "manifest"]

CITIES = ["Kyiv", "Lyon", "Lisbon", "Lima"]


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": words(text), "value": text.lower()}


def form(number: int) -> dict[str, Any]:
    """The first, second or third form of a stack."""
    more = {
        "type": "button",
        "action_id": "more",
        "text": words(f"Open form {number + 1}"),
        "value": str(number),
    }
    search = {
        "type": "external_select",
        "action_id": "city",
        "placeholder": words("A city"),
        "min_query_length": 1,
    }
    several = {
        "type": "multi_static_select",
        "action_id": "days",
        "options": [option("Monday"), option("Friday")],
    }
    boxes = {"type": "checkboxes", "action_id": "extras", "options": [option("Tea"), option("Coffee")]}
    return {
        "type": "modal",
        "callback_id": f"form{number}",
        "title": words(f"Form {number}"),
        "submit": words("Send"),
        "blocks": [
            {"type": "actions", "block_id": "more", "elements": [more]},
            {
                "type": "input",
                "block_id": "city",
                "label": words("City"),
                "element": search,
                "optional": number > 1,
            },
            {
                "type": "input",
                "block_id": "days",
                "label": words("Days"),
                "element": several,
                "optional": True,
            },
            {
                "type": "input",
                "block_id": "extras",
                "label": words("Extras"),
                "element": boxes,
                "optional": True,
            },
            {
                "type": "input",
                "block_id": "when",
                "label": words("When"),
                "optional": True,
                "element": {"type": "datetimepicker", "action_id": "when"},
            },
            {
                "type": "input",
                "block_id": "proof",
                "label": words("Proof"),
                "optional": True,
                "element": {"type": "file_input", "action_id": "proof"},
            },
        ],
    }


def home(pressed: int) -> dict[str, Any]:
    confirm = {
        "title": words("Sure?"),
        "text": words("This counts one up."),
        "confirm": words("Count"),
        "deny": words("Not now"),
    }
    button = {"type": "button", "action_id": "count", "text": words("Count up"), "confirm": confirm}
    text = {"type": "mrkdwn", "text": f"*Pressed {pressed} times*"}
    return {
        "type": "home",
        "blocks": [{"type": "section", "block_id": "count", "text": text, "accessory": button}],
    }


class _Answers:
    def __init__(self, box: Sandbox, listener: Listener) -> None:
        self._client = AsyncWebClient(token=box.bot_token, base_url=box.slack_api_url, retry_handlers=[])
        self._listener = listener
        self._pressed = 0

    async def answer(self, _: web.Request) -> web.Response:
        heard = self._listener.heard[-1]
        match heard.get("type") or heard.get("command"):
            case "/form":
                await self._client.views_open(trigger_id=heard["trigger_id"], view=form(1))
            case "block_suggestion":
                fits = [option(city) for city in CITIES if city.lower().startswith(heard["value"].lower())]
                return web.json_response({"options": fits})
            case "block_actions":
                await self._acted(heard)
            case "event_callback":
                await self._told(heard["event"])
        return web.Response()

    async def _acted(self, heard: dict[str, Any]) -> None:
        action = heard["actions"][0]
        if action["action_id"] == "more":
            await self._client.views_push(trigger_id=heard["trigger_id"], view=form(int(action["value"]) + 1))
        if action["action_id"] == "count":
            self._pressed += 1
            await self._client.views_publish(user_id=heard["user"]["id"], view=home(self._pressed))

    async def _told(self, event: dict[str, Any]) -> None:
        if event["type"] == "app_home_opened" and event["tab"] == "home":
            await self._client.views_publish(user_id=event["user"], view=home(self._pressed))


@asynccontextmanager
async def form_bot(box: Sandbox) -> AsyncIterator[Listener]:
    """The bot at work; what it is sent is in the listener."""
    async with listening() as found:
        found.answer = _Answers(box, found).answer
        box.deliver_by_http(found.url)
        yield found


def sent(listener: Listener, kind: str) -> dict[str, Any]:
    """The newest payload of this kind, for tests that look at what Slack would have sent."""
    found = [body for body in listener.heard if body.get("type") == kind]
    assert found, json.dumps(listener.heard)[:500]
    return found[-1]
