"""What people and places do wrong: unknown words, old buttons, teams that are gone, closed channels, leavers, no teams."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Connection, select

from bot.features.requests.models import requests
from bot.outbox.models import outbox
from bot.sandbox.story import Seen
from tests.e2e.office import PAYMENTS, PLATFORM, Office, open_office
from tests.e2e.screen import error_of, form_of, said
from tests.running.listening import Listening, listening
from tests.support.loglines import LogLines, log_lines
from tests.support.waiting import until

pytestmark = pytest.mark.by_turns

TEXT = "Refund stuck for order 123"


@pytest.fixture(autouse=True)
def log() -> Any:
    """Nothing here may end up as an error in the log."""
    with log_lines() as lines:
        yield lines
        assert not lines.errors


# Words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/triage mien", "/triage mine"),
        ("/triage open the door", "/triage help"),
        ("/triage #99999", "does not exist"),
        ("/triage 99999999999999999999", "does not exist"),
        ("/triage -1", "/triage help"),
        ("/triage payments mien", "/triage payments mine"),
        ("/triage paymnets nxet", "/triage payments next"),
        ("/triage skip", "/standup skip"),
        ("/ask-team \u200b", "in a few words"),
    ],
)
async def test_a_line_that_makes_no_sense_is_answered_with_what_does(
    office: Office, line: str, words: str
) -> None:
    answer = said(await office.person("alice").runs(line, in_="#triage-payments"))
    assert words in answer
    assert await office.count() == 0


# Buttons


def click(office: Office, card: Seen, action_id: str, value: str, **more: Any) -> dict[str, Any]:
    """The call of a button that stands on this card, or once did."""
    person = office.person("alice").account
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
    done = office.box.workspace.interactions.message_action(person, card.message, action, {})
    return {**done.payload, **more}


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("request.of.last.year", "v1:1"),
        ("request.claim", ""),
        ("request.claim", "1"),
        ("request.claim", "v0:1"),
        ("request.claim", "v1:1:2"),
        ("request.claim", "v1:999999"),
        ("request.claim", "v1:999999999999999999"),
        ("request.claim", "v1:-1"),
        ("request.claim", "v1:1 OR 1=1"),
        ("request.menu", "v1:1:fly"),
        ("request.menu", "v1"),
        ("request.page", "rubbish"),
        ("request.offer.file", "v1:C0ASKPAY01:1.1:1"),
        ("request.share.0", "v1:C0ASKPAY01:1.1:99"),
    ],
)
async def test_an_old_or_forged_button_is_answered_in_words_to_the_one_who_clicked(
    office: Office, action_id: str, value: str
) -> None:
    card = await office.asks(TEXT)
    alice = office.person("alice")
    before = len(await alice.answers())
    reply = await office.box.workspace.courier.ask("block_actions", click(office, card, action_id, value))
    assert not reply.failed
    found = await office.box.workspace.world.bell.until(
        lambda: (
            [m for m in office.box.workspace.world.ephemerals if m.ephemeral_to == alice.id][before:] or None
        ),
        5,
    )
    assert found
    assert "reference" not in found[0].text
    assert await _states(office) == ["new"]


async def _states(office: Office) -> list[str]:
    def states(connection: Connection) -> list[str]:
        return list(connection.scalars(select(requests.c.state)))

    return await office.product.database.read(states)


@pytest.fixture
async def elsewhere() -> AsyncIterator[Listening]:
    """A server of somebody else's on this machine."""
    async with listening() as found:
        yield found


async def test_a_response_address_of_another_host_is_not_called(
    office: Office, elsewhere: Listening, log: LogLines
) -> None:
    card = await office.asks(TEXT)
    foreign = elsewhere.url.replace("127.0.0.1", "localhost")
    for url in (foreign, "https://hooks.slack.com.evil.example/x", "http://[", "file:///etc/hosts"):
        payload = click(office, card, "request.of.last.year", "v1:1", response_url=url)
        assert not (await office.box.workspace.courier.ask("block_actions", payload)).failed
    await office.settled()
    await office.product.answers.close()
    assert elsewhere.heard == []
    assert len(log.events("slack.response_address_refused")) == 4


async def test_a_response_address_that_sends_on_to_another_is_not_followed(
    office: Office, elsewhere: Listening
) -> None:
    async def send_on(_: web.Request) -> web.Response:
        asked.append(1)
        return web.Response(status=307, headers={"Location": elsewhere.url})

    asked: list[int] = []
    app = web.Application()
    app.router.add_post("/", send_on)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    card = await office.asks(TEXT)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    payload = click(office, card, "request.of.last.year", "v1:1", response_url=url)
    await office.box.workspace.courier.ask("block_actions", payload)
    await office.product.answers.close()
    await runner.cleanup()
    assert asked == [1]
    assert elsewhere.heard == []


# Teams


@pytest.mark.parametrize(("kind", "times"), [("status", 1), ("drop_after", 0)])
async def test_an_answer_that_slack_surely_did_not_take_is_said_again_and_one_in_doubt_is_not(
    office: Office, kind: Any, times: int
) -> None:
    card = await office.asks(TEXT)
    fault = office.box.faults.add(method="response_url", kind=kind, status=503, times=1)
    ana = office.person("ana")
    await card.click("Claim", by=ana)
    await until(lambda: fault.hits == 1)
    calls = len(office.box.journal.calls("response_url"))
    await office.product.answers.close()
    assert len(office.box.journal.calls("response_url")) == calls + times
    told = [one for one in await ana.sees(in_="#triage-payments") if one.only_for == "ana"]
    assert len(told) == 1


