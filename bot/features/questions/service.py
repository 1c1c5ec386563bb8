"""Somebody asked the bot something: the answer is wished for, once for each message."""

from dataclasses import dataclass

from bot.features.questions import domain
from bot.outbox.unit_of_work import UnitOfWork
from bot.teams.roster import Teams


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text that somebody wrote to the bot, and where.

    `root_ts` is the message whose thread the answer belongs to, `in_thread` whether that thread was there before.
    `is_shared`: people of another company read along.
    """

    user_id: str
    text: str
    channel: str
    ts: str
    root_ts: str | None
    in_thread: bool
    is_shared: bool


def ask(uow: UnitOfWork, written: Written, teams: Teams) -> bool:
    """Whether it is a question; then its answer comes, to all who read there or to this person alone."""
    question = domain.read(written.text, teams)
    if question is None:
        return False
    is_direct = written.channel.startswith("D")
    is_for_all = is_direct or (domain.is_for_all(question) and not written.is_shared)
    near = question.team.key if question.team and question.unsure else ""
    # What people wrote is not among it: it is kept, changed and taken away with the message.
    payload = {
        "channel": written.channel,
        "ts": written.ts,
        "thread": written.root_ts if is_for_all or written.in_thread else None,
        "user": written.user_id,
        "about": question.about.value,
        "lines": list(domain.lines(question, teams, written.user_id, written.channel)),
        "near": near,
        "unknown": question.unknown,
    }
    kind = "question.answer" if is_for_all else "question.whisper"
    uow.enqueue(kind, payload, once=f"question:{written.channel}:{written.ts}")
    return True
