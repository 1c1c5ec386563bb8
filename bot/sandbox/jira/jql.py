"""The small part of JQL that the bot and its tests use: clauses joined by AND, `status CHANGED`, and an ORDER BY.

Anything else is refused as a site refuses bad JQL, so that nothing passes that should not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.sandbox.jira.model import Issue
from bot.sandbox.jira.render import CATEGORIES
from bot.sandbox.jira.wire import JiraRefusal

TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(!=|>=|<=|=|>|<|~|,|\(|\))|([^\s"=~!,()<>]+))')
ORDER = re.compile(r"\s*\border\s+by\s+([\w\s,]+)$", re.IGNORECASE)
RESERVED = frozenset("{}[]*/%+^$#@?;")
WORDS = frozenset({"and", "or", "not", "in", "is", "empty", "null"})
OPERATORS = frozenset({"=", "!=", "~", ">", ">=", "<", "<="})
TEXTS = frozenset({"summary"})
MOMENTS = frozenset({"created", "updated"})
# Only to see whether a moment can be read.
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
NOT_IN_TEXT = frozenset('*?()[]{}^:+!&|~"\\/')


@dataclass(frozen=True, kw_only=True)
class Query:
    """A parsed query; `fields` are the names its clauses look at."""

    clauses: tuple[tuple[str, str, tuple[str, ...]], ...]
    order: str

    def matches(self, issue: Issue, now: datetime) -> bool:
        """Whether every clause holds for the issue."""
        return all(_holds(issue, *clause, now) for clause in self.clauses)

    def run(self, issues: Iterable[Issue], now: datetime) -> list[Issue]:
        """The matching issues in the order asked for: by the last change, else as they were made, newest first."""
        found = sorted((one for one in issues if self.matches(one, now)), key=lambda one: int(one.issue_id))
        if self.order.startswith("updated"):
            found.sort(key=lambda one: one.updated)
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
    if operator == "changed":
        return name, operator, _predicates(name, tokens)
    if operator not in OPERATORS:
        raise JiraRefusal(400, f"Error in the JQL Query: '{operator}' is not an operator.")
    quoted, value = tokens.pop(0)
    if not _fits(name, operator) or (not quoted and value.lower() in WORDS):
        raise JiraRefusal(400, f"The operator '{operator}' is not supported by the '{name}' field.")
    if operator == "~":
        _check_text(value)
    if name in MOMENTS:
        _moment(value, SOME_TIME)
    return name, operator, (value,)


def _predicates(name: str, tokens: list[tuple[bool, str]]) -> tuple[str, ...]:
    """BY somebody, AFTER a moment: what of CHANGED is known here."""
    found = {"by": "", "after": ""}
    while len(tokens) > 1 and not tokens[0][0] and tokens[0][1].lower() in found:
        word = tokens.pop(0)[1].lower()
        found[word] = tokens.pop(0)[1]
    if name != "status" or not all(found.values()):
        raise JiraRefusal(400, f"The operator 'changed' is not supported so by the '{name}' field.")
    _moment(found["after"], SOME_TIME)
    return found["by"], found["after"]


def _fits(name: str, operator: str) -> bool:
    if name in MOMENTS:
        return operator in (">", ">=", "<", "<=", "=")
    return operator == "~" if name in TEXTS else operator in ("=", "!=")


def _check_text(text: str) -> None:
    """400 for what the text index cannot read."""
    for word in text.split():
        if word[0] in "*?":
            raise JiraRefusal(400, "The '*' and '?' are not allowed as first character in wildcard query.")
        if set(word.rstrip("*?")) & NOT_IN_TEXT:
            raise JiraRefusal(400, f"Unable to parse the text '{text}' for field 'summary'.")


def _list(tokens: list[tuple[bool, str]]) -> tuple[str, ...]:
    values: list[str] = []
    if tokens.pop(0)[1] != "(":
        raise JiraRefusal(400, "Error in the JQL Query: expecting '('.")
    while tokens:
        values.append(tokens.pop(0)[1])
        if tokens and tokens.pop(0)[1] == ")":
            return tuple(values)
    raise JiraRefusal(400, "Error in the JQL Query: expecting ')'.")


def _holds(issue: Issue, name: str, operator: str, values: tuple[str, ...], now: datetime) -> bool:
    if name in MOMENTS:
        return _compares(getattr(issue, name), operator, _moment(values[0], now))
    if operator == "changed":
        by, after = values
        return any(
            one.field == name and one.at > _moment(after, now) and by in (one.by.account_id, one.by.name)
            for one in issue.history
        )
    have = {value.lower() for value in READERS[name](issue)}
    wanted = {value.lower() for value in values}
    if operator == "~":
        words = [word for value in have for word in re.findall(r"\w+", value)]
        return all(_found(word, words) for want in wanted for word in want.split())
    return bool(have & wanted) != (operator == "!=")


def _found(wanted: str, words: list[str]) -> bool:
    if wanted.endswith("*"):
        return any(word.startswith(wanted[:-1]) for word in words)
    return wanted in words


def _moment(text: str, now: datetime) -> datetime:
    """A moment as JQL writes it: minutes, or so long ago."""
    ago = re.fullmatch(r"-(\d{1,4})([mhdw])", text)
    if ago:
        unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[ago.group(2)]
        return now - timedelta(**{unit: int(ago.group(1))})
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
    raise JiraRefusal(
        400, f"Date value '{text}' for field is invalid. Valid formats include: 'yyyy-MM-dd HH:mm'."
    )


def _compares(have: datetime, operator: str, want: datetime) -> bool:
    match operator:
        case ">":
            return have > want
        case ">=":
            return have >= want
        case "<":
            return have < want
        case "<=":
            return have <= want
        case _:
            return have == want


def _named(person: Mapping[str, str] | None) -> list[str]:
    return list((person or {}).values())


READERS: dict[str, Callable[[Issue], list[str]]] = {
    "project": lambda issue: [issue.project.key, issue.project.name, issue.project.project_id],
    "labels": lambda issue: issue.labels,
    "key": lambda issue: [issue.key],
    "issuekey": lambda issue: [issue.key],
    "id": lambda issue: [issue.issue_id, issue.key],
    "status": lambda issue: [issue.status.name],
    "statuscategory": lambda issue: [issue.status.category, CATEGORIES[issue.status.category][1]],
    "assignee": lambda issue: _named(issue.fields.get("assignee")),
    "created": lambda issue: [],
    "updated": lambda issue: [],
    "issuetype": lambda issue: [issue.type.name],
    "reporter": lambda issue: [issue.reporter.account_id, issue.reporter.name],
    "summary": lambda issue: [issue.summary],
}
