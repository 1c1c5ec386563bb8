"""What comes in from Slack, as frozen values. Parsing only; nothing is decided here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.wire import inner, objects

_PRIVATE_NAMES = ("privategroup", "directmessage")


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who called, from where. `user_company` is the workspace of the person, `workspace_id` ours."""

    workspace_id: str
    user_id: str
    user_company: str | None = None
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Command(Call):
    """A slash command."""

    name: str
    text: str
    channel_id: str
    channel_name: str = ""
    trigger_id: str
    response_url: str | None = None

    @property
    def in_private(self) -> bool:
        """Whether it was typed where not everybody can read."""
        return is_private_place(self.channel_id, self.channel_name)


@dataclass(frozen=True, kw_only=True)
class Shortcut(Call):
    """A global shortcut, or a message shortcut (then `message` and `channel_id` are there)."""

    callback_id: str
    trigger_id: str
    channel_id: str | None = None
    channel_name: str = ""
    message: Mapping[str, Any] | None = None
    response_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class View:
    """The form that a call came from."""

    id: str
    callback_id: str
    private_metadata: str
    hash: str | None = None
    root_id: str | None = None
    state: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict[str, Any])
    blocks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action(Call):
    """A button, a menu or a select. `value` is what was chosen."""

    action_id: str
    block_id: str
    value: str
    action_ts: str
    trigger_id: str
    channel_id: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None
    is_ephemeral: bool = False
    view: View | None = None
    response_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Submission(Call):
    """A form that was sent."""

    callback_id: str
    view: View
    trigger_id: str

    def value(self, block_id: str) -> Any:
        """What was entered or chosen in this block: text, an option's value, an id, a date; None if empty."""
        for element in self.view.state.get(block_id, {}).values():
            return chosen(element)
        return None


@dataclass(frozen=True, kw_only=True)
class Options(Call):
    """A search in an external select."""

    action_id: str
    block_id: str
    value: str
    view: View | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event. `user_id` is missing where Slack names nobody."""

    workspace_id: str
    event_id: str
    type: str
    subtype: str | None
    user_id: str | None
    body: Mapping[str, Any]
    now: datetime


def is_private_place(channel_id: str, channel_name: str) -> bool:
    """Private channels, direct and group messages, as Slack names them in commands and shortcuts."""
    return channel_id[:1] in ("D", "G") or channel_name in _PRIVATE_NAMES or channel_name.startswith("mpdm-")


def chosen(element: Mapping[str, Any]) -> Any:
    """The value of an input element, whatever its type (Block Kit reference, `state.values`)."""
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return option.get("value")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    several = element.get("selected_options")
    if isinstance(several, list):
        return [option["value"] for option in several]  # pyright: ignore[reportUnknownVariableType]
    for name in ("value", "selected_user", "selected_channel", "selected_conversation", "selected_date",
                 "selected_time", "selected_date_time"):  # fmt: skip
        if element.get(name) is not None:
            return element[name]
    return None


def parse_command(body: Mapping[str, Any], now: datetime) -> Command:
    """From the form fields of a slash command."""
    return Command(
        workspace_id=body["team_id"],
        user_id=body["user_id"],
        name=body["command"],
        text=body.get("text") or "",
        channel_id=body.get("channel_id") or "",
        channel_name=body.get("channel_name") or "",
        trigger_id=body.get("trigger_id") or "",
        response_url=body.get("response_url"),
        now=now,
    )


def _who(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    user = body["user"]
    company = user.get("team_id")
    team = inner(body, "team")
    return {
        "workspace_id": team.get("id") or company or "",
        "user_id": user["id"],
        "user_company": company,
        "now": now,
    }


def parse_shortcut(body: Mapping[str, Any], now: datetime) -> Shortcut:
    """From a `shortcut` or `message_action` payload."""
    channel = inner(body, "channel")
    return Shortcut(
        **_who(body, now),
        callback_id=body["callback_id"],
        trigger_id=body.get("trigger_id") or "",
        channel_id=channel.get("id"),
        channel_name=channel.get("name") or "",
        message=body.get("message"),
        response_url=body.get("response_url"),
    )


def parse_view(view: Mapping[str, Any]) -> View:
    """From the `view` of a payload."""
    state = inner(view, "state")
    return View(
        id=view.get("id") or "",
        callback_id=view.get("callback_id") or "",
        private_metadata=view.get("private_metadata") or "",
        hash=view.get("hash"),
        root_id=view.get("root_view_id"),
        state=inner(state, "values"),
        blocks=tuple(objects(view, "blocks")),
    )


def parse_action(body: Mapping[str, Any], now: datetime) -> Action:
    """From a `block_actions` payload; the first action is the one that was used."""
    action = body["actions"][0]
    container = inner(body, "container")
    message = inner(body, "message")
    channel = inner(body, "channel")
    value = chosen(action)
    return Action(
        **_who(body, now),
        action_id=action.get("action_id") or "",
        block_id=action.get("block_id") or "",
        value=value if isinstance(value, str) else "",
        action_ts=action.get("action_ts") or "",
        trigger_id=body.get("trigger_id") or "",
        channel_id=channel.get("id") or container.get("channel_id"),
        message_ts=container.get("message_ts") or message.get("ts"),
        thread_ts=message.get("thread_ts") or container.get("thread_ts"),
        is_ephemeral=bool(container.get("is_ephemeral")),
        view=parse_view(body["view"]) if body.get("view") else None,
        response_url=body.get("response_url"),
    )


def parse_submission(body: Mapping[str, Any], now: datetime) -> Submission:
    """From a `view_submission` payload."""
    return Submission(
        **_who(body, now),
        callback_id=body["view"].get("callback_id") or "",
        view=parse_view(body["view"]),
        trigger_id=body.get("trigger_id") or "",
    )


def parse_options(body: Mapping[str, Any], now: datetime) -> Options:
    """From a `block_suggestion` payload."""
    return Options(
        **_who(body, now),
        action_id=body.get("action_id") or "",
        block_id=body.get("block_id") or "",
        value=body.get("value") or "",
        view=parse_view(body["view"]) if body.get("view") else None,
    )


def parse_event(body: Mapping[str, Any], now: datetime) -> Event:
    """From an `event_callback` envelope."""
    event = body["event"]
    user = event.get("user")
    if isinstance(user, Mapping):
        user = user.get("id")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return Event(
        workspace_id=body.get("team_id") or "",
        event_id=body.get("event_id") or "",
        type=event.get("type") or "",
        subtype=event.get("subtype"),
        user_id=user if isinstance(user, str) else None,
        body=event,
        now=now,
    )
