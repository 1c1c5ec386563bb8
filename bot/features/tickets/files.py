"""Which files of the threads go to the issue, under which name, and how far each of them is. Use cases; no calls."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from bot.core.files import FileRef, fit_name, size_words, unique_name
from bot.features.tickets import store
from bot.features.tickets.domain import Ticket, TicketState
from bot.features.tickets.models import ticket_files, tickets
from bot.outbox.unit_of_work import UnitOfWork, upsert

MOST_FILES = 20
MOST_BYTES = 20_000_000
MOST_TOGETHER = 60_000_000
# How long a file that Slack does not give just now is left alone.
ASIDE = timedelta(seconds=20)
# The whole conversation as a file: it is written when its turn comes.
WHOLE = "conversation"

ELSEWHERE = "kept elsewhere than in Slack"
OFF = "Jira takes no attachments"
TOO_MANY = f"more than {MOST_FILES} files"
TOO_MUCH = f"more than {size_words(MOST_TOGETHER)} together"


class FileState(StrEnum):
    """Where a file stands. Of a refused one the thread is told as soon as none waits; then it is left out."""

    WAITING = "waiting"
    ATTACHED = "attached"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, kw_only=True)
class TicketFile:
    """A file of a ticket. `id` is ours, 0 before it is kept; `name` is the one it has in Jira."""

    ref: FileRef
    name: str
    state: FileState
    reason: str | None = None
    id: int = 0
    ticket_id: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether it is the conversation itself."""
        return self.ref.id == WHOLE


def plan(known: Sequence[TicketFile], refs: Iterable[FileRef], limit: int) -> list[TicketFile]:
    """What becomes of files that are not known yet, each of them once. `limit`: the most bytes that Jira takes."""
    seen, names = {one.ref.id for one in known}, [one.name for one in known]
    going = [one for one in known if one.state in (FileState.WAITING, FileState.ATTACHED)]
    planned: list[TicketFile] = []
    for ref in refs:
        if ref.id in seen:
            continue
        seen.add(ref.id)
        reason = _why_not(ref, going, limit)
        name = fit_name(ref.name) if reason else unique_name(fit_name(ref.name), names)
        state = FileState.LEFT_OUT if reason else FileState.WAITING
        file = TicketFile(ref=ref, name=name, state=state, reason=reason)
        planned.append(file)
        if not reason:
            names.append(name)
            going.append(file)
    return planned


def _why_not(ref: FileRef, going: Sequence[TicketFile], limit: int) -> str | None:
    if ref.is_elsewhere:
        return ELSEWHERE
    if limit <= 0:
        return OFF
    if ref.size > min(limit, MOST_BYTES):
        return f"too large, {size_words(ref.size)}"
    if len(going) >= MOST_FILES:
        return TOO_MANY
    return TOO_MUCH if sum(one.ref.size for one in going) + ref.size > MOST_TOGETHER else None


def whole_conversation(known: Sequence[TicketFile], name: str) -> TicketFile:
    """The conversation as a file of its own."""
    ref = FileRef(id=WHOLE, name=name, size=0, mimetype="text/plain", url="")
    return TicketFile(ref=ref, name=unique_name(name, [one.name for one in known]), state=FileState.WAITING)


def keep(uow: UnitOfWork, ticket: Ticket, planned: Iterable[TicketFile], told_until: str | None) -> bool:
    """Before the issue is asked for: its files, and the newest message that its text holds.

    False where somebody else has made the issue meanwhile, or it was wished anew.
    """
    still = (tickets.c.state == TicketState.WISHED.value, tickets.c.attempt == ticket.attempt)
    changed = update(tickets).where(tickets.c.id == ticket.id, *still).values(told_until=told_until)
    if uow.connection.execute(changed).rowcount == 0:
        return False
    _add(uow, ticket.id, planned)
    return True


def want(uow: UnitOfWork, ticket_id: int, files: Sequence[FileRef]) -> None:
    """Files of a later message go to the issue too; at once if it is there, else when it is."""
    ticket = store.lock(uow.connection, ticket_id)
    if ticket is None or not files:
        return
    known = of_ticket(uow.connection, ticket_id)
    # Nobody has read these lines in the text: what is left out has to be told.
    told = [
        replace(one, state=FileState.REFUSED) if one.reason and not one.ref.is_elsewhere else one
        for one in plan(known, files, MOST_BYTES)
    ]
    _add(uow, ticket_id, told)
    if ticket.is_done:
        start(uow, ticket_id)


