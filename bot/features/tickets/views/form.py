"""The form *Create Jira issue*: built from what is known, read back into a wish."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bot.core.text import clean, cut
from bot.core.text_hygiene import boundary
from bot.core.threads import ThreadRef
from bot.features.tickets.domain import LONGEST_SUMMARY, Place, Wish
from bot.slack.blocks import context, input_block, modal, select, text_input
from bot.slack.calls import Submission, View, chosen
from bot.slack.mrkdwn import escape

TITLE = "Create Jira issue"
CALLBACK = "ticket.create"
BUTTON = "request.jira"
SHORTCUT = "create_jira_issue"
CHOOSE_PROJECT = "ticket.project"

LONGEST_DESCRIPTION = 3000
METADATA = 3000
_TYPE = "issue_type"


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a form carries with it from its opening to its sending."""

    place: Place
    request_id: int | None
    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be chosen: (label, key) of projects, names of types; the first ones are the proposals."""

    projects: Sequence[tuple[str, str]]
    project: str
    types: Sequence[str]


def build(context_: Context, offer: Offer, *, summary: str, description: str) -> Mapping[str, Any]:
    """The form. Where the thread is private it says who will read it, and its button says *share*."""
    place = context_.place
    return modal(
        callback_id=CALLBACK,
        title=TITLE,
        submit="Share and create" if place.private else "Create",
        private_metadata=pack(context_),
        blocks=[
            input_block(
                "Project",
                select(CHOOSE_PROJECT, offer.projects, initial=offer.project),
                "project",
                dispatch=True,
            ),
            # Another project has other types: a new block forgets the old choice.
            input_block(
                "Issue type",
                select("type", [(name, name) for name in offer.types], initial=offer.types[0]),
                f"{_TYPE}:{offer.project}",
            ),
            input_block(
                "Summary",
                text_input("summary", initial=cut(summary, LONGEST_SUMMARY), max_length=LONGEST_SUMMARY),
                "summary",
            ),
            input_block(
                "Description",
                text_input(
                    "description",
                    initial=cut(description, LONGEST_DESCRIPTION),
                    multiline=True,
                    max_length=LONGEST_DESCRIPTION,
                ),
                "description",
                optional=True,
            ),
            context(*_notes(context_, offer.project)),
        ],
    )


def _notes(context_: Context, project: str) -> tuple[str, ...]:
    place = context_.place
    if not place.reachable:
        along = "I cannot read this conversation: only the message that you chose goes along."
    elif context_.request_id is not None:
        along = "The whole thread goes along as a transcript, but for lines that begin with `//`."
    else:
        along = "The whole thread goes along as a transcript, with names and times."
    if not place.private:
        return (along,)
    readers = f"This comes from a private place. Everybody who can see project {escape(project)} in Jira will read it."
    return (along, f":lock: {readers}")


def pack(context_: Context) -> str:
    """The context as the form's hidden text, the message cut so that it fits (Slack: 3000 characters)."""
    place = context_.place
    kept: dict[str, Any] = {
        "v": 1,
        "request": context_.request_id,
        "team": context_.team_id,
        "workspace": place.workspace_id,
        "channel": place.thread.channel,
        "thread": place.thread.thread_ts,
        "message": place.message_ts,
        "author": place.author,
        "private": place.private,
        "reachable": place.reachable,
    }
    text = clean(place.text)
    while len(packed := json.dumps({**kept, "text": text}, ensure_ascii=False)) > METADATA:
        text = text[: boundary(text, max(len(text) - (len(packed) - METADATA) // 2 - 1, 0))]
    return packed


def unpack(private_metadata: str) -> Context | None:
    """The context of a form; None for one that this release did not make."""
    try:
        kept: Any = json.loads(private_metadata)
        return _context(cast(Mapping[str, Any], kept))
    except (ValueError, TypeError, KeyError):
        return None


def _context(kept: Mapping[str, Any]) -> Context:
    place = Place(
        workspace_id=str(kept["workspace"]),
        thread=ThreadRef(channel=str(kept["channel"]), thread_ts=str(kept["thread"])),
        message_ts=str(kept["message"]),
        author=str(kept["author"]),
        text=str(kept["text"]),
        private=bool(kept["private"]),
        reachable=bool(kept["reachable"]),
    )
    request, team = kept["request"], kept["team"]
    return Context(
        place=place,
        request_id=None if request is None else int(request),
        team_id=None if team is None else int(team),
    )


def wish_in(call: Submission, context_: Context) -> Wish:
    """What was entered."""
    return Wish(
        place=context_.place,
        request_id=context_.request_id,
        team_id=context_.team_id,
        by=call.user_id,
        project=entered(call.view, "project"),
        issue_type=entered(call.view, "issue_type"),
        summary=entered(call.view, "summary"),
        description=entered(call.view, "description"),
        view_id=call.view.id,
    )


def block_of(view: View, field: str) -> str:
    """The id of the block with this field; that of the issue type also names its project."""
    ids = (*view.state, *(str(block.get("block_id") or "") for block in view.blocks))
    return next((block_id for block_id in ids if block_id.partition(":")[0] == field), field)


def entered(view: View, field: str) -> str:
    """What stands in this field; empty text when nothing does."""
    elements = view.state.get(block_of(view, field), {})
    return next((str(chosen(element) or "") for element in elements.values()), "")


def request_of(value: str) -> int | None:
    """The request that a card's button names; None for a value of another time."""
    version, _, number = value.partition(":")
    return int(number) if version == "v1" and number.isascii() and number.isdigit() else None
