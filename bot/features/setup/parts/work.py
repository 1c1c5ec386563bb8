"""What a team's requests are about, who gets them, and how soon."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.setup import ids
from bot.features.setup.part import Entered, Part, SaidTeam
from bot.features.setup.parts.basics import LONGEST_TEXT, TOO_LONG
from bot.features.setup.parts.outlook import promised
from bot.slack.blocks import Block, context, input_block, text_input
from bot.slack.inputs import radio
from bot.slack.mrkdwn import escape
from bot.teams.domain import Priority, SplitOfWork
from bot.teams.file_parts import CLAIM_WITHIN

IDLE = "3d"
_ONE_PER_LINE = "One on each line, such as Billing. A request may name one, and rules may go by it."
_SPLITS = {
    SplitOfWork.PULL: "Whoever claims it",
    SplitOfWork.ON_DUTY: "The person on duty (needs a rotation)",
    SplitOfWork.ROUND_ROBIN: "One after the other",
    SplitOfWork.LEAD_ASSIGNS: "The lead says who",
}
_LENGTH = "Minutes, hours or days, such as 15m, 4h or 2d."


def _components_fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    typed = "\n".join(said.get("components", []))
    if len(typed) > LONGEST_TEXT:
        return [context(TOO_LONG.format(what="The components"))]
    box = text_input(ids.FIELD, initial=typed, multiline=True)
    return [input_block("Components", box, "components", optional=True, hint=_ONE_PER_LINE)]


def _components_read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    # A form without the field says nothing of it.
    return {"components": entered.lines("components") or None} if entered.has("components") else {}


SHOWN = 10


def _components_summary(said: SaidTeam) -> str:
    names = said.get("components", [])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return escape(", ".join(names[:SHOWN])) + more if names else "None: requests name none"


def _split_fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    choices = [(label, str(split)) for split, label in _SPLITS.items()]
    chosen = radio(ids.FIELD, choices, initial=said.get("split_of_work", SplitOfWork.PULL))
    most = text_input(ids.FIELD, initial=str(said.get("max_open") or ""), max_length=4)
    hint = "Nobody is given more open requests than this. Empty: no limit."
    return [
        input_block("Who gets a new request", chosen, "split_of_work"),
        input_block("At most open", most, "max_open", optional=True, hint=hint),
    ]


def _split_read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    return {"split_of_work": entered.one("split_of_work"), "max_open": entered.one("max_open")}


def _split_summary(said: SaidTeam) -> str:
    most = said.get("max_open")
    limit = f" · at most {most} open each" if most else ""
    return _SPLITS[SplitOfWork(said.get("split_of_work", SplitOfWork.PULL))] + limit


def _promises_fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    within = _within(said)
    found = [
        input_block(
            f"{priority.label}: claimed within",
            text_input(ids.FIELD, initial=within[priority], max_length=6),
            f"claim_within.{priority}",
            hint=_LENGTH if priority is Priority.URGENT else "",
        )
        for priority in Priority
    ]
    idle = text_input(ids.FIELD, initial=said.get("idle_claim", IDLE), max_length=4)
    hint = "Working days, such as 3d: then whoever claimed it is asked whether it goes on."
    return [*found, input_block("A claim may rest for", idle, "idle_claim", hint=hint)]


def _within(said: SaidTeam) -> dict[str, str]:
    return {**{str(key): length for key, length in CLAIM_WITHIN.items()}, **said.get("claim_within", {})}


def _promises_read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    within = {str(key): entered.one(f"claim_within.{key}") for key in Priority}
    return {
        "claim_within": {key: length for key, length in within.items() if length},
        "idle_claim": entered.one("idle_claim"),
    }


def _promises_summary(said: SaidTeam) -> str:
    within = _within(said)
    lengths = ", ".join(f"{priority.label} {within[priority]}" for priority in Priority)
    return f"Claimed within: {lengths} · a claim may rest for {said.get('idle_claim', IDLE)}"


COMPONENTS = Part(
    key="components",
    title="Components",
    keys=("components",),
    summary=_components_summary,
    fields=_components_fields,
    read=_components_read,
)
SPLIT = Part(
    key="split",
    title="Who gets new requests",
    keys=("split_of_work", "max_open"),
    summary=_split_summary,
    fields=_split_fields,
    read=_split_read,
)
PROMISES = Part(
    key="promises",
    title="How soon",
    keys=("claim_within", "idle_claim"),
    summary=_promises_summary,
    fields=_promises_fields,
    read=_promises_read,
    preview=promised,
)
