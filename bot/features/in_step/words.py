"""Use cases of what is said in Slack and goes to an issue: heard, changed, and sent as comments, each word once.

Several messages travel in one comment. They are bound to the outbox entry that carries them before it is sent, and
to the comment when it stands; whatever changes afterwards is written anew. Nothing here talks to Jira.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot.core.files import FileRef, fit_name
from bot.core.messages import Deleted, Edited, SharedFile, Spoken
from bot.core.threads import IssueThreads, ThreadRef, is_aside
from bot.features.in_step import word as rules
from bot.features.in_step import words_store as store
from bot.features.in_step.service import lane_of
from bot.features.in_step.word import Word
from bot.outbox.unit_of_work import UnitOfWork

WRITE = "issue.write"
REWRITE = "issue.rewrite"
KEPT = "issue.words_kept"
REFUSED = "issue.words_refused"

# So long a burst of messages gathers.
GATHER = timedelta(seconds=1.5)
# So long Jira may be silent before anybody is told.
PATIENCE = timedelta(seconds=60)

WantFiles = Callable[[UnitOfWork, int, Sequence[FileRef]], None]


@dataclass(frozen=True, kw_only=True)
class Tickets:
    """What the words ask of the tickets. `of_thread` knows only threads that are no request's."""

    of_ticket: Callable[[Connection, int], IssueThreads | None]
    of_request: Callable[[Connection, int], IssueThreads | None]
    of_thread: Callable[[Connection, str, str], IssueThreads | None]
    want_files: WantFiles


def heard(uow: UnitOfWork, ticket_id: int, spoken: Spoken, *, shown: bool) -> None:
    """Somebody said something in a thread of this ticket. `shown`: it may leave its place; an aside never does."""
    shown = shown and not is_aside(spoken.text)
    is_new = store.add(uow.connection, ticket_id, spoken, shown=shown, now=uow.now)
    if is_new and shown:
        # While the issue is still being made, the lane holds this back until it is there.
        ask_for_write(uow, ticket_id)


def heard_of_request(
    uow: UnitOfWork, tickets: Tickets, request_id: int, spoken: Spoken, *, shown: bool
) -> None:
    """Somebody said something in a thread of a request; nothing happens where it has no issue."""
    ticket = tickets.of_request(uow.connection, request_id)
    if ticket is not None:
        heard(uow, ticket.ticket_id, spoken, shown=shown)


def heard_in_thread(uow: UnitOfWork, spoken: Spoken, tickets: Tickets) -> None:
    """Somebody said something in a thread that is no request's."""
    ticket = tickets.of_thread(uow.connection, spoken.channel, spoken.thread_ts)
    if ticket is not None:
        heard(uow, ticket.ticket_id, spoken, shown=True)


def changed(uow: UnitOfWork, tickets: Tickets, edited: Edited, *, shown: bool) -> None:
    """A message reads like this now; what stands in Jira follows. An outdated edit changes nothing."""
    shown = shown and not is_aside(edited.text)
    for word in store.lock(uow.connection, edited.channel, edited.ts):
        if rules.changes_something(word, edited, shown=shown):
            now = store.change(uow.connection, word, edited, shown=shown)
            _follow(uow, now)
            if now.comment_id is not None and now.is_shown:
                _want_files(uow, tickets, [now])


def changed_in_thread(uow: UnitOfWork, edited: Edited, tickets: Tickets) -> None:
    """The same in a thread that is no request's; those of a request are told by whoever keeps its talk."""
    if _is_no_requests(uow.connection, tickets, edited.channel, edited.ts):
        changed(uow, tickets, edited, shown=True)


def taken_away(uow: UnitOfWork, deleted: Deleted) -> None:
    """A message is gone: its words are erased here and in Jira, or never go there."""
    for word in store.lock(uow.connection, deleted.channel, deleted.ts):
        if not word.is_deleted:
            _follow(uow, store.erase(uow.connection, word))


def taken_away_in_thread(uow: UnitOfWork, deleted: Deleted, tickets: Tickets) -> None:
    """The same in a thread that is no request's; one that was not heard yet is remembered as gone."""
    if _is_no_requests(uow.connection, tickets, deleted.channel, deleted.ts):
        taken_away(uow, deleted)
        return
    if store.is_kept(uow.connection, deleted.channel, deleted.ts):
        return
    if deleted.thread_ts in (None, deleted.ts):
        return
    ticket = tickets.of_thread(uow.connection, deleted.channel, deleted.thread_ts or "")
    if ticket is not None:
        store.add_deleted(uow.connection, ticket.ticket_id, deleted, uow.now)


def _is_no_requests(connection: Connection, tickets: Tickets, channel: str, ts: str) -> bool:
    for word in store.lock(connection, channel, ts):
        ticket = tickets.of_ticket(connection, word.ticket_id)
        if ticket is not None and ticket.request_id is None:
            return True
    return False


def issue_made(uow: UnitOfWork, ticket: IssueThreads) -> None:
    """Jira has the issue: what was said meanwhile goes there."""
    if store.any_waiting(uow.connection, ticket.ticket_id, ticket.told_until):
        ask_for_write(uow, ticket.ticket_id)


def ask_for_write(uow: UnitOfWork, ticket_id: int) -> None:
    """Asks for all that waits to be written; many wishes become one comment, a moment later."""
    uow.enqueue(
        WRITE,
        {"ticket_id": ticket_id},
        merge=f"issue:{ticket_id}:write",
        lane=lane(ticket_id),
        not_before=uow.now + GATHER,
    )


