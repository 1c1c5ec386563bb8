"""The story language against a real Bolt app, over both transports."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.story import Answer, Form, NotVisible, Sandbox, Seen
from tests.sandbox.slack.tiny_bot import manifest, tiny_bot


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox.start(manifest=manifest(), settle=0.2) as box:
        yield box


@pytest.fixture(params=["http", "socket"])
async def heard(request: pytest.FixtureRequest, box: Sandbox) -> AsyncIterator[list[dict[str, Any]]]:
    async with tiny_bot(box, request.param) as heard:
        yield heard


async def asks(box: Sandbox, line: str = "Refund stuck") -> Seen:
    answer = await box.person("ana").runs(f"/ask {line}")
    assert isinstance(answer, Answer)
    assert not answer.failed
    return await box.person("bob").waits_for(line, in_="#triage-payments")


async def opens(box: Sandbox) -> Form:
    form = await box.person("ana").runs("/form")
    assert isinstance(form, Form)
    return form


async def test_a_command_is_answered_to_the_person_alone(box: Sandbox, heard: list[Any]) -> None:
    answer = await box.person("ana").runs("/ask Refund stuck", in_="#general")
    assert isinstance(answer, Answer)
    assert answer.text.endswith("Refund stuck")
    assert answer.visible_to == "you"
    assert [seen.text for seen in await box.person("ana").answers()] == [answer.text]
    assert await box.person("bob").answers() == []


async def test_a_click_changes_the_card_for_everybody(box: Sandbox, heard: list[Any]) -> None:
    card = await asks(box)
    assert card.buttons == ["Claim"]
    assert card.menu == ["Snooze", "Decline"]
    result = await card.click("Claim")
    assert isinstance(result, Answer)
    assert result.text == "It is yours."
    fresh = await card.now()
    assert fresh.text == "taken claimed by @bob"
    assert fresh.buttons == []


async def test_an_absent_button_cannot_be_pressed(box: Sandbox, heard: list[Any]) -> None:
    card = await asks(box)
    with pytest.raises(NotVisible, match="Claim"):
        await card.click("Resolve")


async def test_a_card_of_a_channel_that_a_guest_is_not_in_cannot_be_pressed_by_them(
    box: Sandbox, heard: list[Any]
) -> None:
    card = await asks(box)
    with pytest.raises(NotVisible):
        await card.click("Claim", by=box.person("gina"))


async def test_an_entry_of_the_menu_can_be_chosen(box: Sandbox, heard: list[Any]) -> None:
    card = await asks(box)
    result = await card.choose("Snooze")
    assert isinstance(result, Answer)
    assert result.text == "Snooze it is"


async def test_a_form_is_filled_and_sent(box: Sandbox, heard: list[Any]) -> None:
    form = await opens(box)
    assert form.title == "Ask a team"
    assert form.submit_label == "Send"
    assert form.labels == ["Team", "Summary"]
    assert form.options("Team") == ["Payments", "Search"]
    form.fill("Summary", "Refund stuck")
    await form.pick("Team", "Payments")
    assert "For payments" in form.text
    assert form.value("Summary") == "Refund stuck"
    assert await form.submit() is None
    assert not form.is_open
    assert (await box.person("ana").waits_for("Received: Refund stuck", where="dm")).author == "tiny"


async def test_a_form_comes_back_with_complaints_beside_the_fields(box: Sandbox, heard: list[Any]) -> None:
    form = await opens(box)
    form.fill("Summary", "bad")
    form.pick("Team", "Search")
    again = await form.submit()
    assert isinstance(again, Form)
    assert again.errors == {"Summary": "Please say more."}
    assert again.is_open


async def test_slack_itself_keeps_a_form_with_an_empty_field(box: Sandbox, heard: list[Any]) -> None:
    form = await opens(box)
    form.pick("Team", "Search")
    again = await form.submit()
    assert isinstance(again, Form)
    assert list(again.errors) == ["Summary"]
    assert box.journal.told("view_submission") == []


async def test_a_closed_form_is_told_to_the_bot(box: Sandbox, heard: list[Any]) -> None:
    form = await opens(box)
    await form.close()
    assert {"type": "view_closed"} in heard
    with pytest.raises(NotVisible):
        await form.submit()


async def test_shortcuts_are_used_by_name(box: Sandbox, heard: list[Any]) -> None:
    form = await box.person("ana").shortcut("Open form")
    assert isinstance(form, Form)
    said = await box.person("bob").says("look <here> & there", in_="#ask-payments")
    answer = await box.person("ana").message_shortcut("Quote it", said)
    assert isinstance(answer, Answer)
    assert answer.text == "You chose: look <here> & there"


async def test_a_message_reaches_the_bot_escaped_with_its_rich_text(box: Sandbox, heard: list[Any]) -> None:
    await box.person("ana").says("hi @bob <b> :ticket:", in_="#ask-payments")
    await box.events_delivered()
    event = heard[-1]
    assert event["text"] == "hi <@U0BOB00001> &lt;b&gt; :ticket:"
    kinds = [piece["type"] for piece in event["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text", "emoji"]
    assert event["channel_type"] == "channel"


async def test_a_mention_comes_as_two_events_with_one_timestamp(box: Sandbox, heard: list[Any]) -> None:
    said = await box.person("ana").says("@tiny help", in_="#ask-payments")
    await box.events_delivered()
    assert sorted(event["type"] for event in heard) == ["app_mention", "message"]
    assert {event["ts"] for event in heard} == {said.ts}


async def test_replies_edits_deletions_and_reactions_reach_the_bot(box: Sandbox, heard: list[Any]) -> None:
    ana = box.person("ana")
    root = await ana.says("root", in_="#ask-payments")
    reply = await ana.says("reply", thread=root)
    await box.events_delivered()
    await ana.edits(reply, "better")
    await box.events_delivered()
    await ana.deletes(reply)
    await box.events_delivered()
    await ana.reacts(root, "ticket")
    await box.events_delivered()
    await ana.unreacts(root, "ticket")
    await box.events_delivered()
    assert heard[1]["thread_ts"] == root.ts
    assert heard[2]["subtype"] == "message_changed"
    assert heard[2]["message"]["text"] == "better"
    assert heard[3]["subtype"] == "message_deleted"
    assert [event["type"] for event in heard[4:]] == ["reaction_added", "reaction_removed"]


async def test_a_deleted_root_with_replies_leaves_a_tombstone(box: Sandbox, heard: list[Any]) -> None:
    ana = box.person("ana")
    root = await ana.says("root", in_="#ask-payments")
    await ana.says("reply", thread=root)
    await ana.deletes(root)
    await box.events_delivered()
    changed = next(event for event in heard if event.get("subtype") == "message_changed")
    assert changed["message"]["subtype"] == "tombstone"
    assert changed["previous_message"]["text"] == "root"


async def test_the_bot_hears_its_own_posts_with_its_bot_id(box: Sandbox, heard: list[Any]) -> None:
    await asks(box)
    await box.events_delivered()
    assert heard[-1]["bot_id"] == "B0SANDBOX1"


async def test_a_bot_that_fails_is_told_to_the_person_as_slack_tells_it(
    box: Sandbox, heard: list[Any]
) -> None:
    answer = await box.person("ana").runs("/broken")
    assert isinstance(answer, Answer)
    assert answer.failed in ("dispatch_failed", "operation_timeout")
    assert "/broken failed with the error" in answer.text


async def test_a_command_of_no_manifest_cannot_be_run(box: Sandbox, heard: list[Any]) -> None:
    with pytest.raises(NotVisible, match="/nothing"):
        await box.person("ana").runs("/nothing")


async def test_waiting_in_vain_says_what_is_visible(box: Sandbox, heard: list[Any]) -> None:
    await box.person("ana").says("something else", in_="#ask-payments")
    with pytest.raises(NotVisible, match="something else"):
        await box.person("ana").waits_for("the moon", in_="#ask-payments", timeout=0.05)


@pytest.mark.parametrize(
    ("name", "place", "sees"),
    [
        ("ana", "#random", True),
        ("ana", "#secret", False),
        ("boss", "#secret", True),
        ("gina", "#ask-payments", True),
        ("gina", "#random", False),
        ("xena", "#partner-acme", True),
        ("xena", "#general", False),
        ("dan", "#general", False),
    ],
)
async def test_people_see_the_channels_that_slack_shows_them(
    box: Sandbox, name: str, place: str, sees: bool
) -> None:
    try:
        shown = await box.person(name).sees(in_=place)
    except NotVisible:
        assert not sees
    else:
        assert sees
        assert shown == []


async def test_a_deactivated_person_does_nothing(box: Sandbox) -> None:
    with pytest.raises(NotVisible, match="deactivated"):
        await box.person("dan").runs("/ask hello")


async def test_a_number_at_the_end_is_a_whole_number(box: Sandbox, heard: list[Any]) -> None:
    ana = box.person("ana")
    await ana.says("this is #1", in_="#ask-payments")
    await ana.says("this is #12", in_="#ask-payments")
    assert (await ana.waits_for("#1", in_="#ask-payments")).text == "this is #1"
