"""What an open window is told when something goes: the line that follows, the list of threads, a new beginning."""

import re

from bot.sandbox.face.stage import Stage
from bot.sandbox.slack import membership
from tests.sandbox.face.conftest import Desk
from tests.sandbox.face.test_controls import patches_of

GENERAL = "/as/ana/c/C0GENERAL1"


async def live(desk: Desk, address: str) -> str:
    found = re.search(r'data-live="([^"]+)"', await desk.page(address))
    assert found
    return found[1].replace("&amp;", "&")


async def until_one(following, fits) -> dict[str, str]:
    while True:
        for patch in await following():
            if fits(patch):
                return patch


def mark(ts: str) -> str:
    return ts.replace(".", "-")


async def test_the_line_after_a_deleted_one_gets_its_name_and_day(desk: Desk) -> None:
    bob = desk.box.person("bob")
    first, second = await bob.says("one"), await bob.says("two")
    async with patches_of(desk, await live(desk, GENERAL)) as following:
        await bob.deletes(first)
        patch = await until_one(following, lambda one: one["do"] == "put")
        assert f'id="m{mark(second.ts)}"' in patch["html"]
        assert "line together" not in patch["html"]
        assert str(first.message.ts) not in patch["html"]


async def test_the_same_in_a_thread(desk: Desk) -> None:
    ana, bob = desk.box.person("ana"), desk.box.person("bob")
    root = await ana.says("root")
    first, second = await bob.says("one", thread=root), await bob.says("two", thread=root)
    async with patches_of(desk, await live(desk, f"{GENERAL}?thread={root.ts}")) as following:
        await bob.deletes(first)
        patch = await until_one(
            following, lambda one: one["id"] == "thread-feed" and mark(second.ts) in one["html"]
        )
        assert "line together" not in patch["html"]


async def test_a_deletion_elsewhere_takes_nothing_away(desk: Desk) -> None:
    bob = desk.box.person("bob")
    other, here = await bob.says("there", in_="#ask-payments"), await bob.says("here")
    async with patches_of(desk, await live(desk, GENERAL)) as following:
        await bob.deletes(other)
        await bob.deletes(here)
        patch = await until_one(following, lambda one: one["do"] == "drop")
        assert patch["id"] == f"m{mark(here.ts)}"


async def test_the_page_of_threads_follows(desk: Desk) -> None:
    root = await desk.box.person("ana").says("Who knows?")
    async with patches_of(desk, await live(desk, "/as/ana/threads")) as following:
        await desk.box.person("bob").says("I do", thread=root)
        patch = await until_one(following, lambda one: one["id"] == "threads" and "I do" in one["html"])
        assert patch["do"] == "fill"


async def test_what_is_read_on_the_page_of_threads_is_no_news(desk: Desk) -> None:
    root = await desk.box.person("ana").says("Who knows?")
    await desk.box.person("bob").says("I do", thread=root)
    assert '<span class="badge' in await desk.page("/as/ana/c/C0ASKPAY01")
    await desk.page("/as/ana/threads")
    assert '<span class="badge' not in await desk.page("/as/ana/c/C0ASKPAY01")


async def test_threads_of_channels_that_one_is_not_in_do_not_count(desk: Desk) -> None:
    world = desk.box.workspace.world
    alice, erin = desk.box.person("alice"), world.account("erin")
    channel = world.channel("general")
    root = await alice.says("@erin said so")
    await alice.says("Yes, @erin", thread=root)
    assert "said so" in await desk.page("/as/erin/threads")
    channel.members.remove(erin.id)
    assert "said so" not in await desk.page("/as/erin/threads")


async def test_a_new_beginning_leads_everybody_to_their_own_start(desk: Desk) -> None:
    async with (
        patches_of(desk, await live(desk, "/as/bob/c/C0GENERAL1")) as bobs,
        patches_of(desk, "/controls/live") as controls,
    ):
        await bobs()
        await controls()
        desk.face.play(Stage(box=desk.box, jira=desk.jira))
        assert (await until_one(bobs, lambda one: one["do"] == "go"))["id"] == "/as/bob"
        assert (await until_one(controls, lambda one: one["do"] == "go"))["id"] == ""


