"""The form *Create Jira issue*: built from what is known of the project. What is sent is read in `sent`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.text import cut
from bot.features.tickets.domain import LONGEST_SUMMARY
from bot.features.tickets.fields.inputs import Shown, blocks_of, shown_for
from bot.features.tickets.fields.kinds import Asked, asked_of, not_askable, words_for
from bot.features.tickets.views import elsewhere
from bot.features.tickets.views.carried import Context, pack
from bot.jira.shapes import CreateField
from bot.slack.blocks import Block, context, input_block, link_button, modal, section, text_input
from bot.slack.inputs import Choice, search_select
from bot.slack.mrkdwn import escape
from bot.teams.plans import JiraTarget

TITLE = "Create Jira issue"
CALLBACK = "ticket.create"
BUTTON = "request.jira"
SHORTCUT = "create_jira_issue"
AGAIN = "ticket.again"
CHOOSE_PROJECT = "ticket.project"
CHOOSE_TYPE = "ticket.type"
NAME_ISSUE = "ticket.named"
OPEN_JIRA = "ticket.open_jira"

LONGEST_DESCRIPTION = 3000
LONGEST_LINK = 500
TYPE = "issue_type"
LINK = "link"

NOT_TOLD = (
    ":hourglass: Jira does not tell just now which fields it wants. Create the issue anyway: "
    "I will ask you for what is missing."
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What is known of the project and type that are chosen. `fields` is None where Jira did not tell them in time.

    `target` are the team's settings; `priority` and `component` are the request's.
    """

    site: str
    project: Choice
    project_id: str | None = None
    issue_type: str
    type_id: str | None = None
    fields: Sequence[CreateField] | None = ()
    target: JiraTarget | None = None
    priority: str = ""
    component: str | None = None


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What stands in the form. `complaints` is what Jira said about each field of an earlier try, `failure` in all."""

    summary: str
    description: str
    link: str = ""
    shown: Mapping[str, Shown] = field(default_factory=dict[str, Shown])
    complaints: Mapping[str, str] = field(default_factory=dict[str, str])
    failure: str = ""


def build(context_: Context, offer: Offer, filled: Filled) -> Mapping[str, Any]:
    """The form. Where the thread is private it says who will read it, and its button says *share*."""
    missing = not_askable(offer.fields or ())
    only_links = bool(filled.link.strip() or missing)
    own = [] if only_links else _own_fields(offer, filled)
    return modal(
        callback_id=CALLBACK,
        title=TITLE,
        submit=_submit(context_, links=only_links),
        private_metadata=pack(context_),
        blocks=[
            *_failure(offer, filled),
            *_where(offer),
            *(_in_jira(offer, filled, missing) if missing and not filled.link.strip() else []),
            *_texts(filled, needed=not only_links),
            *own,
            *([context(NOT_TOLD)] if offer.fields is None and not only_links else []),
            _link(filled),
            context(*_notes(context_, offer)),
        ],
    )


def _failure(offer: Offer, filled: Filled) -> list[Block]:
    # Said above only where it is not said below a field.
    shown = {"summary", "description", *(asked.field.id for asked in _asked(offer, filled))}
    if not filled.failure or (filled.complaints and shown.issuperset(filled.complaints)):
        return []
    return [context(f":warning: {escape(filled.failure)}")]


def _submit(context_: Context, *, links: bool) -> str:
    if context_.place.private:
        return "Share and link" if links else "Share and create"
    return "Link" if links else "Create"


def _where(offer: Offer) -> list[Block]:
    kind = offer.issue_type
    return [
        input_block(
            "Project", search_select(CHOOSE_PROJECT, initial=offer.project), "project", dispatch=True
        ),
        # Another project has other types: a new block forgets the old choice.
        input_block(
            "Issue type",
            search_select(CHOOSE_TYPE, initial=(kind, kind)),
            f"{TYPE}:{offer.project[1]}",
            dispatch=True,
        ),
    ]


def _texts(filled: Filled, *, needed: bool) -> list[Block]:
    summary = text_input("summary", initial=cut(filled.summary, LONGEST_SUMMARY), max_length=LONGEST_SUMMARY)
    description = text_input(
        "description",
        initial=cut(filled.description, LONGEST_DESCRIPTION),
        multiline=True,
        max_length=LONGEST_DESCRIPTION,
    )
    return [
        input_block("Summary", summary, "summary", optional=not needed),
        *_complaint(filled, "summary"),
        input_block("Description", description, "description", optional=True),
        *_complaint(filled, "description"),
    ]


def _complaint(filled: Filled, field_id: str) -> list[Block]:
    words = filled.complaints.get(field_id)
    return [context(f":warning: {escape(words)}")] if words else []


def _link(filled: Filled) -> Block:
    return input_block(
        "Link an existing issue",
        text_input(NAME_ISSUE, initial=filled.link, max_length=LONGEST_LINK, told_while_typing=True),
        LINK,
        optional=True,
        hint="Its key or address, such as PAY-12. Nothing new is made then, and what is not needed goes.",
        dispatch=True,
    )


def _own_fields(offer: Offer, filled: Filled) -> list[Block]:
    place = f"{offer.project[1]}:{offer.type_id or ''}"
    blocks: list[Block] = []
    for asked in _asked(offer, filled):
        shown = filled.shown.get(asked.field.id, first_shown(asked, offer))
        blocks += blocks_of(asked, place, shown, filled.complaints.get(asked.field.id, ""))
    return blocks


def _asked(offer: Offer, filled: Filled) -> list[Asked]:
    return asked_of(offer.fields or (), _named(offer), filled.complaints)


def _named(offer: Offer) -> Mapping[str, tuple[str, ...]]:
    target = offer.target
    return target.fields if target and target.project == offer.project[1] else {}


_PRIORITIES = {"urgent": "Highest", "normal": "Medium"}


def first_shown(asked: Asked, offer: Offer) -> Shown:
    """What a field begins with: the team's words for it, else what is known of the request."""
    words = words_for(asked.field, _named(offer))
    if not words and asked.field.id == "priority":
        words = tuple(filter(None, (offer.priority, _PRIORITIES.get(offer.priority.casefold()))))
    if not words and asked.field.id == "components":
        here = offer.target if offer.target and offer.target.project == offer.project[1] else None
        words = (*(here.components if here else ()), *filter(None, (offer.component,)))
    return shown_for(asked, words)


