"""What messages and forms need of the person who looks at them. The person is in `persons`."""

from typing import TYPE_CHECKING, Protocol

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Account
from bot.sandbox.slack.views import View
from bot.sandbox.slack.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.forms import Form
    from bot.sandbox.screen import Answer


class Viewer(Protocol):
    """Somebody who sees and clicks; it breaks the circle between the screen and its person."""

    @property
    def account(self) -> Account:
        """Whose screen it is."""
        ...

    @property
    def name(self) -> str:
        """What stands behind their @."""
        ...

    def visible(self, message: Message) -> Message | None:
        """This message as it is now, if they can see it."""
        ...

    async def act(self, message: Message, action: Json) -> "Answer | Form | None":
        """Use an element of a message."""
        ...

    async def act_in_view(self, view: View, action: Json) -> "Answer | Form | None":
        """Use an element of a form or Home tab."""
        ...
