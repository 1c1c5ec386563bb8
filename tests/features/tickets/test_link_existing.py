"""An issue that is there already is linked: by key or address, with what was said so far as a comment."""

from typing import Any

import pytest

from bot.core.errors import UserError
from bot.features.tickets import domain, store
from bot.features.tickets.domain import Step
from bot.jira.shapes import IssueDraft
from bot.sandbox.forms import Form
from bot.sandbox.jira.laboratory import KINDS, required
from bot.sandbox.story import Seen
from tests.features.tickets.conftest import Desk
from tests.features.tickets.laboratory import lab_form, needs

LINK = "Link an existing issue"
SITE = "https://jira.example/jira"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("PAY-12", "PAY-12"),
        ("  pay-12 ", "PAY-12"),
        ("https://jira.example/jira/browse/PAY-12", "PAY-12"),
        ("https://JIRA.example/jira/browse/PAY-12?focusedCommentId=7#x", "PAY-12"),
        ("https://jira.example/jira/projects/PAY/board?selectedIssue=PAY-12", "PAY-12"),
        ("<https://jira.example/jira/browse/PAY-12/>", "PAY-12"),
        ("", None),
        (" \u200b", None),
    ],
)
def test_a_key_or_an_address_of_this_site_names_an_issue(text: str, key: str | None) -> None:
    assert domain.linked_key(text, SITE) == key


@pytest.mark.parametrize(
    "text",
    [
        "OPS-1 OR project=SECRET",
        "../../admin",
        "PAY-0",
        "PAY",
        "https://evil.example/jira/browse/PAY-12",
        "https://jira.example.evil.example/jira/browse/PAY-12",
        "https://jira.example@evil.example/jira/browse/PAY-12",
        "https://jira.example/browse/PAY-12",
        "https://jira.example/jira/browse/../PAY-12",
        "https://jira.example/jira/browse/PAY-12 OR 1=1",
        "javascript:alert(1)//browse/PAY-12",
        "https://[::1",
        "PAY-99999999999",
    ],
)
def test_anything_else_is_refused_by_the_field(text: str) -> None:
    with pytest.raises(UserError) as refused:
        domain.linked_key(text, SITE)
    assert refused.value.field == "link"


async def made(desk: Desk, **more: Any) -> str:
    """An issue that somebody made in Jira."""
    assert desk.deps.jira is not None
    values: dict[str, Any] = {"project": "PAY", "type_id": "10001", "summary": "Ledger is off"} | more
    return (await desk.deps.jira.create_issue(IssueDraft(**values))).key


async def linked(desk: Desk, root: Seen, named: str, *, by: str = "alice") -> Form | None:
    form = await desk.jira_form(root, by=by)
    await form.fill(LINK, named)
    return await form.submit()


async def test_a_thread_is_linked_and_the_issue_gets_the_conversation_and_a_link_back(desk: Desk) -> None:
    key = await made(desk)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await desk.person("bob").says("Which order?", thread=root)
    assert await linked(desk, root, f"{desk.jira.url}/browse/{key}") is None
    await desk.person("ana").waits_for(key, thread=root, timeout=15)
    await desk.quiet()
    issue = desk.site.issue(key)
    assert issue.summary == "Ledger is off"
    assert len(issue.comments) == 1
    comment = str(issue.comments[0])
    for words in ("Linked from Slack by Alice Koval", "Refund stuck", "Bob Marsh", "Which order?"):
        assert words in comment
    assert root.permalink in str(issue.links)
    assert len(desk.site.issues()) == 1
    history = await desk.deps.transactions.read(store.history, 1)
    assert [step for step, _ in history] == [Step.WISHED, Step.LINKED]


async def test_with_an_issue_named_the_form_asks_for_no_field_of_the_project(desk: Desk) -> None:
    needs(desk.site, required(KINDS["select"]))
    form = await lab_form(desk)
    assert "Stage" in form.labels
    await form.fill(LINK, "LAB-1")
    assert "Stage" not in form.labels
    assert (form.submit_label, form.value(LINK)) == ("Link", "LAB-1")
    await form.clear(LINK)
    assert "Stage" in form.labels
    assert form.submit_label == "Create"
    await form.fill(LINK, "LAB-1")
    assert await form.submit() is None
    await desk.quiet()
    assert len(desk.site.issue("LAB-1").comments) == 1


async def test_an_issue_that_is_not_there_is_told_below_its_field(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    told = await linked(desk, root, "PAY-404")
    assert isinstance(told, Form)
    assert "There is no issue PAY-404" in told.errors[LINK]
    await told.fill(LINK, await made(desk))
    assert await told.submit() is None
    await desk.person("ana").waits_for("PAY-1", thread=root, timeout=15)


async def test_an_address_of_another_jira_is_refused_and_nothing_is_asked(desk: Desk) -> None:
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    form = await desk.jira_form(root)
    await form.fill(LINK, "https://evil.example/browse/PAY-1")
    asked = len(desk.site.journal)
    told = await form.submit()
    assert isinstance(told, Form)
    assert "not of this Jira" in told.errors[LINK]
    assert len(desk.site.journal) == asked
    assert await desk.open_entries() == []


async def test_from_a_private_place_the_button_says_that_linking_shares(desk: Desk) -> None:
    root = await desk.person("ana").says("Salaries are wrong", in_="#payments-private")
    form = await desk.jira_form(root)
    await form.fill(LINK, "PAY-1")
    assert form.submit_label == "Share and link"
    assert "Everybody who can see project PAY" in form.text


async def test_several_threads_may_have_the_same_issue_but_a_thread_has_one(desk: Desk) -> None:
    key, other = await made(desk), await made(desk)
    one = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    two = await desk.person("bob").says("Mine as well", in_="#ask-payments")
    assert await linked(desk, one, key) is None
    assert await linked(desk, two, key, by="bob") is None
    await desk.quiet()
    assert len(desk.site.issue(key).comments) == 2
    assert f"{key} already" in await desk.refusal(one, by="bob")
    assert desk.site.issue(other).comments == ()


async def test_a_comment_whose_answer_was_lost_is_not_written_twice(desk: Desk) -> None:
    key = await made(desk)
    desk.site.faults.add(operation="add_comment", kind="drop_after")
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    await linked(desk, root, key)
    await desk.settled("ticket.first_comment")
    await desk.later(60)
    await desk.quiet()
    assert len(desk.site.issue(key).comments) == 1


async def test_while_jira_is_down_the_link_is_kept(desk: Desk) -> None:
    key = await made(desk)
    root = await desk.person("ana").says("Refund stuck", in_="#ask-payments")
    form = await desk.jira_form(root)
    await form.fill(LINK, key)
    desk.site.down = True
    assert await form.submit() is None
    await desk.person("ana").waits_for("Your link is kept", thread=root, timeout=15)
    desk.site.down = False
    await desk.later(30)
    await desk.person("ana").waits_for(f"Jira issue: {key}", thread=root, timeout=15)


async def test_what_was_said_in_private_notes_does_not_go_along(desk: Desk) -> None:
    key = await made(desk)
    card, _ = await desk.request()
    await desk.person("alice").says("// customer is difficult", thread=card)
    await desk.person("alice").says("Looking at it", thread=card)
    form = await card.click("Create Jira issue", by=desk.person("alice"))
    assert isinstance(form, Form)
    await form.fill(LINK, key)
    assert await form.submit() is None
    await desk.quiet()
    comment = str(desk.site.issue(key).comments[0])
    assert "Looking at it" in comment
    assert "difficult" not in comment
