"""Messages about requests beside the card: receipt, notices, lines of history, pings, offers."""

from collections.abc import Sequence

from bot.core.text import cut, pieces
from bot.features.requests.domain import Request, State
from bot.features.requests.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams import help
from bot.teams.domain import Team
from bot.teams.help import Reader


def receipt(request: Request, summary: str, team: Team, due: str, perhaps: str = "") -> Message:
    """What the requester gets: number, team, who is on duty, what to expect (`due` may be empty).

    `perhaps`: a sentence about a request that looks alike.
    """
    waits = request.on_duty is not None and request.assignee is None
    on_duty = f" {words.person(request.on_duty)} is on duty." if waits else ""
    text = (
        f"*{request.label}* is with *{escape(team.name)}*, priority {request.priority.label}.{on_duty}\n"
        f"{expectation(request, due)} Write in this thread to add something."
    )
    shown = [blocks.section(text)]
    if request.origin.ts is None:
        shown.append(blocks.plain_section(summary))
        text = f"{text}\n{escape(summary)}"
    if perhaps:
        shown.append(blocks.context(perhaps))
        text = f"{text}\n{perhaps}"
    shown.append(blocks.actions(blocks.button("Resolve", ids.RESOLVE, ids.value(request.id))))
    return Message(text=text, blocks=shown)


def expectation(request: Request, due: str) -> str:
    """What to expect, in one sentence."""
    if request.assignee:
        return f"It is *{request.state.label}*: {words.person(request.assignee)} has it; you will hear here."
    if not due:
        return "You will hear here when somebody takes it."
    return f"Answer by {due}: you will hear here when somebody takes it."


def notice(text: str, reason: str, request: Request, told: State) -> Message:
    """A change to the state `told`, told to the requester; a closed request can be opened again from here."""
    shown = [blocks.section(text), *_reason(reason)]
    if not told.is_open:
        shown.append(blocks.actions(blocks.button("Reopen", ids.REOPEN, ids.value(request.id))))
    return Message(text=_with_reason(text, reason), blocks=shown)


def history_line(text: str, reason: str = "") -> Message:
    """A line of history in the card's thread."""
    return Message(text=_with_reason(text, reason), blocks=[blocks.context(text), *_reason(reason)])


def _reason(reason: str) -> list[Block]:
    return [blocks.plain_section(reason)] if reason else []


def _with_reason(text: str, reason: str) -> str:
    return f"{text}\n{escape(reason)}" if reason else text


def ping(request: Request, on_duty: str) -> Message:
    """Names the person on duty in the card's thread."""
    text = f"{words.person(on_duty)}, you are on duty: {request.label} is new ({request.priority.label})."
    return Message(text=text, blocks=[blocks.section(text)])


def more_details(part: str, number: int, count: int) -> Message:
    """A part of a long text, in the card's thread."""
    title = f"Full text ({number} of {count})" if count > 1 else "Full text"
    shown = [blocks.context(title)]
    shown += [blocks.plain_section(piece) for piece in pieces(part, blocks.SECTION)]
    return Message(text=f"{title}: {escape(cut(part, 500))}", blocks=shown)


def can_do(reader: Reader) -> str:
    """What the bot can do, with examples that fit whoever reads it."""
    line = help.filled("{team}{said}", reader)
    emoji = f":{reader.team.ticket_emoji}:" if reader.team else "the team's emoji"
    return (
        "*I am the front desk.* I bring what you need to the right team and tell you here what becomes of it.\n"
        f"• `/ask-team` opens a form; `/ask-team {line}` files at once.\n"
        f"• *Send to triage* in a message's menu, or {emoji} on a message, files that message.\n"
        "• `/triage` shows the queue of a team, `/triage mine` what is yours, `/triage help` the rest.\n"
        "• Ask me: “who is on duty”, “where is #12”, “what is open”, “when is my next check-in”."
    )


def offer(text: str, reader: Reader, button: Block | None) -> Message:
    """What the bot can do, with the button that files the text first. No `button`: there is no team."""
    told = can_do(reader)
    if not text:
        return Message(text=told, blocks=[blocks.section(told)])
    if button is None:
        words_ = f"{told}\nNo team is set up yet, so there is nobody to send this to."
        return Message(text=words_, blocks=[blocks.section(words_)])
    question = "Shall I file what you wrote as a request?"
    shown = [blocks.section(question), button, blocks.section(told)]
    return Message(text=f"{question} {told}", blocks=shown)


def offer_button(channel: str, ts: str, chosen: Team | None, *, shares: bool, first: bool) -> Block:
    """The button that files what was written there. `shares`: it leaves a private channel; `first`: it is the answer."""
    label = f"{'Share and send' if shares else 'Send'} it to {chosen.name if chosen else 'a team'}"
    value = ids.value(channel, ts, chosen.id if chosen else 0)
    return blocks.actions(blocks.button(label, ids.OFFER_FILE, value, style="primary" if first else None))


def share_first(channel: str, ts: str, teams: Sequence[Team], *, private: bool, readers: str) -> Message:
    """Asks the one who used the emoji before anything leaves, or which team is meant."""
    text = (
        f"This is a private place. Sent to triage, the message will be readable for {escape(readers)}."
        if private
        else "Which team is this for?"
    )
    label = "Share and send to {}" if private else "{}"
    buttons = [
        blocks.button(label.format(team.name), ids.SHARE_EMOJI, ids.value(channel, ts, team.id))
        for team in teams[:25]
    ]
    for number, made in enumerate(buttons):
        made["action_id"] = f"{ids.SHARE_EMOJI}.{number}"
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(*buttons)])
