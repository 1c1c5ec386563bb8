"""The parts that every team has: who it is, who belongs to it, where and when it works, and how work is shared out."""

from bot.features.setup.part import Part
from bot.features.setup.parts.basics import BASICS, MEMBERS
from bot.features.setup.parts.kept import KEPT
from bot.features.setup.parts.places import CHANNELS, HOURS
from bot.features.setup.parts.sources import SOURCES
from bot.features.setup.parts.work import COMPONENTS, PROMISES, SPLIT

FIRST: tuple[Part, ...] = (BASICS, MEMBERS, CHANNELS, HOURS, COMPONENTS, SOURCES)
LAST: tuple[Part, ...] = (SPLIT, PROMISES, KEPT)
