"""What is posted about an issue: what changed in it, and what people write there. Rendered as things are now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.core.threads import IssueThreads, PlaceOfThread, ThreadRef
from bot.feature import Deps
from bot.features.in_step import service, store
from bot.features.in_step.domain import CommentPost, Issue, KnownComment, news_from_json
from bot.features.in_step.service import Neighbours
from bot.features.in_step.views import comment_post, lines
from bot.jira import texts
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Stale
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.blocks import Message
from bot.slack.posting import Post, call_delivery, post_delivery

# A post that somebody removed needs no change any more.
_GONE = frozenset({"message_not_found"})


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """A comment, its issue, and the thread that an entry is about; `thread` is None where there is none."""

    comment: KnownComment
    issue: Issue
    url: str
    thread: ThreadRef | None
    post: CommentPost | None


class Posts:
    """The deliveries that write in Slack. They need no Jira: what comes after them in a thread is never held up."""

    def __init__(self, deps: Deps, neighbours: Neighbours) -> None:
        self._deps = deps
        self._neighbours = neighbours

    def all(self) -> Mapping[str, Delivery]:
        slack = self._deps.slack
        return {
            service.LINE: post_delivery(slack, self._line, rather="once"),
            service.GONE: post_delivery(slack, self._gone, rather="once"),
            service.COMMENT: self._comments(),
            service.COMMENT_NOW: call_delivery(slack, self._update, rather="delivered", done_when=_GONE),
        }

    async def _line(self, entry: Entry) -> Post:
        issue, url = await self._issue(entry)
        if issue.is_restricted:
            raise Stale("not for everybody any more")
        news = news_from_json(entry.payload["news"])
        return _below(entry, lines.line(issue.issue_key, url, news, entry.payload["who"]))

    async def _gone(self, entry: Entry) -> Post:
        issue, url = await self._issue(entry)
        payload = entry.payload
        return _below(
            entry, lines.gone(issue.issue_key, url, payload["who"], is_deleted=payload["is_deleted"])
        )

    async def _issue(self, entry: Entry) -> tuple[Issue, str]:
        """The issue and its address."""
        read = self._deps.transactions.read
        issue = await read(store.by_row, entry.payload["issue_row"])
        threads = await read(self._neighbours.threads_of_ticket, entry.payload["ticket_id"])
        if issue is None or threads is None:
            raise Stale("nobody follows the issue")
        return issue, threads.url or ""

    def _comments(self) -> Delivery:
        posted = post_delivery(self._deps.slack, self._comment, settle=_settle, rather="delivered")

        async def prepare(entry: Entry) -> Send:
            # Read before rendering: a change in between is at worst shown twice, never missed.
            version = (await self._load(entry)).comment.version
            send = await posted.prepare(entry)

            async def send_and_tell() -> Ref:
                return {**await send(), "version": version}

            return send_and_tell

        return replace(posted, prepare=prepare)

    async def _comment(self, entry: Entry) -> Post:
        shown = await self._load(entry)
        # After a doubt it may stand there already: what is no longer to be read must be found and covered.
        may_stand = entry.sent_at is not None
        if shown.thread is None or shown.post is not None:
            raise Stale("nothing to show there")
        if not (may_stand or self._may_read(shown, entry)):
            raise Stale("not to be read there")
        message = self._rendered(shown, entry)
        return Post(message=message, channel=shown.thread.channel, thread_ts=shown.thread.thread_ts)

    async def _update(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        shown = await self._load(entry)
        if shown.post is None:
            raise Stale("nothing posted yet")
        message = self._rendered(shown, entry)
        return "chat.update", {
            "channel": shown.post.channel,
            "ts": shown.post.ts,
            "text": message.text,
            "blocks": list(message.blocks),
        }

    def _rendered(self, shown: _Shown, entry: Entry) -> Message:
        if not self._may_read(shown, entry):
            return comment_post.tombstone(shown.comment)
        return comment_post.shown(shown.comment, texts.read(shown.comment.body), shown.url)

    def _may_read(self, shown: _Shown, entry: Entry) -> bool:
        if not (shown.comment.is_shown and shown.issue.may_be_shown):
            return False
        return service.may_read(entry.payload["side"], shown.comment, self._neighbours)

    async def _load(self, entry: Entry) -> _Shown:
        found = await self._deps.transactions.read(_read, entry, self._neighbours)
        if found is None:
            raise Stale("the comment or its ticket is gone")
        return found


def _read(connection: Connection, entry: Entry, neighbours: Neighbours) -> _Shown | None:
    payload = entry.payload
    comment = store.comment_by_row(connection, payload["comment_row"])
    issue = store.by_row(connection, comment.issue_row) if comment else None
    threads = neighbours.threads_of_ticket(connection, payload["ticket_id"])
    if comment is None or issue is None or threads is None:
        return None
    side: PlaceOfThread = payload["side"]
    return _Shown(
        comment=comment,
        issue=issue,
        url=threads.url or "",
        thread=_thread(threads, side),
        post=store.post_on(connection, comment.id, threads.ticket_id, (side,)),
    )


def _thread(threads: IssueThreads, side: PlaceOfThread) -> ThreadRef | None:
    places = dict(threads.threads)
    # A thread that was nobody's request's is the asker's once there is a request.
    return places.get(side) or (places.get("asker") if side == "thread" else None)


def _below(entry: Entry, message: Message) -> Post:
    return Post(message=message, channel=entry.payload["channel"], thread_ts=entry.payload["thread_ts"])


def _settle(uow: UnitOfWork, entry: Entry, ref: Ref) -> None:
    payload = entry.payload
    post = CommentPost(
        comment_row=payload["comment_row"],
        ticket_id=payload["ticket_id"],
        side=payload["side"],
        channel=ref["channel"],
        ts=ref["ts"],
        # Found after a doubt: nobody knows which version it shows.
        version=ref.get("version", 0),
    )
    service.posted(uow, post)
