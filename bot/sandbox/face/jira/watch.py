"""Keeps a page of Jira true: draws it again when something may have changed, and sends what differs."""

from bot.sandbox.face.jira.sight import JiraSight
from bot.sandbox.face.live import Patch


class Watch:
    """Finds what changed on a page since it was drawn with the stamp `since`."""

    def __init__(self, sight: JiraSight, since: str) -> None:
        self._sight = sight
        self._stamp = since
        self._shown = sight.regions() if sight.stamp() == since else {}

    async def look(self) -> list[Patch]:
        """The regions that differ."""
        stamp = self._sight.stamp()
        if stamp == self._stamp:
            return []
        painted = self._sight.regions()
        changed = [
            Patch(do="fill", id=id, html=html) for id, html in painted.items() if self._shown.get(id) != html
        ]
        self._stamp, self._shown = stamp, painted
        return changed
