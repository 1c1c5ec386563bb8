"""The Home tab: sections below each other, within Slack's hundred blocks (Slack, "Home tabs")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.features.home.domain import Role, Turn
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape

MOST_BLOCKS = 100
# Under one section at most so many buttons lead to other pages.
MOST_TURNS = 5
TURN = "home.turn"
WELCOMED = "home.welcomed"
EMPTY = (
    "Nothing of yours is here yet. `/ask-team` asks a team for something; `/standup` answers a check-in; "
    "a message to me says the rest."
)

ALSO_ADMIN = (
    "As a workspace admin you can set up another team, too: *New team*, here or with `/triage new-team`."
)


@dataclass(frozen=True, kw_only=True)
class Welcome:
    """Who is welcomed. `teams` are the names of those whose queue they work; `is_admin`: they may set up others."""

    role: Role
    teams: tuple[str, ...]
    is_admin: bool = False


_HELLO = {
    "admin": (
        "Frontdesk keeps a queue for each team: what people ask for, who has it, and who is on duty. "
        "This tab shows all of yours in one place."
    ),
    "guest": (
        "Frontdesk takes what you ask a team for, and tells you whose move it is until it is done. "
        "This tab shows all of yours in one place."
    ),
    "member": (
        "Frontdesk keeps the queue of {teams}: what people ask for, who has it, and who is on duty. "
        "This tab shows all of yours in one place."
    ),
    "lead": (
        "Frontdesk keeps the queue of {teams}: what people ask for, who has it, and who is on duty. "
        "This tab shows what needs you, and all of yours in one place."
    ),
}
_TRY = {
    "admin": (
        "*New team*, here or with `/triage new-team`: a name, its people and a channel",
        "*All teams*, here once there is one: what each of them is set up to do, and changing it",
        "*Ask a team*, here or with `/ask-team`: a short form, and you get a number",
    ),
    "guest": (
        "*Ask a team*, here or with `/ask-team`: a short form, and you get a number",
        "Write me a direct message: I answer, and can file it for you",
        "Reply in the thread of a request: the team reads it, also after it was resolved",
    ),
    "member": (
        "*Claim next*, here or with `/triage next`: the first request that waits is yours",
        "`/triage` in your team's channel: everything that is open, the most urgent first",
        "`/rotation`: who is on duty now, and who follows",
    ),
    "lead": (
        "*Assign*, below what waits too long: it gets a person, and everybody concerned hears of it",
        "`/triage stats`: the last 4 weeks of your team in figures",
        "`/triage settings`: how your team is set up, and changing it",
    ),
}


def home(sections: Sequence[Sequence[Block]]) -> Mapping[str, Any]:
    """The view of these sections; a friendly word where they are all empty."""
    shown = [block for section in sections for block in section]
    if not shown:
        shown = [blocks.section(EMPTY)]
    if len(shown) > MOST_BLOCKS:
        shown = [*shown[: MOST_BLOCKS - 1], blocks.context("There is more than fits here.")]
    return {"type": "home", "blocks": shown}


def turns(section: str, labels: Sequence[tuple[str, str]]) -> list[Block]:
    """The buttons to other pages of a section: label and place; none where there are none."""
    buttons = [
        blocks.button(label, f"{TURN}.{number}", Turn(section=section, place=place).value)
        for number, (label, place) in enumerate(labels[:MOST_TURNS])
    ]
    return [blocks.actions(*buttons)] if buttons else []


def welcome(whom: Welcome) -> list[Block]:
    """What this is, and three things to try; once, on the first visit."""
    teams = _joined([f"*{escape(name)}*" for name in whom.teams[:3]])
    tries = "\n".join(f"{number}. {line}" for number, line in enumerate(_TRY[whom.role], 1))
    return [
        blocks.header("Welcome to Frontdesk"),
        blocks.section(_HELLO[whom.role].format(teams=teams)),
        blocks.section(f"Three things to try:\n{tries}"),
        *([blocks.context(ALSO_ADMIN)] if whom.is_admin and whom.role != "admin" else []),
        blocks.actions(blocks.button("Got it", WELCOMED, "v1")),
    ]


def _joined(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and more"
