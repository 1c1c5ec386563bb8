"""The Jira gateway asks and creates on both editions, and says exactly what a failure means."""

import pytest

from bot.core.text import CodeBlock, Document, Mention, from_plain, paragraph
from bot.jira.gateway import JiraGateway
from bot.jira.shapes import IssueNow, IssueRef, Option
from bot.jira.texts import TEXT_LIMIT
from bot.outbox.outcomes import Refused
from bot.sandbox.jira import JiraSite
from tests.jira.conftest import LABEL, draft
from tests.support.jira_running import Clock

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]

CREATE = ("CREATE_ISSUES",)


async def test_the_site_and_the_account_are_known(gateway: JiraGateway, edition: str) -> None:
    server, me = await gateway.server(), await gateway.myself()
    assert (server.cloud, me.name) == (edition == "cloud", "Frontdesk")


async def test_projects_and_types_that_can_be_created_are_listed(gateway: JiraGateway) -> None:
    projects = await gateway.projects()
    types = await gateway.issue_types("PAY")
    assert [one.key for one in projects] == ["PAY", "OPS"]
    assert [one.name for one in types] == ["Task", "Bug"]


async def test_long_lists_are_read_to_their_end(gateway: JiraGateway, site: JiraSite) -> None:
    site.allow(site.bot_account, *(f"P{number}" for number in range(120)))
    for number in range(120):
        site.add_project(f"P{number}", f"Project {number}")
    assert {f"P{number}" for number in range(120)} <= {one.key for one in await gateway.projects()}


async def test_required_fields_come_with_their_options(gateway: JiraGateway) -> None:
    fields = await gateway.create_fields("OPS", "10004")
    asked = [one for one in fields if one.required and not one.has_default]
    assert [one.name for one in asked] == ["Summary", "Issue Type", "Project", "Severity"]
    assert asked[-1].options == (
        Option(id="10100", name="Minor"),
        Option(id="10101", name="Major"),
        Option(id="10102", name="Critical"),
    )


async def test_a_created_issue_reads_as_it_was_meant(gateway: JiraGateway, site: JiraSite) -> None:
    ref = await gateway.create_issue(
        draft(components=("Billing",), properties={"frontdesk": {"request": 12}})
    )
    seen = site.issue("PAY-1")
    assert (ref.key, seen.summary, seen.labels) == ("PAY-1", "Refund stuck", ("from-slack", LABEL))
    assert seen.description.split() == ["It", "hangs.", "Since", "noon."]
    assert site.stored["PAY-1"].properties == {"frontdesk": {"request": 12}}


async def test_a_summary_becomes_one_line_of_at_most_255_characters(
    gateway: JiraGateway, site: JiraSite
) -> None:
    await gateway.create_issue(draft(summary="two\nlines\x00 " + "x" * 300))
    seen = site.issue("PAY-1")
    assert seen.summary.startswith("two lines xxx")
    assert len(seen.summary) <= 255


async def test_hostile_text_arrives_as_words(gateway: JiraGateway, site: JiraSite) -> None:
    text = "{code} [~accountid:x] !http://x.example/y.png! <!channel> javascript:alert(1)"
    await gateway.create_issue(draft(description=Document(blocks=(paragraph(text, Mention(name="Ana")),))))
    assert site.issue("PAY-1").description == text + "@Ana"


