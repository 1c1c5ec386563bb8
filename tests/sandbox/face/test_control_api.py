"""The controls as JSON, for tests and scripts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.face.stage import Backstage, Fresh, Stage
from tests.sandbox.face.conftest import Desk

ASK = "C0ASKPAY01"


async def control(
    desk: Desk, name: str, body: Any = None, *, status: int = 200, **query: str
) -> dict[str, Any]:
    address = f"{desk.server.address}/control/{name}"
    method = "GET" if body is None else "POST"
    async with desk.session.request(method, address, json=body, params=query) as answer:
        found = await answer.json()
        assert answer.status == status, found
        return found


async def messages(desk: Desk, *, in_: str, **query: str) -> dict[str, Any]:
    asked: Any = {"in": in_, **query}
    return await control(desk, "messages", None, **asked)


async def test_the_state_tells_what_is_on_the_stage(desk: Desk) -> None:
    desk.face.stage = Stage(
        box=desk.box, jira=desk.jira, backstage=Backstage(parts=lambda: {"slack": "ok"}, seed="busy")
    )
    found = await control(desk, "state")
    assert abs(datetime.fromisoformat(found["now"]) - desk.box.clock.now()) < timedelta(seconds=5)
    assert (found["parts"], found["seed"], found["edition"]) == ({"slack": "ok"}, "busy", "cloud")
    assert {"ana", "bob"} <= {one["name"] for one in found["people"]}
    assert {"dan", "deploybot"}.isdisjoint(one["name"] for one in found["people"])
    assert "ask-payments" in {one["name"] for one in found["channels"]}
    assert {one["key"]: one["on"] for one in found["switches"]}["slack-down"] is False
    assert found["outbox"] == {"open": 0, "retrying": 0, "in_doubt": 0, "given_up": 0, "trouble": ""}


async def test_the_clock_goes_to_an_instant_and_back(desk: Desk) -> None:
    target = desk.box.clock.now() + timedelta(days=3)
    found = await control(desk, "clock", {"to": target.isoformat()})
    assert abs(datetime.fromisoformat(found["now"]) - target) < timedelta(seconds=5)
    monday = datetime.fromisoformat((await control(desk, "clock", {"to": "monday"}))["now"])
    assert monday.weekday() == 0
    await control(desk, "clock", {"to": "now"})
    assert desk.box.clock.ahead == timedelta()


async def test_a_switch_is_turned_on_and_off(desk: Desk) -> None:
    assert await control(desk, "switch", {"key": "twice", "on": True}) == {"key": "twice", "on": True}
    assert desk.box.workspace.courier.twice
    assert await control(desk, "switch", {"key": "twice", "on": False}) == {"key": "twice", "on": False}
    assert not desk.box.workspace.courier.twice


async def test_a_person_writes_and_another_reads(desk: Desk) -> None:
    said = await control(desk, "say", {"person": "ana", "in": "#ask-payments", "text": "Is it me?"})
    reply = await control(
        desk, "say", {"person": "bob", "in": "#ask-payments", "text": "No", "thread": said["ts"]}
    )
    seen = await messages(desk, person="alice", in_="#ask-payments")
    assert [(one["author"], one["text"]) for one in seen["messages"]] == [("ana", "Is it me?")]
    inside = await messages(desk, person="alice", in_="#ask-payments", thread=said["ts"])
    assert [one["ts"] for one in inside["messages"]] == [said["ts"], reply["ts"]]


async def test_a_command_is_run_and_its_failure_told(desk: Desk) -> None:
    assert await control(desk, "say", {"person": "ana", "in": "#ask-payments", "text": "/ask Help"}) == {}
    cards = await messages(desk, person="alice", in_="#triage-payments")
    assert cards["messages"][-1]["buttons"] == ["Claim"]
    failed = await control(desk, "say", {"person": "ana", "in": "#ask-payments", "text": "/broken"})
    assert failed["failed"]


async def test_the_bot_posts_over_the_wire(desk: Desk) -> None:
    found = await control(desk, "post", {"channel": ASK, "text": "From the bot"})
    assert (found["status"], found["answer"]["ok"]) == (200, True)
    record = desk.box.journal.calls("chat.postMessage")[-1]
    assert record.arguments == {"channel": ASK, "text": "From the bot"}
    refused = await control(desk, "post", {"channel": "C0RANDOM01", "text": "x"})
    assert refused["answer"] == {"ok": False, "error": "not_in_channel"}


async def test_a_post_whose_answer_is_lost_is_told_in_words(desk: Desk) -> None:
    await control(desk, "switch", {"key": "slack-lost", "on": True})
    found = await control(desk, "post", {"channel": ASK, "text": "x"}, status=400)
    assert "no answer" in found["error"]


async def test_the_demo_begins_again(desk: Desk) -> None:
    begun: list[Fresh] = []

    async def reset(fresh: Fresh) -> None:
        begun.append(fresh)
        desk.face.play(Stage(box=desk.box, jira=desk.jira, backstage=Backstage(seed="busy")))

    desk.face.stage = Stage(box=desk.box, jira=desk.jira, backstage=Backstage(reset=reset))
    found = await control(desk, "reset", {"seed": "17", "edition": "datacenter"})
    assert begun == [Fresh(seed="17", edition="datacenter")]
    assert found["seed"] == "busy"


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("clock", {}, '"to" is missing'),
        ("clock", {"to": 5}, '"to" must be a string'),
        ("clock", {"to": "soon"}, "is no time"),
        ("clock", {"to": "2026-11-30T09:00"}, "zone"),
        ("clock", {"to": "1999-01-01T00:00Z"}, "has passed"),
        ("clock", {"to": "next"}, "Nothing is scheduled"),
        ("switch", {"key": "gravity", "on": True}, "no switch 'gravity'"),
        ("switch", {"key": "twice", "on": "yes"}, "true or false"),
        ("switch", {"key": "database", "on": True}, "Postgres"),
        ("reset", {"seed": "lazy"}, "no seed 'lazy'"),
        ("reset", {"edition": "server"}, "no Jira edition 'server'"),
        ("say", {"person": "nobody", "in": "#general", "text": "x"}, "Nobody here is called"),
        ("say", {"person": "dan", "in": "#general", "text": "x"}, "does not see"),
        ("say", {"person": "ana", "in": "#nowhere", "text": "x"}, "no channel"),
        ("say", {"person": "ana", "in": "#secret", "text": "x"}, "does not see"),
        ("say", {"person": "ana", "in": "#general", "text": " "}, '"text" is missing'),
        ("say", {"person": "ana", "in": "#general", "text": "/nothing"}, "not a valid command"),
        ("say", {"person": "ana", "in": "#general", "text": "x", "thread": "1.2"}, "not there any more"),
        ("post", {"channel": ASK}, '"text" is missing'),
    ],
)
async def test_what_cannot_be_done_is_answered_in_words(
    desk: Desk, name: str, body: dict[str, Any], words: str
) -> None:
    assert words in (await control(desk, name, body, status=400))["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
async def test_a_body_that_is_no_object_is_answered_in_words(desk: Desk, body: bytes) -> None:
    async with desk.session.post(f"{desk.server.address}/control/clock", data=body) as answer:
        assert answer.status == 400
        assert await answer.json() == {"error": "The body must be a JSON object."}


async def test_messages_are_asked_for_by_person_and_place(desk: Desk) -> None:
    assert '"person" is missing' in (await control(desk, "messages", status=400))["error"]
    assert '"in" is missing' in (await control(desk, "messages", status=400, person="ana"))["error"]
