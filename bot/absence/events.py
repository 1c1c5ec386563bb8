"""What other rooms hear of absences."""

from dataclasses import dataclass

from bot.absence.domain import Absence


@dataclass(frozen=True, kw_only=True)
class Returned:
    """The bot is back. Wishes that belong to the report go into its lane, which nobody else uses."""

    absence: Absence
    lane: str
