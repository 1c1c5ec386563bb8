"""Payloads of what people do: commands, shortcuts, clicks, forms. Shapes as in Slack's interactivity reference."""

from copy import deepcopy
from dataclasses import dataclass

from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.doors import Doors, ResponseUrl
from bot.sandbox.slack.events import VERIFICATION_TOKEN
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.state import values
from bot.sandbox.slack.views import View, Views
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import APP_ID, TEAM_ID, World


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """One payload with the keys that came with it."""

    payload: Json
    trigger_id: str
    url: ResponseUrl | None = None


@dataclass(frozen=True, kw_only=True)
class Interactions:
    """Makes payloads; `base_url` is where response urls point."""

    world: World
    doors: Doors
    views: Views
    base_url: str

    def command(self, person: Account, channel: Channel, name: str, text: str) -> Interaction:
        """A slash command, as the form fields that Slack posts."""
        trigger = self.doors.trigger(person.id)
        url = self.doors.response_url("commands", person.id, channel.id)
        fields: Json = {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "team_domain": self.world.domain,
            "channel_id": channel.id,
            "channel_name": self._shown_name(channel),
            "user_id": person.id,
            "user_name": person.name,
            "command": name,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._address(url),
            "trigger_id": trigger.id,
        }
        return Interaction(payload=fields, trigger_id=trigger.id, url=url)

    def global_shortcut(self, person: Account, callback_id: str) -> Interaction:
        """A global shortcut."""
        trigger = self.doors.trigger(person.id)
        payload = {
            "type": "shortcut",
            "token": VERIFICATION_TOKEN,
            "action_ts": self.world.now_ts(),
            "team": self._team(),
            "user": self._user(person, "username"),
            "is_enterprise_install": False,
            "enterprise": None,
            "callback_id": callback_id,
            "trigger_id": trigger.id,
        }
        return Interaction(payload=payload, trigger_id=trigger.id)

    def message_shortcut(self, person: Account, callback_id: str, message: Message) -> Interaction:
        """A shortcut from a message's menu."""
        trigger = self.doors.trigger(person.id)
        url = self.doors.response_url("app", person.id, message.channel_id, message)
        payload = {
            "type": "message_action",
            "token": VERIFICATION_TOKEN,
            "action_ts": self.world.now_ts(),
            "team": self._team(),
            "user": self._user(person, "name"),
            "channel": self._channel(message.channel_id),
            "is_enterprise_install": False,
            "enterprise": None,
            "callback_id": callback_id,
            "trigger_id": trigger.id,
            "response_url": self._address(url),
            "message_ts": message.ts,
            "message": self.world.shape(message),
        }
        return Interaction(payload=payload, trigger_id=trigger.id, url=url)

    def message_action(
        self, person: Account, message: Message, action: Json, typed: dict[tuple[str, str], Json]
    ) -> Interaction:
        """A click on an element of a message."""
        trigger = self.doors.trigger(person.id)
        url = self.doors.response_url("actions", person.id, message.channel_id, message)
        payload = self._actions(person, trigger.id, _container(message), action)
        payload |= {
            "channel": self._channel(message.channel_id),
            "state": {"values": values(message.blocks, typed)},
            "response_url": self._address(url),
        }
        if not message.ephemeral_to:
            payload["message"] = self.world.shape(message)
        return Interaction(payload=payload, trigger_id=trigger.id, url=url)

    def view_action(self, person: Account, view: View, action: Json) -> Interaction:
        """A click on an element of a form or Home tab."""
        trigger = self.doors.trigger(person.id, view_id=view.id)
        container: Json = {"type": "view", "view_id": view.id}
        payload = self._actions(person, trigger.id, container, action) | {"view": self.views.shape(view)}
        return Interaction(payload=payload, trigger_id=trigger.id)

    def submission(self, person: Account, view: View) -> Interaction:
        """A form sent off."""
        trigger = self.doors.trigger(person.id, view_id=view.id)
        payload = self._view_payload("view_submission", person, view)
        payload |= {"trigger_id": trigger.id, "response_urls": self._form_urls(person, view)}
        return Interaction(payload=payload, trigger_id=trigger.id)

    def closing(self, person: Account, view: View, *, cleared: bool) -> Interaction:
        """A form put away, for views that asked to be told."""
        payload = self._view_payload("view_closed", person, view)
        payload |= {"is_cleared": cleared, "response_urls": []}
        return Interaction(payload=payload, trigger_id="")

    def suggestion(
        self, person: Account, source: View | Message, block_id: str, action_id: str, typed: str
    ) -> Interaction:
        """Letters typed into an external select of a form, a Home tab or a message."""
        payload: Json = {
            "type": "block_suggestion",
            "user": self._user(person, "username", "name"),
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "action_id": action_id,
            "block_id": block_id,
            "value": typed,
            "team": self._team(),
            "enterprise": None,
            "is_enterprise_install": False,
            **self._asked_in(source),
        }
        return Interaction(payload=payload, trigger_id="")

    def _asked_in(self, source: View | Message) -> Json:
        if isinstance(source, View):
            return {"container": {"type": "view", "view_id": source.id}, "view": self.views.shape(source)}
        shown: Json = {} if source.ephemeral_to else {"message": self.world.shape(source)}
        return {"container": _container(source), "channel": self._channel(source.channel_id), **shown}

    def _form_urls(self, person: Account, view: View) -> list[Json]:
        found: list[Json] = []
        for block in view.blocks:
            element = block.get("element", {})
            if not element.get("response_url_enabled"):
                continue
            state = values([block], view.typed)[block["block_id"]][element["action_id"]]
            chosen = state.get("selected_conversation") or state.get("selected_channel")
            if chosen:
                url = self.doors.response_url("app", person.id, str(chosen))
                found.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": chosen,
                        "response_url": self._address(url),
                    }
                )
        return found

    def _actions(self, person: Account, trigger_id: str, container: Json, action: Json) -> Json:
        return {
            "type": "block_actions",
            "user": self._user(person, "username", "name"),
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "container": container,
            "trigger_id": trigger_id,
            "team": self._team(),
            "enterprise": None,
            "is_enterprise_install": False,
            "actions": [{**deepcopy(action), "action_ts": self.world.now_ts()}],
        }

    def _view_payload(self, kind: str, person: Account, view: View) -> Json:
        return {
            "type": kind,
            "team": self._team(),
            "user": self._user(person, "username", "name"),
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "view": self.views.shape(view),
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _team(self) -> Json:
        return {"id": TEAM_ID, "domain": self.world.domain}

    def _user(self, person: Account, *names: str) -> Json:
        return {"id": person.id, **dict.fromkeys(names, person.name), "team_id": person.team_id}

    def _channel(self, channel_id: str) -> Json:
        return {"id": channel_id, "name": self._shown_name(self.world.channels[channel_id])}

    def _shown_name(self, channel: Channel) -> str:
        return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)

    def _address(self, url: ResponseUrl) -> str:
        return f"{self.base_url}/response/{url.path}"


def _container(message: Message) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel_id,
        "is_ephemeral": bool(message.ephemeral_to),
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    return container
