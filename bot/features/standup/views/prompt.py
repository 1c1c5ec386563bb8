"""What a person gets by direct message about a check-in: the question, the reminder, and how it stands."""

from dataclasses import dataclass
from datetime import datetime

from bot.features.standup.domain.checkins import Checkin, Round, State
from bot.features.standup.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape

_SETTLED = {
    State.ANSWERED: "you have answered since, thank you.",
    State.SKIPPED: "you skip this one.",
    State.AWAY: "you are away: there is nothing to do here.",
}


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a prompt needs beside the check-in. `last`: the day of the answers that *Same as …* would take over.

    `zone`: the person's own, where it is known; the check-in may go by another one.
    """

    now: datetime
    zone: str = ""
    last: str = ""
    blockers: int = 0
    is_late: bool = False


def prompt(checkin: Checkin, round_: Round, around: Around) -> Message:
    """The message as the check-in stands now."""
    head = f"*{escape(round_.name)}* · {words.short_day(checkin.day)}"
    lines, buttons = _body(checkin, round_, around)
    text = f"{head}\n{lines}"
    shown = [blocks.section(text)]
    if buttons:
        shown.append(blocks.actions(*buttons))
    return Message(text=text, blocks=shown)


def _body(checkin: Checkin, round_: Round, around: Around) -> tuple[str, list[Block]]:
    value = ids.value_of(checkin.id)
    change = blocks.button("Change answers", ids.CHANGE, value)
    if checkin.state is State.ANSWERED:
        late = " It counts as late." if checkin.is_late else ""
        return f"Recorded, thank you.{late} You can change it until the next one opens.", [change]
    if checkin.state is State.SKIPPED:
        reason = f" ({escape(checkin.note)})" if checkin.note else ""
        return f"You skip this one{reason}. No reminder will come.", [
            blocks.button("Answer after all", ids.FILL_IN, value)
        ]
    if checkin.state is State.AWAY:
        return "You are away: there is nothing to do here.", []
    if around.now >= checkin.closes_at:
        return "Its time is over. You can still answer: it counts as late.", [
            blocks.button("Fill in", ids.FILL_IN, value)
        ]
    return _question(checkin, round_, around), _buttons(value, around)


def _question(checkin: Checkin, round_: Round, around: Around) -> str:
    asked = "\n".join(f"{number}. {escape(one)}" for number, one in enumerate(round_.asked.questions, 1))
    open_ones = (
        f"\nStill in your way, as far as I know: {words.count(around.blockers, 'thing')}. The form shows what."
        if around.blockers
        else ""
    )
    late = "Sorry, I am late: I was not running when this was due. " if around.is_late else ""
    return (
        f"{late}Open until {words.until(checkin, around.zone)}. Press *Fill in*, or just write your answers here."
        f"\n{asked}{open_ones}"
    )


def _buttons(value: str, around: Around) -> list[Block]:
    buttons = [blocks.button("Fill in", ids.FILL_IN, value, style="primary")]
    if around.last:
        buttons.append(blocks.button(f"Same as {around.last}", ids.SAME, value))
    buttons.append(blocks.button("Skip today", ids.SKIP, value))
    return buttons


def reminder(checkin: Checkin, round_: Round, around: Around) -> Message:
    """The one reminder for who is silent; once they are not, it says so and asks for nothing."""
    value = ids.value_of(checkin.id)
    name = f"*{escape(round_.name)}*"
    if checkin.state in _SETTLED:
        text = f"{name}: {_SETTLED[checkin.state]}"
        return Message(text=text, blocks=[blocks.section(text)])
    if around.now >= checkin.closes_at:
        text = f"{name} is over. You can still answer: it counts as late."
        return _with_buttons(text, blocks.button("Fill in", ids.FILL_IN, value))
    left = "some questions are left" if checkin.answers else "I have no word from you yet"
    text = f"{name} is open until {words.until(checkin, around.zone)}, and {left}."
    buttons = (
        blocks.button("Fill in", ids.FILL_IN, value, style="primary"),
        blocks.button("Skip today", ids.SKIP, value),
    )
    return _with_buttons(text, *buttons)


def reply(
    checkin: Checkin, round_: Round, asking: int | None, told: str, *, with_files: bool = False
) -> Message:
    """What the bot says to an answer by message: the next question, or that all is recorded."""
    value = ids.value_of(checkin.id)
    no_answer = blocks.button("That was no answer", ids.NOT_MINE, value)
    if told:
        label = "Change answers" if checkin.state is State.ANSWERED else "Fill in"
        return _with_buttons(told, blocks.button(label, ids.CHANGE, value))
    files = " Files stay between us: I do not pass them on." if with_files else ""
    questions = round_.asked.all_questions
    if asking is not None and asking < len(questions):
        next_one = f"*{escape(questions[asking])}*\nWrite - if there is nothing to say."
        text = f"Noted for *{escape(round_.name)}*.{files}\n{next_one}"
        # Later on they know that it is the check-in that listens.
        begins = sum(map(bool, checkin.answers)) == 1
        return _with_buttons(text, *([no_answer] if begins else []))
    text = f"Thank you. Your answers to *{escape(round_.name)}* are recorded.{files}"
    return _with_buttons(text, blocks.button("Change answers", ids.CHANGE, value), no_answer)


def _with_buttons(text: str, *buttons: Block) -> Message:
    return Message(text=text, blocks=[blocks.section(text), *([blocks.actions(*buttons)] if buttons else [])])
