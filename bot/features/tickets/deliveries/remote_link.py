"""The issue's link back to its thread. Jira keeps one for each `globalId`, so that it may be put twice."""

from bot.core.threads import RequestFacts
from bot.feature import Deps
from bot.features.tickets.deliveries.posts import read, thread_on
from bot.features.tickets.domain import Side, Ticket
from bot.features.tickets.service import Requests
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Stale
from bot.slack.gateway import Identity
from bot.slack.links import permalink

TIMEOUT = 15.0


def remote_link(deps: Deps, jira: JiraGateway, requests: Requests) -> Delivery:
    """Repeatable: create or update (Jira, "Create or update remote issue link")."""

    async def prepare(entry: Entry) -> Send:
        ticket, facts = await read(deps, requests, entry)
        side = Side(entry.payload["side"])
        thread = thread_on(side, ticket, facts)
        us = await deps.slack.who_am_i()
        url = permalink(us, thread.channel, thread.thread_ts) if thread else None
        if thread is None or url is None or not ticket.key or _hidden(side, ticket, facts):
            raise Stale("nothing to lead to")
        key, global_id = ticket.key, f"slack://{us.workspace_id}/{thread.channel}/{thread.thread_ts}"

        async def send() -> Ref:
            title = _title(side, facts)
            await jira.put_remote_link(key, global_id, url, title, ticket.summary, icon=_icon(us))
            return {}

        return send

    return Delivery(prepare=prepare, rather="delivered", timeout=TIMEOUT)


def _icon(us: Identity) -> str:
    # Of the workspace itself: whoever looks at the issue asks no host that the link does not lead to.
    return f"{us.url.rstrip('/')}/favicon.ico" if us.url else ""


def _hidden(side: Side, ticket: Ticket, facts: RequestFacts | None) -> bool:
    # Nobody outside of a private place learns where it is.
    if facts is not None:
        return side is Side.ASKER and facts.private
    return not ticket.place.reachable


def _title(side: Side, facts: RequestFacts | None) -> str:
    if facts is None:
        return "Thread in Slack"
    return f"Request #{facts.number} in Slack" + (": the team's thread" if side is Side.CARD else "")
