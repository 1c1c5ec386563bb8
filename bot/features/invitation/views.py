"""What the bot asks whoever invited it, what it answers, and what the team reads; the names that travel in buttons."""

from collections.abc import Sequence

from bot.core.errors import UserError
from bot.features.invitation.domain import ALL_CHECK_INS, Done, Place, Use
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team

USE = "invitation.use"
TEAM = "invitation.team"
AGREE = "invitation.agree"
WHICH = "invitation.which"
BUTTONS = 4
MOST_NAMED = 5

_OLD = "This button is from another time. Take me out of the channel and invite me again, and I ask anew."
_LABELS = {
    Use.TRIAGE: "Triage channel",
    Use.INTAKE: "Intake channel",
    Use.CHECK_INS: "Check-ins",
    Use.NOTHING: "Nothing of these",
}
_IS = {
    Use.TRIAGE: "the triage channel of {team}: its cards come here",
    Use.INTAKE: "an intake channel of {team}: every message here becomes a request to it",
    Use.CHECK_INS: "where check-ins of {team} are summed up",
}
STILL = "Mention me, or use a team's emoji on a message, and I file it. `/ask-team` works here as everywhere."
PRIVATE = {
    Use.TRIAGE: "This channel is private. Everybody in it will read every request to {team}, also what comes from "
    "private places.",
    Use.INTAKE: "This channel is private. What is written here will be read by everybody in the triage channel of {team}.",
    Use.CHECK_INS: "This channel is private: only those in it will read the summaries.",
}


def value(place: Place, *parts: object) -> str:
    """What a button carries: a version, the place, then other parts."""
    return ":".join(["v1", place.channel, str(int(place.private)), *(str(part) for part in parts)])


def parts_of(text: str, count: int) -> tuple[Place, list[str]]:
    """The place in a button's value and the other parts. Raises UserError for a value that is not known."""
    version, *parts = text.split(":")
    if version != "v1" or len(parts) != count + 2 or parts[1] not in ("0", "1"):
        raise UserError(_OLD)
    return Place(parts[0], parts[1] == "1"), parts[2:]


def use_in(text: str) -> Use:
    """The use that a value names. Raises UserError."""
    if text not in list(Use):
        raise UserError(_OLD)
    return Use(text)


