"""The Home tab as its person sees and uses it. How it came there is in `slack.views`."""

from typing import TYPE_CHECKING

from bot.sandbox.screen import Answer, NotVisible, press
from bot.sandbox.slack import render
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.viewer import Viewer

if TYPE_CHECKING:
    from bot.sandbox.forms import Form


class Home:
    """The Home tab as its person sees it."""

    def __init__(self, box: Workspace, person: Viewer, view: View) -> None:
        self._box = box
        self._person = person
        self._view = view

    @property
    def text(self) -> str:
        """All that can be read there."""
        return render.read_blocks(self._box.world, self._view.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return render.buttons(self._view.blocks)

    @property
    def menu(self) -> list[str]:
        """The entries of its overflow menus."""
        return render.menu(self._view.blocks)

    async def click(self, text: str) -> "Answer | Form | None":
        """Press a button there."""
        action = press(self._view.blocks, text)
        if action is None:
            raise NotVisible(f"no button {text!r}; there are {self.buttons} on the Home tab")
        return await self._person.act_in_view(self._view, action)