async def test_a_form_for_a_team_that_was_removed_meanwhile_says_so_beside_the_team(office: Office) -> None:
    form = form_of(await office.person("ana").runs("/ask-team"))
    form.fill("Summary", TEXT)
    await office.apply(PLATFORM)
    assert "no new requests" in await error_of(form, "Team")
    assert form.value("Summary") == TEXT
    assert await office.count() == 0


async def test_a_form_of_the_only_team_that_was_removed_can_be_sent_to_another(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    form = form_of(await office.person("ana").runs("/ask-team payments"))
    form.fill("Summary", TEXT)
    await office.apply(PLATFORM)
    await error_of(form, "Team")
    await form.pick("Team", "Platform")
    assert await form.submit() is None
    assert await office.count() == 1


async def test_without_any_team_every_door_says_so(database_url: str, tmp_path: Path) -> None:
    async with open_office(database_url, tmp_path, teams=(), with_jira=False) as office:
        ana = office.person("ana")
        message = await ana.says(TEXT, in_="#ask-payments")
        for shown in (
            await ana.runs("/ask-team"),
            await ana.runs(f"/ask-team payments {TEXT}"),
            await ana.runs("/triage"),
            await ana.shortcut("Ask a team"),
            await ana.message_shortcut("Send to triage", message),
        ):
            assert shown is not None
            assert "No team is set up yet" in shown.text
        await ana.reacts(message, ":ticket:")
        written = await ana.tells_bot(TEXT)
        await ana.waits_for("No team is set up yet", in_="dm", thread=written)
        assert await office.count() == 0


# Places


async def open_wishes(office: Office, kind: str) -> list[str]:
    """What still waits to be sent of this kind: each one's last error."""

    def errors(connection: Connection) -> list[str]:
        waiting = (outbox.c.kind == kind) & outbox.c.closed_at.is_(None)
        return [str(error) for error in connection.scalars(select(outbox.c.error).where(waiting))]

    return await office.product.database.read(errors)


@pytest.mark.parametrize("how", ["archived", "bot removed"])
async def test_a_card_waits_for_its_closed_channel_the_operators_hear_of_it_and_it_comes_after_the_invitation(
    database_url: str, tmp_path: Path, how: str
) -> None:
    async with open_office(database_url, tmp_path, with_jira=False, alert_channel="C0GENERAL1") as office:
        box = office.box
        if how == "archived":
            box.archive("triage-payments")
        else:
            box.remove_bot("triage-payments")
        answer = said(await office.person("ana").runs(f"/ask-team payments {TEXT}"))
        assert "#1" in answer
        alarm = await office.person("olga").waits_for("cannot write in", in_="#general")
        assert "/invite" in alarm.text
        assert await open_wishes(office, "request.card") == ["closed:C0TRIAGE01"]
        if how == "archived":
            box.archive("triage-payments", archived=False)
        else:
            box.invite_bot("triage-payments")
        card = await office.card(TEXT)
        await office.person("alice").waits_for("on duty", in_="#triage-payments", thread=card)
        await office.settled()
        alarms = [
            seen
            for seen in await office.person("olga").sees(in_="#general")
            if "C0TRIAGE01" in seen.message.text
        ]
        assert len(alarms) == 1


# People


async def test_the_team_hears_that_a_requester_who_left_cannot_be_reached(
    office: Office, log: LogLines
) -> None:
    fault = office.box.faults.add(method="chat.postMessage", kind="rate_limited", retry_after=1)
    said(await office.person("ana").runs(f"/ask-team payments {TEXT}"))
    office.box.deactivate("ana")
    office.box.faults.remove(fault)
    office.clock.advance(5)
    card = await office.card(TEXT)
    await office.person("alice").waits_for(
        "cannot be reached", in_="#triage-payments", thread=card, timeout=10
    )
    dead = [line for line in log.lines if line["event"] == "relay.dead_letter"]
    assert [line["kind"] for line in dead] == ["request.receipt"]
    log.lines.clear()


async def test_a_message_of_somebody_who_left_meanwhile_files_nothing(office: Office) -> None:
    office.box.deactivate("ana")
    event = {
        "type": "message", "user": "U0ANA00001", "text": TEXT, "channel": "C0ASKPAY01", "ts": "1700000000.000100",
        "channel_type": "channel", "event_ts": "1700000000.000100",
    }  # fmt: skip
    office.box.workspace.courier.tell(
        {
            "type": "event_callback",
            "team_id": "T0SANDBOX1",
            "api_app_id": "A0SANDBOX1",
            "event_id": "Ev1",
            "event": event,
        }
    )
    assert await office.count() == 0


# Secrets


async def test_neither_peoples_words_nor_tokens_reach_the_log_or_the_figures(
    office: Office, log: LogLines
) -> None:
    card = await office.asks("canary in the line")
    ana = office.person("ana")
    receipt = await ana.waits_for("#1", in_="dm")
    await ana.says("canary in the talk", thread=receipt)
    await office.person("alice").waits_for("canary in the talk", in_="#triage-payments", thread=card)
    await office.box.replay(
        office.box.journal.told("slash_command")[0]
    ) if office.transport == "http" else None
    office.box.faults.add(method="chat.postMessage", kind="error", error="restricted_action", times=1)
    await ana.says("canary in what is refused", thread=receipt)
    await office.settled()
    async with ClientSession() as http, http.get(f"{office.running.address}/metrics") as answer:
        figures = await answer.text()
    assert "slack.refused" in log.text
    for secret in ("canary", office.box.bot_token, office.box.app_token, office.box.signing_secret):
        assert secret not in log.text
        assert secret not in figures
    for user_id in ("U0ANA00001", "U0ALICE001"):
        assert user_id not in figures
    log.lines.clear()