def start(uow: UnitOfWork, ticket_id: int) -> None:
    """The issue is there: each file that waits goes to it, once."""
    for file in of_ticket(uow.connection, ticket_id):
        if file.state is FileState.WAITING:
            uow.enqueue(
                "ticket.attach",
                {"ticket_id": ticket_id, "file": file.id},
                once=f"ticket:{ticket_id}:attach:{file.ref.id}",
                lane=f"ticket:{ticket_id}",
            )
    _tell_at_the_end(uow, ticket_id)


def put_aside(uow: UnitOfWork, ticket_id: int, file_row: int) -> None:
    """Slack does not give the file just now: it is tried on, and what comes after it does not wait."""
    uow.enqueue(
        "ticket.attach",
        {"ticket_id": ticket_id, "file": file_row, "aside": True},
        once=f"ticket:{ticket_id}:attach:{file_row}:aside",
        lane=f"ticket:{ticket_id}:files",
        not_before=uow.now + ASIDE,
    )


def attached(uow: UnitOfWork, ticket_id: int, file_row: int, attachment_id: str) -> None:
    """The issue has the file."""
    _set(uow, file_row, state=FileState.ATTACHED.value, attachment_id=attachment_id)
    _tell_at_the_end(uow, ticket_id)


def refused(uow: UnitOfWork, ticket_id: int, file_row: int, reason: str) -> None:
    """The file cannot be attached; the thread is told why."""
    _set(uow, file_row, state=FileState.REFUSED.value, reason=reason)
    _tell_at_the_end(uow, ticket_id)


def wait_again(uow: UnitOfWork, file_row: int) -> bool:
    """A file that could not be brought there is tried once more. False: it is there by now."""
    file = by_id(uow.connection, file_row)
    if file is None or file.state is FileState.ATTACHED:
        return False
    _set(uow, file_row, state=FileState.WAITING.value, reason=None)
    return True


def of_ticket(connection: Connection, ticket_id: int) -> list[TicketFile]:
    """The ticket's files, in the order in which they came."""
    query = select(ticket_files).where(ticket_files.c.ticket_id == ticket_id).order_by(ticket_files.c.id)
    return [_file(row) for row in connection.execute(query).mappings()]


def by_id(connection: Connection, file_row: int) -> TicketFile | None:
    """One file."""
    row = connection.execute(select(ticket_files).where(ticket_files.c.id == file_row)).mappings().first()
    return None if row is None else _file(row)


def _tell_at_the_end(uow: UnitOfWork, ticket_id: int) -> None:
    # One note for all of them: a cause that they share is read once.
    known = of_ticket(uow.connection, ticket_id)
    untold = [file.id for file in known if file.state is FileState.REFUSED]
    if not untold or any(file.state is FileState.WAITING for file in known):
        return
    uow.enqueue(
        "ticket.left_out",
        {"ticket_id": ticket_id, "files": untold},
        once=f"ticket:{ticket_id}:left_out:{max(untold)}",
    )
    for row in untold:
        _set(uow, row, state=FileState.LEFT_OUT.value)


def _add(uow: UnitOfWork, ticket_id: int, files: Iterable[TicketFile]) -> None:
    for file in files:
        values = {
            "ticket_id": ticket_id,
            "file_id": file.ref.id,
            "name": file.name,
            "size": file.ref.size,
            "mimetype": file.ref.mimetype,
            "url": file.ref.url,
            "state": file.state.value,
            "reason": file.reason,
            "created_at": uow.now,
        }
        fresh = upsert(uow.connection, ticket_files).values(**values)
        uow.connection.execute(fresh.on_conflict_do_nothing(index_elements=["ticket_id", "file_id"]))


def _set(uow: UnitOfWork, file_row: int, **values: Any) -> None:
    uow.connection.execute(update(ticket_files).where(ticket_files.c.id == file_row).values(**values))


def _file(row: Mapping[Any, Any]) -> TicketFile:
    ref = FileRef(
        id=row["file_id"], name=row["name"], size=row["size"], mimetype=row["mimetype"], url=row["url"]
    )
    return TicketFile(
        id=row["id"],
        ticket_id=row["ticket_id"],
        ref=ref,
        name=row["name"],
        state=FileState(row["state"]),
        reason=row["reason"],
    )
