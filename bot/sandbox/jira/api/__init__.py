"""The operations of the simulated Jira, one file for each subject; `routes()` is the whole list."""

from bot.sandbox.jira.api import about, agile, comments, hooks, issues, meta, parts, search
from bot.sandbox.jira.wire import Route


def routes() -> tuple[Route, ...]:
    """Every operation that the site knows."""
    subjects = (about, meta, issues, comments, parts, search, agile, hooks)
    return tuple(route for subject in subjects for route in subject.ROUTES)
