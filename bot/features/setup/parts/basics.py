"""What a team is called, who leads it, by which clock it lives, and who belongs to it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.features.setup import ids
from bot.features.setup.part import Entered, Part, SaidTeam
from bot.slack import inputs
from bot.slack.blocks import OPTION, Block, context, input_block, text_input, user_select
from bot.slack.mrkdwn import escape

LONGEST_KEY = 40
# Slack's inputs hold no more (Block Kit reference, "Plain-text input"); cut there, the rest would be lost on saving.
LONGEST_TEXT = 3000
TOO_LONG = (
    "{what} are too many for a form and stay as they are. `frontdesk export teams` shows them, "
    "`frontdesk apply` changes them."
)
_GROUP_HINT = "An id such as S0PAYMENTS, from the group's page in the directory. In place of single people."


def basics_fields(said: SaidTeam, _item: str = "", *, is_new: bool = False) -> Sequence[Block]:
    """Name, key, lead and time zone. The key of a new team may be left out: `basics_read` makes one of the name."""
    zone = said.get("timezone")
    name = text_input(ids.FIELD, initial=said.get("name") or "", max_length=OPTION)
    key = text_input(ids.FIELD, initial=said.get("key") or "", max_length=LONGEST_KEY)
    clock = inputs.search_select(
        ids.ZONE, initial=(zone, zone) if zone else None, placeholder="Type a city, such as Kyiv"
    )
    hint = "The word in commands: /ask-team payments Refund stuck. Letters a-z, digits and -."
    hint += " Left empty, it is made from the name." if is_new else ""
    return [
        input_block("Name", name, "name"),
        input_block("Key", key, "key", hint=hint, optional=is_new),
        input_block("Lead", user_select(ids.FIELD, said.get("lead")), "lead"),
        input_block("Time zone", clock, "timezone", hint="Hours, promises and turns are on this clock."),
    ]


def basics_read(entered: Entered, _said: SaidTeam, _item: str = "") -> Mapping[str, Any]:
    name = entered.one("name")
    key = (entered.one("key") or key_of(name or "")).lower()
    return {
        "name": name,
        "key": key or None,
        "lead": entered.one("lead"),
        "timezone": entered.one("timezone"),
    }


def key_of(name: str) -> str:
    """A key made of a name: `Data & Search` is `data-search`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_KEY]


def _basics_summary(said: SaidTeam) -> str:
    return f"{escape(said['name'])} (`{said['key']}`) · led by <@{said['lead']}> · {said['timezone']}"


def members_fields(said: SaidTeam, _item: str = "") -> Sequence[Block]:
    """Single people, or a user group."""
    people = inputs.people(ids.FIELD, initial=said.get("members") or ())
    group = text_input(ids.FIELD, initial=said.get("user_group") or "", max_length=40)
    return [
        input_block("People", people, "members", optional=True),
        input_block("Or a user group", group, "user_group", optional=True, hint=_GROUP_HINT),
        context("Whoever belongs to the team may claim, change and resolve its requests. So may its lead."),
    ]


def members_read(entered: Entered, _said: SaidTeam, _item: str = "") -> Mapping[str, Any]:
    return {"members": entered.several("members") or None, "user_group": entered.one("user_group")}


SHOWN = 8


def people(user_ids: Sequence[str]) -> str:
    """The first of these people, and how many more there are."""
    shown = ", ".join(f"<@{user_id}>" for user_id in user_ids[:SHOWN])
    return shown + (f" and {len(user_ids) - SHOWN} more" if len(user_ids) > SHOWN else "")


def _members_summary(said: SaidTeam) -> str:
    if group := said.get("user_group"):
        return f"Whoever is in <!subteam^{group}>"
    return people(said["members"])


BASICS = Part(
    key="basics",
    title="Name, lead, time zone",
    keys=("key", "name", "lead", "timezone"),
    summary=_basics_summary,
    fields=basics_fields,
    read=basics_read,
)
MEMBERS = Part(
    key="members",
    title="Who belongs to it",
    keys=("members", "user_group"),
    summary=_members_summary,
    fields=members_fields,
    read=members_read,
)
