"""A ticket: the wish that a thread becomes a Jira issue, from the form to the key. Pure.

Nothing of Slack's or Jira's forms is here.
"""

import re
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.core.errors import NotAllowed, UserError
from bot.core.text import clean, cut
from bot.core.threads import RequestFacts, RequestThread, ThreadRef
from bot.teams.domain import Team
from bot.teams.roster import Teams

LONGEST_SUMMARY = 255
LONGEST_TYPE = 60
DEFAULT_TYPE = "Task"
CREATING = "creating…"
LINKING = "linking…"

NO_KEY = "That is not an issue. Write its key, such as PAY-12, or its address in Jira."

_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
_ISSUE = re.compile(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}")


class TicketState(StrEnum):
    """Where a ticket stands. A failed one may be wished again."""

    WISHED = "wished"
    CREATED = "created"
    FAILED = "failed"


class Step(StrEnum):
    """What happened to a ticket: the kinds of its history."""

    WISHED = "wished"
    CREATED = "created"
    FAILED = "failed"
    LINKED = "linked"
    TOLD = "told"
    JOINED = "joined"


class Side(StrEnum):
    """Which thread is told: one of a request's two, or the thread that belongs to no request."""

    CARD = "card"
    ASKER = "asker"
    THREAD = "thread"


@dataclass(frozen=True, kw_only=True)
class Place:
    """The thread that becomes an issue, as it was met. `message_ts` is the message whose menu was used.

    `reachable` is False where the bot cannot be (other people's direct messages): then `text`, written by
    `author`, is all that is known. `private`: not everybody in the workspace can read it.
    """

    workspace_id: str
    thread: ThreadRef
    message_ts: str
    author: str = ""
    text: str = ""
    private: bool = False
    reachable: bool = True


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody entered in the form. `team_id` is the team whose settings apply, if any.

    `fields` are the project's own ones by field id, as Jira takes them; `shown` is what stood in the form for them.
    `link` is the key of an issue that is there already: then nothing new is made. `sending` names this very sending
    of the form.
    """

    place: Place
    request_id: int | None
    team_id: int | None
    by: str
    project: str
    issue_type: str
    summary: str
    description: str
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    shown: Mapping[str, Any] = field(default_factory=dict[str, Any])
    link: str | None = None
    sending: str = ""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as it stands now. `attempt` counts the wishes: each is sent to Jira once.

    `key` of a linked one is there from the start: the issue that was named. `fields` are the project's own ones as
    they go to Jira, `shown` is what stood in the form for them, `complaints` what Jira said about each field when it
    refused.
    """

    id: int
    subject: str
    request_id: int | None
    team_id: int | None
    place: Place
    state: TicketState
    attempt: int
    label: str
    asked_by: str
    project: str
    issue_type: str
    summary: str
    description: str
    key: str | None
    url: str | None
    failure: str | None
    issue_id: str | None = None
    is_linked: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    shown: Mapping[str, Any] = field(default_factory=dict[str, Any])
    complaints: Mapping[str, str] = field(default_factory=dict[str, str])
    told_until: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def is_done(self) -> bool:
        """Whether there is an issue."""
        return self.state is TicketState.CREATED


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An issue that Jira has. `id` is Jira's own and stays when the issue moves.

    `told_until` is the newest message (Slack's `ts`) that its transcript holds; None where it holds none.
    """

    key: str
    url: str
    id: str | None = None
    told_until: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssueLink:
    """The issue of a request, for its card: its key, or a word that it is being created (then without address)."""

    key: str
    url: str | None = None
    status: str | None = None


def as_thread(facts: RequestFacts) -> RequestThread:
    """A request seen from its card."""
    return RequestThread(
        request_id=facts.request_id,
        number=facts.number,
        team_id=facts.team_id,
        side="card",
        requester=facts.requester,
        filed_by=facts.filed_by,
        private=facts.private,
        card=facts.card,
        asker=facts.asker,
    )


def subject_of(request_id: int | None, thread: ThreadRef) -> str:
    """The name by which a thread has at most one ticket; both threads of a request are the request."""
    return f"thread:{thread.channel}:{thread.thread_ts}" if request_id is None else f"request:{request_id}"


def subjects_of(request_id: int | None, threads: Sequence[ThreadRef]) -> tuple[str, ...]:
    """Every name under which there may be a ticket already, older ones of a request's threads among them."""
    own = () if request_id is None else (f"request:{request_id}",)
    return (*own, *(subject_of(None, thread) for thread in threads))


def threads_of(request: RequestThread | None, thread: ThreadRef) -> tuple[ThreadRef, ...]:
    """The threads that share one ticket with this one, itself first."""
    both = (request.card, request.asker) if request else ()
    return (thread, *(other for other in both if other is not None and other != thread))


def is_of(request: RequestThread, thread: ThreadRef) -> bool:
    """Whether the thread is one of the request's; while none is posted, whatever was clicked is."""
    both = [one for one in (request.card, request.asker) if one is not None]
    return not both or thread in both


def label_of(entropy: bytes) -> str:
    """`frontdesk-` and eight letters and digits from five random bytes: how an issue is found again."""
    return f"frontdesk-{b32encode(entropy).decode().lower()}"


def checked(wish: Wish) -> tuple[str, str, str]:
    """Project, issue type and summary as they can be sent. Raises UserError for the field that is wrong.

    Limits: Jira, "Create issue" (https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/).
    """
    summary = " ".join(clean(wish.summary).split())
    if wish.link is not None:
        return wish.project, wish.issue_type, cut(summary or wish.link, LONGEST_SUMMARY)
    if not summary:
        raise UserError("Write in a few words what the issue is about.", field="summary")
    if len(summary) > LONGEST_SUMMARY:
        raise UserError(
            f"Jira takes at most {LONGEST_SUMMARY} characters here, this has {len(summary)}. Shorten it, please.",
            field="summary",
        )
    if not is_project(wish.project):
        raise UserError("That is not the key of a Jira project, such as PAY. Choose one.", field="project")
    issue_type = cut(" ".join(clean(wish.issue_type).split()), LONGEST_TYPE)
    if not issue_type:
        raise UserError("Choose an issue type, please.", field="issue_type")
    return wish.project, issue_type, summary


def is_project(key: str) -> bool:
    """Whether this can be a project's key."""
    return _PROJECT.fullmatch(key) is not None


def linked_key(text: str, site: str) -> str | None:
    """The key that somebody named, itself or in an address of this site; None for no text. Raises UserError."""
    named = clean(text).strip().strip("<>")
    if not named:
        return None
    if _ISSUE.fullmatch(named.upper()):
        return named.upper()
    here, there = urlsplit(site), _split(named)
    if there is None or there.scheme not in ("http", "https") or not there.netloc:
        raise UserError(NO_KEY, field="link")
    if there.netloc.casefold() != here.netloc.casefold():
        raise UserError(
            f"That address is not of this Jira. Only issues of {here.netloc} can be linked.", field="link"
        )
    asked = parse_qs(there.query).get("selectedIssue", [])
    at, _, key = there.path.rstrip("/").rpartition("/")
    found = asked[0] if asked else key if at == f"{here.path.rstrip('/')}/browse" else ""
    if not _ISSUE.fullmatch(found.upper()):
        raise UserError(NO_KEY, field="link")
    return found.upper()


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def with_names(words: str, complaints: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Jira's words, which call fields by their ids, with the names that people know."""
    for field_id in complaints:
        words = words.replace(f"{field_id}: ", f"{names.get(field_id, field_id)}: ", 1)
    return words


def team_for(teams: Teams, request: RequestThread | None, channel: str, user_id: str) -> Team | None:
    """The team whose Jira settings apply: the request's, the channel's, else the first own one that has any."""
    if request is not None:
        return teams.get(request.team_id)
    here = teams.of_channel(channel)
    if here is not None:
        return here
    own = teams.of_person(user_id) or teams.active
    return next((team for team in own if team.jira), None)


def works_here(teams: Teams, request: RequestThread | None, user_id: str) -> bool:
    """Whether this person works the request's queue or, where there is no request, any team's."""
    if request is None:
        return bool(teams.of_person(user_id))
    team = teams.get(request.team_id)
    return team is not None and teams.works_queue(team, user_id)


def refusal(teams: Teams, request: RequestThread | None) -> NotAllowed:
    """The words for somebody who may not make an issue of this thread."""
    if request is None:
        return NotAllowed(
            "Only people who work a team's queue, and workspace admins, can create Jira issues. "
            "Use *Send to triage* on the message instead: the team takes it from there."
        )
    team = teams.get(request.team_id)
    name = team.name if team else "the team"
    return NotAllowed(
        f"Only members of {name} can make a Jira issue of #{request.number}. "
        "Ask for it in the request's thread: the team reads it."
    )
