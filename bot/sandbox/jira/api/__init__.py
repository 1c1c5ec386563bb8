"""The operations of the simulated Jira, one file for each subject; `routes()` is the whole list."""

from bot.sandbox.jira.api import about, comments, issues, meta, parts, search
from bot.sandbox.jira.wire import Route


def routes() -> tuple[Route, ...]:
    """Every operation that the site knows."""
    return (*about.ROUTES, *meta.ROUTES, *issues.ROUTES, *comments.ROUTES, *parts.ROUTES, *search.ROUTES)
