"""The report as a message: lines that say everything, two charts beside them, what to do with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.text import cut
from bot.features.reports.domain import Bar, Doc
from bot.features.reports.views import ids
from bot.features.reports.views.words import LONGEST_NAME, Told, lines
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

LONGEST_EXAMPLE = 100
MOST_NUMBERS = 8


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What the reader may do with a report.

    `csv`: have the rows of these teams and this time. `weekly`: this team's weekly report, on for them or off; None
    where it is not theirs.
    """

    csv: tuple[Sequence[int], datetime, datetime] | None = None
    weekly: tuple[int, bool] | None = None


def stats(title: str, told: Told, offers: Offers, about_us: Sequence[str] = ()) -> Message:
    """The last 4 weeks; below, what is said of the product itself: a heading and lines."""
    heading = f"*{escape(title)}: the last 4 weeks* ({told.span}, today included)"
    return _message([heading, *lines(told)], told, _below(about_us), offers)


def weekly(team: str, told: Told, docs: Sequence[Doc] | None, offers: Offers) -> Message:
    """The 4 weeks before a Monday, for the lead. `docs` are there once a month: what a page would have spared."""
    before, last = told.weeks[-2], told.weeks[-1]
    heading = f"*{escape(team)}: your week in figures*"
    first = f"In the last week ({last.label}) {_came(last)}, in the one before {before.count or 'none'}. The last 4 weeks ({told.span}):"
    return _message([heading, first, *lines(told)], told, _docs(docs), offers)


def _came(bar: Bar) -> str:
    many = "no request" if bar.count == 0 else "1 request" if bar.count == 1 else f"{bar.count} requests"
    return f"{many} came in"


def _message(said: Sequence[str], told: Told, below: Sequence[str], offers: Offers) -> Message:
    shown: list[Block] = [blocks.section(text) for text in _packed(said)]
    shown += _charts(told)
    if below:
        shown += [blocks.divider(), *(blocks.section(text) for text in _packed(below))]
    buttons = _buttons(offers)
    if buttons:
        shown.append(blocks.actions(*buttons, block_id="report.actions"))
    text = "\n".join([*said, *(["", *below] if below else [])])
    return Message(text=cut(text, blocks.FALLBACK), blocks=shown)


def _packed(said: Sequence[str]) -> list[str]:
    """Lines joined into texts that fit in a section each."""
    packed: list[str] = []
    for line in said:
        if packed and len(packed[-1]) + 1 + len(line) <= blocks.SECTION:
            packed[-1] += f"\n{line}"
        else:
            packed.append(line)
    return packed


def _charts(told: Told) -> list[Block]:
    # Slack takes two in a message ("Data visualization block").
    if not told.figures.filed:
        return []
    return [_chart("Came in, by week", told.weeks), _chart("Came in, by the hour", told.hours)]


def _chart(title: str, bars: Sequence[Bar]) -> Block:
    points = [{"label": bar.label, "value": bar.count} for bar in bars]
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {
            "type": "bar",
            "series": [{"name": "Requests", "data": points}],
            "axis_config": {"categories": [bar.label for bar in bars], "y_label": "Requests"},
        },
    }


def _below(about_us: Sequence[str]) -> list[str]:
    if not about_us:
        return []
    heading, *told = map(escape, about_us)
    return [f"*{heading}*", *(f"• {line}" for line in told)]


def _docs(docs: Sequence[Doc] | None) -> list[str]:
    """What is worth writing; nothing where nobody has said of any request that a page was missing."""
    if docs is None:
        return []
    if not docs:
        return [
            "*Docs worth writing*",
            "None last month: nothing was closed as _Missing doc_ or _Self-service gap_. "
            "The menu _What was it?_ on a closed card says it.",
        ]
    heading = "*Docs worth writing*, from what was closed last month as _Missing doc_ or _Self-service gap_"
    return [heading, *(f"{place}. {_doc(doc)}" for place, doc in enumerate(docs, 1))]


def _doc(doc: Doc) -> str:
    component = f" ({escape(cut(doc.component, LONGEST_NAME))})" if doc.component else ""
    example = f"“{escape(cut(doc.example, LONGEST_EXAMPLE))}”"
    numbers = ", ".join(f"#{number}" for number in doc.numbers[:MOST_NUMBERS])
    more = f" and {len(doc.numbers) - MOST_NUMBERS} more" if len(doc.numbers) > MOST_NUMBERS else ""
    if doc.topic:
        count = f"{len(doc.numbers)} requests"
        return f"*{escape(cut(doc.topic.capitalize(), LONGEST_NAME))}*{component}: {count}, such as {example} ({numbers}{more})"
    return f"{example}{component} ({numbers})"


def _buttons(offers: Offers) -> list[Block]:
    made: list[Block] = []
    if offers.csv:
        made.append(blocks.button("Get it as CSV", ids.CSV, ids.csv_value(*offers.csv)))
    if offers.weekly:
        team_id, is_on = offers.weekly
        label, action = ("Stop the weekly report", ids.STOP) if is_on else ("Send it every Monday", ids.START)
        made.append(blocks.button(label, action, ids.team_value(team_id)))
    return made


def without_charts(message: Message) -> Message:
    """The same in words alone, which say all that the charts show."""
    kept = [block for block in message.blocks if block["type"] != "data_visualization"]
    return Message(text=message.text, blocks=kept)


def sentence(text: str) -> Message:
    """A sentence."""
    return Message(text=text, blocks=[blocks.section(text)])
