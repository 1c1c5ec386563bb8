"""Answers to `/standup` that are not forms: how it stands today, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.text import cut
from bot.features.standup.domain.checkins import Checkin, Round, State, Turn
from bot.features.standup.views import words
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape
from bot.teams.presence import Absence

# Slack takes about 11,000 characters in all blocks of a message.
LONGEST = 10_000


def said(mrkdwn: str) -> Message:
    """A short answer."""
    return Message(text=mrkdwn, blocks=[blocks.section(mrkdwn)])


def status(
    team: str,
    found: Sequence[tuple[Round, Sequence[Checkin]]],
    names: Mapping[str, str],
    now: datetime,
    zone: str,
) -> Message:
    """Today's check-ins of a team: who has answered, who is still asked, who leaves it out."""
    if not found:
        return said(
            f"{escape(team)} has not been asked anything today. `/standup when` shows what comes next."
        )
    parts = [_round(round_, checkins, names, now, zone) for round_, checkins in found]
    text = cut("\n\n".join(parts), blocks.FALLBACK)
    room = LONGEST // len(parts)
    return Message(text=text, blocks=[blocks.section(cut(part, room)) for part in parts])


def _round(
    round_: Round, checkins: Sequence[Checkin], names: Mapping[str, str], now: datetime, zone: str
) -> str:
    answered = [one for one in checkins if one.state is State.ANSWERED]
    people = [one for one in checkins if one.state is not State.AWAY]
    lines = [
        f"*{escape(round_.name)}* · {words.short_day(round_.day)}: {len(answered)} of {len(people)} answered"
    ]
    if round_.asked.anonymous:
        return lines[0]
    open_ones = [one for one in checkins if one.state is State.ASKED and one.closes_at > now]
    silent = [one for one in checkins if one.state is State.ASKED and one.closes_at <= now]
    still_open, ends = words.still_open(open_ones, zone)
    groups = (
        ("Answered", [_name(one, names) for one in answered]),
        (still_open, [f"{_name(one, names)}{end}" for one, end in zip(open_ones, ends, strict=True)]),
        ("Skipped", [_name(one, names) for one in checkins if one.state is State.SKIPPED]),
        ("Away", [_name(one, names) for one in checkins if one.state is State.AWAY]),
        ("No answer", [_name(one, names) for one in silent]),
        ("Not asked", [_name(one, names) for one in checkins if one.state is State.MISSED]),
    )
    return "\n".join(
        lines
        + [
            f"{title}: {words.listed(sorted(those, key=str.casefold), room=550)}"
            for title, those in groups
            if those
        ]
    )


def _name(checkin: Checkin, names: Mapping[str, str]) -> str:
    note = f" ({escape(cut(checkin.note, 60))})" if checkin.note else ""
    return f"{escape(names.get(checkin.user_id, checkin.user_id))}{note}"


def when(found: Sequence[Turn], zone: str, whose: str = "") -> Message:
    """Somebody's next check-ins on their own clock, or with `whose` those of a team that they are not asked in."""
    if not found:
        return said(
            f"No check-in of {escape(whose)} is planned." if whose else "No check-in is planned for you."
        )
    lines = [f"The next check-ins of {escape(whose)}, on your clock:" if whose else "Your next check-ins:"]
    for turn in found:
        at = words.day_and_time(turn.opening.opens_at, zone)
        kind = " (a call)" if turn.plan.kind == "meeting" else ""
        done = " · answered already" if turn.checkin and turn.checkin.state is State.ANSWERED else ""
        skipped = " · skipped" if turn.checkin and turn.checkin.state is State.SKIPPED else ""
        lines.append(f"• *{escape(turn.plan.name)}*{kind}: {at}{done}{skipped}")
    return said("\n".join(lines))


def away(name: str, absence: Absence, longest: date) -> Message:
    """Somebody is written down as away; `name` "" for whoever reads it. `longest`: it goes on by another absence."""
    span = words.span(absence.first_day, absence.last_day)
    included = "" if absence.first_day == absence.last_day else ", that day included"
    text = f"{f'{escape(name)} is' if name else 'You are'} away {span}{included}. No check-in asks then."
    if longest > absence.last_day:
        text += f" An absence until {words.short_day(longest)} was written down earlier and still stands."
    return said(text if name else f"{text} `/standup resume` ends it early.")


@dataclass(frozen=True, kw_only=True)
class Back:
    """What coming back did: an absence `ended`, check-ins ask `again`; or what was `coming` is `dropped`."""

    ended: bool
    again: Sequence[str]
    dropped: Sequence[Absence]
    coming: Sequence[Absence]


def back(found: Back) -> Message:
    """Somebody is there again."""
    if found.dropped:
        return said(f"You will be asked: your absence {_spans(found.dropped)} is dropped.")
    if not found.ended and not found.again:
        return said("You were not away. Everything goes on as planned.")
    text = "Welcome back. You will be asked again."
    if found.again:
        text += f" {words.listed([escape(name) for name in found.again])} can still be answered: `/standup`."
    if found.coming:
        text += f" You are still down as away {_spans(found.coming)}; `/standup resume` once more drops that."
    return said(text)


def _spans(found: Sequence[Absence]) -> str:
    return words.listed([words.span(one.first_day, one.last_day) for one in found])
