"""What each kind of input is answered while the database is away, silent, slow, locked or full: RELIABILITY, 3.

A real process, called with the three seconds that Slack gives; what was typed is never lost and nobody is lied to.
"""

import asyncio
import hashlib
import hmac
import json
import resource
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.forms import Form
from bot.sandbox.screen import Answer, Seen
from tests.faults.life import WEBHOOK_SECRET, Life, Place, until
from tests.faults.test_crowd import place_at
from tests.faults.weather import NO_ROOM, leave_room
from tests.support.locks import held_for_writing
from tests.support.long_run import IS_LONG
from tests.support.proxy import Proxy

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

TEXT = "Refund stuck for order 123"
ALL = {"postgres": ("away", "silent", "slow"), "sqlite": ("locked", "full")}
# The others are told of in tests/e2e, without a process of its own.
STATES = ALL if IS_LONG else {"postgres": ("slow",), "sqlite": ("full",)}
CASES = [
    pytest.param(backend, state, marks=pytest.mark.postgres if backend == "postgres" else ())
    for backend, states in STATES.items()
    for state in states
]


@asynccontextmanager
async def database_is(state: str, place: Place, proxy: Proxy | None) -> AsyncIterator[None]:
    """The database is in this state inside the block, and well again after it."""
    if state == "locked":
        async with held_for_writing(place.database_url.removeprefix("sqlite:///")):
            yield
        return
    change, back = _changes(state, place.life, proxy)
    change()
    try:
        yield
    finally:
        back()
        if proxy is not None and state == "away":
            await proxy.listen()


def _changes(
    state: str, life: Life | None, proxy: Proxy | None
) -> tuple[Callable[[], None], Callable[[], None]]:
    if state == "full":
        assert life is not None
        return (lambda: leave_room(life, NO_ROOM)), (lambda: leave_room(life, resource.RLIM_INFINITY))
    assert proxy is not None

    def slower(delay: float) -> None:
        proxy.delay = delay

    return {
        "away": (proxy.cut, lambda: None),
        "silent": (proxy.freeze, proxy.let_go),
        # Every statement lasts longer than everything may.
        "slow": (lambda: slower(1.5), lambda: slower(0.0)),
    }[state]


@dataclass
class Desk:
    """A place with a form on the screen, a card to be claimed, and an issue that is followed."""

    place: Place
    proxy: Proxy | None
    form: Form
    card: Seen
    issue_id: str

    async def claimed(self) -> bool:
        return "In progress" in (await self.card.now()).text


@asynccontextmanager
async def open_desk(database_url: str, directory: Path) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        place, proxy = await stack.enter_async_context(place_at(database_url, directory))
        await place.apply()
        box = place.box
        await box.person("ana").runs("/ask-team payments The first one")
        card = await box.person("alice").waits_for("The first one", in_="#triage-payments", timeout=20)
        await place.quiet()
        issue = await (await card.now()).click("Create Jira issue")
        assert isinstance(issue, Form)
        assert await issue.submit() is None
        await place.quiet()
        assert place.jira is not None
        (made,) = place.jira.site.stored.values()
        form = await box.person("erin").runs("/ask-team payments")
        assert isinstance(form, Form)
        form.fill("Summary", TEXT)
        yield Desk(place, proxy, form, await card.now(), made.issue_id)


async def jira_calls(desk: Desk) -> int:
    """The status of the answer to Jira, which tells of a comment."""
    nina = {"accountId": "nina", "name": "nina", "key": "nina", "displayName": "Nina Novak"}
    at = "2026-11-23T10:00:00.000+0000"
    comment = {"id": "900", "author": nina, "body": "Fixed in 2.4", "created": at, "updated": at}
    issue = {"id": desk.issue_id, "key": "PAY-1"}
    raw = json.dumps({"webhookEvent": "comment_created", "issue": issue, "comment": comment}).encode()
    digest = hmac.new(WEBHOOK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature": f"sha256={digest}",
               "X-Atlassian-Webhook-Identifier": "one"}  # fmt: skip
    assert desk.place.life is not None
    limit = aiohttp.ClientTimeout(total=3.0)
    async with (
        aiohttp.ClientSession(timeout=limit) as http,
        http.post(f"{desk.place.life.address}/jira/webhook", data=raw, headers=headers) as answer,
    ):
        return answer.status


async def everybody_is_told(desk: Desk) -> None:
    """One input of each kind at the same moment; each is answered as it should be."""
    box = desk.place.box
    line, opened, sent, click, webhook, _ = await asyncio.gather(
        box.person("ana").runs(f"/ask-team payments {TEXT}"),
        box.person("frank").runs("/ask-team payments"),
        desk.form.submit(),
        desk.card.click("Claim"),
        jira_calls(desk),
        box.person("bob").says("Card declined", in_="#ask-payments"),
    )
    assert isinstance(line, Answer)
    assert (line.failed, "Not recorded" in line.text, TEXT in line.text) == ("", True, True)
    assert isinstance(opened, Form | Answer)
    assert opened.failed == ""
    assert isinstance(sent, Form)
    assert any("Storage is unavailable" in words for words in sent.errors.values())
    assert (sent.is_open, sent.value("Summary")) == (True, TEXT)
    assert isinstance(click, Answer)
    assert "nothing was changed" in click.text
    assert webhook == 503
    told = box.journal.told("event:message")[-1]
    await until(lambda: _ended(told))
    assert told.status == 503
    opening = "opened" if isinstance(opened, Form) else "told"
    worst = max(call.took or 0.0 for call in box.journal.told()[-6:])
    print(f"worst answer {worst:.2f} s, a form asked for meanwhile: {opening}")


async def _ended(record: object) -> bool:
    return getattr(record, "finished", None) is not None


async def everything_works(desk: Desk) -> None:
    """The same inputs are taken once the database is well, and what came meanwhile is there once."""
    place, box = desk.place, desk.place.box
    await until(lambda: _is_filed(place))
    assert await desk.form.submit() is None
    await (await desk.card.now()).click("Claim")
    await until(desk.claimed)
    assert await jira_calls(desk) == 200
    await box.events_delivered(30)
    await place.quiet(patience=60)
    # The first one, what the line asked for again, the form, and the message that Slack brought again.
    assert await place.filed() == 4
    assert max(place.posts().values()) == 1


async def _is_filed(place: Place) -> bool:
    answer = await place.box.person("ana").runs(f"/ask-team payments {TEXT}")
    return answer is not None and answer.text.startswith("#")


@pytest.mark.parametrize(("backend", "state"), CASES)
async def test_every_kind_of_input_is_answered_as_stated_and_works_again_afterwards(
    database_url: str, tmp_path: Path, backend: str, state: str
) -> None:
    async with open_desk(database_url, tmp_path) as desk:
        async with database_is(state, desk.place, desk.proxy):
            await everybody_is_told(desk)
        await everything_works(desk)
