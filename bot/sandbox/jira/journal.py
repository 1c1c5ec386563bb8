"""What was said over the wire, call by call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.jira.model import Edition


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call; `status` 0 means that the connection was closed without an answer.

    `began` and `took` are seconds of a clock that nobody can move: the true order of calls, and how long each lasted.
    """

    edition: Edition
    operation: str
    method: str
    path: str
    query: dict[str, list[str]]
    content_type: str
    body: Any
    status: int
    response: Any
    started: datetime
    finished: datetime
    account: str = ""
    fault: str = ""
    done: bool = True
    began: float = 0.0
    took: float = 0.0
