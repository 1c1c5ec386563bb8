"""The question whether an issue should follow its request, and what is said about the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.text import cut
from bot.core.threads import IssueThreads
from bot.jira.shapes import IssueState, Transition
from bot.slack.blocks import Block, Message, actions, button, section
from bot.slack.mrkdwn import escape

MOVE = "issue.move"
LEAVE = "issue.leave"
MOST = 4
OLD = "This button is from another time. Move the issue in Jira, please."
_VERSION = "v1"
# More than any status of Jira's is called, and far from the 2,000 characters that a button carries.
_LONGEST_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a button carries. `to_name` is empty where the issue's status is not for everybody."""

    ticket_id: int
    transition_id: str = ""
    to_id: str = ""
    to_name: str = ""

    def pack(self) -> str:
        """The choice as a button's value."""
        name = cut(self.to_name, _LONGEST_NAME)
        return f"{_VERSION}:{self.ticket_id}:{self.transition_id}:{self.to_id}:{name}"

    def to_json(self, by: str) -> dict[str, Any]:
        """What the delivery needs, with who asked for it."""
        return {
            "ticket_id": self.ticket_id,
            "transition_id": self.transition_id,
            "to_id": self.to_id,
            "to_name": self.to_name,
            "by": by,
        }


def unpack(value: str) -> Choice | None:
    """The choice of a button; None for one of another time."""
    parts = value.split(":", 4)
    if len(parts) != 5 or parts[0] != _VERSION:
        return None
    ticket_id, transition_id, to_id = parts[1:4]
    if not all(part == "" or _is_number(part) for part in parts[1:4]) or not ticket_id:
        return None
    return Choice(ticket_id=int(ticket_id), transition_id=transition_id, to_id=to_id, to_name=parts[4])


def _is_number(text: str) -> bool:
    # As many digits as a database counts.
    return text.isascii() and text.isdigit() and len(text) <= 18


def offer(ticket: IssueThreads, state: IssueState, ways: Sequence[Transition], *, done: bool) -> Message:
    """The question, with a button for each way that needs nothing but a click."""
    simple = [way for way in ways if not way.needs][:MOST]
    still = _still(state, done=done)
    if not simple:
        why = "It needs more than a click: " if ways else "I cannot move it from here: "
        text = f"{still} {why}<{ticket.url}|Open {escape(state.key)} in Jira>."
        return Message(text=f"{still} {ticket.url}", blocks=(section(text),))
    buttons = [_button(number, way, ticket, state) for number, way in enumerate(simple)]
    leave = button("Leave it", LEAVE, Choice(ticket_id=ticket.ticket_id).pack())
    more = f" <{ticket.url}|Open {escape(state.key)} in Jira>." if len(simple) < len(ways) else ""
    text = f"{still} Move it?"
    return Message(text=text, blocks=(section(text + more), actions(*buttons, leave)))


def _still(state: IssueState, *, done: bool) -> str:
    key = escape(state.key)
    if state.is_restricted:
        return f"{key} is not done yet in Jira." if done else f"{key} is still done in Jira."
    return f"{key} is still {escape(state.status)} in Jira."


def _button(number: int, way: Transition, ticket: IssueThreads, state: IssueState) -> Block:
    choice = Choice(
        ticket_id=ticket.ticket_id,
        transition_id=way.id,
        to_id=way.to_id,
        to_name="" if state.is_restricted else way.to_name,
    )
    return button(way.name, f"{MOVE}.{number}", choice.pack())


def moving(key: str, to_name: str) -> Message:
    """Somebody said yes."""
    return _plain(f"Moving {key} to {to_name}…" if to_name else f"Moving {key}…")


def left() -> Message:
    """Somebody said no."""
    return _plain("Left as it is.")


def not_moved(key: str, url: str, why: str) -> Message:
    """To whoever said yes: Jira does not move it."""
    text = f"{escape(key)} was not moved. {escape(why)}"
    return Message(text=f"{text} {url}", blocks=(section(f"{text}\n<{url}|Open {escape(key)} in Jira>"),))


def _plain(words: str) -> Message:
    text = escape(words)
    return Message(text=text, blocks=(section(text),))