def lane(ticket_id: int) -> str:
    """In what order an issue is written to."""
    return f"ticket:{ticket_id}"


def take(uow: UnitOfWork, ticket: IssueThreads, batch: str, tickets: Tickets) -> list[Word]:
    """What travels with this entry: what did already, else what waits, as far as it fits one comment.

    Nothing when no word of it may be read.
    """
    bound = store.lock_batch(uow.connection, batch)
    if not bound:
        limit = rules.MOST_TOGETHER + 1
        found = store.waiting(uow.connection, ticket.ticket_id, ticket.told_until, limit)
        bound = rules.together(found)
        store.assign(uow.connection, [word.id for word in bound], batch)
        _want_files(uow, tickets, bound)
        if len(found) > len(bound):
            ask_for_write(uow, ticket.ticket_id)
    if any(word.is_shown for word in bound):
        return sorted(bound, key=lambda word: (word.ts, word.id))
    # Should one of them be shown again, it starts anew.
    store.release(uow.connection, [word.id for word in bound])
    return []


def put_back(uow: UnitOfWork, ticket_id: int, chosen: Sequence[int]) -> None:
    """These were too many for one comment: they travel with the next."""
    store.release(uow.connection, chosen)
    ask_for_write(uow, ticket_id)


def written(uow: UnitOfWork, batch: str, comment_id: str, versions: Mapping[str, int] | None) -> None:
    """The comment stands, with these versions of its messages (None: nobody knows which)."""
    bound = store.lock_batch(uow.connection, batch)
    store.set_comment(uow.connection, bound, comment_id)
    if any(word.version != (versions or {}).get(str(word.id), 1) for word in bound):
        _ask_for_rewrite(uow, bound[0].ticket_id, batch)


def removed(uow: UnitOfWork, batch: str) -> None:
    """The comment is gone, as nothing of it may be read any more; what may again meanwhile is written anew."""
    bound = store.lock_batch(uow.connection, batch)
    store.release(uow.connection, [word.id for word in bound])
    if any(word.is_shown for word in bound):
        ask_for_write(uow, bound[0].ticket_id)


def refused(uow: UnitOfWork, ticket_id: int, batch: str, why: str, tickets: Tickets) -> None:
    """Jira does not take it: whoever spoke is told once, in their own thread."""
    ticket = tickets.of_ticket(uow.connection, ticket_id)
    told: set[tuple[str, str]] = set()
    for word in store.lock_batch(uow.connection, batch):
        if word.is_shown and (word.thread_ts, word.author) not in told:
            told.add((word.thread_ts, word.author))
            payload = {"ticket_id": ticket_id, "word_id": word.id, "why": why}
            uow.enqueue(REFUSED, payload, once=f"{batch}:refused:{word.id}", lane=_lane_of(ticket, word))


def not_rewritten(uow: UnitOfWork, batch: str, entry: str, why: str, tickets: Tickets) -> None:
    """What stands in Jira does not follow a change: the thread is told, so that somebody sees to it there."""
    bound = store.lock_batch(uow.connection, batch)
    if not bound:
        return
    ticket = tickets.of_ticket(uow.connection, bound[0].ticket_id)
    payload = {"ticket_id": bound[0].ticket_id, "word_id": bound[0].id, "why": why, "is_change": True}
    uow.enqueue(REFUSED, payload, once=f"{entry}:refused", lane=_lane_of(ticket, bound[0]))


def _lane_of(ticket: IssueThreads | None, word: Word) -> str | None:
    place = ThreadRef(channel=word.channel, thread_ts=word.thread_ts)
    sides = [side for side, thread in ticket.threads if thread == place] if ticket else []
    return lane_of(ticket, sides[0]) if ticket and sides else None


def kept(uow: UnitOfWork, ticket_id: int, batch: str, *, login: bool) -> None:
    """Jira takes nothing just now: the thread is told once in an outage, if it lasts."""
    bound = store.of_batch(uow.connection, batch)
    if bound:
        uow.enqueue(
            KEPT,
            {"ticket_id": ticket_id, "word_id": bound[0].id, "login": login},
            once=f"ticket:{ticket_id}:kept:{uow.now:%Y-%m-%dT%H}",
            not_before=uow.now + PATIENCE,
        )


def _follow(uow: UnitOfWork, word: Word) -> None:
    """What stands in Jira follows the message. One that is being sent is looked at when it has arrived."""
    if word.comment_id is not None and word.batch is not None:
        _ask_for_rewrite(uow, word.ticket_id, word.batch)
    elif word.batch is None and word.is_shown:
        ask_for_write(uow, word.ticket_id)


def _ask_for_rewrite(uow: UnitOfWork, ticket_id: int, batch: str) -> None:
    uow.enqueue(
        REWRITE, {"ticket_id": ticket_id, "batch": batch}, merge=f"{batch}:rewrite", lane=lane(ticket_id)
    )


def _want_files(uow: UnitOfWork, tickets: Tickets, chosen: Sequence[Word]) -> None:
    for word in chosen:
        if word.files:
            tickets.want_files(uow, word.ticket_id, [_ref(file) for file in word.files if file.id])


def _ref(file: SharedFile) -> FileRef:
    return FileRef(
        id=file.id,
        name=fit_name(file.filename or file.name),
        size=file.size,
        mimetype=file.mimetype,
        url=file.url,
        page=file.permalink,
    )
