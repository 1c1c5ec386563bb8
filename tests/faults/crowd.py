"""Many people at work at a steady rate: they ask by every door, talk, claim, answer check-ins, take duty over.

What they typed and what each of them was told is kept, for `reckoning`. The acts are those of a client: whoever gets
no answer sees Slack's own error and does not try again.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from bot.sandbox.forms import Form
from bot.sandbox.persons import Person
from bot.sandbox.screen import Answer, Seen
from bot.sandbox.slack.messages import Message
from bot.teams import apply, file
from tests.e2e.office import PAYMENTS
from tests.faults.life import Place

Outcome = Literal["recorded", "told", "failed", "sent"]
Kind = Literal["line", "form", "message", "claim", "comment", "issue", "check-in", "takeover"]
Act = Callable[[], Awaitable[None]]

MEMBERS = ("alice", "bob", "carol")
ASKERS = 8
# A channel takes one message a second: several desks, or the crowd would only wait for that.
DESKS = 6
NEXT: list[Kind] = [
    "line", "message", "form", "message", "claim", "line", "comment", "issue", "message", "claim",
    "check-in", "line", "comment", "takeover", "message", "form", "claim", "comment",
]  # fmt: skip
# What the bot says to somebody whose wish it could not store.
NOT_STORED = ("storage is unavailable", "not recorded", "something broke", "slack waited too long")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One act and what its person was told: it is recorded, or in words that it is not, or Slack's own error.

    `sent`: an event, which nobody is answered. `words` is the text by which it is found again. `by` is the person's id
    and `at` when they began, in seconds of the workspace's clock, where an answer may come later.
    """

    kind: Kind
    words: str
    outcome: Outcome
    said: str = ""
    by: str = ""
    at: float = 0.0


@dataclass
class Crowd:
    """The people of a place and what they did. `desks` are keys of teams, each with channels of its own."""

    place: Place
    desks: tuple[str, ...]
    askers: tuple[Person, ...]
    dice: random.Random
    done: list[Asked] = field(default_factory=list[Asked])
    _used: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    # Nobody does two things at a time: the answer to one would be taken for the other's.
    _busy: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _number: int = 0

    async def works(self, acts: int, *, every: float) -> None:
        """So many acts, one begun each `every` seconds whatever became of those before."""
        under_way: list[asyncio.Task[None]] = []
        for number in range(acts):
            under_way.append(asyncio.create_task(self._act(NEXT[number % len(NEXT)])))
            await asyncio.sleep(every)
        await asyncio.gather(*under_way)

    async def works_through(self, trouble: Awaitable[None], *, every: float) -> None:
        """The same for as long as the trouble lasts."""
        under_way: set[asyncio.Task[None]] = set()
        kinds = cycle(NEXT)
        lasting = asyncio.ensure_future(trouble)
        while not lasting.done():
            task = asyncio.create_task(self._act(next(kinds)))
            under_way.add(task)
            await asyncio.wait({lasting}, timeout=every)
        await lasting
        await asyncio.gather(*under_way)

    async def _act(self, kind: Kind) -> None:
        acts: dict[Kind, Act] = {
            "line": self._line,
            "form": self._form,
            "message": self._message,
            "claim": self._claim,
            "comment": self._comment,
            "issue": self._issue,
            "check-in": self._check_in,
            "takeover": self._take_over,
        }
        await acts[kind]()

    def _words(self, what: str) -> str:
        self._number += 1
        return f"{what} w{self._number:04d}x"

    @asynccontextmanager
    async def _one_of(self, people: Sequence[Person]) -> AsyncIterator[Person]:
        """One of these who has nothing else to do just now, or who has soon."""
        free = [person for person in people if not self._busy[person.name].locked()]
        person = self.dice.choice(free or people)
        async with self._busy[person.name]:
            yield person

    def _members(self, *names: str) -> list[Person]:
        return [self.place.box.person(name) for name in names]

    def _desk(self) -> str:
        return self.dice.choice(self.desks)

    def _note(self, kind: Kind, words: str, outcome: Outcome, said: str = "") -> None:
        self.done.append(Asked(kind=kind, words=words, outcome=outcome, said=said))

    async def _line(self) -> None:
        words = self._words("Refund stuck")
        async with self._one_of(self.askers) as asker:
            answer = await asker.runs(f"/ask-team {self._desk()} {words}")
        self._note("line", words, outcome_of(answer, needs="#"), text_of(answer))

    async def _form(self) -> None:
        words = self._words("Invoice wrong")
        async with self._one_of(self.askers) as asker:
            form = await asker.runs(f"/ask-team {self._desk()}")
            await self._fill("form", words, form, "Summary")

    async def _fill(self, kind: Kind, words: str, form: Answer | Form | None, name: str = "") -> None:
        """Writes the words into the field of this name, if one is named, and sends the form off."""
        if not isinstance(form, Form):
            self._note(kind, words, outcome_of(form, needs="a form"), text_of(form))
            return
        if name:
            form.fill(name, words)
        left = await form.submit()
        self._note(kind, words, outcome_of(left), text_of(left))
        if form.is_open:
            await form.close()

    async def _message(self) -> None:
        words = self._words("Card declined")
        async with self._one_of(self.askers) as asker:
            await asker.says(words, in_=f"#ask-{self._desk()}")
        self._note("message", words, "sent")

    async def _claim(self) -> None:
        async with self._one_of(self._members(*MEMBERS)) as member:
            card = self._fresh_card("claim", member, "Claim")
            at = self.place.box.workspace.world.clock.now().timestamp()
            answer = await card.click("Claim") if card else None
        if card is None:
            await self._line()
            return
        claimed = Asked(
            kind="claim", words=name_of(card), outcome=outcome_of(answer), said=text_of(answer), by=member.id, at=at
        )  # fmt: skip
        self.done.append(claimed)

    async def _comment(self) -> None:
        async with self._one_of(self._members(*MEMBERS)) as member:
            card = self._fresh_card("comment", member)
            words = self._words("Looking at it")
            if card is not None:
                await member.says(words, thread=card)
        if card is None:
            await self._line()
            return
        self._note("comment", words, "sent")

    async def _issue(self) -> None:
        async with self._one_of(self._members(*MEMBERS)) as member:
            card = self._fresh_card("issue", member, "Create Jira issue") if self.place.jira else None
            if card is not None:
                await self._fill("issue", name_of(card), await card.click("Create Jira issue"))
        if card is None:
            await self._line()

    async def _check_in(self) -> None:
        for member in self._members(*MEMBERS):
            prompts = [one for one in await member.sees() if "Fill in" in one.buttons]
            if prompts and ("check-in", member.name) not in self._used:
                self._used.add(("check-in", member.name))
                async with self._one_of([member]):
                    form = await prompts[-1].click("Fill in")
                    await self._fill("check-in", self._words("Payouts"), form, "What is next?")
                return
        await self._line()

    async def _take_over(self) -> None:
        free = [desk for desk in self.desks if ("takeover", desk) not in self._used]
        if not free:
            await self._line()
            return
        self._used.add(("takeover", free[0]))
        # The rotation has alice alone, whenever this runs.
        async with self._one_of(self._members("carol")) as carol:
            answer = await carol.runs(f"/rotation {free[0]} take")
        self._note("takeover", free[0], outcome_of(answer, needs="carol"), text_of(answer))

    def _fresh_card(self, use: str, member: Person, button: str = "") -> Seen | None:
        """A card that nobody has used for this yet, as this person sees it."""
        for name, message in self._cards():
            seen = Seen(self.place.box.workspace, member, message)
            if (use, name) not in self._used and (not button or button in seen.buttons):
                self._used.add((use, name))
                return seen
        return None

    def _cards(self) -> Iterator[tuple[str, Message]]:
        for channel in self.place.box.workspace.world.channels.values():
            for message in list(channel.messages.values()):
                payload = (message.metadata or {}).get("event_payload")
                name = str(payload["id"]) if isinstance(payload, dict) else ""
                if name.endswith(":card"):
                    yield name, message


