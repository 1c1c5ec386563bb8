"""A part of a team's settings: one form. The registration point for parts that other slices' joints bring.

A form's input blocks carry as `block_id` the key that they hold, as the teams file says it (`working_hours.to`), or
anything below it; so a problem of the file's reader stands beside its field without more words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.wire import inner, objects
from bot.slack.blocks import Block
from bot.teams.domain import Team

# A team as its teams file says it: keys of the file with plain values, what is usual left out.
SaidTeam = Mapping[str, Any]

_SINGLE = (
    "value", "selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time",
)  # fmt: skip
_SEVERAL = ("selected_users", "selected_channels", "selected_conversations")


@dataclass(frozen=True)
class Entered:
    """What stands in a form's inputs, by block id. Text comes without blanks around it."""

    state: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def has(self, block_id: str) -> bool:
        """Whether the form has this input at all."""
        return block_id in self.state

    def one(self, block_id: str) -> str | None:
        """The text, the chosen option's value, the id, the date or the time; None where it was left empty."""
        element = self._element(block_id)
        found = inner(element, "selected_option").get("value")
        for name in _SINGLE:
            found = found or element.get(name)
        return (found.strip() or None) if isinstance(found, str) else None

    def several(self, block_id: str) -> list[str]:
        """The chosen ids or option values, in their order."""
        element = self._element(block_id)
        options = [str(option.get("value")) for option in objects(element, "selected_options")]
        ids = (cast(list[object], element.get(name) or []) for name in _SEVERAL)
        return options + [str(one) for found in ids for one in found]

    def lines(self, block_id: str) -> list[str]:
        """The lines of a text that hold anything."""
        return [line.strip() for line in (self.one(block_id) or "").splitlines() if line.strip()]

    def _element(self, block_id: str) -> Mapping[str, Any]:
        elements = self.state.get(block_id, {})
        return next(iter(elements.values())) if elements else {}


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a preview looks at: the team as it is (None: it is new) and as the form would make it.

    `team.id` is 0 for a new team. `zone` is the reader's own.
    """

    before: Team | None
    team: Team
    zone: ZoneInfo
    reader: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the settings: a line on the settings screen with an *Edit* button, and the form behind it.

    `key` stands in buttons, which live for ever. `keys` are the keys of the teams file that it says. `item` is "" for
    the part itself; a part that is a list leads to its entries by `buttons.opens` and changes them at once by
    `buttons.applies`. What `item` means then ("2", "new", "2:more" …) the part alone knows. In one block
    stands at most one button of each kind. A form without input blocks has no *Save*. After saving an item the part itself is shown, after saving the part the settings.

    `read` returns keys of the file with their whole new values, None to take a key out: start from `said`, so that
    nothing the form does not show is lost. It may raise UserError, whose `field` is a block id. `preview` shows what
    the form as filled in would mean; it runs in one transaction that only reads.
    """

    key: str
    title: str
    keys: tuple[str, ...]
    summary: Callable[[SaidTeam], str]
    fields: Callable[[SaidTeam, str], Sequence[Block]]
    read: Callable[[Entered, SaidTeam, str], Mapping[str, Any]]
    preview: Callable[[Connection, Outlook], Sequence[Block]] | None = None


class NoSuchItem(UserError):
    """Raised by a part for an entry that is no longer there."""

    def __init__(self) -> None:
        super().__init__(
            "This entry is no longer there: somebody has changed the settings. Go back and look again."
        )
