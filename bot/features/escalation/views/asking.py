"""What is said in the card's thread: pings of the ladder, and the question to a claim's holder."""

from bot.features.escalation.domain.ladder import Ladder, Phase, Rung, Stand, Standing, rung_at
from bot.features.escalation.domain.said import Said
from bot.features.escalation.views import ids, words
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.teams.domain import SplitOfWork, Team


def is_open(ladder: Ladder | None, said: Said, phase: Phase) -> bool:
    """Whether this message still asks for something."""
    return (
        ladder is not None
        and (ladder.run, ladder.step) == (said.run, said.step)
        and ladder.phase is phase
        and not (phase is Phase.UNCLAIMED and ladder.seen_now)
    )


def ping(standing: Standing, team: Team, said: Said, person: str) -> Message:
    """Names somebody who may take it."""
    text = _ping_words(standing, team, said, person)
    seen = blocks.button("Seen, not now", ids.SEEN, ids.value(said.request_id, said.run, said.step))
    buttons = [seen]
    if person == team.lead and team.split_of_work is SplitOfWork.LEAD_ASSIGNS:
        buttons.insert(0, blocks.button("Assign", ids.ASSIGN, ids.value(said.request_id), style="primary"))
    return _message(text, *buttons)


def _ping_words(standing: Standing, team: Team, said: Said, person: str) -> str:
    who, about = words.person(person), f"{standing.label} ({standing.priority.label})"
    to_assign = person == team.lead and team.split_of_work is SplitOfWork.LEAD_ASSIGNS
    rung = rung_at(team.split_of_work, said.step)
    if rung is None:
        what = f"{standing.label} is {'new' if said.run == 1 else 'back in the queue'} ({standing.priority.label})"
        return f"{who}, {what}: who takes it?" if to_assign else f"{who}, you are on duty: {what}."
    if to_assign:
        return f"{who}, nobody has {about} yet: who takes it?"
    if rung is Rung.NEXT:
        return f"{who}, nobody has taken {about} yet. Can you?"
    if rung is Rung.LEAD:
        return f"{who}, nobody has taken {about} yet, and nobody else is left to ask."
    return f"{who}, you are on duty, and nobody has taken {about} yet."


def pinged(standing: Standing, ladder: Ladder | None, team: Team, said: Said, person: str) -> Message:
    """A ping as it is now: seen by somebody, over, or still asking."""
    if is_open(ladder, said, Phase.UNCLAIMED):
        return ping(standing, team, said, person)
    if ladder is None or (ladder.run, ladder.step) != (said.run, said.step) or not ladder.seen_now:
        return _over(standing, _ping_words(standing, team, said, person))
    until = f" Quiet until {words.when(ladder.due_at, team.zone)}." if ladder.due_at else ""
    if standing.stand is not Stand.NEW:
        until = f" It is {standing.state} now."
    return _message(f"{words.person(ladder.seen_by)} has seen {standing.label}, not now.{until}")


def ask(standing: Standing, team: Team, said: Said, holder: str) -> Message:
    """Asks a claim's holder whether they are still on it."""
    value = ids.value(said.request_id, said.run, said.step)
    return _message(
        _ask_words(standing, team, holder),
        blocks.button("Still on it", ids.STILL, value, style="primary"),
        blocks.button("Put it back", ids.PUT_BACK, value),
    )


def _ask_words(standing: Standing, team: Team, holder: str) -> str:
    days = "working day" if team.idle_days == 1 else f"{team.idle_days} working days"
    return (
        f"{words.person(holder)}, nothing has happened to {standing.label} for {days}. Still on it? "
        "Without a word it is back in the queue in one working day."
    )


def asked(standing: Standing, ladder: Ladder | None, team: Team, said: Said, holder: str) -> Message:
    """The question as it is now."""
    if is_open(ladder, said, Phase.ASKED):
        return ask(standing, team, said, holder)
    if ladder is not None and ladder.run == said.run and ladder.phase in (Phase.HELD, Phase.ASKED):
        return _message(f"{standing.label} stays with {words.person(holder)}.")
    return _over(standing, _ask_words(standing, team, holder))


def _over(standing: Standing, text: str) -> Message:
    return _message(f"{text}\n{standing.label} is {standing.state} now.")


def _message(text: str, *buttons: Block) -> Message:
    shown = [blocks.section(text)]
    if buttons:
        shown.append(blocks.actions(*buttons))
    return Message(text=text, blocks=shown)
