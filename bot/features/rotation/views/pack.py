"""The handover: what whoever is on duty now needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.text import cut
from bot.features.rotation.handed import Handoff, Kind, Note, OpenWork, Work
from bot.features.rotation.views import ids, words
from bot.features.rotation.views.answers import counted
from bot.slack import blocks, dates
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

MOST_OF_KIND = 8
_TITLES: Mapping[Kind, str] = {
    "unclaimed": "Nobody has taken these",
    "in_progress": "In progress",
    "waiting": "Waiting on the requester",
    "snoozed": "Snoozed",
}


@dataclass(frozen=True, kw_only=True)
class Pack:
    """All of it. `handoff` None: somebody has asked for it, nothing is to be accepted."""

    team: str
    zone: ZoneInfo
    work: OpenWork
    until: datetime | None = None
    handoff: Handoff | None = None
    notes: Sequence[Note] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    workspace_url: str = ""


def pack(found: Pack) -> Message:
    """The message; with a button until it is accepted."""
    parts = [_head(found), *_kinds(found)]
    shown: list[Block] = [blocks.section(part) for part in parts]
    notes = _notes(found)
    if notes:
        parts += ["*Notes*", *(escape(note) for note in notes)]
        shown += [blocks.section("*Notes*"), *(blocks.plain_section(note) for note in notes)]
    handoff = found.handoff
    if handoff is not None and handoff.accepted_at is not None:
        parts.append("Accepted. Thank you.")
        shown.append(blocks.context(f"Accepted {dates.moment(handoff.accepted_at, found.zone)}. Thank you."))
    elif handoff is not None:
        accept = blocks.button("Accept", ids.ACCEPT, ids.value(handoff.id), style="primary")
        shown.append(blocks.actions(accept))
    return Message(text="\n".join(parts), blocks=shown)


def _head(found: Pack) -> str:
    total = sum(found.work.counts.values())
    until = f" until {dates.moment(found.until, found.zone)}" if found.until else ""
    you = (
        f"*You are on duty for {escape(found.team)}*{until}." if found.handoff else f"*{escape(found.team)}*:"
    )
    if not total:
        return f"{you} Nothing is open."
    waits = _untaken(found.work.counts.get("unclaimed", 0), total)
    return f"{you} {counted(total, 'request')} {'is' if total == 1 else 'are'} open{waits}."


def _untaken(count: int, total: int) -> str:
    if not count:
        return ""
    which = "it" if total == 1 else "any of them" if count == total else f"{count} of them"
    return f"; nobody has taken {which}"


def _kinds(found: Pack) -> list[str]:
    parts: list[str] = []
    for kind, title in _TITLES.items():
        of_kind = [one for one in found.work.first if one.kind == kind]
        if not of_kind:
            continue
        lines = [_line(one, found) for one in of_kind[:MOST_OF_KIND]]
        more = found.work.counts.get(kind, 0) - len(lines)
        if more > 0:
            lines.append(f"… and {more} more: `/triage`")
        parts.append("\n".join([f"*{title}*", *lines]))
    return parts


def _line(work: Work, found: Pack) -> str:
    number = f"#{work.number}"
    if work.card and found.workspace_url:
        channel, ts = work.card
        number = f"<{found.workspace_url}archives/{channel}/p{ts.replace('.', '')}|{number}>"
    parts = [f"• {number} {escape(cut(work.summary, 120))} ({work.priority})"]
    if work.assignee:
        parts.append(f"with {words.person(work.assignee)}")
    if work.kind == "waiting":
        parts.append(f"asked by {words.person(work.requester)}")
    if work.due is not None:
        parts.append(f"due {dates.moment(work.due, found.zone)}")
    if work.snoozed_until is not None:
        parts.append(f"back {dates.moment(work.snoozed_until, found.zone)}")
    if work.issue:
        parts.append(_issue(work))
    return ", ".join(parts)


def _issue(work: Work) -> str:
    status = f" ({escape(work.issue_status)})" if work.issue_status else ""
    name = escape(work.issue or "")
    return f"<{work.issue_url}|{name}>{status}" if work.issue_url else f"{name}{status}"


def _notes(found: Pack) -> list[str]:
    """One block each: they are people's words, and together longer than a block may be."""
    return [f"• {found.names.get(note.author, 'Somebody')}: {note.text}" for note in found.notes]
