"""The card: one message in the triage channel that always shows the request as it is."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.categories import Category
from bot.core.text import boundary, cut
from bot.features.requests.domain import CATEGORISED, DETAILS_ON_CARD, Move, Origin, Request, State, menu
from bot.features.requests.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team

_MENU_LABELS = {
    Move.PRIORITY: "Change priority",
    Move.WAIT: "Wait for requester",
    Move.SNOOZE: "Snooze",
    Move.DECLINE: "Decline",
    Move.DUPLICATE: "Mark as duplicate",
    Move.REOPEN: "Reopen",
}


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """What the card shows beside the request itself. Links are addresses; None where there is nothing to show."""

    team: Team
    now: datetime
    details: str
    summary: str
    source_link: str | None = None
    issue_key: str | None = None
    issue_url: str | None = None
    issue_status: str | None = None
    original: int | None = None
    split_note: str | None = None
    others: int = 0


def card(request: Request, facts: CardFacts) -> Message:
    """The card, and the same in plain text."""
    shown: list[Block] = [_title(request, facts.summary), _fields(request, facts)]
    if request.state is State.DECLINED and request.reason:
        shown.append(blocks.plain_section(f"Reason: {request.reason}"))
    if facts.details:
        shown.append(blocks.plain_section(_shortened(facts.details)))
    shown.append(blocks.context(*_context(request, facts)))
    shown.append(blocks.actions(*_buttons(request, facts), block_id="request.actions"))
    return Message(text=_fallback(request, facts), blocks=shown)


def _title(request: Request, summary: str) -> Block:
    bold = {"bold": True}
    return blocks.rich_text(
        [
            {"type": "text", "text": f"{request.label} ", "style": bold},
            {"type": "text", "text": summary, "style": bold},
        ]
    )


def _fields(request: Request, facts: CardFacts) -> Block:
    zone = facts.team.zone
    pairs = [
        ("State", words.state_words(request, zone, facts.original)),
        ("Priority", f"{words.PRIORITY_MARKS[request.priority]} {request.priority.label}"),
        ("Requester", _who_asks(request, facts)),
        ("Asking as", _asking_as(request)),
        ("Type", request.type.label),
        ("Assignee", words.person(request.assignee)),
        ("Age", words.ago(request.created_at, facts.now)),
    ]
    if request.component:
        pairs.insert(5, ("Component", escape(request.component)))
    if request.category and request.state in CATEGORISED:
        pairs.append(("It was", request.category.label))
    if facts.issue_key:
        pairs.append(("Jira", _issue(facts)))
    return blocks.fields(pairs)


def _who_asks(request: Request, facts: CardFacts) -> str:
    return words.person(request.requester) + (f" and {facts.others} more" if facts.others else "")


def _asking_as(request: Request) -> str:
    if request.asking_as is request.source:
        return request.source.label
    return f"{request.asking_as.label} (known as {request.source.label})"


def _issue(facts: CardFacts) -> str:
    key = f"<{facts.issue_url}|{facts.issue_key}>" if facts.issue_url else escape(facts.issue_key or "")
    return f"{key} ({escape(facts.issue_status)})" if facts.issue_status else key


def _shortened(details: str) -> str:
    if len(details) <= DETAILS_ON_CARD:
        return details
    end = boundary(details, DETAILS_ON_CARD)
    return f"{details[:end].rstrip()}… ({len(details) - end} more, in the thread)"


def _context(request: Request, facts: CardFacts) -> list[str]:
    lines = [where_from(request.origin, facts.source_link)]
    if request.filed_by != request.requester:
        lines.append(f"Filed by {words.person(request.filed_by)}")
    if request.priority_rule:
        lines.append(f"Priority by rule: {escape(request.priority_rule)}")
    elif request.priority is not request.urgency:
        lines.append(f"Asked for as {request.urgency.label}")
    if request.on_duty and request.state is State.NEW:
        lines.append(f"On duty: {words.person(request.on_duty)}")
    if facts.split_note:
        lines.append(facts.split_note)
    return lines


def where_from(origin: Origin, link: str | None) -> str:
    """Where it came from, without naming a private place."""
    if origin.private:
        return "From a private conversation"
    if link:
        return f"<{link}|The message it came from>"
    return f"From <#{origin.channel}>" if origin.channel else "From Slack"


def _buttons(request: Request, facts: CardFacts) -> list[Block]:
    value = ids.value(request.id)
    made: list[Block] = []
    if request.state in (State.NEW, State.WAITING, State.SNOOZED) and not request.assignee:
        made.append(blocks.button("Claim", ids.CLAIM, value, style="primary"))
    if request.state.is_open:
        made.append(blocks.button("Assign", ids.ASSIGN, value))
        made.append(blocks.button("Resolve", ids.RESOLVE, value))
    if request.state is State.IN_PROGRESS:
        # Slack's menus hold five entries, and this state has five others.
        made.append(blocks.button("Give it back", ids.GIVE_BACK, value))
    if not facts.issue_key:
        made.append(blocks.button("Create Jira issue", ids.JIRA, value))
    if request.state in CATEGORISED:
        made.append(_what_it_was(request))
    choices = [(_MENU_LABELS[move], ids.value(request.id, move.value)) for move in menu(request.state)]
    made.append(blocks.overflow(ids.MENU, choices))
    return made


def _what_it_was(request: Request) -> Block:
    """What it turned out to be: asked here, where it is closed, and by no message of its own."""
    choices = [(category.label, ids.value(request.id, category.value)) for category in Category]
    chosen = ids.value(request.id, request.category.value) if request.category else None
    return blocks.select(ids.CATEGORY, choices, initial=chosen, placeholder="What was it?")


def _fallback(request: Request, facts: CardFacts) -> str:
    parts = [
        f"{request.label} {facts.summary}",
        request.state.label,
        f"{request.priority.label} priority",
        f"{request.type.label} asked by {_who_asks(request, facts)} ({_asking_as(request)})",
        f"assignee: {words.person(request.assignee)}",
    ]
    if facts.issue_key:
        parts.append(f"Jira {facts.issue_key}")
    if request.category and request.state in CATEGORISED:
        parts.append(f"it was: {request.category.label}")
    parts[0] = escape(parts[0])
    return cut(" · ".join(parts), blocks.FALLBACK)
