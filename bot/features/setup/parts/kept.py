"""How long what people wrote is kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.setup import ids
from bot.features.setup.part import Entered, Part, SaidTeam
from bot.slack.blocks import Block, input_block, text_input

_HINT = "Days, 30d to 3650d, such as 365d. Texts of what ended longer ago are erased for good; figures stay. Empty: kept."


def _fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    box = text_input(ids.FIELD, initial=said.get("retention") or "", max_length=6)
    return [input_block("Texts are kept for", box, "retention", optional=True, hint=_HINT)]


def _read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    return {"retention": entered.one("retention")}


def _summary(said: SaidTeam) -> str:
    kept = said.get("retention")
    return f"Texts go {kept} after the end" if kept else "Texts are kept"


KEPT = Part(
    key="kept", title="What is kept", keys=("retention",), summary=_summary, fields=_fields, read=_read
)
