"""Short questions to the bot, answered by what the commands say. See README.md."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.feature import Deps, Feature
from bot.features.questions.deliveries import Answering, Below
from bot.features.questions.domain import read
from bot.features.questions.service import Written, ask
from bot.slack.calls import Command
from bot.slack.replies import Reply
from bot.teams.roster import Teams

__all__ = ["Below", "Written", "ask", "build", "is_question"]


def build(
    deps: Deps, *, commands: Sequence[Mapping[str, Callable[[Command], Awaitable[Reply]]]], below: Below
) -> Feature:
    """The slice. `commands` are those that it may type for people; `below` offers to file what they wrote all the same."""
    known = {name: listener for table in commands for name, listener in table.items()}
    return Feature(name="questions", deliveries=Answering(deps, known, below).all())


def is_question(text: str, teams: Teams) -> bool:
    """Whether this text is one of the questions that are answered."""
    return read(text, teams) is not None
