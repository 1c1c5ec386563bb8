"""The address of Jira's own create form, with what is known filled in.

Jira, "Creating issues via direct HTML links"
(https://confluence.atlassian.com/jirakb/how-to-create-issues-using-direct-html-links-in-jira-server-159474.html).
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from bot.core.text import cut
from bot.features.tickets.fields.inputs import Shown

LONGEST = 2000


def create_form(
    site: str,
    project_id: str | None,
    type_id: str | None,
    summary: str,
    description: str,
    known: Mapping[str, Shown],
) -> str:
    """An address of less than 2,000 characters; the description is cut so that it fits."""
    if project_id is None or type_id is None:
        return f"{site}/secure/CreateIssue!default.jspa"
    head = [("pid", project_id), ("issuetype", type_id), ("summary", summary)]
    fields = [(name, value) for name, shown in known.items() for value in _values(shown)]
    while fields and len(_address(site, [*head, *fields])) >= LONGEST:
        fields.pop()
    length = len(description)
    while len(made := _address(site, [*head, ("description", cut(description, length)), *fields])) >= LONGEST:
        if length == 0:
            return _address(site, head[:2])
        length = length * 3 // 4
    return made


def _address(site: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{site}/secure/CreateIssueDetails!init.jspa?{urlencode([pair for pair in query if pair[1]])}"


def _values(shown: Shown) -> list[str]:
    return [shown] if isinstance(shown, str) else [value for _, value in shown]
