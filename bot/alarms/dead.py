"""What is told of dead letters: which one, why, and how many others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.core.text import cut
from bot.outbox.letters import GIVEN_UP
from bot.outbox.models import outbox
from bot.slack import failures
from bot.slack.mrkdwn import escape

LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True)
class Told:
    """An alarm that was wished for. `claimed_at` is None until its words are made."""

    run_at: datetime
    claimed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Dead:
    """One dead letter as an example, and how many others of its kind there are since then."""

    kind: str
    id: int
    result: str
    reason: str
    others: int


def last_told(connection: Connection, kind: str, key: str) -> Told | None:
    """The newest alarm of this kind whose key begins like this; nobody claims it until we commit."""
    begin = f"{kind}:{key}"
    query = (
        select(outbox.c.run_at, outbox.c.claimed_at)
        .where(outbox.c.dedup >= begin, outbox.c.dedup < f"{begin}~")
        .order_by(outbox.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = connection.execute(query).first()
    return Told(run_at=row.run_at, claimed_at=row.claimed_at) if row else None


def since(connection: Connection, kind: str, start: datetime, example: int) -> Dead | None:
    """The dead letters of a kind since then; None where there are none any more."""
    query = (
        select(outbox.c.id, outbox.c.result, outbox.c.error)
        .where(outbox.c.kind == kind, outbox.c.result.in_(GIVEN_UP), outbox.c.closed_at >= start)
        .order_by(outbox.c.id)
    )
    found: Sequence[tuple[int, str, str | None]] = [
        (row[0], row[1], row[2]) for row in connection.execute(query)
    ]
    if not found:
        return None
    number, result, error = next((one for one in found if one[0] == example), found[0])
    return Dead(kind=kind, id=number, result=result, reason=error or "", others=len(found) - 1)


def in_words(dead: Dead) -> str:
    """The alarm's text, with what to do."""
    reason = escape(cut(failures.in_words(dead.reason), LONGEST_REASON)).rstrip(".")
    what = f"{dead.kind} (entry {dead.id})"
    said = (
        f"Frontdesk does not know whether {what} arrived, and sends it no second time: {reason}."
        if dead.result == "doubtful"
        else f"Frontdesk gave up on {what}: {reason}."
    )
    others = {0: "", 1: " So it is with one other of this kind."}.get(
        dead.others, f" So it is with {dead.others} others of this kind."
    )
    return (
        f"{said}{others} `frontdesk outbox list` shows what it was for; once the cause is mended, "
        f"`frontdesk outbox retry --all --kind {dead.kind}` sends it."
    )
