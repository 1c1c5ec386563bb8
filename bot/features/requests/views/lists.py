"""What `/triage` shows: pages of requests, one request with its history, figures, help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.text import cut
from bot.features.requests.domain import Request
from bot.features.requests.values import Figures, HistoryLine, Page
from bot.features.requests.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Source

HELP = (
    "*`/triage`* shows the open requests of this channel's team, or of your teams.\n"
    "• `/triage mine`: yours, `/triage next`: take the first unclaimed one\n"
    "• `/triage 12`: request #12 with its history\n"
    "• `/triage stats`: the last 4 weeks in figures; leads also read how well Frontdesk itself worked\n"
    "• `/triage all`: every state, newest first\n"
    "• `/triage settings`: how a team is set up; its lead changes it. `/triage new-team` sets one up (workspace admins)\n"
    "To ask a team for something, type `/ask-team`."
)
ASK_HELP = (
    "*`/ask-team`* opens a form. In one line: `/ask-team payments Refund stuck for order 123`.\n"
    "The first word is the team; in a team's own channel you can leave it out.\n"
    "A message becomes a request by *Send to triage* in its menu, or with the team's emoji.\n"
    "`/triage` shows a team's queue."
)


# Slack refuses messages of about 11,000 characters over all blocks; what is said beside the history needs some.
HISTORY = 7000


ON_PAGE = 90
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is shown with one request. `original` is the number of the one that it is a duplicate of."""

    original: int | None
    card_link: str | None
    names: Names


@dataclass(frozen=True, kw_only=True)
class Titled:
    """A page with its heading and what to say when it is empty."""

    title: str
    empty: str


def page(page_: Page, titled: Titled, now: datetime, teams: Mapping[int, str], names: Names) -> Message:
    """A page of the queue, with a button for the next one. `teams` are their names, where there are several."""
    if not page_.requests:
        return Message(text=titled.empty, blocks=[blocks.section(titled.empty)])
    heading = f"*{escape(titled.title)}*" + (f" · {page_.total} in all" if page_.total is not None else "")
    entries = [entry(request, now, teams.get(request.team_id), names) for request in page_.requests]
    shown: list[Block] = [blocks.section(heading), blocks.rich_text(*entries)]
    if page_.next:
        shown.append(blocks.actions(blocks.button("Next page", ids.PAGE, page_.next)))
    told = [_fallback(request, names) for request in page_.requests]
    return Message(text=cut("\n".join([heading, *told]), blocks.FALLBACK), blocks=shown)


def entry(request: Request, now: datetime, team: str | None, names: Names) -> list[Block]:
    """One request in one line of rich text, in which people's words cannot be markup."""
    summary = cut(words.with_names(request.summary, names), ON_PAGE)
    line: list[Block] = [
        {"type": "emoji", "name": words.PRIORITY_MARKS[request.priority].strip(":")},
        {"type": "text", "text": f" {request.label} ", "style": {"bold": True}},
        {"type": "text", "text": f"{summary} · {request.state.label} · "},
    ]
    if request.assignee:
        line += [{"type": "user", "user_id": request.assignee}, {"type": "text", "text": " · "}]
    age = words.age(request.created_at, now)
    return [*line, {"type": "text", "text": f"{age} · {team}" if team else age}]


def _fallback(request: Request, names: Names) -> str:
    summary = escape(cut(words.with_names(request.summary, names), ON_PAGE))
    return f"{request.label} {summary} · {request.state.label}"


def one(request: Request, history: Sequence[HistoryLine], zone: ZoneInfo, around: Around) -> Message:
    """One request with its history."""
    summary = words.with_names(request.summary, around.names)
    facts = (
        f"{words.state_words(request, zone, around.original)} · {request.priority.label} · "
        f"{request.type.label} · asked by {words.person(request.requester)} · "
        f"assignee: {words.person(request.assignee)}"
    )
    if around.card_link:
        facts = f"{facts}\n<{around.card_link}|Open its card>"
    told = _newest([f"• {words.when(line.at, zone)}: {words.history_words(line, zone)}" for line in history])
    bold = {"type": "text", "text": f"{request.label} ", "style": {"bold": True}}
    shown = [blocks.rich_text([bold, {"type": "text", "text": summary}]), blocks.section(facts)]
    if request.reason:
        shown.append(blocks.plain_section(f"Reason: {request.reason}"))
    shown += [blocks.section(text) for text in _packed(told)]
    title = f"*{request.label}* {escape(summary)}"
    return Message(text=cut("\n".join([title, facts, *told]), blocks.FALLBACK), blocks=shown)


def _packed(lines: Sequence[str]) -> list[str]:
    """Lines joined into texts that fit in a section each."""
    packed: list[str] = []
    for text in lines:
        if packed and len(packed[-1]) + len(text) < blocks.SECTION - 100:
            packed[-1] += f"\n{text}"
        else:
            packed.append(text)
    return packed


def _newest(told: Sequence[str]) -> list[str]:
    """The last lines of a history that fit into one message, in their order."""
    kept: list[str] = []
    room = HISTORY
    for text in reversed(told):
        room -= min(len(text), blocks.SECTION)
        if room < 0:
            break
        kept.insert(0, text)
    left_out = len(told) - len(kept)
    return [f"• … {left_out} earlier", *kept] if left_out else kept


def stats(figures: Figures, title: str, about_us: Sequence[str] = ()) -> Message:
    """The last 4 weeks in figures; below, what is said of the product itself: a heading and lines."""
    lines = [
        f"*{escape(title)}: the last 4 weeks*",
        f"• Came in: {figures.filed}; resolved: {figures.resolved}; declined: {figures.declined}; "
        f"duplicates: {figures.duplicates}",
        f"• Open now: {figures.open}, of these not claimed: {figures.unclaimed}",
        f"• Half of them claimed within: {_length(figures.median_claim)}; resolved within: "
        f"{_length(figures.median_resolve)}",
    ]
    if figures.by_source:
        parts = [f"{Source(source).label} {count}" for source, count in figures.by_source]
        lines.append(f"• Asked by: {', '.join(parts)}")
    if figures.by_assignee:
        parts = [f"{words.person(who)} {count}" for who, count in figures.by_assignee]
        lines.append(f"• Resolved by: {', '.join(parts)}")
    text = "\n".join(lines)
    shown = [blocks.section(text)]
    if about_us:
        heading, *told = map(escape, about_us)
        below = "\n".join([f"*{heading}*", *(f"• {line}" for line in told)])
        text, shown = f"{text}\n\n{below}", [*shown, blocks.divider(), blocks.section(below)]
    return Message(text=text, blocks=shown)


def _length(length: timedelta | None) -> str:
    if length is None:
        return "no figure yet"
    start = datetime.min.replace(tzinfo=UTC)
    return words.age(start, start + length)


def claimed(request: Request, names: Names) -> Message:
    """What the one who took the next request reads."""
    text, summary = f"*{request.label}* is yours:", words.with_names(request.summary, names)
    return Message(
        text=f"{text} {escape(summary)}", blocks=[blocks.section(text), blocks.plain_section(summary)]
    )


def plain(text: str) -> Message:
    """A sentence."""
    return Message(text=text, blocks=[blocks.section(text)])
