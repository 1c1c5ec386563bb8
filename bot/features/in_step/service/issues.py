"""How an issue is: what Jira says is stored, and each thread is told what is new."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.threads import IssueThreads
from bot.features.in_step import domain, store
from bot.features.in_step.domain import Issue, News, State
from bot.features.in_step.service.comments import show_again
from bot.features.in_step.service.shared import (
    GONE,
    LINE,
    Neighbours,
    ask_for_look,
    in_each_thread,
)
from bot.outbox.unit_of_work import UnitOfWork

# What the bot did itself is written down by whoever asked for it; a look comes after that.
OWN_DOING = timedelta(seconds=5)
AT_ONCE = timedelta()


def follow(uow: UnitOfWork, issue_id: str, key: str, *, is_linked: bool) -> None:
    """A thread has this issue from now on: its state is looked up, without a word about what it is.

    Of one that was there before, only comments from now on are told.
    """
    store.add_issue(uow.connection, issue_id, key, uow.now if is_linked else None, uow.now)
    ask_for_look(uow, issue_id)


def hear_state(uow: UnitOfWork, state: State, who: str, neighbours: Neighbours) -> None:
    """A webhook tells how the issue is. What is older than what is known changes nothing."""
    issue = store.lock_issue(uow.connection, state.id)
    if issue is None or _is_outdated(issue, state):
        return
    if issue.changed_at == state.updated:
        # Two changes of one moment: which of them was the last, only Jira knows.
        if domain.differs(issue, state):
            ask_for_look(uow, issue.issue_id)
        return
    _apply(uow, issue, state, who, neighbours)


def hear_own(uow: UnitOfWork, state: State) -> None:
    """A webhook tells of something that the bot did: whoever asked for it writes it down, with a name.

    Should nobody do so, a look finds it.
    """
    issue = store.lock_issue(uow.connection, state.id)
    if issue is not None and not _is_outdated(issue, state) and domain.differs(issue, state):
        ask_for_look(uow, issue.issue_id, OWN_DOING)


def apply_state(uow: UnitOfWork, state: State, who: str, neighbours: Neighbours) -> None:
    """Jira was asked, and this is how the issue is. `who` moved it last, as far as that is known."""
    issue = store.lock_issue(uow.connection, state.id)
    if issue is not None and not _is_outdated(issue, state):
        # Who did anything else, Jira does not tell.
        is_moved = issue.status_id != state.status_id
        _apply(uow, issue, state, who if is_moved else "", neighbours)


def _is_outdated(issue: Issue, state: State) -> bool:
    return issue.changed_at is not None and state.updated < issue.changed_at


def _apply(uow: UnitOfWork, issue: Issue, state: State, who: str, neighbours: Neighbours) -> None:
    if issue.is_known:
        new = domain.news(issue, state)
    else:
        new = domain.first_news(issue, state)
        _begin_comments(uow, issue, state)
    store.set_state(uow.connection, issue.id, state)
    if new.key is not None:
        neighbours.rename(uow, issue.issue_id, state.key)
    following = neighbours.threads_of_issue(uow.connection, issue.issue_id)
    if issue.is_known and new.is_told and not state.is_restricted:
        _tell(uow, issue, new, who, following)
    _move_requests(uow, state, new, who, following, neighbours)
    if new.is_told or domain.differs(issue, state) or issue.is_gone:
        _renew_cards(uow, following, neighbours)
    if not issue.is_known or issue.is_restricted is not state.is_restricted:
        show_again(uow, issue.issue_id, neighbours)


def _begin_comments(uow: UnitOfWork, issue: Issue, state: State) -> None:
    """No comment is younger than the issue's last change, whatever the difference between the clocks."""
    if issue.comments_since is not None:
        store.set_comments_since(uow.connection, issue.id, min(issue.comments_since, state.updated))


def _tell(uow: UnitOfWork, issue: Issue, new: News, who: str, following: Sequence[IssueThreads]) -> None:
    payload = {"issue_row": issue.id, "news": new.to_json(), "who": who}
    in_each_thread(uow, LINE, payload, following)


def _move_requests(
    uow: UnitOfWork,
    state: State,
    new: News,
    who: str,
    following: Sequence[IssueThreads],
    neighbours: Neighbours,
) -> None:
    if new.fate is None:
        return
    move = neighbours.resolve if new.fate == "done" else neighbours.reopen
    for threads in following:
        if threads.request_id is not None:
            move(uow, threads.request_id, state.key, "" if state.is_restricted else who)


def _renew_cards(uow: UnitOfWork, following: Sequence[IssueThreads], neighbours: Neighbours) -> None:
    for threads in following:
        if threads.request_id is not None:
            neighbours.card_changed(uow, threads.request_id)


def gone(uow: UnitOfWork, issue_id: str, who: str, neighbours: Neighbours, *, is_deleted: bool) -> None:
    """The issue was deleted, or cannot be seen any more: each thread is told once."""
    issue = store.lock_issue(uow.connection, issue_id)
    if issue is None or issue.is_gone:
        return
    store.set_gone(uow.connection, issue.id)
    following = neighbours.threads_of_issue(uow.connection, issue_id)
    payload = {"issue_row": issue.id, "who": who, "is_deleted": is_deleted}
    in_each_thread(uow, GONE, payload, following)
    _renew_cards(uow, following, neighbours)


def looked(uow: UnitOfWork, issue_id: str, until: datetime | None) -> None:
    """Jira was asked about this issue just now, closely; all comments up to `until` were read (None: none)."""
    store.set_looked(uow.connection, [issue_id], uow.now)
    if until is not None:
        store.set_comments_until(uow.connection, issue_id, until)


def looked_at(uow: UnitOfWork, asked: Collection[str], updated: Mapping[str, datetime]) -> None:
    """Jira was asked about these issues, and told when each changed last: what is news is looked at closely."""
    for issue_id in asked:
        issue = store.by_issue_id(uow.connection, issue_id)
        if issue is None:
            continue
        when = updated.get(issue_id)
        is_missed = when is None and not issue.is_gone
        is_newer = when is not None and (issue.changed_at is None or when > issue.changed_at)
        if is_missed or is_newer:
            ask_for_look(uow, issue_id)
    store.set_looked(uow.connection, asked, uow.now)


def shown_state(connection: Connection, key: str) -> str | None:
    """What a card says beside the key: the status, that there is no such issue, or nothing where it is not for all."""
    issue = store.by_key(connection, key)
    if issue is None or not issue.is_known:
        return None
    if issue.is_gone:
        return "not in Jira any more"
    return None if issue.is_restricted else issue.status
