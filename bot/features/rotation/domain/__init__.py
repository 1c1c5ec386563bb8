"""Who is on duty when: pure functions of the plans, of what changes them, and of the instants asked about. No I/O.

All times are aware and in UTC; the wall clock is the plan's own. Words, commands and storage are not here.
"""

from bot.features.rotation.domain.duty import coming, following, gaps, on_duty, preview, shifts
from bot.features.rotation.domain.eras import first_era, next_eras
from bot.features.rotation.domain.picks import Pick, pick, there
from bot.features.rotation.domain.swaps import swap
from bot.features.rotation.domain.totals import totals
from bot.features.rotation.domain.values import (
    Absence,
    Era,
    Gap,
    NoTurn,
    Override,
    Rotation,
    Shift,
    Skip,
    Total,
    Why,
)

__all__ = [
    "Absence",
    "Era",
    "Gap",
    "NoTurn",
    "Override",
    "Pick",
    "Rotation",
    "Shift",
    "Skip",
    "Total",
    "Why",
    "coming",
    "first_era",
    "following",
    "gaps",
    "next_eras",
    "on_duty",
    "pick",
    "preview",
    "shifts",
    "swap",
    "there",
    "totals",
]
