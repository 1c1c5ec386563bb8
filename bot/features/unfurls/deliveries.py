"""The cards of one message, shown by one repeatable call."""

import asyncio
from typing import Any

from bot.feature import Deps
from bot.features.unfurls import domain
from bot.features.unfurls.domain import IssueLink, Pasted, Shown
from bot.features.unfurls.views import card
from bot.jira.gateway import JiraGateway
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Later, Refused, Stale
from bot.slack.posting import call_delivery

# Shorter than the time that an attempt has before another relay may take it over.
PATIENCE = 10.0
# The message or the channel is gone, or the manifest does not list the domain.
DONE_WHEN = frozenset(
    {
        "cannot_find_channel",
        "cannot_find_message",
        "cannot_find_service",
        "cannot_unfurl_message",
        "cannot_unfurl_url",
        "channel_not_found",
        "is_archived",
        "message_not_found",
        "no_permission",
        "not_in_channel",
    }
)


def cards(deps: Deps) -> Delivery:
    """Shows the cards that are true and allowed now; what cannot be shown in two minutes is not shown at all."""

    async def compose(entry: Entry) -> tuple[str, dict[str, Any]]:
        if deps.jira is None or domain.is_late(entry.created_at, deps.clock.now()):
            raise Stale("too late to be shown")
        pasted = await _allowed(deps, entry)
        try:
            async with asyncio.timeout(PATIENCE):
                found = await asyncio.gather(*(_shown(deps.jira, link) for link in pasted.links))
        except TimeoutError as error:
            raise Later("Jira is slow", after=5.0, counted=False) from error
        unfurls = {
            link.url: card(issue)
            for link, issue in zip(pasted.links, found, strict=True)
            if issue is not None
        }
        if not unfurls:
            raise Stale("there is nothing to show")
        return "chat.unfurl", {"channel": pasted.channel, "ts": pasted.ts, "unfurls": unfurls}

    return call_delivery(deps.slack, compose, rather="delivered", done_when=DONE_WHEN)


async def _allowed(deps: Deps, entry: Entry) -> Pasted:
    payload = entry.payload
    links = tuple(IssueLink(url=link["url"], key=link["key"]) for link in payload["links"])
    pasted = Pasted(channel=payload["channel"], ts=payload["ts"], links=links)
    # A team may have turned it off since.
    return pasted.only(domain.projects_in((await deps.directory.teams()).active, pasted.channel))


async def _shown(jira: JiraGateway, link: IssueLink) -> Shown | None:
    """What there is to show of an issue; None when Jira has none, or keeps it from the bot."""
    try:
        state = await jira.issues.state(link.key)
    except Refused:
        return None
    # A moved issue answers to its old key from a project that may be nobody's business here.
    if state is None or domain.project_of(state.key) != link.project:
        return None
    return Shown(
        key=state.key,
        url=jira.browse(state.key),
        summary=state.summary,
        status=state.status,
        assignee=state.assignee or "Unassigned",
        is_restricted=state.is_restricted,
    )
