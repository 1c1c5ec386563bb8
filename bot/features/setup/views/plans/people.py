"""The form for the public holidays of one person. Keys as in the teams file."""

from collections.abc import Mapping
from typing import Any

from bot.features.setup.views.plans.own_words import listed, words
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape

KEY = "people"
NOBODY = "The team's holidays count for everybody"
# One, nobody, several.
COUNTED = ("person with holidays of their own", NOBODY, "people with holidays of their own")


def places(user_id: str | None) -> Mapping[str, str]:
    """Where the fields stand in the teams file. Of somebody new the file has no place yet: their codes hold them all."""
    path = f"{KEY}.{user_id}" if user_id else KEY
    return {"person": f"{KEY}.who", "holidays": path}


def line(user_id: str, person: Mapping[str, Any]) -> str:
    """Whose holidays are this person's, as mrkdwn."""
    places = ", ".join(str(one) for one in listed(person.get("holidays")))
    return f"<@{escape(user_id)}>: holidays of {escape(places)}"


def fields(user_id: str | None, person: Mapping[str, Any]) -> list[Block]:
    """The form's fields; without a person, for somebody new."""
    places = ", ".join(str(one) for one in listed(person.get("holidays")))
    field = blocks.text_input("holidays", initial=places, max_length=60, placeholder="PL, or DE-BY")
    who = (
        blocks.section(f"<@{escape(user_id)}>")
        if user_id
        else blocks.input_block("Who", blocks.user_select("person"), "person")
    )
    return [
        who,
        blocks.input_block(
            "Public holidays", field, "holidays", hint="Country codes: PL, or DE-BY for a region."
        ),
    ]


def read(entered: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    """What the file would say of the person; keys that have no field stay."""
    return {**person, "holidays": words(entered.get("holidays"))}
