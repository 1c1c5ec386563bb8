"""The triage rotation: who is on duty, and how that changes. See README.md.

Other slices get what they need from the composition root; they never import this one.
"""

from bot.feature import Deps, Feature
from bot.features.rotation.board import Board
from bot.features.rotation.deliveries.packs import Packs
from bot.features.rotation.deliveries.places import Places
from bot.features.rotation.deliveries.told import Told
from bot.features.rotation.desk import Desk
from bot.features.rotation.domain import Gap, Shift
from bot.features.rotation.events import DutyPassed, ShiftsChanged
from bot.features.rotation.feeds import PATH, Feeds
from bot.features.rotation.forecast import next_shifts
from bot.features.rotation.handed import Neighbours, OpenWork, Work
from bot.features.rotation.home import HomeSection
from bot.features.rotation.jobs import Looking, jobs
from bot.features.rotation.listeners.buttons import Buttons
from bot.features.rotation.listeners.commands import Commands
from bot.features.rotation.listeners.events import Events
from bot.features.rotation.views import ids

__all__ = [
    "Board",
    "DutyPassed",
    "Gap",
    "HomeSection",
    "Neighbours",
    "OpenWork",
    "Shift",
    "ShiftsChanged",
    "Work",
    "build",
    "next_shifts",
]


def build(deps: Deps, *, board: Board, neighbours: Neighbours) -> Feature:
    """The slice. `board` answers who is on duty."""
    desk, packs, feeds = Desk(deps=deps, board=board), Packs(deps, neighbours.find_work), Feeds(deps)
    commands = Commands(desk, packs, feeds, neighbours.handled, neighbours.count_open)
    buttons, events = Buttons(desk, commands), Events(deps)
    return Feature(
        name="rotation",
        commands={"/rotation": commands.rotation},
        actions={
            ids.TAKE: buttons.take,
            ids.COVER: buttons.cover,
            ids.COVER_TAKE: buttons.take_cover,
            ids.UNDO: buttons.undo,
            ids.ACCEPT: buttons.accept,
        },
        events={"subteam_members_changed": events.group_changed, "subteam_updated": events.group_changed},
        deliveries={**Told(deps).all(), **packs.all(), **Places(deps).all()},
        pages={PATH: feeds.serve},
        jobs=jobs(Looking(deps, board)),
    )