@pytest.mark.parametrize("size", [40_000, 400_000])
async def test_a_text_that_is_too_long_is_cut_and_says_so(
    gateway: JiraGateway, site: JiraSite, size: int
) -> None:
    blocks = (paragraph("Asked by Ana."), CodeBlock(text='"{x}"\n' * (size // 6)))
    await gateway.create_issue(draft(description=Document(blocks=blocks)))
    description = site.issue("PAY-1").description
    assert description.startswith("Asked by Ana.")
    assert description.endswith(" more)")


async def test_one_endless_paragraph_keeps_most_of_what_fits(gateway: JiraGateway, site: JiraSite) -> None:
    await gateway.create_issue(draft(description=from_plain("words " * 20_000)))
    assert len(site.issue("PAY-1").description) > TEXT_LIMIT // 2


async def test_a_long_transcript_keeps_most_of_what_fits(gateway: JiraGateway) -> None:
    document = Document(blocks=tuple(paragraph(f"line {number} " + "words " * 10) for number in range(1000)))
    written = gateway.write(document)
    assert TEXT_LIMIT // 2 < len(str(written)) < TEXT_LIMIT + 500


async def test_an_issue_is_found_by_its_label_alone(gateway: JiraGateway, site: JiraSite) -> None:
    await gateway.create_issue(draft())
    await gateway.create_issue(draft(labels=("other",)))
    assert await gateway.find_by_label("PAY", LABEL) == [IssueRef(key="PAY-1", id="10000")]
    assert await gateway.find_by_label("PAY", "frontdesk-nothing") == []


async def test_a_label_in_other_letters_is_another_label(gateway: JiraGateway) -> None:
    await gateway.create_issue(draft(labels=(LABEL.upper(),)))
    assert await gateway.find_by_label("PAY", LABEL) == []


async def test_several_hits_come_lowest_key_first(gateway: JiraGateway) -> None:
    for _ in range(11):
        await gateway.create_issue(draft())
    found = await gateway.find_by_label("PAY", LABEL)
    assert [one.key for one in found] == [f"PAY-{number}" for number in range(1, 12)]


@pytest.mark.parametrize("edition", ["cloud"], indirect=True)
async def test_the_index_of_the_cloud_lags(gateway: JiraGateway, site: JiraSite, clock: Clock) -> None:
    site.index_lag = 60
    await gateway.create_issue(draft())
    early = await gateway.find_by_label("PAY", LABEL)
    clock.advance(61)
    assert (early, len(await gateway.find_by_label("PAY", LABEL))) == ([], 1)


async def test_an_issue_tells_its_status(gateway: JiraGateway, site: JiraSite) -> None:
    await gateway.create_issue(draft(labels=("a",)))
    site.moves("PAY-1", "Done")
    assert await gateway.issue("PAY-1") == IssueNow(
        key="PAY-1", id="10000", summary="Refund stuck", status="Done", category="done", labels=("a",)
    )


async def test_a_remote_link_is_put_once(gateway: JiraGateway, site: JiraSite) -> None:
    await gateway.create_issue(draft())
    for title in ("Thread", "The thread"):
        await gateway.put_remote_link("PAY-1", "slack://T1/C1/1.2", "https://x.example/1", title, "in #ask")
    assert site.issue("PAY-1").links == (("The thread", "https://x.example/1"),)


async def test_permission_to_create_is_told_per_project(gateway: JiraGateway, site: JiraSite) -> None:
    site.allow(site.bot_account, "PAY")
    answers = [await gateway.metadata.permissions(key, CREATE) for key in ("PAY", "OPS", "HR", "NOPE")]
    assert [answer.get("CREATE_ISSUES", False) for answer in answers] == [True, False, False, False]


async def test_an_issue_is_shown_to_people_under_browse() -> None:
    assert (
        JiraGateway("https://x.example/jira/", token="t").browse("PAY-1")
        == "https://x.example/jira/browse/PAY-1"
    )


@pytest.mark.parametrize("key", ["OPS-1 OR project=SECRET", "../../admin", "ops", "", 'A" OR "1', "PAY-1"])
async def test_a_project_key_of_another_form_is_refused_unasked(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    for asked in (
        gateway.find_by_label(key, LABEL),
        gateway.issue_types(key),
        gateway.metadata.permissions(key, CREATE),
    ):
        with pytest.raises(Refused):
            await asked
    assert site.journal == []


@pytest.mark.parametrize("key", ["PAY-1 OR project=SECRET", "../myself", "PAY", "PAY-1/../../x", "PAY-١"])
async def test_an_issue_key_of_another_form_is_refused_unasked(
    gateway: JiraGateway, site: JiraSite, key: str
) -> None:
    for asked in (gateway.issue(key), gateway.put_remote_link(key, "g", "https://x.example", "t")):
        with pytest.raises(Refused):
            await asked
    assert site.journal == []


async def test_a_label_that_could_end_the_query_is_refused_unasked(
    gateway: JiraGateway, site: JiraSite
) -> None:
    with pytest.raises(Refused):
        await gateway.find_by_label("PAY", 'x" OR labels = "y')
    assert site.journal == []


async def test_the_login_never_shows_in_the_gateways_own_words(gateway: JiraGateway, site: JiraSite) -> None:
    assert site.bot_account.secret not in repr(gateway)
