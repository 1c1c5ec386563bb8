"""👀 and ✅ on a card: what they do, wherever they are heard from. Raises DatabaseUnavailable."""

from dataclasses import dataclass

from bot.core.errors import UserError
from bot.features.requests import store
from bot.features.requests.desk import Desk
from bot.features.requests.domain import Move
from bot.features.requests.rights import Acting
from bot.features.requests.service import pick_up, queue
from bot.outbox.unit_of_work import UnitOfWork

CLAIMS = "eyes"
RESOLVES = ("white_check_mark", "heavy_check_mark")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Somebody's emoji put on a message or taken back. `event` names it: the same one again does nothing."""

    channel: str
    ts: str
    user: str
    move: Move
    event: str


def move_of(emoji: str, *, added: bool) -> Move | None:
    """What this emoji does when it is put on a card, or taken back; None for any other emoji."""
    if emoji == CLAIMS:
        return Move.CLAIM if added else Move.RELEASE
    if emoji in RESOLVES:
        return Move.RESOLVE if added else Move.REOPEN
    return None


async def apply(desk: Desk, mark: Mark) -> bool:
    """Does it, or tells the person privately why not. False: nothing is known of that message."""
    read, run = desk.deps.transactions.read, desk.deps.transactions.run
    found = await read(store.in_thread, mark.channel, mark.ts)
    if found is None:
        return False
    if found[1] != "card":
        return True
    request = await read(store.by_id, found[0])
    team = (await desk.teams()).get(request.team_id)
    acting = await desk.acting(request.workspace_id, mark.user, [request.team_id])
    try:
        await run(_make, mark, request.id, acting, team.name if team else "the team")
    except UserError as error:
        await run(pick_up.whisper, channel=mark.channel, user_id=mark.user, text=error.text, event=mark.event)
    return True


def _make(uow: UnitOfWork, mark: Mark, request_id: int, acting: Acting, team_name: str) -> None:
    if not uow.first_time(mark.event):
        return
    if mark.move is Move.CLAIM:
        queue.claim(uow, request_id, acting, team_name, via="eyes")
    elif mark.move is Move.RESOLVE:
        queue.resolve(uow, request_id, acting, team_name, via="check")
    else:
        queue.undo_reaction(uow, request_id, acting, team_name, mark.move)


def look_again(uow: UnitOfWork, mark: Mark) -> None:
    """Somebody marked a post of ours that is of no request yet: faster, perhaps, than we could note it."""
    payload = {
        "channel": mark.channel,
        "ts": mark.ts,
        "user": mark.user,
        "move": mark.move.value,
        "event": mark.event,
    }
    uow.enqueue("request.mark", payload, once=f"mark:{mark.event}", not_before=uow.now + pick_up.LOOK_AGAIN)
