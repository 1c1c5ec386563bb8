"""Help that answers: examples of the reader's own team, each of which works; and what was meant by a slip."""

import re

import pytest

from bot.sandbox.story import Answer, Form
from bot.teams.vocabulary import Role
from bot.teams.words import ALL
from tests.e2e.office import PAYMENTS, PLATFORM, Office
from tests.e2e.screen import said

pytestmark = pytest.mark.by_turns

MORNING = {
    "name": "Morning", "at": "09:30", "days": "mon-fri", "open_for": "2h", "channel": "C0STANDUP1",
    "questions": ["Done?", "Next?"],
}  # fmt: skip


async def test_everybody_reads_their_own_teams_names_and_words(office: Office) -> None:
    await office.apply(PAYMENTS, PLATFORM)
    ana = said(await office.person("ana").runs("/ask-team help"))
    assert (
        "/ask-team payments Billing has not answered" in ana
        and "Begin with one of payments, platform" in (ana.replace("`", ""))
    )
    here = said(await office.person("frank").runs("/triage help", in_="#triage-platform"))
    assert "the open requests of Platform" in here and "/triage next" in here
    bob = said(await office.person("bob").runs("/rotation help", in_="#triage-payments"))
    assert "/rotation override @alice" in bob and "This is a channel of Payments" in bob
    outside = said(await office.person("ana").runs("/rotation help"))
    assert "/rotation override" not in outside and "For members of Payments: override, swap" in (
        outside.replace("`", "")
    )


async def test_every_line_of_the_help_is_understood_where_it_is_read(office: Office) -> None:
    await office.apply(PAYMENTS | {"standups": [MORNING]})
    lead = office.person("lead")
    for vocabulary in ALL:
        told = said(await lead.runs(f"{vocabulary.command} help", in_="#triage-payments"))
        lines = re.findall(rf"• `?({vocabulary.command}[^`:]*(?::\d\d[^`:]*)?)", told)
        theirs = [one for one in vocabulary.words if min(form.who for form in one.forms) <= Role.LEAD]
        assert len(lines) >= len(theirs) - 1, told
        for line in lines:
            shown = await lead.runs(line.replace("@lead", "@bob"), in_="#triage-payments")
            assert isinstance(shown, (Answer, Form)) and not shown.failed, line
            assert "do not know that word" not in shown.text and "broke" not in shown.text, line
            assert "cannot read" not in shown.text, f"{line}: {shown.text}"
    await office.settled()


async def test_who_has_the_days_asked_for_is_listed(office: Office) -> None:
    for line, words in {
        "list tomorrow": "Payments, on duty then:",
        "list next week": "@bob",
        "list 2026-12-07": "@carol",
        "payments list on friday": "@alice",
        "list someday": "cannot read “someday”",
        "list 2026-11-01": "is in the past",
        "list 2031-11-01": "more than a year away",
    }.items():
        shown = said(await office.person("ana").runs(f"/rotation {line}", in_="#general"))
        assert words in shown.replace("*", ""), f"{line}: {shown}"
