"""What the app's manifest grants: scopes, commands, shortcuts, events, domains. Validity against Slack's schema is tested elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.wire import is_list, object_in, objects_in


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command; with `should_escape` Slack turns names into ids in its text."""

    name: str
    should_escape: bool
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A global or message shortcut by the name people read."""

    name: str
    kind: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The manifest as the workspace uses it."""

    app_name: str
    bot_name: str
    scopes: frozenset[str]
    events: frozenset[str]
    commands: Mapping[str, Command]
    shortcuts: tuple[Shortcut, ...]
    interactive: bool
    home_tab: bool
    messages_tab: bool
    unfurl_domains: frozenset[str]


def read_manifest(document: Mapping[str, Any]) -> Manifest:
    """Read a manifest of schema version 1 or 2; sections that are absent grant nothing."""
    features = object_in(document.get("features"))
    settings = object_in(document.get("settings"))
    app_name = str(object_in(document.get("display_information")).get("name", "Bot"))
    scopes = object_in(object_in(document.get("oauth_config")).get("scopes")).get("bot")
    events = object_in(settings.get("event_subscriptions")).get("bot_events")
    home = object_in(features.get("app_home"))
    return Manifest(
        app_name=app_name,
        bot_name=str(object_in(features.get("bot_user")).get("display_name", app_name)),
        scopes=_names(scopes),
        events=_names(events),
        commands=_commands(features),
        shortcuts=_shortcuts(features),
        interactive=bool(object_in(settings.get("interactivity")).get("is_enabled", False)),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True))
        and not home.get("messages_tab_read_only_enabled"),
        unfurl_domains=_names(features.get("unfurl_domains")),
    )


def _names(value: Any) -> frozenset[str]:
    return frozenset(str(item) for item in value) if is_list(value) else frozenset()


def _commands(features: Mapping[str, Any]) -> dict[str, Command]:
    found = objects_in(features.get("slash_commands"))
    commands = (
        Command(
            name=str(c["command"]),
            should_escape=bool(c.get("should_escape", False)),
            description=str(c.get("description", "")),
            usage_hint=str(c.get("usage_hint", "")),
        )
        for c in found
    )
    return {command.name: command for command in commands}


def _shortcuts(features: Mapping[str, Any]) -> tuple[Shortcut, ...]:
    return tuple(
        Shortcut(
            name=str(found["name"]),
            kind=str(found["type"]),
            callback_id=str(found["callback_id"]),
            description=str(found.get("description", "")),
        )
        for found in objects_in(features.get("shortcuts"))
    )
