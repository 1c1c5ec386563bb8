"""kill -9 while a thread becomes an issue, beside a Jira that loses replies: one issue each time, and told once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.sandbox.forms import Form
from bot.sandbox.jira.faults import Fault as JiraFault
from bot.sandbox.jira.model import Edition
from bot.sandbox.slack.faults import Fault as SlackFault
from tests.faults.life import Place, leases_run_out, open_place, until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

LINE = "/ask-team payments Refund stuck for order 123"
LONG = 3600.0


@pytest.fixture
def edition(backend: str) -> Edition:
    return "cloud" if backend == "sqlite" else "datacenter"


@pytest.fixture
async def place(database_url: str, tmp_path: Path, edition: Edition) -> AsyncIterator[Place]:
    async with open_place(database_url, tmp_path, edition=edition) as opened:
        yield opened


async def before_the_answer_to_the_form(place: Place) -> None:
    """The wish is stored; the person never hears so."""
    form = await _form(place)
    place.proxy.hold_answers()
    sending = asyncio.create_task(form.submit())
    await until(lambda: _is_wished(place))
    await place.kill()
    place.proxy.cut()
    await sending
    await place.proxy.listen()


async def at_once_after_the_answer(place: Place) -> None:
    """Nothing has left for Jira yet, or everything has: who knows."""
    await (await _form(place)).submit()
    await place.kill()


async def while_the_thread_is_read(place: Place) -> None:
    """Slack keeps the bot waiting for the conversation."""
    form = await _form(place)
    fault = place.box.faults.add(method="conversations.replies", kind="hang", seconds=LONG)
    await _sent_and_killed(place, form, fault)


async def while_jira_tells_the_types(place: Place) -> None:
    """Jira keeps the bot waiting before anything is created."""
    form = await _form(place)
    await _sent_and_killed(place, form, _order(place, "createmeta_types", before=True))


async def before_the_create_arrives(place: Place) -> None:
    """The call has left and never arrives."""
    form = await _form(place)
    await _sent_and_killed(place, form, _order(place, "create_issue", before=True))
    assert _issues(place) == 0


async def before_the_create_is_answered(place: Place) -> None:
    """The issue is there; the bot dies before it hears so."""
    form = await _form(place)
    await _sent_and_killed(place, form, _order(place, "create_issue", before=False))
    assert _issues(place) == 1


async def after_a_lost_reply(place: Place) -> None:
    """The issue is there, the connection was cut, and the bot dies while it waits to look."""
    form = await _form(place)
    assert place.jira is not None
    fault = place.jira.site.faults.add(operation="create_issue", kind="drop_after")
    await _sent_and_killed(place, form, fault)
    assert _issues(place) == 1


async def after_an_error_that_came_too_late(place: Place) -> None:
    """Jira created it and answered 500."""
    form = await _form(place)
    assert place.jira is not None
    fault = place.jira.site.faults.add(operation="create_issue", kind="status_after", status=500)
    await _sent_and_killed(place, form, fault)
    assert _issues(place) == 1


async def while_it_looks_for_the_issue(place: Place) -> None:
    """The reply was lost; the search for the issue hangs when the bot dies."""
    form = await _form(place)
    assert place.jira is not None
    place.jira.site.faults.add(operation="create_issue", kind="drop_after")
    search = "search_jql" if place.jira.site.edition == "cloud" else "search"
    fault = _order(place, search, before=True)
    sending = asyncio.create_task(form.submit())
    await until(lambda: _has_struck(place, fault))
    await place.kill()
    await sending
    assert _issues(place) == 1


async def while_the_key_is_told(place: Place) -> None:
    """The key stands in the thread; the bot dies before it hears so."""
    form = await _form(place)
    fault = place.box.faults.add(
        method="chat.postMessage", kind="hang_after", channel="C0TRIAGE01", seconds=LONG
    )
    await _sent_and_killed(place, form, fault)


async def while_the_link_is_put(place: Place) -> None:
    """The issue has its link back; the bot dies before it hears so."""
    form = await _form(place)
    await _sent_and_killed(place, form, _order(place, "put_remote_link", before=False))


POINTS: dict[str, Callable[[Place], Awaitable[None]]] = {
    point.__name__: point
    for point in (
        before_the_answer_to_the_form,
        at_once_after_the_answer,
        while_the_thread_is_read,
        while_jira_tells_the_types,
        before_the_create_arrives,
        before_the_create_is_answered,
        after_a_lost_reply,
        after_an_error_that_came_too_late,
        while_it_looks_for_the_issue,
        while_the_key_is_told,
        while_the_link_is_put,
    )
}


@pytest.mark.by_turns
@pytest.mark.parametrize("point", POINTS)
async def test_a_bot_killed_at_this_point_makes_one_issue_and_tells_it_once(place: Place, point: str) -> None:
    await place.box.person("ana").runs(LINE)
    await POINTS[point](place)
    await leases_run_out(place)
    assert place.jira is not None
    losing = place.jira.site.faults.add(kind="drop_after", probability=0.3, seed=len(point), times=6)
    await place.begin()
    await place.quiet()
    place.jira.site.faults.remove(losing)
    await place.quiet()
    assert [issue.key for issue in place.jira.site.issues()] == ["PAY-1"]
    (issue,) = place.jira.site.stored.values()
    assert len({link.global_id for link in issue.links}) == len(issue.links) > 0
    told = [name for name in place.posts() if ":announce:" in name]
    assert sorted(told) == ["ticket:1:announce:asker", "ticket:1:announce:card"]
    assert max(place.posts().values()) == 1
    card = await place.box.person("alice").waits_for("Refund stuck", in_="#triage-payments")
    await until(lambda: _shows_key(place, card.ts))


async def _shows_key(place: Place, ts: str) -> bool:
    card = place.box.workspace.world.channels["C0TRIAGE01"].messages[ts]
    return "PAY-1" in str(card.blocks)


async def _form(place: Place) -> Form:
    alice = place.box.person("alice")
    card = await alice.waits_for("Refund stuck", in_="#triage-payments")
    await place.quiet()
    form = await (await card.now()).click("Create Jira issue", by=alice)
    assert isinstance(form, Form), form
    return form


async def _sent_and_killed(place: Place, form: Form, fault: JiraFault | SlackFault) -> None:
    sending = asyncio.create_task(form.submit())
    await until(lambda: _has_struck(place, fault))
    await place.kill()
    await sending


def _order(place: Place, operation: str, *, before: bool) -> JiraFault:
    assert place.jira is not None
    return place.jira.site.faults.add(operation=operation, kind="hang", before=before, seconds=LONG)


async def _has_struck(place: Place, fault: JiraFault | SlackFault) -> bool:
    # What waits for its time to look again is due at once.
    await place.hurry()
    return (fault.used if isinstance(fault, JiraFault) else fault.hits) > 0


async def _is_wished(place: Place) -> bool:
    return await place.wished() == 1


def _issues(place: Place) -> int:
    assert place.jira is not None
    return len(place.jira.site.stored)