def team_in(text: str) -> int:
    """The team's id in a value. Raises UserError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise UserError(_OLD)
    return int(text)


def ask(place: Place, teams: Sequence[Team]) -> Message:
    """What for? To somebody who leads these teams."""
    whose = escape(teams[0].name) if len(teams) == 1 else "a team of yours"
    text = (
        f"Thank you for inviting me. What is this channel for {whose}?\n"
        "• *Triage channel*: the cards of all requests come here, for those who work on them\n"
        "• *Intake channel*: every message that somebody writes here becomes a request\n"
        "• *Check-ins*: the summaries of check-ins are posted here"
    )
    buttons = [
        blocks.button(label, f"{USE}.{number}", value(place, use.value))
        for number, (use, label) in enumerate(_LABELS.items())
    ]
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(*buttons)])


def serves(found: Sequence[tuple[Team, Use]]) -> Message:
    """The channel has its use already."""
    uses = [_IS[use].format(team=escape(team.name)) for team, use in found[:MOST_NAMED]]
    return _said(f"Thank you for inviting me. This is {'; and '.join(uses)}.")


def serves_nameless(found: Sequence[tuple[Team, Use]]) -> Message:
    """The same for somebody who is not told which teams there are."""
    uses = dict.fromkeys(_IS[use].format(team="a team") for _, use in found)
    return _said(f"Thank you for inviting me. This is {'; and '.join(uses)}.")


def to_a_stranger() -> Message:
    """To a guest, or somebody of another company: no team and no person is named."""
    return _said(
        f"Thank you for inviting me. {STILL}\nWhether this channel belongs to a team is said by that team's lead or by a "
        "workspace admin. Ask whoever you work with here."
    )


def whom_to_ask(teams: Sequence[Team]) -> Message:
    """To somebody who leads no team."""
    if not teams:
        return _said(
            "Thank you for inviting me. No team is set up yet: a workspace admin, or whoever runs Frontdesk, does that."
        )
    leads = [f"<@{team.lead}> ({escape(team.name)})" for team in teams[:MOST_NAMED]]
    more = " or another team's lead" if len(teams) > MOST_NAMED else ""
    return _said(
        f"Thank you for inviting me. {STILL}\nIf this shall be a team's triage channel, its intake channel or the place "
        f"of its check-ins, ask {', '.join(leads)}{more}, or a workspace admin, to say so: they invite me, or "
        "change `/triage settings`."
    )


def choose_team(place: Place, use: Use, teams: Sequence[Team]) -> Message:
    """For which of these teams?"""
    text = f"*{_LABELS[use]}*: of which team?"
    choices = [(team.name, value(place, use.value, team.id)) for team in teams]
    element = (
        blocks.select(f"{TEAM}.0", choices, placeholder="Choose a team")
        if len(choices) > BUTTONS
        else [blocks.button(name, f"{TEAM}.{at}", one) for at, (name, one) in enumerate(choices)]
    )
    elements = element if isinstance(element, list) else [element]
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(*elements)])


def agree(place: Place, use: Use, team: Team) -> Message:
    """What would be different, and who would read it, before anything is."""
    name = escape(team.name)
    told = {
        Use.TRIAGE: f"The cards of {name} come to <#{team.triage_channel}> now. From now on new ones would come here; "
        "those that are there stay there.",
        Use.INTAKE: f"From now on every message that somebody writes here would become a request to {name}. What begins "
        "with 📣 is left alone.",
        Use.CHECK_INS: f"From now on the summaries of {name} would be posted here.",
    }[use]
    text = "\n".join([told, PRIVATE[use].format(team=name)] if place.private else [told])
    yes = blocks.button("Yes, please", f"{AGREE}.0", value(place, use.value, team.id), style="primary")
    no = blocks.button("No, leave it", f"{USE}.3", value(place, Use.NOTHING.value))
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(yes, no)])


def choose_check_in(place: Place, team: Team) -> Message:
    """Which of the team's check-ins?"""
    text = f"Which check-ins of {escape(team.name)} shall be summed up here?"
    names = [("All of them", ALL_CHECK_INS)]
    names += [(plan.name, str(number)) for number, plan in enumerate(team.standups[:24])]
    buttons = [
        blocks.button(name, f"{WHICH}.{at}", value(place, team.id, which))
        for at, (name, which) in enumerate(names)
    ]
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(*buttons)])


def done(use: Use, team: Team, outcome: Done) -> Message:
    """What became of the choice."""
    name = escape(team.name)
    if outcome.file is None:
        return _said(f"Done. This is {_IS[use].format(team=name)}." + _told(outcome))
    file = escape(outcome.file.replace("`", "'"))
    where = f", in the check-in that is meant (of {name})" if use is Use.CHECK_INS else f", at {name}"
    return _said(
        f"*{name}* is set up by a file ({file}), so I cannot change it from here. Whoever keeps that file writes this "
        f"line there{where}, and runs `frontdesk apply`:\n```{outcome.line}```"
    )


def _told(outcome: Done) -> str:
    return " The team reads of it in its triage channel." if outcome.changed else " It was so already."


def nothing() -> Message:
    """No use of these."""
    return _said(f"Fine, then I keep quiet here. {STILL}")


def told(use: Use, channel: str, by: str, *, to: str) -> Message:
    """A line in the team's triage channel: who has changed what. `to`: that channel, or the one that was it before."""
    what = {
        Use.TRIAGE: f"New cards of this team come {'here' if to == channel else f'to <#{channel}>'} from now on",
        Use.INTAKE: f"Every message in <#{channel}> becomes a request to this team from now on",
        Use.CHECK_INS: f"Check-ins of this team are summed up in <#{channel}> from now on",
    }[use]
    return _said(f"{what}, as <@{by}> has set it.")


def _said(text: str) -> Message:
    return Message(text=text, blocks=[blocks.section(text)])
