"""A person's pages: what is on them, and what happens when they are used. The tiny bot answers."""

import asyncio
import json
import re

import aiohttp
import pytest

from bot.sandbox.story import NotVisible
from tests.sandbox.face.conftest import Desk

ASK = "/as/ana/c/C0ASKPAY01"
TRIAGE = "/as/alice/c/C0TRIAGE01"


async def until(look, seconds: float = 5.0):
    """What `look` finds, within this time."""
    async with asyncio.timeout(seconds):
        while not (found := look()):
            await asyncio.sleep(0.02)
        return found


async def test_the_start_leads_to_a_conversation(desk: Desk) -> None:
    page = await desk.page("/")
    assert "#ask-payments" in page
    assert "Ana Moreau" in page


async def test_what_is_written_stands_there_for_all(desk: Desk) -> None:
    assert await desk.post(f"{ASK}/say", {"text": "Is <b>anybody</b> here? & me"}) == {}
    page = await desk.page("/as/bob/c/C0ASKPAY01")
    assert "Is &lt;b&gt;anybody&lt;/b&gt; here? &amp; me" in page


async def test_a_channel_that_a_person_does_not_see_is_refused_in_words(desk: Desk) -> None:
    async with desk.session.get(f"{desk.server.address}/as/ana/c/C0SECRET01") as answer:
        assert answer.status == 404
        assert "does not see this conversation" in await answer.text()
    assert "secret" not in await desk.page(ASK)


@pytest.mark.parametrize("name", ["nobody", "dan", "deploybot"])
async def test_people_without_a_screen_have_no_page(desk: Desk, name: str) -> None:
    async with desk.session.get(f"{desk.server.address}/as/{name}/c/C0GENERAL1") as answer:
        assert answer.status == 404
        assert "Traceback" not in await answer.text()


async def test_a_command_is_answered_to_its_person_alone(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "/ask Refund stuck"})
    assert "Only visible to you" in await desk.page(ASK)
    assert "Only visible to you" not in await desk.page("/as/bob/c/C0ASKPAY01")
    assert "Refund stuck" in await desk.page(TRIAGE)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "/nothing here"}, "is not a command here"),
        ({"text": "   "}, "nothing to send"),
        ({"text": ""}, "nothing to send"),
    ],
)
async def test_what_cannot_be_sent_is_said_in_words(desk: Desk, fields: dict[str, str], words: str) -> None:
    assert words in (await desk.post(f"{ASK}/say", fields))["say"]


async def test_commands_do_not_work_in_threads(desk: Desk) -> None:
    root = await desk.box.person("ana").says("Hello", in_="#ask-payments")
    told = await desk.post(f"{ASK}/say", {"text": "/ask again", "thread": root.ts})
    assert "does not work in threads" in told["say"]


async def test_a_button_does_what_it_says(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "/ask Refund stuck"})
    page = await desk.page(TRIAGE)
    key = re.search(r'data-send="([^"]+/claim)"', page)
    surface = re.search(r'data-surface="([^"]+)"', page)
    assert key and surface
    assert await desk.post(f"{surface[1]}/act", {"key": key[1]}) == {}
    assert "taken" in await desk.page(TRIAGE)


async def test_a_button_that_has_gone_is_said_in_words(desk: Desk) -> None:
    seen = await desk.box.person("ana").says("Hello", in_="#ask-payments")
    told = await desk.post(f"{ASK}/m/{seen.ts}/act", {"key": "b1/claim"})
    assert "not there any more" in told["say"]


async def test_emoji_are_put_and_taken_back(desk: Desk) -> None:
    seen = await desk.box.person("bob").says("Hello", in_="#ask-payments")
    await desk.post(f"{ASK}/m/{seen.ts}/react", {"emoji": ":eyes:"})
    assert (await seen.now()).reactions == {"eyes": ["ana"]}
    await desk.post(f"{ASK}/m/{seen.ts}/react", {"emoji": "eyes"})
    assert (await seen.now()).reactions == {}


async def test_own_messages_can_be_changed_and_deleted_only_by_their_writer(desk: Desk) -> None:
    seen = await desk.box.person("bob").says("Ask @ana in #general", in_="#ask-payments")
    bobs = f"/as/bob/c/C0ASKPAY01/m/{seen.ts}"
    assert "Ask @ana in #general</textarea>" in await desk.page("/as/bob/c/C0ASKPAY01")
    assert "did not write this" in (await desk.post(f"{ASK}/m/{seen.ts}/edit", {"text": "x"}))["say"]
    await desk.post(f"{bobs}/edit", {"text": "Changed"})
    assert (await seen.now()).text == "Changed"
    await desk.post(f"{bobs}/delete")
    with pytest.raises(NotVisible):
        await seen.now()


async def test_a_shortcut_on_a_message_is_answered(desk: Desk) -> None:
    seen = await desk.box.person("bob").says("Broken again", in_="#ask-payments")
    await desk.post(f"{ASK}/m/{seen.ts}/shortcut", {"name": "Quote it"})
    assert "You chose: Broken again" in await desk.page(ASK)


async def test_files_are_kept_and_only_pictures_are_opened(desk: Desk) -> None:
    body = aiohttp.FormData()
    body.add_field("text", "Look")
    body.add_field("files", b"<script>1</script>", filename="evil.html", content_type="text/html")
    await desk.post(f"{ASK}/say", body)  # type: ignore[arg-type]
    address = re.search(r'href="(/as/ana/files/[^"]+)"', await desk.page(ASK))
    assert address
    async with desk.session.get(desk.server.address + address[1]) as answer:
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.content_type == "application/octet-stream"
        assert await answer.read() == b"<script>1</script>"
    async with desk.session.get(desk.server.address + address[1].replace("/ana/", "/boss/")) as answer:
        assert answer.status == 200  # a public channel's file may be read by every member


