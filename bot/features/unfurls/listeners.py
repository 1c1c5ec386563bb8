"""Links in messages, from Slack: those that may become cards go to one use case."""

from collections.abc import Awaitable, Callable

from bot.core.wire import Json, objects
from bot.feature import Deps
from bot.features.unfurls import service
from bot.features.unfurls.domain import IssueLink, Pasted, issue_in, projects_in
from bot.slack.calls import Event
from bot.slack.replies import Nothing, Reply

# What is still being typed has another source, and nobody but the writer would see a card there.
POSTED = "conversations_history"


def on_links(deps: Deps) -> Callable[[Event], Awaitable[Reply]]:
    """The listener of `link_shared`. It raises DatabaseUnavailable, so that Slack sends the event again."""

    async def listen(event: Event) -> Reply:
        # Where people of another company read along, no issue is told of.
        pasted = None if deps.jira is None or event.with_others else read_links(event.body, deps.jira.url)
        if pasted is not None:
            projects = projects_in((await deps.directory.teams()).active, pasted.channel)
            wanted = pasted.only(projects)
            if wanted.links:
                await deps.transactions.run(service.show, wanted)
        return Nothing()

    return listen


def read_links(event: Json, site: str) -> Pasted | None:
    """What a `link_shared` event says of issues of this Jira; None where it says nothing."""
    channel, ts = event.get("channel"), event.get("message_ts")
    if event.get("source") != POSTED or not (isinstance(channel, str) and isinstance(ts, str)):
        return None
    addresses = [url for link in objects(event, "links") if isinstance(url := link.get("url"), str)]
    links = tuple(IssueLink(url=url, key=key) for url in addresses if (key := issue_in(url, site)))
    return Pasted(channel=channel, ts=ts, links=links) if channel and ts and links else None
