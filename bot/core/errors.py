"""The error whose text is the answer."""


class UserError(Exception):
    """A refusal in words: what was wrong and what to do next.

    `field` names the form field (its block id) that it belongs to, when there is one.
    """

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.field = field


class NotAllowed(UserError):
    """A refusal for want of a right. The attempt is written down: see `bot.audit`."""


class ConfigError(Exception):
    """Something the operator can mend: bad settings, a bad file, a locked database. One line each."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
