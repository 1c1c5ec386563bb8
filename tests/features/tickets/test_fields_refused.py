"""What Jira refuses is said beside the fields while the form is open, else to the person, who can try again."""

from dataclasses import replace

from bot.sandbox.forms import Form
from bot.sandbox.jira import seed
from bot.sandbox.jira.laboratory import KINDS, required
from bot.sandbox.story import Answer, Seen
from tests.features.tickets.conftest import Desk
from tests.features.tickets.laboratory import lab_form, needs

STAGE = required(KINDS["select"])


async def test_a_refused_field_is_told_beside_it_and_the_same_form_can_be_sent_again(desk: Desk) -> None:
    needs(desk.site, STAGE, required(KINDS["text"]))
    form = await lab_form(desk)
    form.fill("Customer", "ACME")
    form.pick("Stage", "Production")
    needs(desk.site, replace(STAGE, options=("Test",)), required(KINDS["text"]))
    told = await form.submit()
    assert isinstance(told, Form)
    assert list(told.errors) == ["Stage"]
    assert "is not valid" in told.errors["Stage"]
    form.pick("Stage", "Test")
    assert await form.submit() is None
    await desk.later(5)
    await desk.quiet()
    assert [one.key for one in desk.site.issues() if one.project == "LAB" and one.type == "Special"] == [
        "LAB-3"
    ]


async def test_a_refusal_that_was_read_in_the_form_is_not_told_a_second_time(desk: Desk) -> None:
    needs(desk.site, STAGE)
    form = await lab_form(desk)
    form.pick("Stage", "Production")
    needs(desk.site, replace(STAGE, options=("Test",)))
    assert await form.submit() is not None
    await desk.later(10)
    await desk.quiet()
    assert ("ticket.refused", "stale") in await desk.results()
    assert list(desk.box.journal.calls("conversations.open")) == []


async def test_a_refused_sending_that_is_repeated_by_the_network_changes_nothing(desk: Desk) -> None:
    needs(desk.site, STAGE)
    form = await lab_form(desk)
    form.pick("Stage", "Production")
    needs(desk.site, replace(STAGE, options=("Test",)))
    await form.submit()
    asked = _creates(desk)
    again = await desk.box.replay(desk.box.journal.told("view_submission")[-1])
    assert again.status == 200
    await desk.later(10)
    await desk.quiet()
    assert _creates(desk) == asked == 1


def _creates(desk: Desk) -> int:
    return sum(record.operation == "create_issue" for record in desk.site.journal)


async def test_a_field_that_jira_wants_since_a_moment_appears_in_the_open_form(desk: Desk) -> None:
    needs(desk.site)
    form = await lab_form(desk)
    form.fill("Description", "It was paid twice")
    needs(desk.site, STAGE)
    more = await form.submit()
    assert isinstance(more, Form)
    assert "Stage is required" in more.text
    assert more.value("Description") == "It was paid twice"
    more.pick("Stage", "Test")
    assert await more.submit() is None
    await desk.later(5)
    await desk.quiet()
    made = desk.site.find("LAB-3")
    assert made is not None
    assert made.fields[STAGE.field_id]["value"] == "Test"


async def test_a_refusal_without_a_field_stands_below_the_summary(desk: Desk) -> None:
    form = await desk.jira_form(await desk.person("ana").says("Refund stuck", in_="#ask-payments"))
    desk.site.forbid(desk.site.bot_account, "PAY", "CREATE_ISSUES")
    told = await form.submit()
    assert isinstance(told, Form)
    assert list(told.errors) == ["Summary"]


async def test_a_late_refusal_comes_as_a_message_and_opens_the_form_with_all_that_was_entered(
    desk: Desk,
) -> None:
    root, told = await _refused_late(desk)
    assert "Stage" in told.text
    again = await told.click("Try again", by=desk.person("alice"))
    assert isinstance(again, Form)
    assert "is not valid" in again.text
    assert [again.value(label) for label in ("Issue type", "Summary", "Description", "Customer")] == [
        "Special", "Refund gone", "It was paid twice", "ACME",
    ]  # fmt: skip
    again.pick("Stage", "Test")
    assert await again.submit() is None
    await desk.person("ana").waits_for("LAB-3", thread=root, timeout=15)


async def test_try_again_after_somebody_else_did_shows_the_key(desk: Desk) -> None:
    root, told = await _refused_late(desk)
    other = await desk.jira_form(root, by="bob")
    assert await other.submit() is None
    await desk.quiet()
    pressed = await told.click("Try again", by=desk.person("alice"))
    assert isinstance(pressed, Answer)
    assert "PAY-1 already" in pressed.text


async def _refused_late(desk: Desk) -> tuple[Seen, Seen]:
    """A thread whose issue Jira refuses when the form has long been closed, and the message that tells it."""
    needs(desk.site, STAGE, required(KINDS["text"]))
    form = await lab_form(desk)
    form.fill("Summary", "Refund gone")
    form.fill("Description", "It was paid twice")
    form.fill("Customer", "ACME")
    form.pick("Stage", "Production")
    desk.site.down = True
    assert await form.submit() is None
    needs(desk.site, replace(STAGE, options=("Test",)), required(KINDS["text"]))
    desk.site.down = False
    await desk.later(30)
    told = await desk.person("alice").waits_for("There is no Jira issue", in_="dm", timeout=15)
    seen = await desk.person("ana").sees(in_="#ask-payments")
    root = next(one for one in seen if one.text == "Refund stuck")
    return root, told


async def test_an_account_that_jira_does_not_accept_keeps_the_wish_and_the_thread_is_told_why(
    desk: Desk,
) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    form = await desk.jira_form(root)
    account = desk.site.bot_account
    desk.site.accounts[account.account_id] = replace(account, secret="another")
    assert await form.submit() is None
    held = await desk.person("ana").waits_for("does not accept Frontdesk's login", thread=root, timeout=15)
    assert "Your issue is kept" in held.text
    desk.site.accounts[account.account_id] = account
    await desk.later(61)
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)


async def test_hostile_words_of_jira_are_shown_as_they_are(desk: Desk) -> None:
    stage = replace(STAGE, name="<!channel> *Stage*")
    needs(desk.site, stage)
    form = await lab_form(desk)
    form.pick(stage.name, "Test")
    assert form.errors == {}
    assert seed.CUSTOM in (stage.custom or "")
    assert await form.submit() is None
