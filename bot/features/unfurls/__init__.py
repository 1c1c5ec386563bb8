"""A pasted link to an issue shows a small card, where a team has asked for it. See README.md."""

from bot.feature import Deps, Feature
from bot.features.unfurls.deliveries import cards
from bot.features.unfurls.listeners import on_links
from bot.features.unfurls.service import CARD
from bot.outbox.delivery import may_hang

__all__ = ["build"]


def build(deps: Deps) -> Feature:
    """The slice. Without Jira it hears of links and does nothing."""
    return Feature(
        name="unfurls", events={"link_shared": on_links(deps)}, deliveries=may_hang({CARD: cards(deps)})
    )
