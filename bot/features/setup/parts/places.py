"""Where a team is met, and when it works."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.calendar import WEEKDAY_NAMES, parse_weekdays
from bot.features.setup import ids
from bot.features.setup.part import Entered, Part, SaidTeam
from bot.features.setup.parts.outlook import promised
from bot.slack import inputs
from bot.slack.blocks import Block, input_block, text_input
from bot.slack.mrkdwn import escape
from bot.teams.file_parts import USUAL_HOURS

_CARDS = "One card for each request. Invite me to it."
_CARDS_MOVE = "One card for each request. Cards that are there already stay where they are. Invite me to it."
_INTAKE = "Each new message there becomes a request. Guests may ask there too. Invite me to them."
_ANYWHERE = ("Wherever I am", "anywhere")
_ONLY = ("Only in these channels", "only")
_SEVERAL = re.compile(r"[\s,;]+")


def triage_field(said: SaidTeam) -> Block:
    """The channel of the team's cards."""
    now = said.get("triage_channel") or ""
    chosen = inputs.channel(ids.FIELD, initial=now)
    return input_block("Triage channel", chosen, "triage_channel", hint=_CARDS_MOVE if now else _CARDS)


def _channels_fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    intake = inputs.channels(ids.FIELD, initial=said.get("intake_channels") or ())
    emoji = text_input(ids.FIELD, initial=said.get("ticket_emoji", "ticket"), max_length=100)
    only = said.get("ticket_emoji_channels")
    where = inputs.radio(ids.FIELD, [_ANYWHERE, _ONLY], initial=_ANYWHERE[1] if only is None else _ONLY[1])
    places = inputs.channels(ids.FIELD, initial=only or ())
    return [
        triage_field(said),
        input_block("Intake channels", intake, "intake_channels", optional=True, hint=_INTAKE),
        input_block("Emoji that files a message", emoji, "ticket_emoji", hint="Its name, such as ticket."),
        input_block("Where the emoji works", where, "ticket_emoji_where"),
        input_block("These channels", places, "ticket_emoji_channels", optional=True),
    ]


def _channels_read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    only = entered.one("ticket_emoji_where") == _ONLY[1]
    return {
        "triage_channel": entered.one("triage_channel"),
        "intake_channels": entered.several("intake_channels") or None,
        "ticket_emoji": entered.one("ticket_emoji"),
        "ticket_emoji_channels": entered.several("ticket_emoji_channels") if only else None,
    }


def channels(channel_ids: Sequence[str]) -> str:
    """These channels, as Slack links them."""
    return ", ".join(f"<#{channel_id}>" for channel_id in channel_ids)


def _channels_summary(said: SaidTeam) -> str:
    intake, only = said.get("intake_channels"), said.get("ticket_emoji_channels")
    parts = [f"Cards in <#{said['triage_channel']}>"]
    parts += [f"asked in {channels(intake)}"] if intake else []
    where = "" if only is None else f" in {channels(only) or 'no channel'}"
    return " · ".join([*parts, f":{escape(said.get('ticket_emoji', 'ticket'))}: files a message{where}"])


def _hours_fields(said: SaidTeam, _item: str) -> Sequence[Block]:
    hours = {**USUAL_HOURS, **said.get("working_hours", {})}
    week = [(name, name[:3].lower()) for name in WEEKDAY_NAMES]
    chosen = [week[day][1] for day in sorted(parse_weekdays(hours["days"]))]
    begins = text_input(ids.FIELD, initial=hours["from"], max_length=5)
    ends = text_input(ids.FIELD, initial=hours["to"], max_length=5)
    holidays = text_input(ids.FIELD, initial=", ".join(said.get("holidays", [])), placeholder="UA, DE-BY")
    hint = "Public holidays there are days off: UA, or DE-BY for a region; several with commas."
    return [
        input_block("Working days", inputs.checkboxes(ids.FIELD, week, initial=chosen), "working_hours.days"),
        input_block("The day begins", begins, "working_hours.from", hint="Such as 09:00."),
        input_block("The day ends", ends, "working_hours.to", hint="Such as 18:00; 24:00 is midnight."),
        input_block("Holidays of", holidays, "holidays", optional=True, hint=hint),
    ]


def _hours_read(entered: Entered, _said: SaidTeam, _item: str) -> Mapping[str, Any]:
    hours = {
        "days": ",".join(entered.several("working_hours.days")) or None,
        "from": entered.one("working_hours.from"),
        "to": entered.one("working_hours.to"),
    }
    return {"working_hours": hours, "holidays": several(entered.one("holidays")) or None}


def several(text: str | None) -> list[str]:
    """Words with blanks or commas between them."""
    return [word for word in _SEVERAL.split(text or "") if word]


def _hours_summary(said: SaidTeam) -> str:
    hours = {**USUAL_HOURS, **said.get("working_hours", {})}
    holidays = ", ".join(said.get("holidays", []))
    off = f" · holidays of {holidays} are days off" if holidays else ""
    return f"{hours['days']}, {hours['from']} to {hours['to']}{off}"


CHANNELS = Part(
    key="channels",
    title="Channels",
    keys=("triage_channel", "intake_channels", "ticket_emoji", "ticket_emoji_channels"),
    summary=_channels_summary,
    fields=_channels_fields,
    read=_channels_read,
)
HOURS = Part(
    key="hours",
    title="Hours and holidays",
    keys=("working_hours", "holidays"),
    summary=_hours_summary,
    fields=_hours_fields,
    read=_hours_read,
    preview=promised,
)
