"""The figures of the last weeks, as a chart and in words."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.core.calendar import duration_words
from bot.core.text import boundary, cut
from bot.features.standup.domain.blockers import age_words, first_line
from bot.features.standup.domain.checkins import Blocker
from bot.features.standup.domain.figures import Figures, Share
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

# Slack, "Data visualization block": at most 20 points of at most 20 characters each.
MOST_BARS = 20
LONGEST_LABEL = 20
MOST_BLOCKERS = 15
LONGEST_NAME = 40
# A whole message holds about 11,000 characters; the people of all check-ins share so many of them.
ROOM_FOR_PEOPLE = 5500
MOST_CHECK_INS = 20


def report(
    team: str,
    found: Sequence[Figures],
    names: Mapping[str, str],
    open_ones: Sequence[Blocker],
    today: date,
) -> Message:
    """The report. The chart says nothing that the words beside it do not say."""
    title = f"Check-ins of {team}: last 4 weeks"
    lines = [line for figures in found[:MOST_CHECK_INS] for line in _figures(figures, names, len(found))]
    if len(found) > MOST_CHECK_INS:
        lines.append(f"And {len(found) - MOST_CHECK_INS} more: `frontdesk export standups` has them all.")
    lines = lines or ["No check-in has ended in that time yet."]
    in_the_way = _blockers(open_ones, names, today)
    shown: list[Block] = [blocks.header(title), *_sections(lines)]
    if found:
        shown.append(_chart(found, names))
    shown += _sections(in_the_way)
    return Message(text="\n".join([f"*{escape(title)}*", *lines, *in_the_way]), blocks=shown)


def _sections(lines: Sequence[str]) -> list[Block]:
    """The lines in as few sections as hold them."""
    packed: list[str] = []
    for line in lines:
        if packed and len(packed[-1]) + 1 + len(line) <= blocks.SECTION:
            packed[-1] = f"{packed[-1]}\n{line}"
        else:
            packed.append(line)
    return [blocks.section(text) for text in packed]


def _figures(figures: Figures, names: Mapping[str, str], check_ins: int) -> list[str]:
    total = figures.total
    line = f"*{escape(figures.name)}*: {total.answered} of {total.asked} answered ({total.percent} %)"
    late = f", {total.late} of them late" if total.late else ""
    took = (
        f"; usually {_length(figures.median_answer)} after it opened"
        if figures.median_answer is not None
        else ""
    )
    return [
        f"{line}{late}{took}.",
        *_shares(figures, names, ROOM_FOR_PEOPLE // min(check_ins, MOST_CHECK_INS)),
    ]


def _shares(figures: Figures, names: Mapping[str, str], room: int) -> list[str]:
    """Everybody's share, whoever answered most first, in lines that a section holds; how many had no room."""
    people = sorted(figures.people.items(), key=lambda one: (-one[1].percent, names.get(one[0], one[0])))
    shares = [f"{_name(names, user_id)} {share.answered}/{share.asked}" for user_id, share in people]
    lines: list[str] = []
    for number, share in enumerate(shares):
        room -= len(share) + 2
        if room < 0:
            return [*lines, f"and {len(shares) - number} more"]
        if lines and len(lines[-1]) + len(share) < blocks.SECTION // 4:
            lines[-1] = f"{lines[-1]}, {share}"
        else:
            lines.append(share)
    return lines


def _name(names: Mapping[str, str], user_id: str) -> str:
    return escape(cut(names.get(user_id, user_id), LONGEST_NAME))


def _length(length: timedelta) -> str:
    return duration_words(timedelta(minutes=max(1, round(length.total_seconds() / 60))))


def _together(found: Sequence[Figures]) -> dict[str, Share]:
    people: dict[str, Share] = {}
    for figures in found:
        for user_id, share in figures.people.items():
            known = people.get(user_id, Share(answered=0, asked=0))
            people[user_id] = Share(answered=known.answered + share.answered, asked=known.asked + share.asked)
    return people


def _chart(found: Sequence[Figures], names: Mapping[str, str]) -> Block:
    """A bar for each person; for each check-in where nobody is named."""
    people = sorted(_together(found).items(), key=lambda one: (-one[1].percent, one[0]))
    bars = [(names.get(user_id, user_id), share) for user_id, share in people]
    bars = bars or [(figures.name, figures.total) for figures in found]
    shown = bars[:MOST_BARS]
    labels = [_label(number, name) for number, (name, _) in enumerate(shown, 1)]
    points = [
        {"label": label, "value": share.percent} for label, (_, share) in zip(labels, shown, strict=True)
    ]
    more = f" ({MOST_BARS} of {len(bars)})" if len(bars) > MOST_BARS else ""
    return {
        "type": "data_visualization",
        "title": f"Answered, in percent{more}",
        "chart": {
            "type": "bar",
            "series": [{"name": "Answered", "data": points}],
            "axis_config": {"categories": labels, "y_label": "%"},
        },
    }


def _label(number: int, name: str) -> str:
    # Two people may be called the same; Slack wants each label once.
    label = f"{number} {name}"
    if len(label) <= LONGEST_LABEL:
        return label
    return f"{label[: boundary(label, LONGEST_LABEL - 1)]}…"


def _blockers(open_ones: Sequence[Blocker], names: Mapping[str, str], today: date) -> list[str]:
    if not open_ones:
        return ["Nothing is in anybody's way, as far as I know."]
    lines = [f"*In the way: {len(open_ones)}*"]
    for one in open_ones[:MOST_BLOCKERS]:
        who = "" if one.is_anonymous else f"{_name(names, one.user_id)}: "
        number = f" · #{one.number}" if one.number else ""
        lines.append(f"• {who}{escape(cut(first_line(one), 150))} ({age_words(one.day, today)}){number}")
    if len(open_ones) > MOST_BLOCKERS:
        lines.append(f"and {len(open_ones) - MOST_BLOCKERS} more")
    return lines
