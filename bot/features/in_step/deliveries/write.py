"""What is said in Slack leaves for Jira: one comment for a burst of messages, once, then kept true."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

from bot.core.text import Document
from bot.core.threads import IssueThreads
from bot.feature import Deps
from bot.features.in_step import words, words_store
from bot.features.in_step.views import notices
from bot.features.in_step.views.comment import Background, comment
from bot.features.in_step.word import Word
from bot.features.in_step.words import Tickets
from bot.jira.failures import LoginRefused
from bot.jira.gateway import JiraGateway
from bot.jira.texts import TEXT_LIMIT
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Outcome, Refused, Stale
from bot.outbox.store import was_given_up
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.posting import Post, post_delivery
from bot.teams.names import SOMEBODY, names_in, whole_name, without_channel_names

# Comments by an issue's key are never behind what was written: the looks need no patience.
LOOK_AFTER = (1.0, 5.0)
TIMEOUT = 20.0


def build(deps: Deps, jira: JiraGateway, tickets: Tickets) -> Mapping[str, Delivery]:
    """The deliveries that write to Jira, by their kind."""
    writing = _Writing(deps, jira, tickets)
    return {
        words.WRITE: writing.write(),
        words.REWRITE: writing.rewrite(),
    }


def tell(deps: Deps, tickets: Tickets) -> Mapping[str, Delivery]:
    """The deliveries that tell a thread what became of its words. They need no Jira."""
    telling = _Telling(deps, tickets)
    return {
        words.KEPT: post_delivery(deps.slack, telling.kept, rather="once"),
        words.REFUSED: post_delivery(deps.slack, telling.refused, rather="delivered"),
    }


class _Writing:
    def __init__(self, deps: Deps, jira: JiraGateway, tickets: Tickets) -> None:
        self._deps = deps
        self._jira = jira
        self._tickets = tickets

    def write(self) -> Delivery:
        """Adds the comment. Its ref holds the comment's id and the versions of the messages in it."""
        return Delivery(
            prepare=self._add,
            look_up=self._find,
            settle=_settle,
            give_up=self._give_up,
            held=_held,
            rather="once",
            look_after=LOOK_AFTER,
            timeout=TIMEOUT,
        )

    def rewrite(self) -> Delivery:
        """Makes a comment say what its messages say now, or takes it away; may be repeated."""
        return Delivery(
            prepare=self._change,
            settle=_settle_change,
            give_up=self._give_up_change,
            rather="delivered",
            timeout=TIMEOUT,
        )

    async def _add(self, entry: Entry) -> Send:
        ticket, issue = await _issue_of(self._deps, self._tickets, entry)
        bound = await self._deps.transactions.run(words.take, ticket, entry.dedup, self._tickets)
        bound, document = await self._fitting(ticket, bound)
        versions = {str(word.id): word.version for word in bound}

        async def send() -> Ref:
            return {
                "comment": await self._jira.comments.add(issue, document, entry.dedup),
                "versions": versions,
            }

        return send

    async def _fitting(self, ticket: IssueThreads, bound: list[Word]) -> tuple[list[Word], Document]:
        """As many as Jira takes in one comment, whatever became of their text; the others go back."""
        while bound:
            document = await self._document(ticket, bound)
            if len(bound) == 1 or self._jira.length(document) <= TEXT_LIMIT:
                return bound, document
            bound, rest = bound[: len(bound) // 2], bound[len(bound) // 2 :]
            ids = [word.id for word in rest]
            await self._deps.transactions.run(words.put_back, ticket.ticket_id, ids)
        raise Stale("nothing to say")

    async def _find(self, entry: Entry) -> Ref | None:
        _, issue = await _issue_of(self._deps, self._tickets, entry)
        found = await self._jira.comments.find(issue, entry.dedup, entry.sent_at or entry.created_at)
        return {"comment": found} if found else None

    def _give_up(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        words.refused(uow, entry.payload["ticket_id"], entry.dedup, _why(refused), self._tickets)

    async def _change(self, entry: Entry) -> Send:
        ticket, issue = await _issue_of(self._deps, self._tickets, entry)
        bound = await self._deps.transactions.read(words_store.of_batch, entry.payload["batch"])
        comment_id = next((word.comment_id for word in bound if word.comment_id), None)
        if comment_id is None:
            raise Stale("it does not stand in Jira")
        document = await self._document(ticket, bound) if any(word.is_shown for word in bound) else None

        async def send() -> Ref:
            if document is None:
                await self._jira.comments.remove(issue, comment_id)
            else:
                # One that somebody removed in Jira stays away.
                await self._jira.comments.change(issue, comment_id, document)
            return {"removed": document is None}

        return send

    def _give_up_change(self, uow: UnitOfWork, entry: Entry, refused: Refused) -> None:
        words.not_rewritten(uow, entry.payload["batch"], entry.dedup, _why(refused), self._tickets)

    async def _document(self, ticket: IssueThreads, bound: Sequence[Word]) -> Document:
        shown = [replace(word, text=without_channel_names(word.text)) for word in bound if word.is_shown]
        teams = await self._deps.directory.teams()
        team = teams.get(ticket.team_id) if ticket.team_id is not None else None
        background = Background(
            names=await self._names(shown),
            zone=team.zone if team else ZoneInfo(UTC.tzname(None)),
            today=self._deps.clock.now(),
        )
        return comment(shown, background)

    async def _names(self, shown: Sequence[Word]) -> dict[str, str]:
        directory, slack = self._deps.directory, self._deps.slack
        authors = list(dict.fromkeys(word.author for word in shown))
        speakers = await asyncio.gather(*(whole_name(directory, author) for author in authors))
        names = dict(zip(authors, speakers, strict=True))
        for found in await asyncio.gather(*(names_in(directory, slack, word.text) for word in shown)):
            names |= {one: name for one, name in found.items() if names.get(one, SOMEBODY) == SOMEBODY}
        return names


class _Telling:
    def __init__(self, deps: Deps, tickets: Tickets) -> None:
        self._deps = deps
        self._tickets = tickets

    async def kept(self, entry: Entry) -> Post:
        """That words wait for Jira; nothing when they need not wait any more."""
        word = await self._word(entry)
        over = word.batch is None or await self._deps.transactions.read(was_given_up, word.batch)
        if over or word.comment_id is not None or not word.is_shown:
            raise Stale("they wait no longer")
        message = notices.kept_for_login() if entry.payload["login"] else notices.kept()
        return Post(message=message, channel=word.channel, thread_ts=word.thread_ts)

    async def refused(self, entry: Entry) -> Post:
        """That words will not stand in Jira, or stand there as they were, and why."""
        word = await self._word(entry)
        ticket, _ = await _issue_of(self._deps, self._tickets, entry)
        why = entry.payload["why"]
        is_change = entry.payload.get("is_change", False)
        message = notices.not_changed(ticket, why) if is_change else notices.refused(ticket, word.author, why)
        return Post(message=message, channel=word.channel, thread_ts=word.thread_ts)

    async def _word(self, entry: Entry) -> Word:
        word = await self._deps.transactions.read(words_store.by_id, entry.payload["word_id"])
        if word is None:
            raise Stale("there is no such message")
        return word


async def _issue_of(deps: Deps, tickets: Tickets, entry: Entry) -> tuple[IssueThreads, str]:
    ticket = await deps.transactions.read(tickets.of_ticket, entry.payload["ticket_id"])
    if ticket is None or ticket.key is None:
        raise Stale("there is no issue")
    # The id stays when the issue moves to another project and gets another key.
    return ticket, ticket.issue_id or ticket.key


def _why(refused: Refused) -> str:
    return refused.words if refused.words != refused.reason else "Jira did not say whether it took them."


def _settle(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    words.written(uow, entry.dedup, ref["comment"], ref.get("versions"))


def _settle_change(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    if ref["removed"]:
        words.removed(uow, entry.payload["batch"])


def _held(uow: UnitOfWork, entry: Entry, outcome: Outcome) -> None:
    login = isinstance(outcome, LoginRefused)
    words.kept(uow, entry.payload["ticket_id"], entry.dedup, login=login)