async def test_a_form_opens_complains_and_is_sent(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "/form"})
    view = desk.box.workspace.views.top(desk.box.person("ana").id)
    assert view is not None
    here = f"/as/ana/v/{view.id}"
    await desk.post(f"{here}/submit", {"summary/summary": ""})
    assert desk.face.stage.complaints[view.id]["summary"] == "Please complete this required field."
    await desk.post(f"{here}/act", {"key": "team/team", "value": "search"})
    await until(lambda: "For search" in json.dumps(view.blocks))
    await desk.post(f"{here}/submit", {"summary/summary": "bad", "team/team": "search"})
    assert desk.face.stage.complaints[view.id] == {"summary": "Please say more."}
    await desk.post(f"{here}/submit", {"summary/summary": "good", "team/team": "search"})
    assert desk.box.workspace.views.stack(desk.box.person("ana").id) == []
    await desk.box.person("ana").waits_for("Received: good", in_="dm")
    assert (await desk.post(f"{here}/submit", {}))["say"] == "This form is closed."


async def test_a_form_that_is_put_away_is_told_to_the_bot(desk: Desk) -> None:
    await desk.post(f"{ASK}/say", {"text": "/form"})
    view = desk.box.workspace.views.top(desk.box.person("ana").id)
    assert view is not None
    await desk.post(f"/as/ana/v/{view.id}/close")
    assert [record.kind for record in desk.box.journal.told("view_closed")] == ["view_closed"]


async def test_older_messages_come_page_by_page(desk: Desk) -> None:
    ana = desk.box.person("ana")
    for number in range(130):
        await ana.says(f"message {number:03d}", in_="#general")
    page = await desk.page("/as/ana/c/C0GENERAL1")
    shown = [int(found) for found in re.findall(r"text.>message (\d+)<", page)]
    assert shown == list(range(70, 130))
    first = re.search(r'data-ts="([\d.]+)"', page)
    assert first and "data-older" in page
    async with desk.session.get(
        f"{desk.server.address}/as/ana/c/C0GENERAL1/older?before={first[1]}"
    ) as answer:
        older = await answer.json()
    assert [int(found) for found in re.findall(r"text.>message (\d+)<", older["html"])] == list(range(10, 70))
    assert older["more"] is True


async def test_a_message_can_be_looked_at_by_its_address(desk: Desk) -> None:
    ana = desk.box.person("ana")
    wanted = await ana.says("the one", in_="#general")
    for number in range(100):
        await ana.says(f"later {number}", in_="#general")
    page = await desk.page(f"/as/ana/c/C0GENERAL1?at={wanted.ts}")
    assert ">the one<" in page
    assert f'data-look="m{wanted.ts.replace(".", "-")}"' in page


async def test_news_are_marked_until_they_are_read(desk: Desk) -> None:
    await desk.page(ASK)
    await desk.box.person("bob").says("Hello @ana", in_="#general")
    assert '<span class="badge meant">1<' in await desk.page(ASK)
    await desk.page("/as/ana/c/C0GENERAL1")
    assert '<span class="badge' not in await desk.page(ASK)


async def test_threads_are_listed_for_those_who_take_part(desk: Desk) -> None:
    root = await desk.box.person("ana").says("Who knows?", in_="#general")
    await desk.box.person("bob").says("I do", thread=root)
    assert "Who knows?" in await desk.page("/as/ana/threads")
    assert "Who knows?" not in await desk.page("/as/carol/threads")


async def test_an_open_window_is_told_what_changes(desk: Desk) -> None:
    page = await desk.page(ASK)
    live = re.search(r'data-live="([^"]+)"', page)
    assert live
    async with desk.session.get(desk.server.address + live[1].replace("&amp;", "&")) as stream:
        await desk.box.person("bob").says("Good morning", in_="#ask-payments")
        patch = await _next(stream, lambda one: one["do"] == "put")
        assert patch["id"] == "feed"
        assert "Good morning" in patch["html"]
        seen = (await desk.box.person("bob").sees(in_="#ask-payments"))[-1]
        await desk.box.person("bob").edits(seen, "Good evening")
        assert "Good evening" in (await _next(stream, lambda one: one["do"] == "put"))["html"]
        await desk.box.person("bob").deletes(seen)
        gone = await _next(stream, lambda one: one["do"] == "drop")
        assert gone["id"] == f"m{seen.ts.replace('.', '-')}"


async def _next(stream, fits) -> dict[str, str]:
    async with asyncio.timeout(5):
        while True:
            line = await stream.content.readline()
            if line.startswith(b"data: "):
                for patch in json.loads(line[6:]):
                    if fits(patch):
                        return patch


async def test_only_the_machine_itself_is_answered(desk: Desk) -> None:
    async with desk.session.get(desk.server.address, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with desk.session.post(
        f"{desk.server.address}{ASK}/say", data={"text": "x"}, headers={"Origin": "https://evil.example"}
    ) as answer:
        assert answer.status == 403
    assert await desk.box.person("ana").sees(in_="#ask-payments") == []


async def test_two_slashes_are_no_command(desk: Desk) -> None:
    assert await desk.post(f"{ASK}/say", {"text": "// only for us"}) == {}
    assert "// only for us" in await desk.page(ASK)
