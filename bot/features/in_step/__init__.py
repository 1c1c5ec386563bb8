"""An issue and the threads that follow it say the same, in both directions. See README.md.

Which threads follow which issue is the tickets' knowledge, which request they belong to the requests'; both are
passed in.
"""

from functools import partial

from bot.feature import Deps, Feature
from bot.features.in_step import jobs, listeners, service
from bot.features.in_step.deliveries import offer, write
from bot.features.in_step.deliveries.look import Looks
from bot.features.in_step.deliveries.poll import poll
from bot.features.in_step.deliveries.posts import Posts
from bot.features.in_step.offers import request_moved
from bot.features.in_step.service import Neighbours, follow, shown_state
from bot.features.in_step.webhook import PATH, JiraGate
from bot.features.in_step.words import Tickets, changed, heard_of_request, issue_made, taken_away
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, may_hang

__all__ = [
    "Neighbours",
    "Tickets",
    "build",
    "changed",
    "follow",
    "heard_of_request",
    "issue_made",
    "request_moved",
    "shown_state",
    "taken_away",
]


def build(deps: Deps, *, neighbours: Neighbours, tickets: Tickets) -> Feature:
    """The slice. Without Jira its webhook refuses everything, and what was wished of Jira waits.

    What was asked for in Slack is posted all the same, as later posts of those threads stand behind it.
    """
    return Feature(
        name="in_step",
        actions=listeners.actions(deps, tickets),
        events=listeners.events(deps, tickets),
        deliveries={
            **Posts(deps, neighbours).all(),
            **write.tell(deps, tickets),
            **offer.asks(),
            **may_hang(_in_jira(deps, deps.jira, neighbours, tickets) if deps.jira else {}),
        },
        jobs=(jobs.catch_up(deps),) if deps.jira else (),
        webhooks={PATH: JiraGate(deps, deps.jira, neighbours)},
    )


def _in_jira(deps: Deps, jira: JiraGateway, neighbours: Neighbours, tickets: Tickets) -> dict[str, Delivery]:
    looks = Looks(deps, jira, neighbours)
    apply_state = partial(service.apply_state, neighbours=neighbours)
    return {
        service.POLL: poll(deps, jira, jobs.pause_of(deps)),
        service.LOOK: looks.look(),
        service.COMMENT_LOOK: looks.comment(),
        **write.build(deps, jira, tickets),
        **offer.build(deps, jira, tickets, apply_state),
    }
