"""Beginning the demo again, once at a time, with what a page or a script has chosen."""

import asyncio

from bot.sandbox.face.face import Face
from bot.sandbox.face.stage import Fresh
from bot.sandbox.jira.model import Edition

SEEDS = {
    "story": "A team with a few days behind it",
    "busy": "The same, and 5,000 messages more in #general",
    "empty": "Only people and channels",
}
EDITIONS: dict[Edition, str] = {"cloud": "Jira Cloud", "datacenter": "Jira Data Center"}


class CannotBegin(ValueError):
    """The demo does not begin again; its words say why."""


def read_fresh(seed: str, edition: str) -> Fresh:
    """What was chosen; empty keeps what is. A whole number as seed is `busy`, thrown with it. Raises CannotBegin."""
    if seed and seed not in SEEDS and not (seed.isdecimal() and seed.isascii() and len(seed) < 10):
        raise CannotBegin(f"There is no seed {seed!r}. There are: {', '.join(SEEDS)}, or a whole number.")
    chosen: Edition | None = next((one for one in EDITIONS if one == edition), None)
    if edition and chosen is None:
        raise CannotBegin(f"There is no Jira edition {edition!r}. There are: {', '.join(EDITIONS)}.")
    return Fresh(seed=seed or None, edition=chosen)


class Restart:
    """Begins the demo of one face again; who asks while it does is told so."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._lock = asyncio.Lock()

    async def begin(self, fresh: Fresh) -> None:
        """Return once the new stage is on. Raises CannotBegin, in words."""
        if self._lock.locked():
            raise CannotBegin("The demo is beginning again already.")
        async with self._lock:
            try:
                await self._face.stage.backstage.reset(fresh)
            except OSError as error:
                raise CannotBegin(
                    f"The demo could not begin again ({error}). Mend that and try once more, or end it and start it anew."
                ) from error
