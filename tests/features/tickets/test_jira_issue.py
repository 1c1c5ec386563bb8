"""A thread becomes an issue: from the menu of a message or the card's button to the key in the thread."""

from bot.sandbox.forms import Form
from bot.sandbox.story import Answer
from tests.features.tickets.conftest import Desk


async def test_the_shortcut_on_a_message_makes_an_issue_and_the_thread_gets_its_key(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck for order 123", in_="#ask-payments")
    form = await desk.jira_form(root)
    assert (form.title, form.submit_label) == ("Create Jira issue", "Create")
    assert form.labels == [
        "Project", "Issue type", "Summary", "Description", "Link an existing issue",
    ]  # fmt: skip
    assert form.value("Summary") == "Refund stuck for order 123"
    assert await form.submit() is None
    announced = await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)
    assert f"<{desk.jira.url}/browse/PAY-1|PAY-1>" in announced.message.blocks[0]["text"]["text"]
    issue = desk.site.issue("PAY-1")
    assert (issue.project, issue.type, issue.summary) == ("PAY", "Task", "Refund stuck for order 123")


async def test_the_issue_carries_the_conversation_with_names_and_times_in_the_teams_zone(desk: Desk) -> None:
    ana, bob = desk.person("ana"), desk.person("bob")
    root = await ana.says("Refund stuck, see @bob", in_="#ask-payments")
    await bob.says("Which *order*?", thread=root)
    await ana.says("123", thread=root, files=[("log.txt", b"boom")])
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    text = desk.site.issue("PAY-1").description
    conversation = text[text.index("Conversation in Slack (times of Europe/Kyiv)") :].replace("*", "")
    told = ["Ana Moreau (2026-11-23 11:00)", "Refund stuck, see @Bob Marsh", "Bob Marsh (2026-11-23 11:00)",
            "Which order?", "123", "log.txt"]  # fmt: skip
    places = [conversation.find(one) for one in told]
    assert -1 not in places, conversation
    assert places == sorted(places)
    assert "Issue created from Slack by Alice Koval" in text
    assert root.permalink in text


