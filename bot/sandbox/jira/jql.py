"""The small part of JQL that the bot and its tests use: clauses joined by AND, and an ORDER BY.

Anything else is refused as a site refuses bad JQL, so that nothing passes that should not.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.wire import JiraRefusal

TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(!=|=|~|,|\(|\))|([^\s"=~!,()]+))')
ORDER = re.compile(r"\s*\border\s+by\s+([\w\s,]+)$", re.IGNORECASE)
RESERVED = frozenset("{}[]*/%+^$#@?;")


@dataclass(frozen=True, kw_only=True)
class Query:
    """A parsed query; `fields` are the names its clauses look at."""

    clauses: tuple[tuple[str, str, tuple[str, ...]], ...]
    order: str

    def matches(self, issue: Issue) -> bool:
        """Whether every clause holds for the issue."""
        return all(_holds(issue, *clause) for clause in self.clauses)

    def run(self, issues: Iterable[Issue]) -> list[Issue]:
        """The matching issues, newest first unless the query orders by key ascending."""
        found = sorted((issue for issue in issues if self.matches(issue)), key=lambda one: int(one.issue_id))
        ascending = self.order.endswith("asc") or (self.order and not self.order.endswith("desc"))
        return found if ascending else found[::-1]

    def values(self, name: str) -> Iterator[str]:
        """The values compared with one field."""
        for field, _, values in self.clauses:
            if field == name:
                yield from values


def parse(text: str) -> Query:
    """The query, or 400 with a message in the manner of Jira's parser."""
    order = ORDER.search(text)
    tokens = _tokens(text[: order.start()] if order else text)
    clauses: list[tuple[str, str, tuple[str, ...]]] = []
    while tokens:
        clauses.append(_clause(tokens))
        if tokens and tokens.pop(0)[1].lower() != "and":
            raise JiraRefusal(400, "Error in the JQL Query: expecting either 'OR' or 'AND'.")
        if clauses and tokens == [] and text.rstrip().lower().endswith(" and"):
            raise JiraRefusal(400, "Error in the JQL Query: expecting a field name at the end of the query.")
    return Query(clauses=tuple(clauses), order=" ".join(order.group(1).lower().split()) if order else "")


def _tokens(text: str) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    position = 0
    while text[position:].strip():
        hit = TOKEN.match(text, position)
        if hit is None or (hit.group(3) and RESERVED & set(hit.group(3))):
            raise JiraRefusal(400, f"Error in the JQL Query: unexpected character near position {position}.")
        quoted = hit.group(1) is not None
        word = re.sub(r"\\(.)", r"\1", hit.group(1)) if quoted else hit.group(2) or hit.group(3)
        found.append((quoted, word))
        position = hit.end()
    return found


def _clause(tokens: list[tuple[bool, str]]) -> tuple[str, str, tuple[str, ...]]:
    if len(tokens) < 3:
        raise JiraRefusal(400, "Error in the JQL Query: the query ends too early.")
    name = tokens.pop(0)[1].lower()
    operator = tokens.pop(0)[1].lower()
    if name not in READERS:
        raise JiraRefusal(400, f"Field '{name}' does not exist or you do not have permission to view it.")
    if operator == "in":
        return name, operator, _list(tokens)
    if operator not in ("=", "!=", "~"):
        raise JiraRefusal(400, f"Error in the JQL Query: '{operator}' is not an operator.")
    return name, operator, (tokens.pop(0)[1],)


def _list(tokens: list[tuple[bool, str]]) -> tuple[str, ...]:
    values: list[str] = []
    if tokens.pop(0)[1] != "(":
        raise JiraRefusal(400, "Error in the JQL Query: expecting '('.")
    while tokens:
        values.append(tokens.pop(0)[1])
        if tokens and tokens.pop(0)[1] == ")":
            return tuple(values)
    raise JiraRefusal(400, "Error in the JQL Query: expecting ')'.")


def _holds(issue: Issue, name: str, operator: str, values: tuple[str, ...]) -> bool:
    have = {value.lower() for value in READERS[name](issue)}
    wanted = {value.lower() for value in values}
    if operator == "~":
        return any(want in value for want in wanted for value in have)
    return bool(have & wanted) != (operator == "!=")


READERS: dict[str, Callable[[Issue], list[str]]] = {
    "project": lambda issue: [issue.project.key, issue.project.name, issue.project.project_id],
    "labels": lambda issue: issue.labels,
    "key": lambda issue: [issue.key],
    "issuekey": lambda issue: [issue.key],
    "id": lambda issue: [issue.issue_id, issue.key],
    "status": lambda issue: [issue.status.name],
    "statuscategory": lambda issue: [issue.status.category],
    "issuetype": lambda issue: [issue.type.name],
    "reporter": lambda issue: [issue.reporter.account_id, issue.reporter.name],
    "summary": lambda issue: [issue.summary],
}
