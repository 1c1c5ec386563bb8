"""Which permissions the bot's token has, and what is off without them.

Slack tells them with each answer (docs.slack.dev, "Installing with OAuth": the header `x-oauth-scopes`), so that what
was given since is on again with the next one. What is not in WITHOUT the bot cannot work without.
"""

from collections.abc import Mapping

from bot.core.clock import stopwatch

HEADER = "x-oauth-scopes"
MEND = "Ask whoever runs Frontdesk to install the app again from manifest.yml."
# Where Slack does not tell them, a refused method is asked again after so many seconds.
ASK_AGAIN = 600.0

# What is off without each permission; docs/permissions.md tells the same.
WITHOUT: Mapping[str, str] = {
    "channels:write.topic": "topics of public channels do not say who is on duty",
    "dnd:read": "reminders of check-ins are sent during paused notifications, too",
    "files:read": "issues name the files of a thread with their links and attach none",
    "files:write": "nobody gets requests as a CSV file",
    "groups:write.topic": "topics of private channels do not say who is on duty",
    "links:read": "links to issues stay links",
    "links:write": "links to issues stay links",
    "reactions:read": "emoji file, claim and resolve nothing",
    "usergroups:read": "nobody is known to belong to a user group",
    "usergroups:write": "the user group of those on duty stays as it is",
    "users:read.email": "issues name reporter and assignee in their text alone",
}

# One of these is enough (the pages of each method on docs.slack.dev).
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "chat.unfurl": ("links:write",),
    "conversations.setTopic": ("channels:write.topic", "groups:write.topic"),
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.get": ("reactions:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "usergroups.users.update": ("usergroups:write",),
}


class Scopes:
    """What is known of one token. `granted` is None until Slack has told."""

    def __init__(self) -> None:
        self.granted: frozenset[str] | None = None
        self._refused: dict[str, float] = {}

    def learn(self, headers: Mapping[str, object]) -> None:
        """From the headers of any answer to a call with the token."""
        told = next((value for name, value in headers.items() if name.lower() == HEADER), None)
        found = frozenset(scope.strip() for scope in str(told or "").split(",") if scope.strip())
        if found:
            self.granted = found

    def refused(self, method: str) -> None:
        """Slack refused this method for want of a permission."""
        self._refused[method] = stopwatch() + ASK_AGAIN

    def lacks(self, scope: str) -> bool:
        """Whether the token is known to be without it."""
        return self.granted is not None and scope not in self.granted

    def off(self, method: str) -> str | None:
        """The permissions that keep this method off, with commas; None where it may be tried."""
        needed = _NEEDED.get(method)
        if needed is None:
            return None
        if self.granted is None:
            return ", ".join(needed) if stopwatch() < self._refused.get(method, 0.0) else None
        return None if self.granted.intersection(needed) else ", ".join(needed)


def is_optional(method: str) -> bool:
    """Whether the bot goes on without it."""
    return method in _NEEDED


def named(method: str) -> str:
    """The permissions that the method needs, where Slack does not say which is missing."""
    return ", ".join(_NEEDED.get(method, ())) or "that it needs"


def in_words(scopes: str) -> str:
    """A sentence for the person who meets it: what is off, and what to do. `scopes` as `Scopes.off` names them."""
    first, _, others = scopes.partition(",")
    off = WITHOUT.get(first.strip(), "this cannot be done")
    return f"The app misses the permission{'s' if others else ''} {scopes}: {off}. {MEND}"


def listed(missing: set[str]) -> str:
    """These permissions in their order, each with what is off: `dnd:read (…), files:read (…)`."""
    return ", ".join(
        f"{scope} ({WITHOUT[scope]})" if scope in WITHOUT else scope for scope in sorted(missing)
    )
