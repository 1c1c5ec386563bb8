"""Events: intake channels, mentions, direct messages, emoji, edits, and news about people and channels."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.errors import UserError
from bot.core.text import clean
from bot.core.wire import inner
from bot.features.requests import marks, offers, store
from bot.features.requests.desk import Desk
from bot.features.requests.domain import Door, NewRequest, Origin
from bot.features.requests.marks import Mark
from bot.features.requests.offers import Offer
from bot.features.requests.service import intake, pick_up, queue
from bot.features.requests.service.queue import Edit
from bot.features.requests.views import words
from bot.outbox.store import bring_forward
from bot.outbox.unit_of_work import UnitOfWork
from bot.slack.calls import Event
from bot.slack.replies import Nothing, Reply
from bot.teams.domain import Team
from bot.teams.roster import Teams

# Whether a message to the bot (person, channel, ts, thread, text, now) is meant for another slice.
Taken = Callable[[Connection, str, str, str, str | None, str, datetime], bool]


@dataclass(frozen=True, kw_only=True)
class Questions:
    """Whether a text to the bot is a question that another slice answers, and how it is asked to."""

    is_one: Callable[[str, Teams], bool]
    ask: Callable[[UnitOfWork, Event, Offer, Teams], bool]


DELETED = "(deleted by its author)"
LEFT_ALONE = ("📣", ":mega:")
_WRITTEN = (None, "file_share", "me_message")


class Events:
    """One function for each kind of event."""

    def __init__(self, desk: Desk, taken: Taken, questions: Questions) -> None:
        self._desk = desk
        self._taken = taken
        self._questions = questions
        self._run = desk.deps.transactions.run
        self._read = desk.deps.transactions.read

    async def message(self, call: Event) -> Reply:
        """A message somewhere: files it in an intake channel, offers to in a direct message."""
        if call.subtype in ("message_changed", "message_deleted"):
            return await self._changed(call)
        if call.subtype not in _WRITTEN or not call.user_id or not _has_place(call):
            return Nothing()
        if call.body.get("channel_type") == "im":
            return await self._direct(call)
        return await self._intake(call)

    async def missed(self, call: Event) -> None:
        """A message of an intake channel that nobody heard when it was written: filed as `message` would have.

        How many one person may file in a minute does not count: they were written over a longer time.
        """
        if call.subtype in _WRITTEN and call.user_id and _has_place(call):
            await self._intake(call, hurried=False)

    async def _intake(self, call: Event, *, hurried: bool = True) -> Reply:
        team = (await self._desk.teams()).of_channel(call.body["channel"])
        if _in_thread(call) or team is None or call.body["channel"] not in team.intake_channels:
            return Nothing()
        assert call.user_id
        text = words.text_of_message(call.body)
        if not text or text.startswith(LEFT_ALONE):
            return Nothing()
        new = NewRequest(
            team_id=team.id,
            summary=text,
            requester=call.user_id,
            filed_by=call.user_id,
            origin=_origin(call, Door.CHANNEL),
        )
        try:
            await self._desk.file(
                new, team, call.workspace_id, place=call.body["channel"], key=None, hurried=hurried
            )
        except UserError as error:
            await self._run(
                pick_up.whisper, channel=call.body["channel"], user_id=call.user_id, text=error.text,
                event=f"ev:{call.event_id}",
            )  # fmt: skip
        return Nothing()

    async def _direct(self, call: Event) -> Reply:
        assert call.user_id
        channel, ts = call.body["channel"], call.body["ts"]
        thread_ts = call.body["thread_ts"] if _in_thread(call) else None
        text = words.text_of_message(call.body)
        if thread_ts and await self._read(store.in_thread, channel, thread_ts):
            return Nothing()
        # In a thread it may be somebody's answer, whatever it looks like.
        asks = thread_ts is None and self._questions.is_one(text, await self._desk.teams())
        if not asks and await self._read(self._taken, call.user_id, channel, ts, thread_ts, text, call.now):
            return Nothing()
        await self._offer(call, Door.DIRECT, text)
        return Nothing()

    async def mention(self, call: Event) -> Reply:
        """Somebody named the bot: it answers a question, or says what it can do; it offers to file the text."""
        if not call.user_id or not _has_place(call):
            return Nothing()
        channel = call.body["channel"]
        if _in_thread(call):
            if await self._read(store.in_thread, channel, call.body["thread_ts"]):
                return Nothing()
        else:
            team = (await self._desk.teams()).of_channel(channel)
            if team and channel in team.intake_channels:
                return Nothing()
        await self._offer(call, Door.MENTION, self._without_own_name(call))
        return Nothing()

    def _without_own_name(self, call: Event) -> str:
        identity = self._desk.deps.slack.identity
        raw = str(call.body.get("text") or "")
        return words.as_typed(raw.replace(f"<@{identity.user_id}>", "") if identity else raw).strip()

    async def _offer(self, call: Event, door: Door, text: str) -> None:
        assert call.user_id
        bare = "" if text.casefold() in ("help", "hi", "hello", "?") else text
        offer, teams = (
            Offer(user_id=call.user_id, text=bare, origin=_origin(call, door)),
            await self._desk.teams(),
        )
        await self._run(pick_up.make_offer, offer, lambda uow: self._questions.ask(uow, call, offer, teams))

    async def _changed(self, call: Event) -> Reply:
        """An edit or a deletion of the message that a request came from."""
        told = inner(call.body, "message") or inner(call.body, "previous_message")
        ts = call.body.get("deleted_ts") or told.get("ts")
        channel = call.body.get("channel")
        if not isinstance(ts, str) or not isinstance(channel, str):
            return Nothing()
        gone = call.subtype == "message_deleted" or told.get("subtype") == "tombstone"
        text = "" if gone else clean(self._stripped(words.as_typed(str(told.get("text") or "")))).strip()
        if await self._read(offers.find, channel, ts):
            await self._run(pick_up.offer_changed, channel, ts, text)
        request = await self._read(store.of_message, call.workspace_id, channel, ts)
        if request is None or request.origin.door not in (
            Door.CHANNEL,
            Door.EMOJI,
            Door.DIRECT,
            Door.MENTION,
        ):
            return Nothing()
        author = str(told.get("user") or request.requester)
        at = str(call.body.get("event_ts") or "")
        edit = Edit(author=author, event=f"ev:{call.event_id}", at=at, gone=not text)
        if not text:
            await self._run(queue.edited, request.id, DELETED, "", edit)
        elif inner(call.body, "previous_message").get("text") != told.get("text"):
            await self._run(queue.edited, request.id, *intake.split_text(text, ""), edit)
        return Nothing()

    def _stripped(self, text: str) -> str:
        identity = self._desk.deps.slack.identity
        return text.replace(f"<@{identity.user_id}>", "").strip() if identity else text

    async def reaction_added(self, call: Event) -> Reply:
        """The team's emoji files a message; 👀 and ✅ on a card claim and resolve."""
        spot = _reacted(call)
        if spot is None:
            return Nothing()
        channel, ts, emoji, user_id = spot
        if await self._on_card(call, channel, ts, emoji, added=True):
            return Nothing()
        meant = _teams_meant(await self._desk.teams(), channel, emoji)
        if meant:
            await self._run(
                pick_up.wish, channel=channel, ts=ts, user_id=user_id, agreed=False,
                team_ids=[team.id for team in meant], event=f"ev:{call.event_id}",
            )  # fmt: skip
        return Nothing()

    async def reaction_removed(self, call: Event) -> Reply:
        """Taking 👀 or ✅ back undoes what it did."""
        spot = _reacted(call)
        if spot is None:
            return Nothing()
        channel, ts, emoji, _ = spot
        await self._on_card(call, channel, ts, emoji, added=False)
        return Nothing()

    async def _on_card(self, call: Event, channel: str, ts: str, emoji: str, *, added: bool) -> bool:
        move = marks.move_of(emoji, added=added)
        if move is None or not call.user_id:
            return False
        mark = Mark(channel=channel, ts=ts, user=call.user_id, move=move, event=f"ev:{call.event_id}")
        identity = self._desk.deps.slack.identity
        known = await marks.apply(self._desk, mark)
        if not known and identity and call.body.get("item_user") == identity.user_id:
            await self._run(marks.look_again, mark)
        return True

    async def person_changed(self, call: Event) -> Reply:
        """A profile changed: what is remembered of it is stale."""
        if call.user_id:
            await self._desk.deps.directory.forget_person(call.user_id)
        return Nothing()

    async def groups_changed(self, _call: Event) -> Reply:
        """Somebody came to or left a user group: who works a queue may have changed."""
        await self._run(pick_up.look_at_groups)
        return Nothing()

    async def place_opened(self, call: Event) -> Reply:
        """The bot was invited or a channel came back: what waited for it is tried at once."""
        channel = call.body.get("channel")
        if isinstance(channel, str):
            await self._run(_opened, channel)
        return Nothing()