async def test_the_issue_has_the_teams_labels_one_of_its_own_and_a_link_back(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    issue = desk.site.issue("PAY-1")
    assert issue.labels[0] == "from-slack"
    assert issue.labels[1].startswith("frontdesk-")
    assert issue.links == (("Thread in Slack", root.permalink),)
    stored = desk.site.find("PAY-1")
    assert stored is not None
    assert stored.links[0].global_id == f"slack://{desk.box.team_id}/{root.channel}/{root.ts}"


async def test_the_shortcut_on_a_reply_is_about_its_whole_thread(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    reply = await desk.person("bob").says("It is order 123", thread=root)
    form = await desk.jira_form(reply)
    assert form.value("Summary") == "It is order 123"
    await form.submit()
    await desk.quiet()
    assert "Refund stuck" in desk.site.issue("PAY-1").description
    assert "PAY-1" in await desk.refusal(root, by="alice")


async def test_the_cards_button_carries_both_threads_but_not_the_teams_own_lines(desk: Desk) -> None:
    card, asker = await desk.request()
    await desk.person("alice").says("Looking at the ledger", thread=card)
    await desk.person("alice").says("  // customer is difficult", thread=card)
    await desk.person("ana").says("It was paid on Monday", thread=asker)
    await desk.deps.slack.call(
        "chat.postMessage", channel=card.channel, thread_ts=card.ts, text="ana: It was paid on Monday"
    )
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    assert form.value("Description") == "Order 123 was paid twice"
    assert await form.submit() is None
    await desk.quiet()
    text = desk.site.issue("PAY-1").description
    assert (
        text.index("Refund stuck") < text.index("Looking at the ledger") < text.index("It was paid on Monday")
    )
    assert text.count("It was paid on Monday") == 1
    assert "difficult" not in text
    assert "Request #12 of Ana Moreau" in text
    assert "Bug, priority High, asked as Partner team, component Billing" in text
    assert any("PAY-1" in said for said in await desk.bot_says_in(card))
    assert any("PAY-1" in said for said in await desk.bot_says_in(asker, to="ana"))
    assert desk.known.renewed == [12, 12]


async def test_of_a_private_request_only_the_askers_words_and_no_address_leave_their_thread(
    desk: Desk,
) -> None:
    asker = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    await desk.person("bob").says("mine as well", thread=asker)
    await desk.person("ana").says("since May", thread=asker)
    card, _ = await desk.request(asker=asker, private=True)
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    assert form.submit_label == "Share and create"
    assert "Everybody who can see project PAY" in form.text
    await form.submit()
    await desk.quiet()
    issue = desk.site.issue("PAY-1")
    assert "Salaries are wrong" in issue.description
    assert "since May" in issue.description
    assert "mine as well" not in issue.description
    assert asker.channel not in issue.description + str(issue.links)
    assert any("PAY-1" in said for said in await desk.bot_says_in(asker, to="ana"))


async def test_from_a_private_channel_the_form_says_who_will_read_it(desk: Desk) -> None:
    root = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    form = await desk.jira_form(root)
    assert form.submit_label == "Share and create"
    assert "Everybody who can see project PAY in Jira will read it" in form.text


async def test_peoples_words_are_no_markup_in_jira(desk: Desk) -> None:
    hostile = "{code} [~nina] !http://x.example/y.png! javascript:alert(1)"
    root = await desk.person("ana").says(hostile, in_="#ask-payments")
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    assert hostile in desk.site.issue("PAY-1").description


async def test_another_project_brings_its_own_types_and_keeps_what_was_typed(desk: Desk) -> None:
    await desk.feature.jobs[0].run(desk.clock.now())
    root = await desk.person("ana").says("Disk full", in_="#ask-payments")
    form = await desk.jira_form(root)
    form.fill("Summary", "Disk full on db3")
    await _suggested(form, "Project", "oper")
    await form.pick("Project", "Operations (OPS)")
    assert await form.suggestions("Issue type", "") == ["Task", "Bug"]
    assert form.value("Summary") == "Disk full on db3"
    form.pick("Issue type", "Task")
    await form.submit()
    await desk.quiet()
    assert desk.site.issue("OPS-1").summary == "Disk full on db3"


async def _suggested(form: Form, field: str, typed: str) -> None:
    for _ in range(50):
        if await form.suggestions(field, typed):
            return
    raise AssertionError(f"nothing is suggested for {typed}")


async def test_a_long_thread_is_cut_with_a_count(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    for number in range(30):
        await desk.person("bob").says(f"line {number} " + "x" * 2000, thread=root)
    await (await desk.jira_form(root)).submit()
    await desk.quiet()
    text = desk.site.issue("PAY-1").description
    assert "line 0 " in text
    assert "line 29 " not in text
    shown = sum(f"line {number} " in text for number in range(30))
    assert f"… ({30 - shown} more messages in Slack)" in text


async def test_a_conversation_that_the_bot_cannot_join_sends_the_chosen_message_alone(desk: Desk) -> None:
    world = desk.box.workspace.world
    world.direct(desk.person("ana").id, desk.person("alice").id)
    channel = next(
        one for one in world.channels.values() if one.kind == "im" and world.bot_user_id not in one.members
    )
    said = await desk.person("ana").says("Refund stuck", in_=channel.id)
    form = await desk.jira_form(said)
    assert "only the message that you chose" in form.text
    assert form.submit_label == "Share and create"
    await form.submit()
    told = await desk.person("alice").waits_for("PAY-1", in_="dm", timeout=15)
    assert "in Jira now" in told.text
    await desk.quiet()
    assert "Refund stuck" in desk.site.issue("PAY-1").description


async def test_a_channel_that_the_bot_left_meanwhile_gives_the_message_and_says_so(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await desk.person("bob").says("which order?", thread=root)
    form = await desk.jira_form(root)
    desk.box.remove_bot("#ask-payments")
    await form.submit()
    await desk.settled()
    text = desk.site.issue("PAY-1").description
    assert "Refund stuck" in text
    assert "which order?" not in text
    assert "could not be read in Slack" in text


async def test_off_every_door_says_how_to_turn_jira_on(desk_without_jira: Desk) -> None:
    desk = desk_without_jira
    card, asker = await desk.request()
    pressed = await card.click("Create Jira issue", by=desk.person("alice"))
    chosen = await desk.person("alice").message_shortcut("Create Jira issue", asker)
    for answer in (pressed, chosen):
        assert isinstance(answer, Answer)
        assert answer.text.startswith("Jira is off here. To turn it on, set JIRA_URL and a Jira login")
        assert answer.text.endswith("(JIRA_EMAIL with JIRA_API_TOKEN, or JIRA_TOKEN) and restart it.")
