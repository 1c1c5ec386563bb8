"""Setting up teams in Slack. See README.md."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.feature import Deps, Feature
from bot.features.setup import ids
from bot.features.setup.buttons import applies, opens
from bot.features.setup.coming import Ahead, ComingCheckin, ComingShift
from bot.features.setup.deliveries import Deliveries
from bot.features.setup.desk import Desk
from bot.features.setup.home import HomeSection
from bot.features.setup.listeners.commands import Commands
from bot.features.setup.listeners.forms import Forms
from bot.features.setup.part import Entered, Outlook, Part, SaidTeam
from bot.features.setup.parts import FIRST, LAST
from bot.features.setup.plans import parts as plan_parts
from bot.features.setup.service import BeforeChange
from bot.slack.calls import Command
from bot.slack.replies import Reply
from bot.teams.domain import Team

__all__ = [
    "Ahead",
    "ComingCheckin",
    "ComingShift",
    "Desk",
    "Entered",
    "HomeSection",
    "Outlook",
    "Part",
    "SaidTeam",
    "TriageWord",
    "applies",
    "build",
    "desk_of",
    "opens",
    "plan_parts",
    "triage_words",
]

TriageWord = Callable[[Command, Team | None], Awaitable[Reply]]


def desk_of(deps: Deps, *, parts: Sequence[Part], before_change: BeforeChange) -> Desk:
    """What the slice works with. `parts` hold what only other slices know; they stand before the last of our own.

    `before_change` is called in the transaction of each change, with the team as it was so far.
    """
    return Desk(deps=deps, parts=(*FIRST, *parts, *LAST), before_change=before_change)


def triage_words(desk: Desk) -> Mapping[str, TriageWord]:
    """The words of `/triage` that lead here; the command is another slice's."""
    ways = Commands(desk)
    return {"settings": ways.settings, "new-team": ways.new_team_typed}


def build(desk: Desk) -> Feature:
    """The slice."""
    ways, forms = Commands(desk), Forms(desk)
    return Feature(
        name="setup",
        actions={
            ids.OPEN: ways.open,
            ids.NEW: ways.new_team,
            ids.TEAMS: ways.teams,
            ids.EDIT: forms.edit,
            ids.APPLY: forms.apply,
            ids.PREVIEW: forms.preview,
            ids.BACK: forms.back,
            ids.REMOVE: forms.remove,
            ids.RELEASE: forms.release,
        },
        submissions={ids.PART_FORM: forms.save, ids.NEW_FORM: forms.create},
        options={ids.ZONE: ways.zones},
        deliveries=Deliveries(desk.deps).all(),
    )
