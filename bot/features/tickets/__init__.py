"""A thread becomes a Jira issue, once. See README.md.

Which thread belongs to which request is the requests' knowledge; it is passed in.
"""

from datetime import timedelta

from bot.feature import Deps, Feature, Job
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.deliveries.create import Creating
from bot.features.tickets.deliveries.posts import Posts
from bot.features.tickets.deliveries.remote_link import remote_link
from bot.features.tickets.domain import IssueLink
from bot.features.tickets.listeners import Tickets
from bot.features.tickets.service import CardChanged, Facts, FindThread, Requests, adopt, issue_of
from bot.features.tickets.views import form
from bot.outbox.delivery import Delivery

__all__ = ["IssueLink", "adopt", "build", "issue_of"]

LOOK_AFTER = (30.0, 120.0)


def build(
    deps: Deps,
    *,
    find_thread: FindThread,
    facts: Facts,
    card_changed: CardChanged,
    look_after: tuple[float, ...] = LOOK_AFTER,
) -> Feature:
    """The slice. `look_after`: seconds before each look-up of an issue whose creation is in doubt.

    Without Jira every door stays and says how to turn it on; wishes of an earlier time wait.
    """
    requests = Requests(find_thread=find_thread, facts=facts, card_changed=card_changed)
    catalog = Catalog(deps.jira, deps.directory) if deps.jira else None
    listeners = Tickets(deps, requests, catalog)
    return Feature(
        name="tickets",
        shortcuts={form.SHORTCUT: listeners.from_message},
        actions={form.BUTTON: listeners.from_card, form.CHOOSE_PROJECT: listeners.project_chosen},
        submissions={form.CALLBACK: listeners.submitted},
        deliveries={**Posts(deps, requests).all(), **_in_jira(deps, requests, look_after)},
        jobs=_jobs(catalog),
    )


def _in_jira(deps: Deps, requests: Requests, look_after: tuple[float, ...]) -> dict[str, Delivery]:
    if deps.jira is None:
        return {}
    return {
        "ticket.create": Creating(deps, deps.jira, requests).delivery(look_after),
        "ticket.remote_link": remote_link(deps, deps.jira, requests),
    }


def _jobs(catalog: Catalog | None) -> tuple[Job, ...]:
    if catalog is None:
        return ()
    return (Job(name="tickets.catalog", every=timedelta(minutes=1), run=catalog.keep_fresh),)
