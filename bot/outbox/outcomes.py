"""What can become of one attempt to do something outside: the words the relay understands.

Gateways raise these; the relay decides what follows. Success is a return value, not an outcome here.
"""


class Outcome(Exception):
    """An attempt that did not end in a known success."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Outcome):
    """Surely not done: try again after `after` seconds; only a `counted` one uses up an attempt."""

    def __init__(self, reason: str, *, after: float = 1.0, counted: bool = True) -> None:
        super().__init__(reason)
        self.after = after
        self.counted = counted


class Doubt(Outcome):
    """Perhaps done, perhaps not: look before a second try."""


class Refused(Outcome):
    """Will never work as it is. `words` is a sentence for the person who wanted it.

    `fields` holds the other side's complaint for each field, where it named any.
    """

    def __init__(self, reason: str, *, words: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.words = words or reason
        self.fields = fields or {}


class Withheld(Refused):
    """We lack a permission that we can do without: what needs it is off until it is given."""


class Unknowable(Refused):
    """Perhaps done, and nobody can look there: a person has to."""


class Parked(Outcome):
    """The place is closed to us until somebody opens it (an invitation, an unarchived channel)."""


class Stale(Outcome):
    """Overtaken by events: there is nothing left to do."""
