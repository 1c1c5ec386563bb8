"""A team as its file says it, and forms as Slack would send them untouched."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import yaml

from bot.sandbox.slack.state import values
from bot.slack.calls import chosen
from bot.teams.file import read_text
from tests.teams.make import example

File = Mapping[str, Any]


def as_in_file(**changes: Any) -> dict[str, Any]:
    """The example's team in the file's own keys, every value as it is written there; None takes a key away."""
    team = cast(dict[str, Any], yaml.load(example(), yaml.BaseLoader)["teams"][0]) | changes
    return {key: value for key, value in team.items() if value is not None}


def settings_of(team: File) -> Mapping[str, Any]:
    """What the file's reader makes of it. Raises ConfigError."""
    return read_text(yaml.safe_dump({"teams": [team]}, allow_unicode=True), "teams.yml").settings[0]


def untouched(blocks: Sequence[Mapping[str, Any]], **typed: Any) -> dict[str, Any]:
    """What the form holds when it is sent as it opened, but for what is typed, by block id."""
    state = values([dict(block) for block in blocks], {})
    entered = {block_id: chosen(next(iter(found.values()))) for block_id, found in state.items()}
    assert typed.keys() <= entered.keys(), entered.keys()
    return entered | typed
