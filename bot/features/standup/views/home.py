"""The section of check-ins on the Home tab."""

from collections.abc import Sequence

from bot.features.standup.domain.checkins import State, Turn
from bot.features.standup.views import ids, status, words
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape


def section(asking: Sequence[Turn], coming: Sequence[Turn], zone: str) -> list[Block]:
    """What asks now, with its button, then the next ones."""
    shown: list[Block] = [blocks.header("Check-ins")]
    for turn in asking:
        shown += _open(turn, zone)
    shown.append(status.when(coming, zone).blocks[0])
    return shown


def _open(turn: Turn, zone: str) -> list[Block]:
    name, until = escape(turn.plan.name), words.clock(turn.opening.closes_at, zone)
    checkin = turn.checkin
    if checkin is None or checkin.state is State.AWAY:
        return []
    value = ids.value_of(checkin.id)
    if checkin.state is State.ASKED:
        button = blocks.button("Fill in", ids.FILL_IN, value, style="primary")
        return [blocks.section(f"*{name}* is open until {until}.", accessory=button)]
    said = "answered" if checkin.state is State.ANSWERED else "skipped"
    button = blocks.button("Change answers", ids.CHANGE, value)
    return [blocks.section(f"*{name}*: {said}. You can change that.", accessory=button)]