async def test_a_reply_that_is_looked_at_opens_its_thread(desk: Desk) -> None:
    root = await desk.box.person("bob").says("Who knows?")
    reply = await desk.box.person("ana").says("Me", thread=root)
    async with desk.session.get(
        f"{desk.server.address}{GENERAL}?at={reply.ts}", allow_redirects=False
    ) as answer:
        assert answer.status == 302
        assert answer.headers["Location"] == f"{GENERAL}?thread={root.ts}&at={reply.ts}"
    page = await desk.page(f"{GENERAL}?at={reply.ts}")
    assert f'id="t{mark(reply.ts)}"' in page
    assert "not there any more" not in page


async def test_a_message_or_thread_that_has_gone_is_said_in_words(desk: Desk) -> None:
    gone = await desk.box.person("bob").says("Oh")
    await desk.box.person("bob").deletes(gone)
    for at in (gone.ts, "1.5", "nonsense<b>"):
        assert "This message is not there any more." in await desk.page(f"{GENERAL}?at={at}")
    assert "This thread is not there any more." in await desk.page(f"{GENERAL}?thread={gone.ts}")
    assert "any more" not in await desk.page(GENERAL)


async def test_a_chosen_file_stays_when_something_else_is_wrong(desk: Desk) -> None:
    await desk.post("/as/ana/c/C0ASKPAY01/say", {"text": "/form"})
    view = desk.box.workspace.views.top(desk.box.person("ana").id)
    assert view is not None
    view.blocks.append(
        {
            "type": "input",
            "block_id": "proof",
            "optional": True,
            "label": {"type": "plain_text", "text": "Proof"},
            "element": {"type": "file_input", "action_id": "proof"},
        }
    )
    for content, name in ((b"seen", "proof.txt"), (b"", "")):
        await submit(desk, view.id, content, name)
        held = view.typed[("proof", "proof")]["files"]
        assert [one["name"] for one in held] == ["proof.txt"]
    await submit(desk, view.id, b"other", "other.txt")
    assert [one["name"] for one in view.typed[("proof", "proof")]["files"]] == ["other.txt"]


async def submit(desk: Desk, view_id: str, content: bytes, filename: str) -> None:
    """Send a form as a browser does; without a chosen file its part has an empty name."""
    head = (
        '--edge\r\nContent-Disposition: form-data; name="summary/summary"\r\n\r\n\r\n'
        f'--edge\r\nContent-Disposition: form-data; name="proof/proof"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    async with desk.session.post(
        f"{desk.server.address}/as/ana/v/{view_id}/submit",
        data=head.encode() + content + b"\r\n--edge--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=edge"},
    ) as answer:
        assert await answer.json() == {}


async def test_people_see_no_list_of_names_when_one_is_wrong(desk: Desk) -> None:
    async with desk.session.get(f"{desk.server.address}/as/nobody/c/C0GENERAL1") as answer:
        page = await answer.text()
    assert "Nobody here is called nobody." in page
    assert "<h1>Not here</h1>" in page


async def test_a_page_that_broke_does_not_say_that_it_is_not_there(desk: Desk) -> None:
    desk.face.stage.read = None  # type: ignore[assignment]
    async with desk.session.get(f"{desk.server.address}{GENERAL}") as answer:
        assert answer.status == 500
        assert "<h1>Something broke</h1>" in await answer.text()


async def test_a_new_topic_stands_above_the_conversation_at_once(desk: Desk) -> None:
    world = desk.box.workspace.world
    async with patches_of(desk, await live(desk, GENERAL)) as following:
        membership.set_topic(world, world.channel("general"), "Tea at four", by=world.bot_user_id)
        patch = await until_one(following, lambda one: one["id"] == "place" and "Tea" in one["html"])
    assert patch["do"] == "fill"


async def test_what_answers_a_move_of_the_clock_fills_nothing_beside_the_controls(desk: Desk) -> None:
    answer = await desk.post("/controls/clock", {"to": "hour"})
    page = await desk.page(GENERAL)
    filled = {patch["id"] for patch in answer["patches"]}
    assert {"clock", "coming"} <= filled
    assert filled.isdisjoint(re.findall(r'\bid="([^"]+)"', page))