def _opened(uow: UnitOfWork, channel: str) -> None:
    uow.enqueued += bring_forward(uow.connection, error_prefix=f"closed:{channel}", now=uow.now)


def _has_place(call: Event) -> bool:
    return isinstance(call.body.get("channel"), str) and isinstance(call.body.get("ts"), str)


def _in_thread(call: Event) -> bool:
    thread_ts = call.body.get("thread_ts")
    return isinstance(thread_ts, str) and thread_ts != call.body.get("ts")


def _origin(call: Event, door: Door) -> Origin:
    return Origin(
        door=door,
        channel=call.body["channel"],
        ts=call.body["ts"],
        thread_ts=call.body.get("thread_ts"),
        private=call.body.get("channel_type") in ("im", "group", "mpim") or call.body["channel"][:1] in "DG",
    )


def _reacted(call: Event) -> tuple[str, str, str, str] | None:
    item = inner(call.body, "item")
    if item.get("type") != "message" or not call.user_id:
        return None
    emoji = str(call.body.get("reaction") or "").split("::")[0]
    return str(item.get("channel")), str(item.get("ts")), emoji, call.user_id


def _teams_meant(teams: Teams, channel: str, emoji: str) -> list[Team]:
    """The teams that this emoji may mean here: the channel's own team, if it is one of several."""
    meant = [
        team
        for team in teams.active
        if team.ticket_emoji == emoji and channel in (team.ticket_emoji_channels or (channel,))
    ]
    here = teams.of_channel(channel)
    return [here] if here in meant and here else meant
