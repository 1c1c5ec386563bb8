"""What leaves for Slack: counterparts of messages, their changes, what was not delivered, and what was missed."""

from collections.abc import Mapping

from bot.feature import Deps
from bot.features.conversations import service
from bot.features.conversations.deliveries.catch_up import catch_up
from bot.features.conversations.deliveries.mirror import Mirrors
from bot.features.conversations.service import Requests
from bot.outbox.delivery import Delivery

__all__ = ["build"]


def build(deps: Deps, requests: Requests) -> Mapping[str, Delivery]:
    """The deliveries of this slice by their kind."""
    mirrors = Mirrors(deps, requests)
    return {
        service.MIRROR: mirrors.mirror(),
        service.REFRESH: mirrors.refresh(),
        service.UNDELIVERED: mirrors.undelivered(),
        service.CATCH_UP: catch_up(deps, requests),
    }
