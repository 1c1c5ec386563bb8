"""A thread becomes a Jira issue, once. See README.md.

Which thread belongs to which request is the requests' knowledge; it is passed in.
"""

from datetime import timedelta

from bot.feature import Deps, Feature, Job
from bot.features.tickets.catalog import Catalog
from bot.features.tickets.deliveries.attach import Attaching
from bot.features.tickets.deliveries.create import Creating
from bot.features.tickets.deliveries.duplicate import duplicate
from bot.features.tickets.deliveries.link import Linking
from bot.features.tickets.deliveries.posts import Posts
from bot.features.tickets.deliveries.remote_link import remote_link
from bot.features.tickets.domain import IssueLink
from bot.features.tickets.events import IssueKnown
from bot.features.tickets.fields import inputs
from bot.features.tickets.files import want as want_files
from bot.features.tickets.listeners.offering import Offering
from bot.features.tickets.listeners.opening import Opening, off
from bot.features.tickets.listeners.seeing import Seeing
from bot.features.tickets.listeners.sending import Sending
from bot.features.tickets.offers import (
    rename,
    threads_of_issue,
    threads_of_ticket,
    ticket_of_request,
    ticket_of_thread,
)
from bot.features.tickets.service import CardChanged, Facts, FindThread, Requests, adopt, issue_of
from bot.features.tickets.store import ends
from bot.features.tickets.views import form
from bot.features.tickets.views.form import BUTTON
from bot.indicators.domain import Component
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, may_hang

__all__ = [
    "BUTTON",
    "IssueKnown",
    "IssueLink",
    "adopt",
    "build",
    "issue_of",
    "rename",
    "threads_of_issue",
    "threads_of_ticket",
    "ticket_of_request",
    "ticket_of_thread",
    "want_files",
]

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
    if deps.jira is None:
        return _without_jira(deps, requests)
    catalog = Catalog(deps.jira, deps.directory)
    seeing, offering = Seeing(deps), Offering(deps, deps.jira, requests, catalog)
    opening = Opening(deps, requests, seeing, catalog, offering)
    sending = Sending(deps, deps.jira, requests, seeing, catalog, offering)
    return Feature(
        name="tickets",
        shortcuts={form.SHORTCUT: opening.from_message},
        actions={
            form.BUTTON: opening.from_card,
            form.AGAIN: opening.again,
            form.CHOOSE_PROJECT: offering.project_chosen,
            form.CHOOSE_TYPE: offering.type_chosen,
            form.NAME_ISSUE: offering.issue_named,
            form.OPEN_JIRA: offering.jira_opened,
        },
        submissions={form.CALLBACK: sending.submitted},
        options={
            form.CHOOSE_PROJECT: offering.projects,
            form.CHOOSE_TYPE: offering.types,
            inputs.ACTION: offering.entries,
        },
        deliveries=_deliveries(deps, deps.jira, requests, catalog, look_after),
        ends={Component.JIRA: ends},
        jobs=(Job(name="tickets.catalog", every=timedelta(minutes=1), run=catalog.keep_fresh),),
    )


def _deliveries(
    deps: Deps, jira: JiraGateway, requests: Requests, catalog: Catalog, look_after: tuple[float, ...]
) -> dict[str, Delivery]:
    in_jira = {
        "ticket.create": Creating(deps, jira, requests).delivery(look_after),
        "ticket.remote_link": remote_link(deps, jira, requests),
        "ticket.duplicate": duplicate(deps, jira),
        **Linking(deps, jira, requests).all(),
        **Attaching(deps, jira, requests).all(),
    }
    return {**Posts(deps, requests, catalog.field_refused).all(), **may_hang(in_jira)}


def _without_jira(deps: Deps, requests: Requests) -> Feature:
    return Feature(
        name="tickets",
        shortcuts={form.SHORTCUT: off},
        actions={form.BUTTON: off, form.AGAIN: off},
        submissions={form.CALLBACK: off},
        deliveries=Posts(deps, requests, lambda _project, _type: {}).all(),
    )