def name_of(card: Seen) -> str:
    """The name that a card carries in its metadata, `req:12:card`."""
    payload = (card.message.metadata or {})["event_payload"]
    assert isinstance(payload, dict)
    return str(payload["id"])


def outcome_of(answer: Answer | Form | None, *, needs: str = "") -> Outcome:
    """What somebody who sees this takes it for; where `needs` is given, only an answer with it is a yes."""
    if answer is not None and answer.failed:
        return "failed"
    text = text_of(answer)
    if says_no(text) or (isinstance(answer, Form) and answer.errors):
        return "told"
    if needs and needs not in text:
        # Nothing at all where an answer was due: the person waits for ever.
        return "told" if text else "failed"
    return "recorded"


def says_no(text: str) -> bool:
    """Whether these words say that nothing was stored."""
    return any(words in text.lower() for words in NOT_STORED)


def text_of(answer: Answer | Form | None) -> str:
    """All that can be read of an answer."""
    if answer is None:
        return ""
    return f"{answer.errors} {answer.text}" if isinstance(answer, Form) else answer.text


@asynccontextmanager
async def gather(place: Place, *, seed: int = 4711) -> AsyncIterator[Crowd]:
    """A crowd at its desks, which the bot knows; one check-in is open."""
    box = place.box
    askers = tuple(box.add_person(f"asker{n}", tz="Europe/Kyiv") for n in range(ASKERS))
    names = tuple(person.name for person in askers)
    desks = tuple(f"desk{n}" for n in range(DESKS))
    teams: list[dict[str, Any]] = []
    for n, desk in enumerate(desks):
        box.add_channel(f"ask-{desk}", members=(*names, *MEMBERS), id=f"C0ASKDESK{n}")
        box.add_channel(f"triage-{desk}", members=MEMBERS, id=f"C0TRIDESK{n}")
        teams.append(_desk(desk, n))
    teams[0]["standups"] = [_check_in()]
    path = place.directory / "crowd.yml"
    path.write_text(yaml.safe_dump({"teams": [PAYMENTS, *teams]}))
    await place.database.write(apply.apply, file.read_file(path), datetime(2026, 11, 1, tzinfo=UTC))
    yield Crowd(place=place, desks=desks, askers=askers, dice=random.Random(seed))


def _desk(key: str, n: int) -> dict[str, Any]:
    return {
        "key": key, "name": f"Desk {n}", "lead": "U0LEAD0001", "timezone": "Europe/Kyiv",
        "members": PAYMENTS["members"], "triage_channel": f"C0TRIDESK{n}",
        "intake_channels": [f"C0ASKDESK{n}"], "split_of_work": "pull",
        "jira": {"project": "PAY", "issue_type": "Task"},
        "rotation": {
            "members": ["U0ALICE001"], "starts": "2026-01-05",
            "handoff": {"every": "week", "on": "monday", "at": "10:00"},
        },
    }  # fmt: skip


def _check_in() -> dict[str, Any]:
    # Open since some minutes, for some hours, whenever this runs.
    opened = datetime.now(UTC).astimezone(ZoneInfo("Europe/Kyiv")) - timedelta(minutes=2)  # noqa: TID251
    return {
        "name": "Daily", "at": f"{opened:%H:%M}", "days": "mon-sun", "timezone": "team", "open_for": "6h",
        "channel": "C0STANDUP1", "questions": ["What is next?"],
    }  # fmt: skip
