"""The bot is invited to a channel and asks what it is for there. See README.md."""

from bot.feature import Deps, Feature
from bot.features.invitation import views
from bot.features.invitation.deliveries import Invitations
from bot.features.invitation.listeners import Listeners

__all__ = ["build"]

# So many teams or check-ins stand as buttons beside each other (Slack, "Actions block": at most 25).
MOST_BUTTONS = 25


def build(deps: Deps) -> Feature:
    """The slice."""
    heard = Listeners(deps)
    numbers = range(MOST_BUTTONS)
    return Feature(
        name="invitation",
        events={"member_joined_channel": heard.joined},
        actions={
            **{f"{views.USE}.{number}": heard.use_chosen for number in numbers},
            **{f"{views.TEAM}.{number}": heard.team_chosen for number in numbers},
            **{f"{views.AGREE}.{number}": heard.agreed for number in numbers},
            **{f"{views.WHICH}.{number}": heard.check_in_chosen for number in numbers},
        },
        deliveries=Invitations(deps).all(),
    )