def _in_jira(offer: Offer, filled: Filled, missing: Sequence[CreateField]) -> list[Block]:
    names = ", ".join(f"*{escape(one.name)}*" for one in missing[:20])
    known = {
        asked.field.id: filled.shown.get(asked.field.id, first_shown(asked, offer))
        for asked in _asked(offer, filled)
    }
    url = elsewhere.create_form(
        offer.site, offer.project_id, offer.type_id, filled.summary, filled.description, known
    )
    words = (
        f":no_entry: This project requires {names}, which I cannot ask for here. Create the issue in Jira's own form, "
        "then write its key below: I link it to the thread."
    )
    return [section(words, accessory=link_button("Open Jira's own form", OPEN_JIRA, url))]


def _notes(context_: Context, offer: Offer) -> tuple[str, ...]:
    place = context_.place
    if not place.reachable:
        along = "I cannot read this conversation: only the message that you chose goes along."
    elif context_.request_id is not None:
        along = "The whole thread goes along as a transcript, but for lines that begin with `//`."
    else:
        along = "The whole thread goes along as a transcript, with names and times."
    if not place.private:
        return (along,)
    later = ", and what is said in the thread later goes there too" if place.reachable else ""
    project = escape(offer.project[1])
    return (
        along,
        f":lock: This comes from a private place. Everybody who can see project {project} in Jira will read it{later}.",
    )
