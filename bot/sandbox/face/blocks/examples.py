"""Examples of every block and element, from `examples.yml`: each on a surface where Slack takes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.slack.ids import Serials
from bot.sandbox.slack.state import with_ids
from bot.sandbox.slack.wire import Json

FILE = Path(__file__).with_name("examples.yml")
_ROWS = ("actions", "context_actions")


@dataclass(frozen=True, kw_only=True)
class Example:
    """One block as a bot sends it, and as it is kept once Slack gave it ids.

    `kind` is what it is an example of; `group` is blocks, elements or unknown; `complaints` is as in `Surface`.
    """

    kind: str
    group: str
    words: str
    surface: str
    sent: Json
    kept: Json
    complaints: Mapping[str, str] = field(default_factory=dict[str, str])


def examples() -> list[Example]:
    """All examples, in the order of the page. Every block has an id of its own."""
    serials = Serials()
    groups: dict[str, list[Json]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [_example(group, given, serials) for group, listed in groups.items() for given in listed]


def _example(group: str, given: Json, serials: Serials) -> Example:
    sent = given["block"] if "block" in given else _around(given)
    kept = with_ids([sent], serials)[0]
    words = {str(kept["block_id"]): str(given["complaint"])} if "complaint" in given else {}
    return Example(
        kind=str(given["kind"]),
        group=group,
        words=str(given["words"]),
        surface=str(given.get("surface", "message")),
        sent=sent,
        kept=kept,
        complaints=words,
    )


def _around(given: Json) -> Json:
    """The block in which an example's element stands."""
    kind, element = str(given["in"]), given["element"]
    if kind in _ROWS:
        return {"type": kind, "elements": [element]}
    if kind == "section":
        text: Any = {"type": "mrkdwn", "text": str(given["words"])}
        return {"type": kind, "text": text, "accessory": element}
    label = {"type": "plain_text", "text": str(given["label"])}
    dispatched = {"dispatch_action": True} if given.get("dispatch") else {}
    return {"type": "input", "label": label, "element": element, **dispatched}
