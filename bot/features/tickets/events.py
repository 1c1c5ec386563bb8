"""What the slice tells the others, inside its transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class IssueKnown:
    """A thread has its issue: made for it, or (`is_linked`) one that was there before."""

    ticket_id: int
    issue_id: str
    key: str
    is_linked: bool
