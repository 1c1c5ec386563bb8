"""Others ask for the same: they join a request instead of filing one, or an old answer is enough for them."""

from dataclasses import dataclass

from bot.core.errors import UserError
from bot.core.threads import ThreadRef
from bot.features.requests import rights, store
from bot.features.requests.domain import Request
from bot.features.requests.events import AskerJoined, AskersTold
from bot.features.requests.rights import Acting
from bot.features.requests.service.queue import refresh_card
from bot.features.requests.store import askers
from bot.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Joined:
    """How many people ask for it now, the requester among them. `again`: this one had joined before."""

    request: Request
    people: int
    again: bool


def join(uow: UnitOfWork, request_id: int, acting: Acting) -> Joined:
    """One more asker, who is told what the requester is told; the same person again changes nothing.

    Raises UserError where there is nothing to join: it is theirs, closed, or not for their eyes.
    """
    request = _seen(store.lock(uow.connection, request_id), acting)
    if acting.user_id == request.requester:
        raise UserError(f"{request.label} is yours already: you hear of it in any case.")
    if not request.state.is_open:
        raise UserError(
            f"{request.label} was closed in the meantime: it is {request.state.label}. "
            "Go on with your form if you still need something."
        )
    is_new = askers.add_asker(uow.connection, request.id, acting.user_id, uow.now)
    if is_new:
        _tell(uow, request, acting.user_id)
    return Joined(
        request=request, people=askers.count_askers(uow.connection, request.id) + 1, again=not is_new
    )


def _tell(uow: UnitOfWork, request: Request, user_id: str) -> None:
    payload = {"request_id": request.id, "user": user_id}
    name = f"req:{request.id}:joined:{user_id}"
    uow.enqueue("request.joined", payload, once=name, lane=lane_of(request.id, user_id))
    uow.enqueue("request.joined_line", payload, once=f"{name}:line", lane=f"card:{request.id}")
    refresh_card(uow, request.id)
    uow.emit(AskerJoined(request=request, user_id=user_id))


def lane_of(request_id: int, user_id: str) -> str:
    """What one asker is told of one request happens in its order."""
    return f"joined:{request_id}:{user_id}"


def greeted(uow: UnitOfWork, request_id: int, user_id: str, ref: ThreadRef) -> None:
    """They read there that they have joined: what follows is told below it."""
    askers.set_asker_thread(uow.connection, request_id, user_id, ref)


def pass_on(uow: UnitOfWork, request_id: int, line_id: int) -> None:
    """What the requester was told of this line of history, the others are told too."""
    others = askers.askers_of(uow.connection, request_id)
    if others:
        uow.emit(AskersTold(user_ids=tuple(others)))
    for user_id in others:
        uow.enqueue(
            "request.joined_notice",
            {"request_id": request_id, "line_id": line_id, "user": user_id},
            once=f"req:{request_id}:joined:{user_id}:notice:{line_id}",
            lane=lane_of(request_id, user_id),
        )


def helped(uow: UnitOfWork, request_id: int, acting: Acting) -> Request:
    """An old answer was enough, and nothing is filed; counted once for each person. Raises UserError."""
    request = _seen(store.by_id(uow.connection, request_id), acting)
    askers.add_helped(uow.connection, request.id, acting.user_id, uow.now)
    return request


def _seen(request: Request, acting: Acting) -> Request:
    if not rights.may_see(acting, request):
        raise UserError(store.GONE)
    return request
