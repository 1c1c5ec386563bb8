"""What a channel may be for a team, and which keys of the teams file say so. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.core.errors import UserError
from bot.teams.domain import Team
from bot.teams.people import Person
from bot.teams.roster import Teams

ALL_CHECK_INS = "all"
NO_CHECK_INS = (
    "{team} has no check-in yet. Give it one first, in `/triage settings`, and choose this channel there."
)
CHANGED = "The check-ins of {team} have changed since. Invite me again, or change them in `/triage settings`."


class Use(StrEnum):
    """What the bot can be in a channel for."""

    TRIAGE = "triage"
    INTAKE = "intake"
    CHECK_INS = "check_ins"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Place:
    """A channel, and whether only those in it can read there."""

    channel: str
    private: bool


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of a choice. `file` names the teams file that pins the team, with `line` to be written there."""

    changed: bool
    file: str | None = None
    line: str = ""


def uses_of(teams: Teams, channel: str) -> list[tuple[Team, Use]]:
    """What this channel is already, for whom."""
    found: list[tuple[Team, Use]] = []
    for team in teams.active:
        if channel == team.triage_channel:
            found.append((team, Use.TRIAGE))
        if channel in team.intake_channels:
            found.append((team, Use.INTAKE))
        if any(plan.channel == channel for plan in team.standups):
            found.append((team, Use.CHECK_INS))
    return found


def led_by(teams: Teams, user_id: str, *, admin: bool) -> list[Team]:
    """The teams for which this person may say what a channel is."""
    return [team for team in teams.active if admin or team.lead == user_id]


def is_colleague(person: Person, workspace_id: str) -> bool:
    """Whether they may read who leads what: nobody of another company, no guest, and nobody whom Slack does not tell."""
    return person.is_known and not person.is_guest and not person.is_external(workspace_id)


def keys_for(use: Use, said: Mapping[str, Any], channel: str, which: str = ALL_CHECK_INS) -> dict[str, Any]:
    """The keys of the teams file that make this channel that, from `said`, the team as its file would say it.

    `which` is the number of one check-in in its order, or all of them. Raises UserError where there is none.
    """
    if use is Use.TRIAGE:
        left = [one for one in said.get("intake_channels") or () if one != channel]
        # A channel is one or the other: whoever moves the cards there no longer asks there.
        changed = (
            {"intake_channels": left or None} if len(left) != len(said.get("intake_channels") or ()) else {}
        )
        return {"triage_channel": channel, **changed}
    if use is Use.INTAKE:
        return {"intake_channels": [*(said.get("intake_channels") or ()), channel]}
    plans: Sequence[Mapping[str, Any]] = said.get("standups") or ()
    if not plans:
        raise UserError(NO_CHECK_INS.format(team=said["name"]))
    if which != ALL_CHECK_INS and not (which.isascii() and which.isdigit() and int(which) < len(plans)):
        raise UserError(CHANGED.format(team=said["name"]))
    return {
        "standups": [
            {**plan, "channel": channel} if which in (ALL_CHECK_INS, str(number)) else plan
            for number, plan in enumerate(plans)
        ]
    }


def line_in_file(use: Use, said: Mapping[str, Any], channel: str) -> str:
    """What whoever keeps the team's file writes there."""
    if use is Use.TRIAGE:
        return f"triage_channel: {channel}"
    if use is Use.INTAKE:
        return f"intake_channels: [{', '.join([*(said.get('intake_channels') or ()), channel])}]"
    return f"channel: {channel}"
