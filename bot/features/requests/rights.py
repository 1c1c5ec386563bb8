"""Who may do what to a request. Pure."""

from dataclasses import dataclass

from bot.core.errors import NotAllowed
from bot.features.requests.domain import Move, Request

_BY_REQUESTER = frozenset({Move.RESOLVE, Move.REOPEN})


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The person who acts: whose queues they work (ids of teams), and whether they are a workspace admin.

    `outside`: a guest or somebody of another company, who sees only what concerns them.
    """

    workspace_id: str
    user_id: str
    works: frozenset[int] = frozenset()
    admin: bool = False
    outside: bool = False

    def works_queue_of(self, team_id: int) -> bool:
        return self.admin or team_id in self.works


def check(acting: Acting, request: Request, move: Move, team_name: str) -> None:
    """Raises NotAllowed unless this person may make this move."""
    if not may_see(acting, request):
        raise NotAllowed("That request does not exist, or you cannot see it. Check the number.")
    if acting.works_queue_of(request.team_id):
        return
    if move in _BY_REQUESTER and acting.user_id == request.requester:
        return
    raise NotAllowed(
        f"Only members of {team_name} can do that with {request.label}. "
        f"If it is yours, you can resolve or reopen it; else write in its thread."
    )


def may_see(acting: Acting, request: Request) -> bool:
    """Whether this person may read the request: what came from a private place is for those concerned.

    Guests and people of other companies read nothing else either.
    """
    concerned = acting.user_id in (request.requester, request.filed_by)
    return request.workspace_id == acting.workspace_id and (
        concerned or acting.works_queue_of(request.team_id) or not (request.origin.private or acting.outside)
    )
