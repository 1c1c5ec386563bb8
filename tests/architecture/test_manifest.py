"""The manifest offers what the code does, and asks for no more than the code needs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from bot.bootstrap import Product
from bot.teams import words
from tests.support.slack_use import (
    SCOPES_OF_EVENTS,
    SCOPES_OF_FIELDS,
    SCOPES_OF_METHODS,
    fields_read,
    methods_called,
)


def test_slack_would_take_the_manifest(manifest: Mapping[str, Any], specs: Path) -> None:
    schema = json.loads((specs / "slack/manifest/manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []


def test_the_schema_would_refuse_a_mistake(manifest: Mapping[str, Any], specs: Path) -> None:
    schema = json.loads((specs / "slack/manifest/manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    broken = {**manifest, "setings": {}, "display_information": {"name": "x" * 36}}
    assert not Draft7Validator(schema).is_valid(broken)


async def test_every_command_has_a_listener_and_the_other_way_round(
    product: Product, manifest: Mapping[str, Any]
) -> None:
    offered = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert offered == {name for feature in product.features for name in feature.commands}


def test_every_command_gets_mentions_resolved_and_tells_its_words(manifest: Mapping[str, Any]) -> None:
    told = {command["command"]: command["usage_hint"] for command in manifest["features"]["slash_commands"]}
    assert told == {vocabulary.command: vocabulary.usage_hint for vocabulary in words.ALL}
    assert all(command["should_escape"] is True for command in manifest["features"]["slash_commands"])


async def test_every_shortcut_has_a_listener_and_the_other_way_round(
    product: Product, manifest: Mapping[str, Any]
) -> None:
    offered = {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]}
    assert offered == {name for feature in product.features for name in feature.shortcuts}


async def test_every_event_has_a_listener_and_the_other_way_round(
    product: Product, manifest: Mapping[str, Any]
) -> None:
    asked = {name.split(".")[0] for name in manifest["settings"]["event_subscriptions"]["bot_events"]}
    heard = {name for feature in product.features for name in feature.events}
    assert asked == heard


def test_the_scopes_are_those_that_the_code_needs(manifest: Mapping[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}
    needed |= {scope for event in events for scope in SCOPES_OF_EVENTS[event]}
    needed |= {scope for method in methods_called() for scope in SCOPES_OF_METHODS[method]}
    needed |= {scope for field in fields_read() for scope in SCOPES_OF_FIELDS[field]}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed


def test_scopes_and_events_are_sorted_and_named_once(manifest: Mapping[str, Any]) -> None:
    for names in (
        manifest["oauth_config"]["scopes"]["bot"],
        manifest["settings"]["event_subscriptions"]["bot_events"],
    ):
        assert names == sorted(set(names))


def test_the_permissions_page_explains_every_scope(manifest: Mapping[str, Any]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert [scope for scope in manifest["oauth_config"]["scopes"]["bot"] if f"`{scope}`" not in page] == []
