"""The daily digest in the triage channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.text import cut
from bot.features.escalation.domain.digest import Part
from bot.features.escalation.domain.ladder import Ladder, Phase, Standing, promise
from bot.features.escalation.views import words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team

SUMMARY = 120
_TITLES = {Part.OVERDUE: "Overdue", Part.SOON: "Due today", Part.WAITING: "Waiting for the requester"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A request in the digest; `link` leads to its card, `holder` is who has it, by name."""

    part: Part
    standing: Standing
    ladder: Ladder | None
    holder: str | None
    link: str | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a page is about: how many there are in all parts, and how many are not told."""

    team: Team
    now: datetime
    page: int
    counts: Mapping[str, int]
    untold: int


def digest(sheet: Sheet, lines: Sequence[Line]) -> Message:
    """One page of the digest."""
    counted = ", ".join(
        f"{sheet.counts.get(part.value, 0)} {_TITLES[part].lower()}"
        for part in Part
        if sheet.counts.get(part.value)
    )
    title = f"{escape(sheet.team.name)} today: {counted}."
    if sheet.page:
        title = f"{escape(sheet.team.name)} today, page {sheet.page + 1}."
    shown: list[Block] = [blocks.section(f"*{title}*")]
    for part in Part:
        here = [_line(sheet, line) for line in lines if line.part is part]
        if here:
            heading = [{"type": "text", "text": _TITLES[part], "style": {"bold": True}}]
            shown.append(blocks.rich_text(heading, *here))
    if sheet.untold:
        shown.append(blocks.context(f"{sheet.untold} more: `/triage` lists them all."))
    read = [f"{line.standing.label} {escape(cut(line.standing.summary, SUMMARY))}" for line in lines]
    return Message(text=cut("\n".join([title, *read]), blocks.FALLBACK), blocks=shown)


def _line(sheet: Sheet, line: Line) -> list[Block]:
    label: Block = {"type": "text", "text": line.standing.label}
    if line.link:
        label = {"type": "link", "url": line.link, "text": line.standing.label}
    about = f" {cut(line.standing.summary, SUMMARY)} · {line.standing.priority.label} · {_state(sheet, line)}"
    return [{"type": "text", "text": "• "}, label, {"type": "text", "text": about}]


def _state(sheet: Sheet, line: Line) -> str:
    ladder, team = line.ladder, sheet.team
    if line.part is Part.WAITING or ladder is None:
        return f"for {words.length(sheet.now - line.standing.updated_at)}"
    if ladder.phase is not Phase.UNCLAIMED:
        return f"{line.holder or 'somebody'} has it, quiet for {words.length(sheet.now - ladder.since)}"
    over = promise(ladder, team)
    if over is None or over <= sheet.now:
        return f"nobody has it, {words.length(sheet.now - (over or sheet.now))} over"
    return f"nobody has it, due {over.astimezone(team.zone):%H:%M}"
