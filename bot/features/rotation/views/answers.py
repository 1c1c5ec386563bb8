"""Answers to `/rotation`: who is on duty, the list, what a change would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.features.rotation.domain import Gap, Shift, Total
from bot.features.rotation.domain.covers import Cover
from bot.features.rotation.standing import Standing
from bot.features.rotation.views import ids, words
from bot.slack import blocks, dates
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team

MOST_LINES = 40


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What `/rotation list` shows. `handled` counts requests by person."""

    coming: Sequence[Shift | Gap]
    changes: Sequence[Any]
    covers: Sequence[Cover]
    totals: Sequence[Total]
    handled: Mapping[str, int]


def now(standing: Standing, at: datetime, zone: ZoneInfo, *, may_act: bool) -> Message:
    """Who is on duty, until when, who follows."""
    shift, following = standing.on_duty(at), standing.following(at)
    name = escape(standing.team.name)
    lines = [_on_duty(standing, shift, at, name, zone)]
    if following is not None:
        lines.append(f"Then {words.person(following.person)}, from {dates.moment(following.start, zone)}.")
    elif shift is not None:
        lines.append("Nobody follows: they are the only one there.")
    text = "\n".join(lines)
    buttons = [blocks.button("Take it now", ids.TAKE, ids.value(standing.team.id))]
    if shift is not None:
        buttons.append(blocks.button("Find cover", ids.COVER, ids.value(standing.team.id)))
    shown: list[Block] = [blocks.section(text)]
    return Message(text=text, blocks=[*shown, blocks.actions(*buttons)] if may_act else shown)


def _on_duty(standing: Standing, shift: Shift | None, at: datetime, name: str, zone: ZoneInfo) -> str:
    if shift is not None:
        return (
            f"*{name}*: {words.person(shift.person)} is on duty until {dates.moment(standing.until(shift), zone)}"
            f"{words.why(shift)}."
        )
    if not standing.members:
        return f"*{name}*: nobody takes turns any more. The lead adds people: `/triage settings`, *Rotation*."
    begins = standing.rotation.eras[0].begins
    if at < begins:
        return f"*{name}*: nobody is on duty yet. The first turn begins {dates.moment(begins, zone)}."
    return f"*{name}*: nobody is on duty just now. `/rotation take` makes it you."


def overview(standing: Standing, seen: Overview, zone: ZoneInfo, *, is_ours: bool) -> Message:
    """The next shifts; for the team itself also its changes and the last three months."""
    parts = [
        f"*{escape(standing.team.name)}: the next shifts*",
        *(words.line(one, zone) for one in seen.coming),
    ]
    if not seen.coming:
        parts.append("Nobody takes turns.")
    if seen.covers:
        parts += ["", "*Cover wanted*"]
        parts += [
            f"• {words.person(one.person)} {words.span(one.start, one.end, zone)}" for one in seen.covers
        ]
    return _paged("\n".join([*parts, *_for_the_team(seen, zone)] if is_ours else parts))


def days(team: Team, pieces: Sequence[Shift | Gap], zone: ZoneInfo) -> Message:
    """Who is on duty in these hours."""
    lines = [words.line(one, zone) for one in pieces[:MOST_LINES]]
    more = [f"… and {len(pieces) - MOST_LINES} more."] if len(pieces) > MOST_LINES else []
    return _paged("\n".join([f"*{escape(team.name)}, on duty then:*", *lines, *more]))


def _for_the_team(seen: Overview, zone: ZoneInfo) -> list[str]:
    parts: list[str] = []
    if seen.changes:
        parts += ["", "*Changes that stand* (`/rotation undo` with the number takes one back)"]
        parts += [_change(one, zone) for one in seen.changes[:MOST_LINES]]
        if len(seen.changes) > MOST_LINES:
            parts.append(f"… and {len(seen.changes) - MOST_LINES} more.")
    return [*parts, "", "*The last 3 months*", *_fairness(seen)]


def _change(row: Any, zone: ZoneInfo) -> str:
    hours = words.span(row.start_at, row.end_at, zone)
    if row.kind == "skip":
        hours = f"until {dates.moment(row.end_at, zone)}"
        return f"• {row.id}: {words.person(row.person)} is left out {hours}"
    return f"• {row.id}: {words.person(row.person)} has it {hours}"


def _fairness(seen: Overview) -> list[str]:
    had = {one.person: one for one in seen.totals}
    people = [*had, *sorted(set(seen.handled) - set(had))]
    if not people:
        return ["Nobody has been on duty yet."]
    return [_share(person, had.get(person), seen.handled.get(person, 0)) for person in people[:MOST_LINES]]


def _share(person: str, total: Total | None, handled: int) -> str:
    shifts = total.shifts if total else 0
    hours = round(total.hours) if total else 0
    weekend = total.weekend_days if total else 0
    parts = [
        counted(shifts, "shift"), counted(hours, "hour"), counted(weekend, "weekend day"),
        f"{counted(handled, 'request')} handled",
    ]  # fmt: skip
    return f"• {words.person(person)}: {', '.join(parts)}"


def counted(number: int, thing: str) -> str:
    """`1 shift`, `2 shifts`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def changed(standing: Standing, pieces: Sequence[Shift | Gap], change_id: int, zone: ZoneInfo) -> Message:
    """To whoever made a change: how it is now, and the way back."""
    lines = "\n".join(words.line(one, zone) for one in pieces)
    text = f"Done, and the channel of {escape(standing.team.name)} knows. How it is now:\n{lines}"
    undo = blocks.button("Undo", ids.UNDO, ids.value(standing.team.id, change_id))
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(undo)])


def preview(standing: Standing, pieces: Sequence[Shift | Gap], zone: ZoneInfo) -> Message:
    """How it would be."""
    lines = "\n".join(words.line(one, zone) for one in pieces)
    return words.said(
        f"Nothing was changed. {escape(standing.team.name)} would be:\n{lines}\n"
        "The same line without `preview` does it."
    )


def calendars(name: str, whole: str, own: str) -> Message:
    """Where the calendars are."""
    return words.said(
        f"Add these to your calendar by address (“from URL”). Whoever has an address can read it: keep it to "
        f"yourselves; `/rotation calendar new` makes new ones and ends these (everybody's: the lead only).\n"
        f"• {escape(name)}, everybody's shifts: {whole}\n"
        f"• Your shifts, in all teams: {own}"
    )


def _paged(text: str) -> Message:
    """One section for every 2,900 characters, cut at line ends."""
    sections: list[str] = [""]
    for line in text.split("\n"):
        if len(sections[-1]) + len(line) > 2_900:
            sections.append("")
        sections[-1] += f"{line}\n"
    shown = [blocks.section(part.rstrip("\n") or " ") for part in sections[:4]]
    return Message(text=text, blocks=shown)
