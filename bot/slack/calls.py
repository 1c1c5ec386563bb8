"""What comes in from Slack, as frozen values. Parsing only; nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.wire import inner, objects

_PRIVATE_NAMES = ("privategroup", "directmessage")
_EVENT_WORDS = ("ts", "thread_ts", "deleted_ts", "subtype", "text", "channel_type", "reaction")


class Malformed(Exception):
    """A call that is not as Slack makes them; the text names the piece."""


_END_OF_TIME = 253_402_300_800


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
    """The form that a call came from, or the Home tab (`is_home`)."""

    id: str
    callback_id: str
    is_home: bool = False
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
    """An event. `user_id` is missing where Slack names nobody; `with_others`: people of another company read along.

    `happened_at` is Slack's own time of it, in seconds since 1970; None where Slack does not tell.
    """

    workspace_id: str
    event_id: str
    type: str
    subtype: str | None
    user_id: str | None
    body: Mapping[str, Any]
    now: datetime
    with_others: bool = False
    happened_at: int | None = None


def is_private_place(channel_id: str, channel_name: str) -> bool:
    """Private channels, direct and group messages, as Slack names them in commands and shortcuts."""
    return channel_id[:1] in ("D", "G") or channel_name in _PRIVATE_NAMES or channel_name.startswith("mpdm-")


def chosen(element: Mapping[str, Any]) -> Any:
    """The value of an input element, whatever its type (Block Kit reference, `state.values`)."""
    if option := inner(element, "selected_option"):
        return text_in(option, "value")
    if "selected_options" in element:
        return [text_in(option, "value") for option in objects(element, "selected_options")]
    for name in ("selected_users", "selected_channels", "selected_conversations"):
        if name in element:
            return _ids_in(element, name)
    for name in ("value", "selected_user", "selected_channel", "selected_conversation", "selected_date",
                 "selected_time"):  # fmt: skip
        if element.get(name) is not None:
            return text_in(element, name)
    return element.get("selected_date_time")


def _ids_in(element: Mapping[str, Any], name: str) -> list[str]:
    found: Sequence[Any] = element[name] or []
    ids = [one for one in found if isinstance(one, str)]
    if not isinstance(found, list) or len(ids) < len(found):
        raise Malformed(name)
    return ids


def text_in(body: Mapping[str, Any], name: str) -> str | None:
    """The text under this name; None where there is none. Raises Malformed for anything else."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(name)
    return value


def _needed(body: Mapping[str, Any], name: str) -> str:
    value = text_in(body, name)
    if not value:
        raise Malformed(name)
    return value


def parse_command(body: Mapping[str, Any], now: datetime) -> Command:
    """From the form fields of a slash command. Raises Malformed."""
    return Command(
        workspace_id=_needed(body, "team_id"),
        user_id=_needed(body, "user_id"),
        name=_needed(body, "command"),
        text=text_in(body, "text") or "",
        channel_id=text_in(body, "channel_id") or "",
        channel_name=text_in(body, "channel_name") or "",
        trigger_id=text_in(body, "trigger_id") or "",
        response_url=text_in(body, "response_url"),
        now=now,
    )


def _who(body: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    user = inner(body, "user")
    company = text_in(user, "team_id")
    return {
        "workspace_id": text_in(inner(body, "team"), "id") or company or "",
        "user_id": _needed(user, "id"),
        "user_company": company,
        "now": now,
    }


def parse_shortcut(body: Mapping[str, Any], now: datetime) -> Shortcut:
    """From a `shortcut` or `message_action` payload. Raises Malformed."""
    channel = inner(body, "channel")
    message = inner(body, "message")
    _check_words(message)
    return Shortcut(
        **_who(body, now),
        callback_id=_needed(body, "callback_id"),
        trigger_id=text_in(body, "trigger_id") or "",
        channel_id=text_in(channel, "id"),
        channel_name=text_in(channel, "name") or "",
        message=message or None,
        response_url=text_in(body, "response_url"),
    )


def parse_view(view: Mapping[str, Any]) -> View:
    """From the `view` of a payload. Raises Malformed."""
    values = inner(inner(view, "state"), "values")
    for block in values:
        for action in inner(values, block):
            chosen(inner(inner(values, block), action))
    return View(
        id=text_in(view, "id") or "",
        is_home=view.get("type") == "home",
        callback_id=text_in(view, "callback_id") or "",
        private_metadata=text_in(view, "private_metadata") or "",
        hash=text_in(view, "hash"),
        root_id=text_in(view, "root_view_id"),
        state={
            block: {action: inner(inner(values, block), action) for action in inner(values, block)}
            for block in values
        },
        blocks=tuple(objects(view, "blocks")),
    )


def parse_action(body: Mapping[str, Any], now: datetime) -> Action:
    """From a `block_actions` payload; the first action is the one that was used. Raises Malformed."""
    action = next(iter(objects(body, "actions")), None)
    if action is None:
        raise Malformed("actions")
    container = inner(body, "container")
    message = inner(body, "message")
    channel = inner(body, "channel")
    value = chosen(action)
    return Action(
        **_who(body, now),
        action_id=_needed(action, "action_id"),
        block_id=text_in(action, "block_id") or "",
        value=value if isinstance(value, str) else "",
        action_ts=text_in(action, "action_ts") or "",
        trigger_id=text_in(body, "trigger_id") or "",
        channel_id=text_in(channel, "id") or text_in(container, "channel_id"),
        message_ts=text_in(container, "message_ts") or text_in(message, "ts"),
        thread_ts=text_in(message, "thread_ts") or text_in(container, "thread_ts"),
        is_ephemeral=bool(container.get("is_ephemeral")),
        view=_view_in(body),
        response_url=text_in(body, "response_url"),
    )


def _view_in(body: Mapping[str, Any]) -> View | None:
    view = inner(body, "view")
    return parse_view(view) if view else None


def parse_submission(body: Mapping[str, Any], now: datetime) -> Submission:
    """From a `view_submission` payload. Raises Malformed."""
    view = _view_in(body)
    if view is None:
        raise Malformed("view")
    return Submission(
        **_who(body, now),
        callback_id=view.callback_id,
        view=view,
        trigger_id=text_in(body, "trigger_id") or "",
    )


def parse_options(body: Mapping[str, Any], now: datetime) -> Options:
    """From a `block_suggestion` payload. Raises Malformed."""
    return Options(
        **_who(body, now),
        action_id=_needed(body, "action_id"),
        block_id=text_in(body, "block_id") or "",
        value=text_in(body, "value") or "",
        view=_view_in(body),
    )


def parse_event(body: Mapping[str, Any], now: datetime) -> Event:
    """From an `event_callback` envelope. Raises Malformed."""
    event = inner(body, "event")
    for told in (event, inner(event, "message"), inner(event, "previous_message")):
        _check_words(told)
    user = event.get("user")
    return Event(
        workspace_id=text_in(body, "team_id") or "",
        event_id=_needed(body, "event_id"),
        type=_needed(event, "type"),
        subtype=text_in(event, "subtype"),
        # A changed profile comes whole, everybody else as an id.
        user_id=text_in(inner(event, "user"), "id") if isinstance(user, Mapping) else text_in(event, "user"),
        body=event,
        now=now,
        with_others=body.get("is_ext_shared_channel") is True,
        happened_at=_seconds(body.get("event_time")),
    )


def _seconds(value: object) -> int | None:
    # Whatever no calendar reaches is as good as not told.
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _END_OF_TIME:
        return None
    return value


def _check_words(message: Mapping[str, Any]) -> None:
    # Listeners read these from the message itself.
    for name in _EVENT_WORDS:
        text_in(message, name)
