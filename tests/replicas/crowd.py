"""People who ask, fill in forms, claim and write at the same time, and remember what they were told and how long it took."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.core.clock import stopwatch
from bot.sandbox.forms import Form
from bot.sandbox.persons import Person
from bot.sandbox.screen import Answer, NotVisible
from bot.sandbox.story import Sandbox
from tests.support.long_run import IS_LONG
from tests.support.waiting import PATIENT, until

# So few that a busy machine keeps up with them.
BETWEEN = 0.3 if IS_LONG else 1.2


@dataclass(frozen=True)
class Told:
    """One thing that somebody did, and what came of it: `failed` is empty where it was answered."""

    what: str
    seconds: float
    failed: str
    text: str


@dataclass
class Crowd:
    """What they did. `asked` are the summaries of requests that were acknowledged; `written` of messages in the channel."""

    box: Sandbox
    told: list[Told] = field(default_factory=list[Told])
    asked: list[str] = field(default_factory=list[str])
    written: list[str] = field(default_factory=list[str])
    turn: int = 0

    @property
    def failed(self) -> list[Told]:
        """What was not answered, or not in time."""
        return [one for one in self.told if one.failed]

    @property
    def figures(self) -> str:
        """Counts and the longest wait, for a person to read."""
        counts = Counter(one.what for one in self.told)
        worst = max((one.seconds for one in self.told), default=0.0)
        return f"{dict(counts)}, {len(self.written)} messages, {len(self.failed)} failed, worst answer {worst:.2f} s"

    async def goes_on(self) -> None:
        """Returns when six more things were answered, or not."""
        before = len(self.told)
        await until(lambda: len(self.told) >= before + 6, timeout=PATIENT * 2)

    async def ask(self, who: Person) -> None:
        """One line, with its number in the answer."""
        summary = self._next("line")
        answer = await self._noted("line", who.runs(f"/ask-team payments {summary}"))
        if isinstance(answer, Answer) and answer.text.startswith("#"):
            self.asked.append(summary)

    async def fill_in(self, who: Person) -> None:
        """The form, opened by its command and sent."""
        summary = self._next("form")
        form = await self._noted("form", who.runs("/ask-team"))
        if not isinstance(form, Form):
            return
        form.fill("Summary", summary)
        try:
            left = await self._noted("send", form.submit())
        except NotVisible as refused:
            self.told.append(Told("send", 0.0, str(refused), ""))
            return
        if left is None:
            self.asked.append(summary)

    async def claim(self, who: Person) -> None:
        """The newest card that still has its button."""
        cards = [seen for seen in await who.sees(in_="#triage-payments") if "Claim" in seen.buttons]
        if cards:
            await self._noted("claim", cards[-1].click("Claim"))

    async def write(self, who: Person) -> None:
        """A message in the intake channel: an event, of which nobody hears at once."""
        summary = self._next("message")
        await who.says(summary, in_="#ask-payments")
        self.written.append(summary)

    def _next(self, kind: str) -> str:
        self.turn += 1
        return f"Refund {kind} {self.turn} stuck"

    async def _noted(self, what: str, deed: "Awaitable[Answer | Form | None]") -> "Answer | Form | None":
        began = stopwatch()
        found = await deed
        text = found.text if isinstance(found, Answer) else ""
        failed = found.failed if isinstance(found, Answer) else ""
        if what == "line" and not text.startswith("#"):
            failed = failed or "not recorded"
        self.told.append(Told(what, stopwatch() - began, failed, text))
        return found


@asynccontextmanager
async def crowd_in(box: Sandbox) -> AsyncIterator[Crowd]:
    """People at work for as long as the block runs; the last things that they began are awaited."""
    crowd = Crowd(box)
    over = asyncio.Event()
    deeds: tuple[tuple[str, Callable[[Person], Awaitable[None]]], ...] = (
        ("ana", crowd.ask), ("erin", crowd.fill_in), ("alice", crowd.claim), ("bob", crowd.write),
    )  # fmt: skip
    working = [asyncio.create_task(_again_and_again(box.person(name), deed, over)) for name, deed in deeds]
    try:
        yield crowd
    finally:
        over.set()
        await asyncio.wait_for(asyncio.gather(*working), 30)


async def _again_and_again(
    who: Person, deed: Callable[[Person], Awaitable[None]], over: asyncio.Event
) -> None:
    while not over.is_set():
        await deed(who)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), BETWEEN)
