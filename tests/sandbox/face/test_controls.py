"""The page of the controls: clock, switches, what the bot does about them, beginning again, alarms."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.sandbox.face.controls.panel import ahead_words, summary
from bot.sandbox.face.stage import Backstage, Fresh, Stage, Waiting
from bot.sandbox.jira.webhooks import Delivery
from tests.sandbox.face.conftest import Desk


def backed(desk: Desk, **more: Any) -> None:
    """Put a stage on that knows this of the bot."""
    desk.face.stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(**more))


def waiting(desk: Desk, number: int, **more: Any) -> Waiting:
    now = desk.box.clock.now()
    given: dict[str, Any] = {"kind": "slack.post", "about": "", "attempts": 0, "run_at": now, "done": None}
    return Waiting(number=number, **{**given, "result": "", "error": "", **more})


@asynccontextmanager
async def patches_of(desk: Desk, address: str) -> AsyncIterator[Any]:
    """The patches that a window is sent; `await next()` gives the next lot."""
    async with desk.session.get(desk.server.address + address) as stream:
        assert stream.content_type == "text/event-stream"

        async def following() -> list[dict[str, str]]:
            async with asyncio.timeout(5):
                while not (line := await stream.content.readline()).startswith(b"data: "):
                    assert line
                return json.loads(line.removeprefix(b"data: "))

        yield following


async def status_of(desk: Desk, method: str, address: str, **more: Any) -> tuple[int, str]:
    async with desk.session.request(method, desk.server.address + address, **more) as answer:
        return answer.status, await answer.text()


async def test_the_page_shows_clock_switches_and_bot(desk: Desk) -> None:
    backed(desk, parts=lambda: {"database": "ok", "slack": "Slack <does> not answer"})
    page = await desk.page("/controls")
    assert "America/Los_Angeles" in page
    assert page.count('role="switch"') == 9
    assert "needs Postgres" in page
    assert "Slack &lt;does&gt; not answer" in page


async def test_the_clock_moves_and_says_so(desk: Desk) -> None:
    answer = await desk.post("/controls/clock", {"to": "hour"})
    assert answer["say"] == "An hour has passed."
    assert {"clock", "zones", "switches", "bot"} <= {patch["id"] for patch in answer["patches"]}
    assert timedelta(minutes=59) < desk.box.clock.ahead
    await desk.post("/controls/clock", {"to": "now"})
    assert desk.box.clock.ahead == timedelta()


async def test_a_chosen_time_is_one_of_the_teams_zone(desk: Desk) -> None:
    day = (desk.box.clock.now() + timedelta(days=20)).date()
    answer = await desk.post("/controls/clock", {"to": "at", "at": f"{day}T15:00"})
    assert "15:00 in Europe/Kyiv" in answer["say"]


async def test_times_that_make_no_sense_are_answered_in_words(desk: Desk) -> None:
    for fields in ({"to": "at", "at": ""}, {"to": "at", "at": "soon"}, {"to": "yesterday"}, {}):
        assert (await desk.post("/controls/clock", fields))["say"]
    assert desk.box.clock.ahead == timedelta()


async def test_a_switch_is_turned_and_drawn_at_once(desk: Desk) -> None:
    answer = await desk.post("/controls/switch", {"key": "slack-down", "on": "true"})
    drawn = {patch["id"]: patch["html"] for patch in answer["patches"]}["switches"]
    assert 'id="switch-slack-down" role="switch" aria-checked="true"' in drawn
    assert desk.box.workspace.server.down
    await desk.post("/controls/switch", {"key": "slack-down", "on": "false"})
    assert not desk.box.workspace.server.down


async def test_what_is_on_stands_in_everybodys_side_bar(desk: Desk) -> None:
    await desk.post("/controls/switch", {"key": "jira-down", "on": "true"})
    assert "⚠ Jira down" in await desk.page("/as/ana/c/C0ASKPAY01")
    await desk.post("/controls/switch", {"key": "jira-down", "on": "false"})
    assert "⚠ Jira down" not in await desk.page("/as/ana/c/C0ASKPAY01")


async def test_switches_that_cannot_be_used_or_are_not_there_are_answered_in_words(desk: Desk) -> None:
    assert "Postgres" in (await desk.post("/controls/switch", {"key": "database", "on": "true"}))["say"]
    assert "no switch" in (await desk.post("/controls/switch", {"key": "gravity", "on": "true"}))["say"]


async def test_the_page_works_while_everything_is_broken(desk: Desk) -> None:
    async def broken() -> list[Any]:
        raise ConnectionError("cut")

    backed(desk, outbox=broken, coming=broken)
    for key in ("slack-429", "slack-down", "slack-lost", "twice", "jira-down", "jira-slow", "jira-lost"):
        assert "patches" in await desk.post("/controls/switch", {"key": key, "on": "true"})
    assert "The bot cannot tell just now" in await desk.page("/controls")


async def test_a_bot_that_hangs_does_not_hold_the_page(desk: Desk) -> None:
    async def hanging() -> list[Waiting]:
        await asyncio.sleep(60)
        return []

    backed(desk, outbox=hanging)
    async with asyncio.timeout(6):
        assert "The bot cannot tell just now" in await desk.page("/controls")


async def test_an_open_window_is_kept_true(desk: Desk) -> None:
    async with patches_of(desk, "/controls/live") as following:
        first = {patch["id"]: patch["html"] for patch in await following()}
        assert 'aria-checked="true"' not in first["switches"]
        await desk.post("/controls/switch", {"key": "twice", "on": "true"})
        while "switches" not in (later := {patch["id"]: patch["html"] for patch in await following()}):
            assert "zones" not in later or later["zones"] != first["zones"]
        assert 'id="switch-twice" role="switch" aria-checked="true"' in later["switches"]


async def test_failed_calls_stand_under_the_switches(desk: Desk) -> None:
    desk.box.slack_down()
    await status_of(desk, "POST", "/control/post", json={"channel": "C0ASKPAY01", "text": "x"})
    page = await desk.page("/controls")
    assert "fault ordered: the whole service is down" in page
    assert "chat.postMessage" in page


async def test_the_outbox_is_summed_up(desk: Desk) -> None:
    now = desk.box.clock.now()
    later = now + timedelta(minutes=3)
    items = [
        waiting(desk, 4, about="card of #1"),
        waiting(desk, 3, attempts=2, run_at=later, error="Slack <down>"),
        waiting(desk, 2, done=now, result="dead"),
        waiting(desk, 1, done=now, result="doubtful"),
        waiting(desk, 5, in_doubt=True),
        waiting(desk, 6, done=now, result="done"),
    ]
    found = summary(items, now)
    assert (found.open, found.retrying, found.next_try, found.in_doubt, found.given_up) == (3, 1, later, 2, 1)
    assert found.oldest is items[1]

    async def outbox() -> list[Waiting]:
        return items

    backed(desk, outbox=outbox)
    assert "Slack &lt;down&gt;" in await desk.page("/controls")


async def test_beginning_again_is_asked_for_twice_and_told_what_was_chosen(desk: Desk) -> None:
    begun: list[Fresh] = []

    async def reset(fresh: Fresh) -> None:
        begun.append(fresh)

    backed(desk, reset=reset)
    assert "Tick the box" in (await desk.post("/controls/reset", {"seed": "busy", "edition": "cloud"}))["say"]
    answer = await desk.post("/controls/reset", {"seed": "busy", "edition": "datacenter", "sure": "on"})
    assert answer == {"patches": [{"do": "go", "id": "/", "html": ""}]}
    assert begun == [Fresh(seed="busy", edition="datacenter")]


async def test_what_cannot_be_begun_is_answered_in_words(desk: Desk) -> None:
    async def reset(_: Fresh) -> None:
        raise OSError("the port is taken")

    backed(desk, reset=reset)
    assert "no seed 'lazy'" in (await desk.post("/controls/reset", {"seed": "lazy", "sure": "on"}))["say"]
    assert (
        "no Jira edition" in (await desk.post("/controls/reset", {"edition": "server", "sure": "on"}))["say"]
    )
    assert "the port is taken" in (await desk.post("/controls/reset", {"seed": "story", "sure": "on"}))["say"]


async def test_the_demo_begins_again_once_at_a_time(desk: Desk) -> None:
    go_on = asyncio.Event()
    begun: list[Fresh] = []

    async def reset(fresh: Fresh) -> None:
        begun.append(fresh)
        await go_on.wait()

    backed(desk, reset=reset)
    first = asyncio.create_task(desk.post("/controls/reset", {"seed": "story", "sure": "on"}))
    async with asyncio.timeout(5):
        while not begun:
            await asyncio.sleep(0.01)
    assert "already" in (await desk.post("/controls/reset", {"seed": "empty", "sure": "on"}))["say"]
    go_on.set()
    assert "patches" in await first
    assert len(begun) == 1


async def test_a_window_on_the_controls_stays_there_when_all_begins_anew(desk: Desk) -> None:
    async with patches_of(desk, "/controls/live") as following:
        await following()
        desk.face.play(Stage(box=desk.box, jira=desk.jira))
        while (found := await following())[0]["do"] != "go":
            pass
        assert found == [{"do": "go", "id": "", "html": ""}]


async def test_an_alarm_is_kept_and_shown(desk: Desk) -> None:
    found = await status_of(desk, "POST", "/alarm", json={"text": "Slack is <b>away</b>"})
    assert found == (200, "{}")
    assert "Slack is &lt;b&gt;away&lt;/b&gt;" in await desk.page("/controls")


async def test_alarms_are_bounded_in_number_and_size(desk: Desk) -> None:
    for number in range(105):
        await status_of(desk, "POST", "/alarm", json={"text": f"alarm {number} " + "x" * 5000})
    alarms = desk.face.stage.alarms
    assert len(alarms) == 100
    assert alarms[-1].text.startswith("alarm 104")
    assert len(alarms[-1].text) == 4000
    assert (await status_of(desk, "POST", "/alarm", json={"text": "x" * 100_000}))[0] == 413


async def test_what_is_no_alarm_is_refused(desk: Desk) -> None:
    for body in (b"", b"{", b"[]", b'{"text": 5}', b'{"text": " "}', b"[" * 60_000):
        assert (await status_of(desk, "POST", "/alarm", data=body))[0] == 400
    assert desk.face.stage.alarms == []


async def test_other_hosts_and_pages_of_other_origins_are_refused(desk: Desk) -> None:
    fields = {"key": "slack-down", "on": "true"}
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        for address in ("/controls/switch", "/control/switch", "/alarm"):
            status, words = await status_of(desk, "POST", address, data=fields, headers=headers)
            assert status == 403, words
    assert (await status_of(desk, "GET", "/control/state", headers={"Host": "evil.example"}))[0] == 403
    assert not desk.box.workspace.server.down


async def test_the_own_page_is_let_through(desk: Desk) -> None:
    headers = {"Origin": desk.server.address}
    status, _ = await status_of(desk, "POST", "/controls/clock", data={"to": "hour"}, headers=headers)
    assert status == 200


def test_how_far_the_clock_has_been_moved_is_said_in_words() -> None:
    assert ahead_words(timedelta()) == "It shows this machine's time."
    assert ahead_words(timedelta(days=2, hours=3, seconds=5)) == "It is 2 d 3 h ahead of this machine's time."
    assert ahead_words(timedelta(seconds=-30)) == "It is 30 s behind this machine's time."


async def test_a_face_without_a_bot_is_shown_too(desk: Desk) -> None:
    assert "The bot does not run yet." in await desk.page("/controls")


async def test_webhooks_that_the_bot_does_not_take_are_failed_calls(desk: Desk) -> None:
    def deliver(status: int, event: str) -> None:
        delivery = Delivery(
            event=event,
            identifier="one",
            attempt=1,
            status=status,
            at=desk.box.clock.now(),
            url="",
            payload={},
            began=0.0,
            took=0.0,
        )
        desk.jira.site.webhooks.deliveries.append(delivery)

    deliver(500, "comment_created")
    deliver(403, "issue_updated")
    deliver(200, "issue_deleted")
    page = await desk.page("/controls")
    assert "comment_created" in page
    assert "issue_updated" in page
    assert "issue_deleted" not in page
