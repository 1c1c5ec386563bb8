"""The form of one part, of a new team, and where its problems stand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.features.setup import ids
from bot.features.setup.ids import Place
from bot.features.setup.part import Entered, Part, SaidTeam
from bot.features.setup.parts.basics import basics_fields, basics_read, members_fields, members_read
from bot.features.setup.parts.places import triage_field
from bot.features.setup.views import words
from bot.slack.blocks import Block, actions, button, divider, modal, section
from bot.slack.mrkdwn import escape
from bot.teams.edit import Kept, Problem

MOST_BLOCKS = 100
_NEW_HINT = "Everything else has a usual value, and can be changed afterwards."


def form(
    kept: Kept, part: Part, item: str, *, note: str = "", preview: Sequence[Block] = ()
) -> Mapping[str, Any]:
    """The part's fields as the team stands. Fields keep what was typed as long as they stay on the screen."""
    fields = list(part.fields(kept.said, item))
    has_inputs = any(block["type"] == "input" for block in fields)
    can_preview = part.preview is not None and has_inputs
    buttons = [
        *([button("Preview", ids.PREVIEW, ids.value())] if can_preview else []),
        button("Back", ids.BACK, ids.value()),
    ]
    shown = [*([section(note)] if note else []), *fields, *preview_of(preview)]
    memory = Place(team=kept.id, part=part.key, item=item, seen=kept.seen)
    return modal(
        callback_id=ids.PART_FORM,
        title=part.title if len(part.title) <= 24 else "Team settings",
        blocks=[*shown[: MOST_BLOCKS - 1], actions(*buttons)],
        submit="Save" if has_inputs else None,
        private_metadata=memory.packed(),
    )


def preview_of(found: Sequence[Block]) -> list[Block]:
    """What it would mean, below the fields."""
    return [divider(), *found] if found else []


def new_team(user_id: str, zone: str) -> Mapping[str, Any]:
    """The form for a new team, begun with the person and their own time zone."""
    begun: SaidTeam = {"lead": user_id, "timezone": zone or "UTC", "members": [user_id]}
    fields = [
        *basics_fields(begun, is_new=True),
        *members_fields(begun),
        triage_field(begun),
        section(_NEW_HINT),
    ]
    return modal(callback_id=ids.NEW_FORM, title="New team", blocks=fields, submit="Set up")


def read_new_team(entered: Entered) -> dict[str, Any]:
    """What the teams file would say of it; what was left empty is None."""
    return {
        **basics_read(entered, {}),
        **members_read(entered, {}),
        "triage_channel": entered.one("triage_channel"),
    }


def inputs_of(shown: Iterable[Mapping[str, Any]]) -> list[str]:
    """The block ids of a form's inputs, from top to bottom."""
    return [str(block["block_id"]) for block in shown if block.get("type") == "input" and "block_id" in block]


def beside_fields(problems: Sequence[Problem], fields: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Each problem beside the field that holds its key, or the nearest key above it; what has none beside the first."""
    found: dict[str, str] = {}
    for problem in problems:
        field = _field_of(problem.path, fields) or fields[0]
        sentence = words.told(problem.words)
        if problem.key not in keys:
            sentence = f"{words.spoken(problem.key).capitalize()}: {sentence}"
        found[field] = f"{found[field]} {sentence}." if field in found else f"{sentence}."
    return found


def _field_of(path: str, fields: Sequence[str]) -> str | None:
    while path:
        if path in fields:
            return path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return None


def problems_note(problems: Sequence[Problem]) -> str:
    """The same above the fields, where Slack has no place beside them."""
    lines = [f"• {words.spoken(problem.key)}: {words.told(problem.words)}" for problem in problems]
    return ":warning: *This cannot be saved yet:*\n" + escape("\n".join(lines))
