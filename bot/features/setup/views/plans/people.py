"""The form for the public holidays of one person. Keys as in the teams file."""

from collections.abc import Mapping
from typing import Any

from bot.features.setup.views.plans.own_words import listed, words
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape

KEY = "people"


def line(user_id: str, person: Mapping[str, Any]) -> str:
    """Whose holidays are this person's, as mrkdwn."""
    return f"<@{escape(user_id)}>: holidays of {escape(', '.join(str(one) for one in listed(person.get('holidays'))))}"


def fields(user_id: str, person: Mapping[str, Any]) -> list[Block]:
    """The form's fields; without a person, for somebody new."""
    places = ", ".join(str(one) for one in listed(person.get("holidays")))
    field = blocks.text_input("holidays", initial=places, max_length=60, placeholder="PL, or DE-BY")
    who = blocks.input_block("Who", blocks.user_select("person", user_id or None), "person")
    return [
        who,
        blocks.input_block(
            "Public holidays", field, "holidays", hint="Country codes: PL, or DE-BY for a region."
        ),
    ]


def read(entered: Mapping[str, Any], person: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Who it is about, and what the file would say of them; keys that have no field stay."""
    return str(entered.get("person") or ""), {**person, "holidays": words(entered.get("holidays"))}


def field_of(path: str) -> str:
    """The field beside which a problem of this key is told."""
    return "holidays" if "holidays" in path else "person"
