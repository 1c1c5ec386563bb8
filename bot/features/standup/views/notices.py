"""Messages beside prompts and summaries: a week's digest, a meeting, what was missed, what the lead hears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import duration_words
from bot.core.text import cut
from bot.features.standup.domain.blockers import age_words, first_line
from bot.features.standup.domain.checkins import Blocker, Checkin, Round, State
from bot.features.standup.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape
from bot.teams.plans import StandupPlan

MOST_BLOCKERS = 10
MOST_PEOPLE = 60


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week of one check-in; where it is `anonymous` nobody is named."""

    first: date
    checkins: Sequence[Checkin]
    blockers: Sequence[Blocker]
    anonymous: bool


def digest(round_: Round, week: Week, names: Mapping[str, str]) -> Message:
    """The week in one message: who took part how often, and what came into the way."""
    title = f"{round_.name} · week of {words.day_words(week.first)}"
    asked = [one for one in week.checkins if one.state not in (State.AWAY, State.MISSED)]
    answered = [one for one in asked if one.state is State.ANSWERED]
    lines = [f"*{len(answered)} of {len(asked)}* check-ins were answered."]
    if not week.anonymous:
        people = sorted({one.user_id for one in asked}, key=lambda id: names.get(id, id).casefold())
        shares = [f"{escape(names.get(id, id))} {_share(id, answered, asked)}" for id in people]
        lines.append(words.listed(shares, most=MOST_PEOPLE, room=2500))
    lines.append(_in_the_way(week.blockers))
    open_ones = [one for one in week.blockers if one.is_open]
    in_the_way = _blockers(open_ones, {} if week.anonymous else names, round_.day)
    shown = ["\n".join(line for line in lines if line), "\n".join(in_the_way)]
    sections = [blocks.section(text) for text in shown if text]
    return Message(text="\n".join([f"*{escape(title)}*", *shown]), blocks=[blocks.header(title), *sections])


def _in_the_way(found: Sequence[Blocker]) -> str:
    solved = sum(not one.is_open for one in found)
    if not found:
        return "Nothing was in anybody's way."
    return f"In the way: {words.count(len(found), 'thing')}, {solved} of them solved."


def _share(user_id: str, answered: Sequence[Checkin], asked: Sequence[Checkin]) -> str:
    count = sum(one.user_id == user_id for one in answered)
    return f"{count}/{sum(one.user_id == user_id for one in asked)}"


def _blockers(found: Sequence[Blocker], names: Mapping[str, str], today: date) -> list[str]:
    """A line each; without any names nobody is named."""
    return [f"• {_blocker(one, names, today)}" for one in found[:MOST_BLOCKERS]]


def _blocker(blocker: Blocker, names: Mapping[str, str], today: date) -> str:
    text = escape(cut(first_line(blocker), 200))
    hidden = blocker.is_anonymous or not names
    who = "" if hidden else f"{escape(names.get(blocker.user_id, blocker.user_id))}: "
    return f"{who}{text} ({age_words(blocker.day, today)})"


def meeting(
    plan: StandupPlan,
    round_: Round,
    open_ones: Sequence[Blocker],
    names: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
) -> Message:
    """The reminder of a call, with its agenda and what is in people's way."""
    begins = words.clock(round_.closes_at, zone.key)
    left = timedelta(minutes=round((round_.closes_at - now).total_seconds() / 60))
    soon = f" (in {duration_words(left)})" if left > timedelta(0) else " (now)"
    lines = [f"*{escape(plan.name)}* at {begins}{soon}"]
    lines += [f"• {escape(one)}" for one in plan.agenda]
    if open_ones:
        lines += ["In the way:", *_blockers(open_ones, names, round_.day)]
    text = "\n".join(lines)
    shown = [blocks.section(text)]
    if plan.call:
        shown.append(blocks.actions(blocks.link_button("Join the call", ids.CALL, plan.call)))
        text = f"{text}\n{escape(plan.call)}"
    return Message(text=text, blocks=shown)


def missed(round_: Round, team: str) -> Message:
    """What the lead hears when the bot was not there to ask."""
    text = (
        f"I was not running when *{escape(round_.name)}* of {escape(team)} was due ({words.day_words(round_.day)}). "
        "Whoever I could not ask in time was not asked, and does not count as silent."
    )
    return Message(text=text, blocks=[blocks.section(text)])


def blocked(blocker: Blocker, name: str, check_in: str) -> Message:
    """What the lead hears, once, when something is in somebody's way."""
    who = f"{escape(name)} is held up" if name else "Somebody is held up"
    text = f"{who} (*{escape(check_in)}*): {escape(cut(blocker.text, 1500))}"
    value = ids.value_of(blocker.id)
    buttons = (
        blocks.button("Make it a request", ids.MAKE_REQUEST, value),
        blocks.button("Solved", ids.SOLVED, value),
    )
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(*buttons)])
